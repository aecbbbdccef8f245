//! Reply phrases: known by their number, or by step and text where no number is written.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::words;
use crate::work::phrases::{Content, MOST, Phrase, PhraseForm, Step, crowded};

/// A phrase that says something else from a day on.
#[derive(Clone, Debug)]
pub(in super::super) struct Changed {
    pub(in super::super) id: Uuid,
    /// That of the new version.
    pub(in super::super) version: i32,
    pub(in super::super) content: Content,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of phrases writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct PhrasePlan {
    /// New ones with their numbers.
    pub(in super::super) adds: Vec<(i32, Content)>,
    pub(in super::super) changes: Vec<Changed>,
}

const HEADS: [(&str, &str); 5] = [
    ("step", "步骤"),
    ("text", "常用语"),
    ("position", "排序"),
    ("used", "情况"),
    ("from_day", "生效日期"),
];

/// Checks the rows against all phrases.
pub(in super::super) fn check(rows: Vec<Row<'_>>, all: &[Phrase], today: NaiveDate) -> Outcome {
    let mut told = Told::of(all, today);
    let mut marks = Vec::new();
    for mut row in rows {
        let mark = told.one(&mut row);
        marks.push(row.marked(mark));
    }
    Outcome {
        marks,
        plan: Plan::Phrases(told.plan),
    }
}

struct Told<'a> {
    all: &'a [Phrase],
    today: NaiveDate,
    /// In which row a number, and what a step says, stands.
    numbers: HashMap<i32, u32>,
    /// Whose it is, as it will be: the number, for what is in use.
    texts: HashMap<(Step, String), i32>,
    /// How many are in use at each step, and the last place in its order.
    used: HashMap<Step, usize>,
    places: HashMap<Step, i16>,
    next: i32,
    plan: PhrasePlan,
}

impl<'a> Told<'a> {
    fn of(all: &'a [Phrase], today: NaiveDate) -> Self {
        let mut told = Self {
            all,
            today,
            numbers: HashMap::new(),
            texts: HashMap::new(),
            used: HashMap::new(),
            places: HashMap::new(),
            next: all.iter().map(|p| p.number).max().unwrap_or_default() + 1,
            plan: PhrasePlan::default(),
        };
        for phrase in all {
            if let Some(last) = phrase.last().filter(|last| last.is_used) {
                let text = (phrase.step, last.text.clone());
                told.texts.entry(text).or_insert(phrase.number);
                *told.used.entry(phrase.step).or_default() += 1;
                let place = told.places.entry(phrase.step).or_default();
                *place = (*place).max(last.position);
            }
        }
        told
    }

    fn one(&mut self, row: &mut Row<'_>) -> Mark {
        let typed = row.text("编号");
        let step = row.word("步骤");
        let step = Step::ALL.iter().copied().find(|s| Some(s.label()) == step);
        let text = row.text("常用语");
        let position = row.text("排序");
        let state = row.word("情况");
        let day = row.day("生效日期");
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let Ok(known) = self.known(row, &typed, (step, &text)) else {
            return Mark::Refuse;
        };
        let last = known.and_then(Phrase::last);
        let kept = |typed: String, kept: Option<String>| {
            if typed.is_empty() {
                kept.unwrap_or_default()
            } else {
                typed
            }
        };
        let step = step.or(known.map(|phrase| phrase.step));
        let form = PhraseForm {
            step: step.map(|s| s.code().to_owned()).unwrap_or_default(),
            text: kept(text, last.map(|v| v.text.clone())),
            position: kept(
                position,
                Some(last.map_or_else(|| self.last_place(step), |v| v.position.to_string())),
            ),
            used: match (state, last) {
                (Some("停用"), _) => "no",
                (Some(_), _) | (None, None) => "yes",
                (None, Some(last)) if last.is_used => "yes",
                (None, Some(_)) => "no",
            }
            .to_owned(),
            from_day: words::day(day.unwrap_or(self.today)),
            ..PhraseForm::default()
        };
        // The day from which it holds already is no day of a change.
        let same_day = last.is_some_and(|v| Some(v.from_day) == day && v.from_day < self.today);
        let form = PhraseForm {
            from_day: if same_day {
                words::day(self.today)
            } else {
                form.from_day
            },
            ..form
        };
        match form.read(self.today) {
            Ok(content) => self.take(row, known, content),
            Err(errors) => {
                row.fail_fields(&errors, &HEADS);
                Mark::Refuse
            }
        }
    }

