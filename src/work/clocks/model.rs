//! Clocks: what is timed, what a lamp shows, how long is left. Pure.

mod asked;
mod book;
mod moves;
mod rules;
mod versions;

pub use asked::asked;
pub(super) use asked::{day, field};
pub use book::{Book, Line, NewVersion};
pub(super) use book::{STAGES, Version};

pub(super) use moves::{Effect, Moved, Running, moves};
pub use rules::{Rule, Rules, Value};
pub(super) use versions::{Difference, NewLimits, OfClass, OfKind, differences, told};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::clock::day_of;
use crate::base::words;
use crate::coded;
use crate::org::calendar::{Calendar, Due, Limit, NoDue, Pause, Unit};
use crate::work::whistles::Kind;

coded! {
    /// What is timed (阶段).
    Stage as "clock_stage" {
        /// The promise made to the resident, from filing to the end.
        Promise = "promise" "承诺办结",
        /// The street decides on a request or a draft.
        Approve = "approve" "审批",
        /// An emergency is verified afterwards.
        Verify = "verify" "事后核实",
        /// The department takes the assignment.
        Sign = "sign" "签收",
        /// It appears or makes contact.
        Report = "report" "报到",
        /// Its first word on the work.
        FirstFeedback = "first_feedback" "首次反馈",
        /// Its final feedback.
        Close = "close" "反馈结果",
        /// The look on the spot.
        Check = "check" "核查",
        /// Street and community rate.
        Rating = "rating" "评价",
        /// The street closes.
        Conclude = "conclude" "办结",
        /// The resident is asked.
        Visit = "visit" "回访",
        /// Somebody decides on a request.
        Decide = "decide" "答复申请",
        /// A department answers a supervision letter.
        Reply = "reply" "回复督办",
        /// Put aside until a day (挂账).
        Suspension = "suspension" "挂账",
        /// A street gives its opinion on what a department asked.
        Opinion = "opinion" "街道提意见",
        /// A street records what was agreed.
        Minutes = "minutes" "形成纪要",
        /// A department does what was agreed.
        Item = "item" "议定事项",
        /// A department answers a street (部门答复).
        Answer = "answer" "部门答复",
        /// A street accepts an answer or objects.
        Reaction = "reaction" "街道表态",
        /// The city's office rules on an objection.
        Ruling = "ruling" "裁定异议",
    }
}

impl Stage {
    /// What the record says of a limit that was passed:
    /// `报到超期，时限 8 工作时，2026-11-23 11:00 到期。`
    pub fn passed(self, limit: Option<Limit>, due: DateTime<Utc>) -> String {
        let limit = limit.map_or(String::new(), |l| format!("，时限 {}", l.words()));
        format!("{}超期{limit}，{} 到期。", self.label(), words::minute(due))
    }
}

coded! {
    /// How urgent a due time is, beside its words.
    Lamp as "lamp" {
        /// More than a third of the time is left.
        Green = "green" "绿灯",
        /// A third or less.
        Yellow = "yellow" "黄灯",
        /// Over.
        Red = "red" "红灯",
        /// Put aside, or not to be computed.
        Grey = "grey" "灰灯",
    }
}

/// The nearest due time of an item, as its row keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Of what.
    pub stage: Stage,
    /// In which unit it was given.
    pub unit: Unit,
    /// When; none while the calendar does not reach that far.
    pub due_at: Option<DateTime<Utc>>,
    /// When only a third is left.
    pub soon_at: Option<DateTime<Utc>>,
}

impl Nearest {
    /// The lamp at an instant.
    pub fn lamp(&self, now: &DateTime<Utc>) -> Lamp {
        match (self.stage, self.due_at, self.soon_at) {
            (Stage::Suspension, ..) | (_, None, _) | (_, _, None) => Lamp::Grey,
            (_, Some(due), _) if *now > due => Lamp::Red,
            (_, _, Some(soon)) if *now >= soon => Lamp::Yellow,
            (_, Some(_), Some(_)) => Lamp::Green,
        }
    }

    /// `还剩 1 个工作日 3 小时`, `超期 2 小时`, `挂账至 2027-05-10`.
    pub fn words(&self, calendar: &Calendar, now: &DateTime<Utc>) -> String {
        match (self.stage, self.due_at) {
            (_, None) => "时限算不出来".to_owned(),
            (Stage::Suspension, Some(due)) => {
                format!("挂账至 {}", words::day(day_of(due)))
            }
            (_, Some(due)) => calendar.left(self.unit, *now, due),
        }
    }
}

