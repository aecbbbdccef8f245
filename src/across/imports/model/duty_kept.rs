//! The duty list as an import finds it, and what it does with it.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::base::words;
use crate::work::duties::{Content, Offer, Why};

/// A version of an item that is in force, waits, or was the last one.
#[derive(Clone, Debug)]
pub(in super::super) struct KeptVersion {
    pub(in super::super) version: i32,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    /// Whether the item ends with it.
    pub(in super::super) ends: bool,
    pub(in super::super) name: String,
    pub(in super::super) law: String,
    pub(in super::super) lead: (Uuid, String),
    pub(in super::super) boundary: String,
    /// Id and name of each department that assists, and what it is asked for.
    pub(in super::super) assists: Vec<(Uuid, String, String)>,
    /// Code and name of each class.
    pub(in super::super) classes: Vec<(String, String)>,
}

/// An item of the list, in force, waiting or ended.
#[derive(Clone, Debug)]
pub(in super::super) struct KeptDuty {
    pub(in super::super) number: i32,
    /// The number of the next version.
    pub(in super::super) next: i32,
    /// Oldest first; none if it was taken back before it began.
    pub(in super::super) versions: Vec<KeptVersion>,
}

impl KeptDuty {
    /// Why it can be changed no more, or not now.
    pub(super) fn is_closed(&self, today: NaiveDate) -> Option<String> {
        let number = self.number;
        let Some(last) = self.versions.last() else {
            return Some(format!(
                "第 {number} 项没有施行就撤回了，项号不再用。需要时请新列一项。"
            ));
        };
        match last.to_day.filter(|_| last.ends) {
            Some(day) if day > today => Some(format!(
                "第 {number} 项自 {} 起停用，还没有到那一天。要改，先在这一项的页面上撤回停用。",
                words::day(day)
            )),
            Some(_) => Some(format!(
                "第 {number} 项已经停用，不能再改，项号也不再用。需要时请新列一项。"
            )),
            None => None,
        }
    }

    /// What it says on a day; before it begins, what it begins with.
    pub(super) fn held(&self, day: NaiveDate) -> Option<&KeptVersion> {
        let holds = |v: &&KeptVersion| v.from_day <= day && v.to_day.is_none_or(|to| to > day);
        let held = self.versions.iter().find(holds);
        held.or(self.versions.first())
    }
}

/// What the list is checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct DutyFacts {
    pub(in super::super) offer: Offer,
    pub(in super::super) kept: Vec<KeptDuty>,
}

/// An item of which a new version follows.
#[derive(Clone, Debug)]
pub(in super::super) struct Amended {
    /// The number of the version.
    pub(in super::super) version: i32,
    /// From when.
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) content: Content,
    pub(in super::super) reason: String,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of the duty list writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct DutyPlan {
    /// New items, each with its first day.
    pub(in super::super) adds: Vec<(Content, Why)>,
    pub(in super::super) changes: Vec<Amended>,
}
