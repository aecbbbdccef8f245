//! Phrases, the steps they belong to, and how one is put before what somebody types. Pure.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::words;
use crate::coded;

/// How far ahead a change may be entered, in days.
const AHEAD: i64 = 90;
/// The longest text, in characters: it is read as one line of a choice.
const LONGEST: usize = 100;
/// The last place in the order.
const LAST: i16 = 999;

coded! {
    /// A step at which people type the same sentences.
    Step as "phrase_step" {
        /// A matter is none.
        Reject = "reject" "不予受理",
        /// The community hands a matter up.
        Raise = "raise" "上报街道",
        /// The street hands a matter back.
        SendBack = "send_back" "退社区处理",
        /// The street does not agree to a whistle.
        Refuse = "refuse" "不同意吹哨",
        /// A department says what it did.
        FeedBack = "feed_back" "部门反馈",
        /// What was seen on the spot is not enough.
        CheckFailed = "check_failed" "核查不通过",
        /// The street closes.
        Close = "close" "办结说明",
        /// The desk did not reach the resident.
        Unreached = "unreached" "回访未接通",
        /// A department is urged.
        Supervise = "supervise" "督办",
    }
}

impl Step {
    /// Who sees its phrases, and where.
    pub fn place(self) -> &'static str {
        match self {
            Self::Reject => "社区、街道写不予受理的理由时",
            Self::Raise => "社区写上报理由时",
            Self::SendBack => "街道把事项退回社区时",
            Self::Refuse => "街道退回、不同意哨单时",
            Self::FeedBack => "部门反馈处理结果时",
            Self::CheckFailed => "核查不通过写理由时",
            Self::Close => "街道办结哨单时",
            Self::Unreached => "市治理办回访没有接通时",
            Self::Supervise => "街道、市治理办督办时",
        }
    }
}

/// The phrases that the form of a step offers today, by step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Phrases(HashMap<Step, Vec<String>>);

impl Phrases {
    /// Those of a step, in their order; none if there is no such step.
    pub fn of(&self, step: Option<Step>) -> &[String] {
        step.and_then(|step| self.0.get(&step))
            .map_or(&[], Vec::as_slice)
    }
}

/// Puts the chosen phrase before what was typed. The choice is empty afterwards, so a form that is
/// shown again does not do it twice.
pub fn put_before(phrase: &mut String, words: &mut String) {
    let phrase = std::mem::take(phrase);
    let (phrase, typed) = (phrase.trim(), words.trim_start());
    if phrase.is_empty() || typed.starts_with(phrase) {
        return;
    }
    let ends = phrase.ends_with(['。', '！', '？', '；', '：', '，', '…', '”', '）']);
    let between = if ends || typed.is_empty() { "" } else { "。" };
    *words = format!("{phrase}{between}{typed}");
}

/// What a phrase says from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// From 1.
    pub version: i32,
    /// Its text.
    pub text: String,
    /// Its place in the order of its step.
    pub position: i16,
    /// Whether it is offered.
    pub is_used: bool,
    /// From this day on.
    pub from_day: NaiveDate,
    /// When it was entered.
    pub set_at: DateTime<Utc>,
    /// By whom; nobody, if it came with the program.
    pub by: Option<String>,
}

impl Version {
    /// Whether it is offered, in a word.
    pub fn state(&self) -> &'static str {
        state(self.is_used)
    }
}

fn state(is_used: bool) -> &'static str {
    if is_used { "在用" } else { "停用" }
}

/// A phrase with all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Phrase {
    /// Its id.
    pub id: Uuid,
    /// By which it is known to an import.
    pub number: i32,
    /// Where it is offered.
    pub step: Step,
    /// Newest first; there is always one.
    pub versions: Vec<Version>,
}

