//! The versions of the limits, what one says line by line, and the next one as it is made.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Difference, NewLimits, OfClass, OfKind, Rule, Rules, Stage};
use crate::org::DocumentId;
use crate::org::calendar::{Limit, Unit};
use crate::org::documents::Basis;
use crate::work::whistles::Kind;

/// The stages of a whistle that have a limit of their own, in the order in which they come.
pub(in super::super) const STAGES: [Stage; 10] = [
    Stage::Sign,
    Stage::Report,
    Stage::FirstFeedback,
    Stage::Close,
    Stage::Check,
    Stage::Rating,
    Stage::Conclude,
    Stage::Visit,
    Stage::Approve,
    Stage::Verify,
];

/// One version of the limits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Version {
    pub(in super::super) id: Uuid,
    pub(in super::super) number: i32,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) note: String,
    pub(in super::super) made_by: Option<String>,
    /// The clause it stands on; none for the initial one.
    pub(in super::super) basis: Option<Basis>,
}

/// One version with all its limits, and the list of versions, the latest first.
#[derive(Clone, Debug)]
pub struct Book {
    pub(in super::super) shown: Option<Uuid>,
    pub(in super::super) versions: Vec<Version>,
    pub(in super::super) kinds: Vec<OfKind>,
    pub(in super::super) classes: Vec<OfClass>,
    pub(in super::super) rules: Rules,
}

/// A version as it is made.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub(in super::super) number: i32,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) note: String,
    /// The clause it stands on; none if the city has no document in force.
    pub(in super::super) basis: Option<(DocumentId, i32)>,
    pub(in super::super) limits: NewLimits,
    /// What is other than in the version before.
    pub(in super::super) changes: Vec<Difference>,
}

impl NewVersion {
    /// 第 n 版.
    pub fn number(&self) -> i32 {
        self.number
    }

    /// From when it holds.
    pub fn from_day(&self) -> NaiveDate {
        self.from_day
    }
}

/// One limit or rule of a version, by the fields of its form.
#[derive(Clone, Debug)]
pub struct Line {
    /// The field of the number.
    pub amount_name: String,
    /// The field of the unit.
    pub unit_name: String,
    /// What is limited: `日常哨签收`, `回复督办函`, `道路破损`.
    pub what: String,
    /// The code of a class, else empty.
    pub code: String,
    /// The number; empty of a class without a limit.
    pub amount: String,
    /// The unit; none of a count, or where there is no number.
    pub unit: Option<Unit>,
    /// What is counted, if it is a count and no time.
    pub counted: Option<&'static str>,
    /// As the page says it: `2 工作时`.
    pub words: String,
}

impl Book {
    /// The number of the last version that was made.
    pub fn last_number(&self) -> i32 {
        self.versions.iter().map(|v| v.number).max().unwrap_or(0)
    }

    /// Every limit and rule, in the order of the page: stages, rules, classes.
    pub fn lines(&self) -> Vec<Line> {
        let of_kind = |stage: &Stage| {
            let stage = *stage;
            let of = move |kind: &Kind| {
                let same = |l: &&OfKind| l.kind == *kind && l.stage == stage;
                self.kinds.iter().find(same)
            };
            Kind::ALL.iter().filter_map(of)
        };
        let kinds = STAGES.iter().flat_map(of_kind).map(|held| {
            let name = format!("{}.{}", held.kind.code(), held.stage.code());
            let what = format!("{}{}", held.kind.label(), held.stage.label());
            line(("k", &name), what, Some(held.limit))
        });
        let rules = Rule::ALL.iter().map(|rule| {
            let value = self.rules.of(*rule);
            let what = rule.label().to_owned();
            let line = line(("r", rule.code()), what, None);
            Line {
                amount: value.amount.to_string(),
                unit: value.unit,
                counted: (!rule.is_limit()).then(|| rule.counted()),
                words: self.rules.words(*rule),
                ..line
            }
        });
        let classes = self.classes.iter().map(|class| Line {
            code: class.code.clone(),
            ..line(("c", &class.code), class.name.clone(), class.limit)
        });
        kinds.chain(rules).chain(classes).collect()
    }
}

fn line((prefix, name): (&str, &str), what: String, held: Option<Limit>) -> Line {
    Line {
        amount_name: format!("{prefix}.{name}"),
        unit_name: format!("{prefix}u.{name}"),
        what,
        code: String::new(),
        amount: held.map_or_else(String::new, |l| l.amount().to_string()),
        unit: held.map(Limit::unit),
        counted: None,
        words: held.map_or_else(|| super::versions::NONE.to_owned(), Limit::words),
    }
}
