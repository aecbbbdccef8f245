//! How much time is left or how long it is over, in the words of `look.md` 5: two units at most,
//! rounded down.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Calendar, Unit};
use crate::base::clock::local;

impl Calendar {
    /// `还剩 1 个工作日 3 小时`, `超期 2 小时`; working units in office time, the others in natural
    /// time. Where the calendar does not reach, natural time is said.
    pub fn left(&self, unit: Unit, now: DateTime<Utc>, due: DateTime<Utc>) -> String {
        let (word, from, to) = if now <= due {
            ("还剩", now, due)
        } else {
            ("超期", due, now)
        };
        let day = self
            .hours_on(local(now).date())
            .map(super::OfficeHours::length);
        match (unit.is_working(), self.elapsed(unit, from, to, &[]), day) {
            (true, Ok(time), Ok(day)) => format!("{word} {}", said(time, day, "个工作日")),
            _ => format!("{word} {}", said(to - from, TimeDelta::days(1), "天")),
        }
    }
}

fn said(time: TimeDelta, day: TimeDelta, day_word: &str) -> String {
    let (minutes, of_day) = (time.num_minutes(), day.num_minutes().max(1));
    let (days, hours) = (minutes / of_day, minutes % of_day / 60);
    match (days, hours) {
        // Also what became due when the office closed, until it opens again.
        (0, 0) if minutes == 0 => "不到 1 分钟".to_owned(),
        (0, 0) => format!("{minutes} 分钟"),
        (0, hours) => format!("{hours} 小时"),
        (days, 0) => format!("{days} {day_word}"),
        (days, hours) => format!("{days} {day_word} {hours} 小时"),
    }
}
