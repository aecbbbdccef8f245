//! The words of a due time: one line for each day that counted, one for each stretch that did not.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::due::Span;
use super::{Limit, Plan};
use crate::base::words::weekday;

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `02-14 周六`, `02-15 至 02-23`.
    pub when: String,
    /// `调休上班，第 1 日`, `春节放假，不计`.
    pub what: String,
    /// First and last day, while more of the same may follow.
    stretch: Option<(NaiveDate, NaiveDate)>,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.when, self.what)
    }
}

fn line(when: String, what: String) -> Line {
    Line {
        when,
        what,
        stretch: None,
    }
}

/// `02-14`.
fn short(day: NaiveDate) -> String {
    format!("{:02}-{:02}", day.month(), day.day())
}

fn dated(day: NaiveDate) -> String {
    format!("{} 周{}", short(day), weekday(day))
}

fn clock(at: NaiveDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `5 小时 30 分`.
pub(super) fn span(time: TimeDelta) -> String {
    match (time.num_hours(), time.num_minutes() % 60) {
        (0, minutes) => format!("{minutes} 分"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分"),
    }
}

/// Why a working day is one, or nothing if it is an ordinary one.
fn working(plan: &Plan<'_>) -> String {
    match plan {
        Plan::MakeUp(_, name) if name.contains('班') => format!("{name}，"),
        Plan::MakeUp(..) => "调休上班，".to_owned(),
        Plan::Half(_, name) => format!("{name}半日，"),
        Plan::Weekend | Plan::Off(_) | Plan::Ordinary(_) => String::new(),
    }
}

/// Where hours begin.
pub(super) fn start(from: NaiveDateTime, works: bool) -> Line {
    let what = if works {
        "起算".to_owned()
    } else {
        "收到，当日不上班，下次上班起算".to_owned()
    };
    line(format!("{} {}", dated(from.date()), clock(from)), what)
}

/// Where dates begin.
pub(super) fn first_date(from: NaiveDateTime) -> Line {
    line(
        format!("{} {}", dated(from.date()), clock(from)),
        "收到，当日不计".to_owned(),
    )
}

/// Natural time.
pub(super) fn natural(from: NaiveDateTime, limit: Limit) -> Line {
    line(
        format!("{} {}", dated(from.date()), clock(from)),
        format!("起连续计 {}，夜间、休息日不扣", limit.words()),
    )
}

/// Where natural time ends.
pub(super) fn ends(lines: &mut Vec<Line>, at: NaiveDateTime) {
    lines.push(line(
        format!("{} {}", dated(at.date()), clock(at)),
        "到期".to_owned(),
    ));
}

/// A day of office time: what it counted, and the end on its last.
pub(super) fn hours(
    lines: &mut Vec<Line>,
    (day, plan): (NaiveDate, &Plan<'_>),
    spent: TimeDelta,
    end: Option<NaiveDateTime>,
) {
    if !plan.is_working() {
        return idle(lines, day, plan);
    }
    let due = end.map_or(String::new(), |at| format!("，{} 到期", clock(at)));
    let counted = if spent.is_zero() {
        "不计".to_owned()
    } else {
        format!("计 {}", span(spent))
    };
    lines.push(line(dated(day), format!("{}{counted}{due}", working(plan))));
}

/// A date: which one it is, or that it does not count.
pub(super) fn date(lines: &mut Vec<Line>, (day, plan): (NaiveDate, &Plan<'_>), nth: Option<i32>) {
    match nth {
        Some(nth) => lines.push(line(dated(day), format!("{}第 {nth} 日", working(plan)))),
        None if plan.is_working() => lines.push(line(dated(day), "挂账中，不计".to_owned())),
        None => idle(lines, day, plan),
    }
}

/// The last date ends when the office closes.
pub(super) fn due_at_close(lines: &mut [Line], close: NaiveDateTime) {
    if let Some(last) = lines.last_mut() {
        last.what = format!("{}，{} 到期", last.what, clock(close));
    }
}

/// Days that do not count are told together while their reason is the same.
fn idle(lines: &mut Vec<Line>, day: NaiveDate, plan: &Plan<'_>) {
    let what = match plan {
        Plan::Off(name) => format!("{name}放假，不计"),
        Plan::Weekend | Plan::Ordinary(_) | Plan::MakeUp(..) | Plan::Half(..) => {
            "周末，不计".to_owned()
        }
    };
    match lines.last_mut() {
        Some(Line {
            when,
            what: said,
            stretch: Some((first, last)),
        }) if *said == what && *last + Days::new(1) == day => {
            *last = day;
            *when = format!("{} 至 {}", short(*first), short(day));
        }
        _ => lines.push(Line {
            when: dated(day),
            what,
            stretch: Some((day, day)),
        }),
    }
}

/// The pauses, at the end.
pub(super) fn paused(lines: &mut Vec<Line>, pauses: &[Span]) {
    for (from, to) in pauses {
        lines.push(line(
            format!("{} {}", short(from.date()), clock(*from)),
            format!("至 {} {} 挂账，不计", short(to.date()), clock(*to)),
        ));
    }
}
