//! Working time: limits with their unit, days, office hours, and the one function that turns a
//! start and a limit into a due time that can explain itself. Pure.
//!
//! Local time throughout: China has one zone, so a day is a day (`domain.md` 10.1).

mod asked;
mod before;
mod change;
mod days;
mod due;
mod explain;
mod left;
mod limit;
mod notice;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walks;

pub use change::{Change, NoChange, span};
pub use days::{Calendar, DayKind, OfficeHours, Plan, SpecialDay, WorkDayMode};
pub use due::{Due, Pause};
pub use explain::Line;
pub use limit::{Limit, Unit};
pub use notice::{Wrong, read_notice};

/// Why a due time cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDue {
    /// The notice of that year has not been entered.
    #[error("{0} 年放假安排还没有录入，这个时限算不出来。请先在工作日历录入通知。")]
    UnknownYear(i32),
    /// No office hours hold on that day.
    #[error("{0} 没有办公时间，这个时限算不出来。请先在工作日历录入办公时间。")]
    NoHours(chrono::NaiveDate),
    /// More than a year of days without a working one.
    #[error("从 {0} 起一年多没有一个工作日，这个时限算不出来。请检查工作日历。")]
    NoWorkingDay(chrono::NaiveDate),
    /// The amount is not a sensible one.
    #[error("时限写 1 至 {1} 的整数，现在是 {0}。")]
    BadAmount(i64, i64),
}
