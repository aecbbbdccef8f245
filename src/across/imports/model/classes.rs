//! Classes: known by their code; several rows of one code are the conditions of one class.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::class_rows::{HEADS, Said, fail_conditions, form, named};
use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::words;
use crate::work::classes::{Asked, Class, Difference, Local, Major, difference};

/// What classes are checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct ClassFacts {
    pub(in super::super) classes: Vec<Class>,
    pub(in super::super) majors: Vec<Major>,
}

/// What an import of classes writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ClassPlan {
    /// Code, the version it stands on, and what it becomes.
    pub(in super::super) changes: Vec<(String, i32, Asked)>,
    /// In the order of their codes.
    pub(in super::super) adds: Vec<(Local, Asked)>,
}

/// Checks the rows against the register.
pub(in super::super) fn check(
    mut rows: Vec<Row<'_>>,
    facts: &ClassFacts,
    today: NaiveDate,
) -> Outcome {
    let mut said: Vec<Said> = rows.iter_mut().map(Said::read).collect();
    for one in &mut said {
        // However it is written, it is the same major class.
        if let Some(major) = named(&facts.majors, &one.major) {
            one.major.clone_from(&major.key);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, one) in said.iter().enumerate() {
        let first = said.iter().position(|s| s.key() == one.key()).unwrap_or(at);
        groups.entry(first).or_default().push(at);
    }
    let mut told = Told {
        facts,
        today,
        plan: ClassPlan::default(),
        names: BTreeMap::new(),
    };
    let mut marks = vec![Mark::Refuse; rows.len()];
    for group in groups.values() {
        let mark = told.group(&mut rows, &said, group);
        for at in group {
            if mark == Mark::Refuse
                && let Some(row) = rows.get_mut(*at)
                && !row.is_wrong()
            {
                row.fail("编码", "同一类别的另一行不通过，见那一行。");
            }
            if let Some(place) = marks.get_mut(*at) {
                *place = mark;
            }
        }
    }
    Outcome {
        marks: rows
            .into_iter()
            .zip(marks)
            .map(|(row, mark)| row.marked(mark))
            .collect(),
        plan: Plan::Classes(told.plan),
    }
}

struct Told<'a> {
    facts: &'a ClassFacts,
    today: NaiveDate,
    plan: ClassPlan,
    /// Major class and name of what this table keeps in use, with its row.
    names: BTreeMap<(String, String), u32>,
}

