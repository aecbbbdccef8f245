//! What a desk lists: things to do, with the verb that does each. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What must be done to a thing on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    /// A matter to accept.
    Accept,
    /// A matter to work on.
    Measure,
    /// A matter in the grid to solve.
    Solve,
    /// A matter, or a community's request, to sort.
    Sort,
    /// One's own draft to finish.
    Draft,
    /// A whistle to approve.
    Approve,
    /// An emergency to verify.
    Verify,
    /// An assignment to sign.
    Sign,
    /// To report in.
    Report,
    /// To feed back.
    Feedback,
    /// To look at on the spot.
    Check,
    /// To rate.
    Rate,
    /// To close.
    Close,
    /// To say what one thinks of the whistle.
    Review,
    /// A resident to ask.
    Visit,
    /// A closed whistle whose trouble came again, to decide on.
    Recur,
}

impl Act {
    /// The word on the button and on the tab.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::Measure => "处置",
            Self::Solve => "处理",
            Self::Sort => "分拣",
            Self::Draft => "起草",
            Self::Approve => "审批",
            Self::Verify => "核实",
            Self::Sign => "签收",
            Self::Report => "报到",
            Self::Feedback => "反馈",
            Self::Check => "核查",
            Self::Rate => "评价",
            Self::Close => "办结",
            Self::Review => "评哨",
            Self::Visit => "回访",
            Self::Recur => "决定",
        }
    }

    /// The code in the address of its tab.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Measure => "measure",
            Self::Solve => "solve",
            Self::Sort => "sort",
            Self::Draft => "draft",
            Self::Approve => "approve",
            Self::Verify => "verify",
            Self::Sign => "sign",
            Self::Report => "report",
            Self::Feedback => "feedback",
            Self::Check => "check",
            Self::Rate => "rate",
            Self::Close => "close",
            Self::Review => "review",
            Self::Visit => "visit",
            Self::Recur => "recur",
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) id: Uuid,
    pub(super) is_whistle: bool,
    pub(super) act: Act,
    pub(super) urgent: bool,
    pub(super) title: String,
    /// Where, what kind, which number.
    pub(super) facts: String,
    /// How far it is.
    pub(super) how_far: String,
    pub(super) since: DateTime<Utc>,
}

impl Task {
    /// Where it is done.
    pub(super) fn href(&self) -> String {
        match (self.is_whistle, self.act) {
            (true, Act::Draft) => format!("/whistles/{}/edit", self.id),
            (true, _) => format!("/whistles/{}", self.id),
            (false, Act::Visit) => format!("/visits/{}", self.id),
            (false, _) => format!("/matters/{}", self.id),
        }
    }
}

/// How many of a kind wait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tab {
    pub(super) act: Act,
    pub(super) count: i64,
}

/// A count with the words beside it and the list behind it.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) count: i64,
    pub(super) unit: &'static str,
    pub(super) href: String,
    pub(super) compare: String,
}

/// The groups of a desk: what came before today, and what came today.
pub(super) fn grouped(tasks: &[Task], midnight: DateTime<Utc>) -> Vec<(&'static str, Vec<&Task>)> {
    let (urgent, rest): (Vec<_>, Vec<_>) = tasks.iter().partition(|t| t.urgent);
    let (earlier, today): (Vec<_>, Vec<_>) = rest.into_iter().partition(|t| t.since < midnight);
    [
        ("应急", urgent),
        ("今天以前到的", earlier),
        ("今天到的", today),
    ]
    .into_iter()
    .filter(|(_, tasks)| !tasks.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emergencies_stand_first_then_what_waits_longest() {
        let midnight: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
        let task = |urgent, hours| Task {
            id: Uuid::nil(),
            is_whistle: true,
            act: Act::Sign,
            urgent,
            title: String::new(),
            facts: String::new(),
            how_far: String::new(),
            since: midnight + chrono::Duration::hours(hours),
        };
        let tasks = [task(false, -30), task(false, 2), task(true, 1)];
        let names: Vec<_> = grouped(&tasks, midnight)
            .iter()
            .map(|(n, t)| (*n, t.len()))
            .collect();
        assert_eq!(names, [("应急", 1), ("今天以前到的", 1), ("今天到的", 1)]);
    }
}
