//! Before and after: thirty days each, so that each weighs the same, three before the day on which the
//! topic was taken up and at most twelve from that day on.

use chrono::{Duration, NaiveDate};
use serde::Deserialize;

use crate::base::words;

/// How many periods before.
const BEFORE: i32 = 3;
/// How many at most from then on.
const AFTER: i32 = 12;
/// How many days each has.
const DAYS: i32 = 30;

/// Some days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Period {
    /// From −3; 0 begins on the day on which the topic was taken up.
    pub(in super::super) number: i32,
    pub(in super::super) first: NaiveDate,
    /// Not later than today.
    pub(in super::super) last: NaiveDate,
}

impl Period {
    /// Whether it lies before the topic was taken up.
    pub(in super::super) fn is_before(&self) -> bool {
        self.number < 0
    }

    /// `11-23` of its first day.
    pub(in super::super) fn label(&self) -> String {
        words::day(self.first).split_off(5)
    }

    /// Its days in words.
    pub(in super::super) fn days(&self) -> String {
        format!("{} 至 {}", words::day(self.first), words::day(self.last))
    }
}

/// How many matters came in a place in a period.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Count {
    pub(in super::super) place: String,
    pub(in super::super) number: i32,
    pub(in super::super) n: i64,
}

/// The periods up to today, of a topic taken up on a day.
pub(in super::super) fn periods(taken_up: NaiveDate, today: NaiveDate) -> Vec<Period> {
    let of = |number: i32| {
        let first = taken_up + Duration::days(i64::from(number * DAYS));
        let last = (first + Duration::days(i64::from(DAYS - 1))).min(today);
        (first <= today).then_some(Period {
            number,
            first,
            last,
        })
    };
    (-BEFORE..AFTER).filter_map(of).collect()
}

/// What came before and what came since, and over how many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Comparison {
    pub(in super::super) before: i64,
    pub(in super::super) since: i64,
    /// How many days `since` was counted over, the running one included.
    pub(in super::super) days: i64,
}

impl Comparison {
    /// What was counted in these periods.
    pub(in super::super) fn of(periods: &[Period], counts: &[Count]) -> Self {
        let sum = |before: bool| {
            let some = counts.iter().filter(|c| (c.number < 0) == before);
            some.map(|c| c.n).sum()
        };
        let after = periods.iter().filter(|p| !p.is_before());
        Self {
            before: sum(true),
            since: sum(false),
            days: after.map(|p| (p.last - p.first).num_days() + 1).sum(),
        }
    }

    /// The comparison in words. A rate needs a whole period since, and something before.
    pub(in super::super) fn words(&self) -> String {
        let days_before = i64::from(BEFORE * DAYS);
        let before = format!(
            "立题前 {days_before} 天 {} 件，平均每 {DAYS} 天 {} 件",
            self.before,
            per_period(self.before, days_before)
        );
        let since = format!("立题以来 {} 天 {} 件", self.days, self.since);
        if self.days < i64::from(DAYS) {
            return format!("{before}；{since}，不满 {DAYS} 天，暂不比较。");
        }
        let average = per_period(self.since, self.days);
        let (was, is) = (self.before * self.days, self.since * days_before);
        let compared = match (is - was) * 100 / was.max(1) {
            _ if was == 0 => String::new(),
            0 => "，大致持平".to_owned(),
            more if more > 0 => format!("，多 {more}%"),
            less => format!("，少 {}%", -less),
        };
        format!("{before}；{since}，平均每 {DAYS} 天 {average} 件{compared}。")
    }
}

/// On average in thirty days, to a tenth.
fn per_period(count: i64, days: i64) -> String {
    let days = days.max(1);
    let tenths = (count * i64::from(DAYS) * 10 + days / 2) / days;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn before_are_ninety_days_and_since_ends_today() {
        let all = periods(day("2026-09-15"), day("2026-10-20"));
        let days: Vec<String> = all.iter().map(Period::days).collect();
        assert_eq!(
            days,
            [
                "2026-06-17 至 2026-07-16",
                "2026-07-17 至 2026-08-15",
                "2026-08-16 至 2026-09-14",
                "2026-09-15 至 2026-10-14",
                "2026-10-15 至 2026-10-20"
            ]
        );
        assert_eq!(periods(day("2026-09-15"), day("2026-09-15")).len(), 4);
        assert_eq!(periods(day("2024-01-01"), day("2026-09-15")).len(), 15);
    }

    #[test]
    fn averages_are_compared_and_not_sums() {
        let of = |before, since, days| {
            Comparison {
                before,
                since,
                days,
            }
            .words()
        };
        assert_eq!(
            of(12, 4, 60),
            "立题前 90 天 12 件，平均每 30 天 4.0 件；立题以来 60 天 4 件，平均每 30 天 2.0 件，少 50%。"
        );
        assert!(of(9, 5, 30).ends_with("多 66%。"));
        assert!(of(9, 3, 30).ends_with("大致持平。"));
        assert!(of(0, 3, 30).ends_with("3.0 件。"));
        assert!(of(9, 3, 29).ends_with("不满 30 天，暂不比较。"));
    }
}