impl Phrase {
    /// The version that was entered last, begun or not.
    pub fn last(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// The version that holds on a day.
    pub fn on(&self, day: NaiveDate) -> Option<&Version> {
        self.versions.iter().find(|v| v.from_day <= day)
    }

    /// The version that is still to come.
    pub fn next(&self, today: NaiveDate) -> Option<&Version> {
        self.last().filter(|v| v.from_day > today)
    }

    /// Whether it is offered now or will be.
    pub fn is_used(&self, today: NaiveDate) -> bool {
        let now = self.on(today).is_some_and(|v| v.is_used);
        now || self.last().is_some_and(|v| v.is_used)
    }
}

/// What is typed about a phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PhraseForm {
    /// The key of the form.
    pub once: String,
    /// The version it was drawn from.
    pub version: String,
    /// The code of its step.
    pub step: String,
    /// Its text.
    pub text: String,
    /// Its place in the order.
    pub position: String,
    /// `yes` or `no`.
    pub used: String,
    /// From this day on.
    pub from_day: String,
    /// `save` writes it, `edit` goes back to the form; anything else shows first what it changes.
    pub act: String,
}

/// What may be kept about a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Where it is offered.
    pub step: Step,
    /// Its text.
    pub text: String,
    /// Its place in the order.
    pub position: i16,
    /// Whether it is offered.
    pub is_used: bool,
    /// From this day on.
    pub from_day: NaiveDate,
}

impl PhraseForm {
    /// The form of what a phrase says.
    pub fn of(phrase: &Phrase, today: NaiveDate) -> Self {
        let mut form = Self {
            step: phrase.step.code().to_owned(),
            from_day: words::day(today),
            ..Self::default()
        };
        if let Some(last) = phrase.last() {
            form.version = last.version.to_string();
            form.text.clone_from(&last.text);
            form.position = last.position.to_string();
            let used = if last.is_used { "yes" } else { "no" };
            used.clone_into(&mut form.used);
        }
        form
    }

    /// What the form says.
    pub fn read(&self, today: NaiveDate) -> Result<Content, FieldErrors> {
        let mut errors = FieldErrors::new();
        let step = errors.choice::<Step>("step", "用在哪一步", &self.step);
        let text = errors.text("text", "常用语", &self.text, (4, LONGEST));
        if text.contains(['\n', '\t']) {
            errors.add("text", "常用语写成一段，不要换行。");
        }
        let position = self.position.trim().parse().ok();
        let position = position.filter(|p| (1..=LAST).contains(p));
        if position.is_none() {
            errors.add("position", "排序写 1 至 999，小的在前。");
        }
        if self.used != "yes" && self.used != "no" {
            errors.add("used", "请选择在用还是停用。");
        }
        let effect = ("生效日期", self.from_day.as_str());
        let from_day = errors.day_ahead("from_day", effect, (today, AHEAD));
        match (step, position, from_day) {
            (Some(step), Some(position), Some(from_day)) if errors.is_empty() => Ok(Content {
                step,
                text,
                position,
                is_used: self.used == "yes",
                from_day,
            }),
            _ => Err(errors),
        }
    }
}

impl Content {
    /// How a new phrase is told.
    pub fn told(&self) -> String {
        format!(
            "{}：{} 排序 {}，{}，{} 起。",
            self.step.label(),
            self.text,
            self.position,
            state(self.is_used),
            words::day(self.from_day)
        )
    }

    /// What a change changes: the label and both sides of each difference.
    pub fn differences(&self, step: Step, last: &Version) -> Vec<Difference> {
        let pairs = [
            (
                "步骤",
                step.label().to_owned(),
                self.step.label().to_owned(),
            ),
            ("常用语", last.text.clone(), self.text.clone()),
            ("排序", last.position.to_string(), self.position.to_string()),
            (
                "情况",
                state(last.is_used).to_owned(),
                state(self.is_used).to_owned(),
            ),
        ];
        let differ = pairs.into_iter().filter(|(_, old, new)| old != new);
        differ.collect()
    }

