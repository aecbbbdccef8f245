//! A violation (应征未征): a department should have asked a street, and did not, or asked too late. Pure.

use chrono::NaiveDate;

use super::words::Power;
use crate::coded;
use crate::org::DepartmentId;

coded! {
    /// What the department did not do.
    ViolationKind as "violation_kind" {
        /// It decided without asking; somebody says so.
        NotAsked = "not_asked" "没有征求",
        /// It asked later than the rules say; the program sees it.
        AskedLate = "asked_late" "征求太晚",
        /// It decided before the street had answered; the program sees it.
        DecidedBefore = "decided_before" "未等答复就决定",
    }
}

/// A violation as it is told, checked and ready to be kept.
#[derive(Clone, Debug)]
pub(in super::super) struct Fault {
    pub(in super::super) department: DepartmentId,
    pub(in super::super) power: Power,
    /// The street that was not asked.
    pub(in super::super) street: String,
    /// What was decided, and by what one sees it.
    pub(in super::super) words: String,
    pub(in super::super) happened_on: NaiveDate,
}