/// One clock with its facts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// Its id.
    pub id: Uuid,
    /// The assignment it belongs to; none: the whole whistle or the matter.
    pub assignment_id: Option<Uuid>,
    /// What it is about, if it times a request or a supervision.
    #[serde(default)]
    pub about: Option<Uuid>,
    /// Whether its breach is not counted (不计入考核).
    #[serde(default)]
    pub exempt: bool,
    /// What is timed.
    pub stage: Stage,
    /// How much time was given.
    pub amount: i32,
    /// In which unit.
    pub unit: Unit,
    /// How much was added by extensions, in the same unit.
    pub extra: i32,
    /// Whether the class of the matter made it shorter.
    pub from_class: bool,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// When only a third is left.
    pub soon_at: Option<DateTime<Utc>>,
    /// Since when it stands.
    pub paused_at: Option<DateTime<Utc>>,
    /// When it stopped.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When it was passed, if ever.
    pub breached_at: Option<DateTime<Utc>>,
    /// When it did not run.
    pub pauses: Vec<Pause>,
}

impl Clock {
    /// Whether it runs now.
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none() && self.paused_at.is_none()
    }

    /// Whether it is over and nobody has said so yet.
    pub(super) fn is_passed(&self, now: &DateTime<Utc>) -> bool {
        self.is_running() && self.breached_at.is_none() && self.due_at.is_some_and(|at| at < *now)
    }

    /// The limit with what extensions added.
    pub fn limit(&self) -> Result<Limit, NoDue> {
        Limit::new(i64::from(self.amount) + i64::from(self.extra), self.unit)
    }

    /// The due time by this calendar, with its explanation.
    pub fn due(&self, calendar: &Calendar) -> Result<Due, NoDue> {
        calendar.due(self.started_at, self.limit()?, &self.pauses)
    }

    /// It stood still between two instants and runs on. Natural time only moves by what it stood,
    /// so that a moment that was agreed stays what it was without being counted again.
    pub(super) fn stood(&mut self, since: DateTime<Utc>, now: DateTime<Utc>) {
        let later = |at: DateTime<Utc>| if at > since { at + (now - since) } else { at };
        self.due_at = self.due_at.map(later);
        self.soon_at = self.soon_at.map(later);
    }

    /// The due time as lists show it.
    pub fn nearest(&self) -> Nearest {
        Nearest {
            stage: self.stage,
            unit: self.unit,
            due_at: self.due_at,
            soon_at: self.soon_at,
        }
    }
}

/// A clock as a page tells it: whose, how long, and how its due time was counted.
#[derive(Clone, Debug)]
pub struct Told {
    /// The clock, for links to it.
    pub id: Uuid,
    /// `报到，供水公司`.
    pub name: String,
    /// `8 工作时`, `7 个工作日，延期 7 个工作日`.
    pub limit: String,
    /// The lamp; none once it has stopped.
    pub lamp: Option<Lamp>,
    /// `还剩 3 小时`, `按时`, `超期 2 小时`.
    pub words: String,
    /// When it is due, to the minute.
    pub due: String,
    /// Day by day: when, and what counted.
    pub lines: Vec<(String, String)>,
}

impl Told {
    /// Told of a clock that is due at a meeting: nothing is counted but time put aside.
    #[must_use]
    pub fn agreed(mut self, at: DateTime<Utc>) -> Self {
        "按哨单约定".clone_into(&mut self.limit);
        let at = words::minute(at);
        let moved = (!self.due.is_empty() && self.due != at).then(|| {
            let words = format!("其间停表，顺延到 {}", self.due);
            ("挂账".to_owned(), words)
        });
        self.lines = vec![("约定".to_owned(), format!("哨单约定 {at} 集合"))];
        self.lines.extend(moved);
        self
    }
}