    /// Both sides of a change, if there is one.
    pub fn changes(&self, step: Step, last: &Version) -> Option<String> {
        let changed: Vec<String> = self
            .differences(step, last)
            .into_iter()
            .map(|(label, old, new)| format!("{label}：{old} → {new}"))
            .collect();
        let day = words::day(self.from_day);
        (!changed.is_empty()).then(|| format!("{}，{day} 起。", changed.join("；")))
    }
}

/// What is different, as it was and as it will be.
pub(super) type Difference = (&'static str, String, String);

/// What the form of a step will offer on the day from which a change holds, in its order; and whether
/// each is the changed one.
pub(super) fn offered(all: &[Phrase], own: Option<Uuid>, content: &Content) -> Vec<(String, bool)> {
    let others = all
        .iter()
        .filter(|p| p.step == content.step && Some(p.id) != own);
    let others = others.filter_map(|p| Some((p.on(content.from_day)?, p.number)));
    let mut offered: Vec<_> = others
        .filter(|(v, _)| v.is_used)
        .map(|(v, number)| (v.position, number, v.text.clone(), false))
        .collect();
    if content.is_used {
        let phrase = all.iter().find(|p| Some(p.id) == own);
        let number = phrase.map_or(i32::MAX, |p| p.number);
        offered.push((content.position, number, content.text.clone(), true));
    }
    offered.sort_unstable();
    let lines = offered.into_iter();
    lines.map(|(_, _, text, changed)| (text, changed)).collect()
}

/// Another phrase of the step that says the same and is in use, if there is one.
pub fn clash<'a>(all: &'a [Phrase], own: Option<Uuid>, content: &Content) -> Option<&'a Phrase> {
    if !content.is_used {
        return None;
    }
    all.iter().find(|phrase| {
        phrase.step == content.step
            && Some(phrase.id) != own
            && phrase
                .last()
                .is_some_and(|v| v.is_used && v.text == content.text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_put_before_what_was_typed_and_once() {
        for (phrase, words, said) in [
            ("", "修好了。", "修好了。"),
            ("已处置。", "", "已处置。"),
            ("已处置。", " 换了井盖。", "已处置。换了井盖。"),
            ("已处置", "换了井盖。", "已处置。换了井盖。"),
            ("已处置。", "已处置。换了井盖。", "已处置。换了井盖。"),
        ] {
            let (mut phrase, mut words) = (phrase.to_owned(), words.to_owned());
            put_before(&mut phrase, &mut words);
            assert_eq!(words, said);
            assert!(phrase.is_empty());
            put_before(&mut phrase, &mut words);
            assert_eq!(words, said);
        }
    }

    #[test]
    fn what_may_be_kept_is_one_paragraph_from_today_on() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let form = PhraseForm {
            step: "feed_back".to_owned(),
            text: "已处置完毕。".to_owned(),
            position: "10".to_owned(),
            used: "yes".to_owned(),
            from_day: "2026-11-23".to_owned(),
            ..PhraseForm::default()
        };
        assert_eq!(form.read(today).unwrap().step, Step::FeedBack);
        let wrong = |field: &str, change: &dyn Fn(&mut PhraseForm)| {
            let mut form = form.clone();
            change(&mut form);
            let errors = form.read(today).unwrap_err();
            assert!(!errors.of(field).is_empty(), "{field}");
        };
        wrong("step", &|f| f.step = "sign".to_owned());
        wrong("text", &|f| f.text = "好".to_owned());
        wrong("text", &|f| f.text = "已处置。\n已清理。".to_owned());
        wrong("text", &|f| f.text = "长".repeat(101));
        wrong("position", &|f| f.position = "1000".to_owned());
        wrong("used", &|f| f.used = String::new());
        wrong("from_day", &|f| f.from_day = "2026-11-22".to_owned());
        wrong("from_day", &|f| f.from_day = "2027-02-22".to_owned());
    }
}