    /// The place after the last of a step.
    fn last_place(&self, step: Option<Step>) -> String {
        let last = step.and_then(|step| self.places.get(&step)).copied();
        last.map_or(10, |last| (last + 10).min(999)).to_string()
    }

    /// The phrase that the row is about, if there is one.
    fn known(
        &self,
        row: &mut Row<'_>,
        typed: &str,
        (step, text): (Option<Step>, &str),
    ) -> Result<Option<&'a Phrase>, ()> {
        if typed.is_empty() {
            return Ok(self.all.iter().find(|phrase| {
                Some(phrase.step) == step && phrase.last().is_some_and(|v| v.text == text)
            }));
        }
        let number: Option<i32> = typed.parse().ok();
        let known = self.all.iter().find(|phrase| Some(phrase.number) == number);
        match known {
            None => {
                row.fail("编号", "没有这个编号的常用语。增加的请留空，由系统编排。");
                Err(())
            }
            Some(phrase) if step.is_some_and(|step| step != phrase.step) => {
                row.fail(
                    "步骤",
                    &format!(
                        "第 {} 条用在“{}”，步骤不能改。要用在别的步骤，请另写一条，编号留空。",
                        phrase.number,
                        phrase.step.label()
                    ),
                );
                Err(())
            }
            Some(phrase) => Ok(Some(phrase)),
        }
    }

    fn take(&mut self, row: &mut Row<'_>, known: Option<&Phrase>, content: Content) -> Mark {
        let number = known.map_or(self.next, |phrase| phrase.number);
        if let Some(line) = self.numbers.get(&number) {
            row.fail("编号", &format!("和第 {line} 行是同一条。每一条只写一行。"));
        }
        let was_used = known.and_then(Phrase::last).is_some_and(|v| v.is_used);
        let text = (content.step, content.text.clone());
        let same = self.texts.get(&text).copied();
        if content.is_used && same.is_some_and(|other| other != number) {
            let other = same.unwrap_or_default();
            row.fail("常用语", &format!("第 {other} 条说的一样，不用再写一条。"));
        }
        let used = self.used.entry(content.step).or_default();
        if content.is_used && !was_used && *used >= MOST {
            row.fail("步骤", &crowded(content.step));
        }
        if number > 9999 {
            row.fail("编号", "编号已用到 9999，不能再增加。");
        }
        if row.is_wrong() {
            return Mark::Refuse;
        }
        if content.is_used && !was_used {
            *used += 1;
        }
        self.numbers.insert(number, row.line());
        if content.is_used {
            self.texts.insert(text, number);
            let place = self.places.entry(content.step).or_default();
            *place = (*place).max(content.position);
        }
        let Some((phrase, last)) = known.and_then(|p| Some((p, p.last()?))) else {
            row.note(format!("编为第 {number} 条。"));
            self.next += 1;
            self.plan.adds.push((number, content));
            return Mark::Create;
        };
        let Some(changes) = content.changes(phrase.step, last) else {
            return Mark::Same;
        };
        row.note(changes.clone());
        self.plan.changes.push(Changed {
            id: phrase.id,
            version: last.version + 1,
            sentence: format!(
                "第 {number} 条，{}，{changes}批量导入。",
                phrase.step.label()
            ),
            content,
        });
        Mark::Change
    }
}