impl Told<'_> {
    /// All rows of one class.
    fn group(&mut self, rows: &mut [Row<'_>], said: &[Said], group: &[usize]) -> Mark {
        let mine: Vec<&Said> = group.iter().filter_map(|at| said.get(*at)).collect();
        let (Some(first), Some(lead)) = (mine.first(), group.first().copied()) else {
            return Mark::Refuse;
        };
        for (at, one) in group.iter().zip(&mine).skip(1) {
            if let (Some(row), Some(head)) = (rows.get_mut(*at), one.differs(first)) {
                row.fail(head, "和同一类别的第一行不一样。请写成一样，或者留空。");
            }
        }
        let known = self.facts.classes.iter().find(|c| c.code == first.code);
        let major = self.major(first, known);
        if let Some(row) = rows.get_mut(lead) {
            self.belongs(row, first, (known, major.as_ref()));
        }
        let asked = match form(known, &mine, self.today).read(&[], self.today) {
            Ok(asked) => asked,
            Err(errors) => {
                if let Some(row) = rows.get_mut(lead) {
                    row.fail_fields(&errors, &HEADS);
                }
                fail_conditions(rows, group, &errors);
                return Mark::Refuse;
            }
        };
        let is_wrong = |at: &usize| rows.get(*at).is_some_and(Row::is_wrong);
        let (false, Some(major)) = (group.iter().any(is_wrong), major) else {
            return Mark::Refuse;
        };
        let Some(row) = rows.get_mut(lead) else {
            return Mark::Refuse;
        };
        self.stands_alone(row, (&major, &first.code), &asked);
        match known {
            _ if row.is_wrong() => Mark::Refuse,
            Some(class) => self.changed(row, class, asked),
            None => self.added(row, major, asked),
        }
    }

    /// Whether code and major class are known and belong together.
    fn belongs(
        &self,
        row: &mut Row<'_>,
        said: &Said,
        (known, major): (Option<&Class>, Option<&Major>),
    ) {
        if known.is_none() && !said.code.is_empty() {
            row.fail(
                "编码",
                "登记里没有这个编码。新增的类别把编码留空，由系统编排。",
            );
        }
        match (major, known) {
            (None, _) if said.major.is_empty() => row.fail("大类", "新增的类别要写大类。"),
            (None, _) => {
                let all: Vec<String> = self.facts.majors.iter().map(Major::label).collect();
                row.fail(
                    "大类",
                    &format!("没有这个大类。可以填：{}。", all.join("、")),
                );
            }
            (Some(major), Some(class)) if !class.code.starts_with(&format!("{}-", major.key)) => {
                row.fail("大类", "和编码对不上。类别的大类不能改。");
            }
            (Some(_), _) => {}
        }
    }

    /// The major class that a row names, or that of the class it names.
    fn major(&self, said: &Said, known: Option<&Class>) -> Option<Major> {
        let majors = &self.facts.majors;
        if said.major.is_empty() {
            let key = known?.code.split('-').next()?;
            return majors.iter().find(|m| m.key == key).cloned();
        }
        named(majors, &said.major).cloned()
    }

    /// Two classes in use in one major class are not called alike.
    fn stands_alone(&mut self, row: &mut Row<'_>, (major, code): (&Major, &str), asked: &Asked) {
        if !asked.content.in_use {
            return;
        }
        let name = &asked.content.name;
        let key = (major.key.clone(), name.clone());
        if let Some(line) = self.names.get(&key) {
            row.fail("小类名称", &format!("和第 {line} 行重复。请另起一个名称。"));
            return;
        }
        self.names.insert(key, row.line());
        let begins = format!("{}-", major.key);
        let same = |c: &&Class| {
            c.code != code
                && c.code.starts_with(&begins)
                && c.last()
                    .is_some_and(|v| v.content.in_use && v.content.name == *name)
        };
        if let Some(other) = self.facts.classes.iter().find(same) {
            row.fail(
                "小类名称",
                &format!("同一大类里 {} 已经叫这个名称，请换一个。", other.code),
            );
        }
    }

    fn changed(&mut self, row: &mut Row<'_>, class: &Class, asked: Asked) -> Mark {
        let Some(last) = class.last() else {
            return Mark::Refuse;
        };
        if last.content.says(&asked.content) {
            return Mark::Same;
        }
        let day = words::day(asked.why.from_day);
        let said: Vec<String> = difference(Some(&last.content), &asked.content)
            .iter()
            .map(Difference::words)
            .collect();
        row.note(format!("{day} 起。{}。", said.join("；")));
        if last.from_day > self.today && last.from_day >= asked.why.from_day {
            let (number, of) = (last.number, words::day(last.from_day));
            row.note(format!("原定 {of} 起的第 {number} 版不再施行。"));
        }
        self.plan
            .changes
            .push((class.code.clone(), last.number, asked));
        Mark::Change
    }

    fn added(&mut self, row: &mut Row<'_>, major: Major, asked: Asked) -> Mark {
        let before = self.plan.adds.iter();
        let before = before.filter(|(l, _)| l.major.key == major.key).count();
        let Some(code) = major.free.get(before).cloned() else {
            row.fail("大类", "这一大类的本地编码已经用完。");
            return Mark::Refuse;
        };
        let day = words::day(asked.why.from_day);
        row.note(format!("编码 {code}，{day} 起。"));
        self.plan.adds.push((Local { major, code }, asked));
        Mark::Create
    }
}
