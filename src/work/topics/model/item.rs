//! The lines of the three lists (任务清单、政策清单、责任清单).

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::topic::Department;
use crate::work::TopicItemId;

crate::coded! {
    /// Which of the three lists.
    List as "topic_list" {
        /// What is to be done.
        Task = "task" "任务清单",
        /// Which rules are to be made or changed.
        Policy = "policy" "政策清单",
        /// Who answers for what from now on.
        Duty = "duty" "责任清单",
    }
}

impl List {
    /// Whether its lines need a day by which they are done.
    pub(in super::super) fn needs_day(self) -> bool {
        match self {
            Self::Task | Self::Policy => true,
            Self::Duty => false,
        }
    }

    /// What one writes into a line of it.
    pub(in super::super) fn says(self) -> &'static str {
        match self {
            Self::Task => "要办的事",
            Self::Policy => "要出台或修改的制度",
            Self::Duty => "由谁长期负责什么",
        }
    }
}

/// A line.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Item {
    pub(in super::super) id: TopicItemId,
    pub(in super::super) list: List,
    pub(in super::super) words: String,
    pub(in super::super) department: Department,
    pub(in super::super) due_day: Option<NaiveDate>,
    pub(in super::super) done_at: Option<DateTime<Utc>>,
    pub(in super::super) done_words: Option<String>,
    /// Who said so.
    pub(in super::super) doer: Option<String>,
    /// It is not done any more.
    pub(in super::super) dropped: bool,
}

impl Item {
    /// Whether it is still to be done.
    pub(in super::super) fn is_open(&self) -> bool {
        self.done_at.is_none()
    }

    /// Whether its day has ended.
    pub(in super::super) fn is_late(&self, today: NaiveDate) -> bool {
        self.is_open() && self.due_day.is_some_and(|day| day < today)
    }
}
