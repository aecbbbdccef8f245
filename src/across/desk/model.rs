//! What a desk lists: things to do, with the verb that does each. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::work::assessment::Period;
use crate::work::clocks::Nearest;

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
    /// A department's request to decide on.
    Decide,
    /// A street's opinion to give.
    Opine,
    /// The minutes of a co-ordination to record.
    Minute,
    /// What was agreed to do.
    Perform,
    /// A street to answer.
    Answer,
    /// An answer to accept or object to.
    React,
    /// An objection to rule on.
    Rule,
    /// A panel to call for an objection to a score.
    Call,
    /// A vote to give on one.
    Vote,
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
            Self::Decide => "裁定",
            Self::Opine => "提意见",
            Self::Minute => "纪要",
            Self::Perform => "落实",
            Self::Answer => "答复",
            Self::React => "表态",
            Self::Rule => "裁定异议",
            Self::Call => "送评议",
            Self::Vote => "表决",
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
            Self::Decide => "decide",
            Self::Opine => "opine",
            Self::Minute => "minute",
            Self::Perform => "perform",
            Self::Answer => "answer",
            Self::React => "react",
            Self::Rule => "rule",
            Self::Call => "call",
            Self::Vote => "vote",
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) id: Uuid,
    /// The request to decide on, if that is it.
    pub(super) request: Option<Uuid>,
    /// The period of the objection to a score, if that is it.
    pub(super) period: Option<Period>,
    pub(super) is_whistle: bool,
    pub(super) act: Act,
    pub(super) urgent: bool,
    pub(super) title: String,
    /// Where, what kind, which number.
    pub(super) facts: String,
    /// How far it is.
    pub(super) how_far: String,
    pub(super) since: DateTime<Utc>,
    /// The time for it, if it is timed.
    pub(super) nearest: Option<Nearest>,
}

impl Task {
    /// Where it is done.
    pub(super) fn href(&self) -> String {
        if let Some(request) = self.request {
            return format!("/whistles/{}/requests/{request}", self.id);
        }
        if let Some(period) = self.period {
            return format!("{}/objections/{}", period.path(), self.id);
        }
        match (self.is_whistle, self.act) {
            (true, Act::Draft) => format!("/whistles/{}/edit", self.id),
            (true, _) => format!("/whistles/{}", self.id),
            (false, Act::Visit) => format!("/visits/{}", self.id),
            (
                false,
                Act::Opine | Act::Minute | Act::Perform | Act::Answer | Act::React | Act::Rule,
            ) => {
                format!("/powers/{}", self.id)
            }
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
    /// Red and marked: for 超期 alone, and only if there is any.
    pub(super) late: bool,
}

/// The groups of a desk: what is late, what is due today, what is due later, what has no time.
pub(super) fn grouped(
    tasks: &[Task],
    now: DateTime<Utc>,
    midnight: DateTime<Utc>,
) -> Vec<(&'static str, Vec<&Task>)> {
    let group = |task: &Task| match task.nearest.and_then(|n| n.due_at) {
        Some(due) if due < now => "已超期",
        Some(due) if due < midnight => "今天到期",
        Some(_) => "明天及以后",
        None => "不计时",
    };
    ["已超期", "今天到期", "明天及以后", "不计时"]
        .into_iter()
        .map(|name| {
            (
                name,
                tasks
                    .iter()
                    .filter(|t| group(t) == name)
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, tasks)| !tasks.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::calendar::Unit;
    use crate::work::clocks::Stage;

    #[test]
    fn what_is_late_stands_first_then_today_then_later() {
        let now: DateTime<Utc> = "2026-11-23T06:05:00Z".parse().unwrap();
        let task = |hours: Option<i64>| Task {
            id: Uuid::nil(),
            request: None,
            period: None,
            is_whistle: true,
            act: Act::Sign,
            urgent: false,
            title: String::new(),
            facts: String::new(),
            how_far: String::new(),
            since: now,
            nearest: hours.map(|hours| Nearest {
                stage: Stage::Sign,
                unit: Unit::WorkHour,
                due_at: Some(now + chrono::Duration::hours(hours)),
                soon_at: Some(now),
            }),
        };
        let tasks = [task(Some(-1)), task(Some(2)), task(Some(20)), task(None)];
        let midnight = now + chrono::Duration::hours(10);
        let names: Vec<_> = grouped(&tasks, now, midnight)
            .iter()
            .map(|(n, t)| (*n, t.len()))
            .collect();
        assert_eq!(
            names,
            [
                ("已超期", 1),
                ("今天到期", 1),
                ("明天及以后", 1),
                ("不计时", 1)
            ]
        );
    }
}
