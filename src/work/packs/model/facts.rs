//! The facts that a pack stands on, as far as they were recorded until its cut, and the figures that
//! follow from them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::org::events::Verb;
use crate::work::assessment::Exact;
use crate::work::powers::{AnswerKind, OpinionKind, Origin, Power, ReactionKind, RulingKind};
use crate::work::visits::{Answer, Feeling, State};
use crate::work::whistles::{Kind, Outcome, Role};

/// The most cases of one pack.
pub(crate) const MOST: usize = 2_000;

/// What the tables say of one department or street in one period.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) cases: Vec<Case>,
    pub(crate) powers: Vec<Exercise>,
    /// Confidential records of a department: counted, never listed.
    pub(crate) cadre: i64,
    /// Whoever must not be named.
    pub(crate) names: Vec<String>,
    /// The matters whose tellers' names are to be masked too; they stand sealed elsewhere.
    pub(crate) told: Vec<Uuid>,
}

/// A whistle that was closed in the period.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) number: String,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// Down to the building at most.
    pub(crate) place: String,
    pub(crate) street: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) sounded_at: DateTime<Utc>,
    pub(crate) closed_at: DateTime<Utc>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) late: Vec<Late>,
    pub(crate) marks: i64,
    pub(crate) marks_sum: i64,
    pub(crate) checks: i64,
    pub(crate) first_passed: Option<bool>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) events: Vec<Event>,
}

/// A department that was called.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Part {
    pub(crate) department: String,
    pub(crate) role: Role,
    pub(crate) relieved: bool,
}

/// A limit that was passed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Late {
    pub(crate) department: String,
    pub(crate) stage: crate::work::clocks::Stage,
    pub(crate) exempt: bool,
}

/// How a resident was asked, and what came of it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Visit {
    pub(crate) state: State,
    pub(crate) answer: Option<Answer>,
    pub(crate) feeling: Option<Feeling>,
}

/// One line of what happened.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) at: DateTime<Utc>,
    pub(crate) verb: String,
    pub(crate) seat: String,
    pub(crate) sentence: String,
}

/// One use of a power that was closed in the period.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Exercise {
    pub(crate) number: String,
    pub(crate) power: Power,
    pub(crate) origin: Origin,
    pub(crate) street: String,
    pub(crate) department: String,
    pub(crate) title: String,
    pub(crate) asked_at: DateTime<Utc>,
    pub(crate) opinion: Option<OpinionKind>,
    pub(crate) answer: Option<AnswerKind>,
    pub(crate) answered_late: bool,
    pub(crate) reaction: Option<ReactionKind>,
    pub(crate) ruling: Option<RulingKind>,
    pub(crate) score: Option<i16>,
    pub(crate) closed_at: DateTime<Utc>,
}

impl Case {
    /// `主办住房和城乡建设局；协办供水公司`
    pub(crate) fn departments(&self) -> String {
        let named = |role: Role| {
            let of = self.parts.iter().filter(|p| p.role == role && !p.relieved);
            let names: Vec<&str> = of.map(|p| p.department.as_str()).collect();
            (!names.is_empty()).then(|| format!("{}{}", role.label(), names.join("、")))
        };
        let named: Vec<String> = Role::ALL.iter().filter_map(|r| named(*r)).collect();
        named.join("；")
    }

    /// Whether a limit was passed that counts.
    pub(crate) fn is_late(&self) -> bool {
        self.late.iter().any(|l| !l.exempt)
    }

    /// `按时`, or which limits were passed by whom.
    pub(crate) fn lateness(&self) -> String {
        if self.late.is_empty() {
            return "按时".to_owned();
        }
        let named = self.late.iter().map(|l| {
            let exempt = if l.exempt { "（不计入）" } else { "" };
            format!("{}{}超期{exempt}", l.department, l.stage.label())
        });
        named.collect::<Vec<_>>().join("；")
    }

    /// The mean of all marks, from 1 to 5; empty if nobody rated.
    pub(crate) fn mean(&self) -> String {
        if self.marks == 0 {
            return String::new();
        }
        let mean = Exact::whole(self.marks_sum) / Exact::whole(self.marks * 5);
        mean.decimal(2)
    }

    /// What residents answered, without their words.
    pub(crate) fn heard(&self) -> String {
        if self.visits.is_empty() {
            return "没有回访".to_owned();
        }
        self.visits
            .iter()
            .map(Visit::words)
            .collect::<Vec<_>>()
            .join("；")
    }
}

impl Visit {
    fn words(&self) -> String {
        match (self.answer, self.feeling) {
            (Some(answer), Some(feeling)) => format!("{}，{}", answer.label(), feeling.label()),
            (Some(_), None) | (None, _) => self.state.label().to_owned(),
        }
    }
}

impl Event {
    /// What happened.
    pub(crate) fn label(&self) -> &str {
        match Verb::read(&self.verb) {
            Some(verb) => verb.label(),
            None => &self.verb,
        }
    }

    /// What was said of it. What a resident said, and who came, stays in the system.
    pub(crate) fn words(&self) -> &str {
        let withheld = matches!(
            Verb::read(&self.verb),
            None | Some(
                Verb::Visit
                    | Verb::VisitTry
                    | Verb::VisitLink
                    | Verb::Reopen
                    | Verb::Report
                    | Verb::Unmask
            )
        );
        if withheld { "" } else { &self.sentence }
    }
}

impl Exercise {
    /// What the record is called.
    pub(crate) fn record(&self) -> &'static str {
        self.power.record(self.origin)
    }

    /// What it was about; whom an award concerned stays in the system.
    pub(crate) fn shown_title(&self) -> &str {
        match self.power {
            Power::Award => "推荐对象不列入材料",
            Power::Cadre | Power::Planning | Power::Coordination | Power::Project => &self.title,
        }
    }

    /// The department's answer in the words of the power.
    pub(crate) fn answered(&self) -> &'static str {
        self.answer.map_or("", |a| a.word(self.power))
    }
}

/// A figure with its name.
pub(crate) type Figure = (&'static str, String);

impl Facts {
    /// The figures, each a count of the rows beside.
    pub(crate) fn figures(&self, is_department: bool) -> Vec<Figure> {
        let count = |of: &dyn Fn(&Case) -> bool| {
            let n = self.cases.iter().filter(|c| of(c)).count();
            format!("{n} 件")
        };
        let answers = || self.cases.iter().flat_map(|c| &c.visits);
        let said = |answer: Answer| answers().filter(|v| v.answer == Some(answer)).count();
        let answered = answers().filter(|v| v.state == State::Answered).count();
        let mut figures = vec![
            ("办结的哨单", count(&|_| true)),
            ("有超期的", count(&Case::is_late)),
            ("一次核查通过的", count(&|c| c.first_passed == Some(true))),
            ("群众有效回访", format!("{answered} 人次")),
            ("其中解决了的", format!("{} 人次", said(Answer::Solved))),
            ("办结的行权记录", format!("{} 件", self.powers.len())),
        ];
        let late = self.powers.iter().filter(|p| p.answered_late).count();
        figures.push(("其中部门逾期答复的", format!("{late} 件")));
        if is_department {
            figures.push(("干部考评建议记录（只计数）", format!("{} 件", self.cadre)));
        }
        figures
    }

    /// How many cases of each kind.
    pub(crate) fn kinds(&self) -> Vec<(&'static str, usize)> {
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for case in &self.cases {
            *counts.entry(case.kind).or_default() += 1;
        }
        counts.into_iter().map(|(k, n)| (k.label(), n)).collect()
    }
}