impl Clock {
    /// Tells it to a page.
    pub fn told(&self, seat: &str, calendar: &Calendar, now: &DateTime<Utc>) -> Told {
        let due = self.due(calendar);
        let lines = match &due {
            _ if self.stage == Stage::Suspension => vec![(
                self.due_at.map(words::minute).unwrap_or_default(),
                "挂账到期，自动复办；其间各时限停表".to_owned(),
            )],
            Ok(due) => due
                .lines
                .iter()
                .map(|l| (l.when.clone(), l.what.clone()))
                .collect(),
            Err(refused) => vec![("算不出来".to_owned(), refused.to_string())],
        };
        let comma = if seat.is_empty() { "" } else { "，" };
        Told {
            id: self.id,
            name: format!("{}{comma}{seat}", self.stage.label()),
            limit: self.limit_words(),
            lamp: self.is_running().then(|| self.nearest().lamp(now)),
            words: self.state_words(calendar, now),
            due: self.due_at.map(words::minute).unwrap_or_default(),
            lines,
        }
    }

    fn limit_words(&self) -> String {
        if let (Stage::Suspension, Some(due)) = (self.stage, self.due_at) {
            return format!("到 {}", words::day(day_of(due)));
        }
        let of = |amount: i32| Limit::new(i64::from(amount), self.unit).map(Limit::words);
        let mut said = of(self.amount).unwrap_or_default();
        if self.from_class {
            said.push_str("（按事项类别）");
        }
        if let Ok(extra) = of(self.extra) {
            said = format!("{said}，延期 {extra}");
        }
        said
    }

    /// How it stands: what is left while it runs, whether it was in time once it has stopped.
    fn state_words(&self, calendar: &Calendar, now: &DateTime<Utc>) -> String {
        match (self.stopped_at, self.paused_at, self.due_at) {
            (None, Some(_), _) => "挂账中，停表".to_owned(),
            (None, None, _) => self.nearest().words(calendar, now),
            (Some(stopped), _, Some(due)) if stopped > due => {
                let late = calendar.left(self.unit, stopped, due);
                if self.exempt {
                    format!("{late}，不计入考核")
                } else {
                    late
                }
            }
            (Some(_), ..) => "按时".to_owned(),
        }
    }
}

/// A limit with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// What is timed.
    pub stage: Stage,
    /// How long.
    pub limit: Limit,
    /// Whether the class of the matter made it shorter.
    pub from_class: bool,
}

/// Whether the limit of a class shortens the closing of a whistle of this kind: the plain ones.
/// The others were chosen because the plain limits do not fit (`domain.md` 2.2).
fn follows_class(kind: Kind) -> bool {
    match kind {
        Kind::Routine | Kind::Express => true,
        Kind::JointEnforcement | Kind::Tough | Kind::Emergency => false,
    }
}

/// The shorter of a kind's and a class's limit to close, by when they would be over, and whether
/// it is the class's. A class never asks for the result before the kind asks for the first word:
/// a department that has a day to report in cannot have finished in an hour.
pub fn shortened(
    calendar: &Calendar,
    kind: Kind,
    start: DateTime<Utc>,
    (of_kind, first_word): (Limit, Option<Limit>),
    of_class: Option<Limit>,
) -> (Limit, bool) {
    let at = |limit: Limit| calendar.due(start, limit, &[]).ok().map(|due| due.at);
    let of_class = of_class.filter(|_| follows_class(kind)).map(|class| {
        let first = first_word.filter(|first| at(class) < at(*first));
        first.unwrap_or(class)
    });
    match of_class.map(|class| (class, at(class), at(of_kind))) {
        Some((class, Some(by_class), Some(by_kind))) if by_class < by_kind => (class, true),
        _ => (of_kind, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lamp_says_how_long() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let nearest = Nearest {
            stage: Stage::Sign,
            unit: Unit::WorkHour,
            due_at: Some(at("2026-11-23T09:00:00Z")),
            soon_at: Some(at("2026-11-23T06:00:00Z")),
        };
        assert_eq!(nearest.lamp(&at("2026-11-23T05:59:59Z")), Lamp::Green);
        assert_eq!(nearest.lamp(&at("2026-11-23T06:00:00Z")), Lamp::Yellow);
        assert_eq!(nearest.lamp(&at("2026-11-23T09:00:00Z")), Lamp::Yellow);
        assert_eq!(nearest.lamp(&at("2026-11-23T09:00:01Z")), Lamp::Red);
        let put_aside = Nearest {
            stage: Stage::Suspension,
            ..nearest
        };
        assert_eq!(put_aside.lamp(&at("2026-11-24T09:00:01Z")), Lamp::Grey);
        let unknown = Nearest {
            due_at: None,
            soon_at: None,
            ..nearest
        };
        assert_eq!(unknown.lamp(&at("2026-11-24T09:00:01Z")), Lamp::Grey);
    }
}
