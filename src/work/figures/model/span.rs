//! The days that figures are of, and those that they are compared with.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::base::form::FieldErrors;
use crate::base::words;

/// The longest span, in days: three years.
const LONGEST: i64 = 1096;
/// The first day that can be asked for.
const EARLIEST: i32 = 2000;

/// Whole local days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: NaiveDate,
    /// The last day; it may lie ahead, in a month that is not over.
    pub last: NaiveDate,
}

/// What a span is in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Day,
    /// Monday to Sunday.
    Week,
    /// So many whole months from the first of one of them: a month, a quarter, a year.
    Months(u32),
    Days(u64),
}

impl Span {
    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// The week of a day, Monday to Sunday.
    pub fn week_of(day: NaiveDate) -> Self {
        let first = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
        Self {
            first,
            last: first + Days::new(6),
        }
    }

    /// So many months, the last of which is that of the day.
    pub fn months_to(day: NaiveDate, months: u32) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        Self {
            first: first - Months::new(months - 1),
            last: first + Months::new(1) - Days::new(1),
        }
    }

    /// The twelve months, one by one, the last of which is that of the day.
    pub fn twelve_months_to(day: NaiveDate) -> Vec<Self> {
        let first = Self::months_to(day, 12).first;
        (0..12)
            .map(|n| Self::month_of(first + Months::new(n)))
            .collect()
    }

    /// The month of a day.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::months_to(day, 1)
    }

    /// The quarter of a day.
    pub fn quarter_of(day: NaiveDate) -> Self {
        let month = day.with_day(1).unwrap_or(day);
        Self::months_to(month + Months::new(2 - day.month0() % 3), 3)
    }

    /// The year of a day.
    pub fn year_of(day: NaiveDate) -> Self {
        let month = day.with_day(1).unwrap_or(day);
        Self::months_to(month + Months::new(11 - day.month0()), 12)
    }

    /// The span that was typed; this month if nothing was. What is wrong with it is said, and this
    /// month stands in.
    pub fn read(from: &str, to: &str, today: NaiveDate, errors: &mut FieldErrors) -> Self {
        let other = Self::month_of(today);
        if from.trim().is_empty() && to.trim().is_empty() {
            return other;
        }
        let mut day = |field: &str, typed: &str, absent: NaiveDate| {
            let typed = typed.trim();
            if typed.is_empty() {
                return Some(absent);
            }
            let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok();
            let day = day.filter(|d| (EARLIEST..2200).contains(&d.year()));
            if day.is_none() {
                errors.add(field, "日期写成 2026-11-23 的样子，年份从 2000 年起。");
            }
            day
        };
        let last = day("f-to", to, today);
        let first = day("f-from", from, last.unwrap_or(today));
        let (Some(first), Some(last)) = (first, last) else {
            return other;
        };
        if first > today {
            errors.add("f-from", "开始日期还没有到，请改成今天或以前的日期。");
        } else if last < first {
            errors.add("f-to", "结束日期要在开始日期当天或以后。");
        } else if (last - first).num_days() >= LONGEST {
            errors.add("f-from", "一次最多看三年，请把开始日期改晚，或者分几次看。");
        } else {
            return Self { first, last };
        }
        other
    }

    fn shape(self) -> Shape {
        let days = (self.last - self.first).num_days().unsigned_abs() + 1;
        let after = self.last + Days::new(1);
        let months = (after.year() - self.first.year()) * 12 + after.month0().cast_signed()
            - self.first.month0().cast_signed();
        let whole = self.first.day() == 1 && after.day() == 1;
        let begins_one = |months: u32| self.first.month0().is_multiple_of(months);
        match u32::try_from(months).unwrap_or(0) {
            months @ (1 | 3 | 12) if whole && begins_one(months) => Shape::Months(months),
            _ if days == 1 => Shape::Day,
            _ if self == Self::week_of(self.first) => Shape::Week,
            _ => Shape::Days(days),
        }
    }

    /// The last day that has begun.
    pub fn last_by(self, today: NaiveDate) -> NaiveDate {
        self.last.min(today)
    }

    /// The part of it that has begun.
    #[must_use]
    pub fn so_far(self, today: NaiveDate) -> Self {
        Self {
            first: self.first,
            last: self.last_by(today),
        }
    }

    /// What came before it, as far into it as this one is on a day: of a month the month before.
    #[must_use]
    pub fn before(self, today: NaiveDate) -> Self {
        let first = match self.shape() {
            Shape::Day => self.first - Days::new(1),
            Shape::Week => self.first - Days::new(7),
            Shape::Months(months) => self.first - Months::new(months),
            Shape::Days(days) => self.first - Days::new(days),
        };
        self.as_far(first, self.first - Days::new(1), today)
    }

    /// The same a year before, as far into it as this one is on a day.
    #[must_use]
    pub fn year_before(self, today: NaiveDate) -> Self {
        let first = self.first - Months::new(12);
        let last = match self.shape() {
            Shape::Months(months) => first + Months::new(months) - Days::new(1),
            Shape::Day | Shape::Week | Shape::Days(_) => self.last - Months::new(12),
        };
        self.as_far(first, last, today)
    }

    fn as_far(self, first: NaiveDate, last: NaiveDate, today: NaiveDate) -> Self {
        let gone = (today - self.first).num_days();
        let ends = if self.last > today {
            first + chrono::Duration::days(gone.max(0))
        } else {
            last
        };
        Self {
            first,
            last: ends.min(last),
        }
    }

    /// What the span before it is called: `上月`, and `上月同期` while this one is not over.
    pub fn before_label(self, today: NaiveDate) -> String {
        let name = match self.shape() {
            Shape::Day => "前一天",
            Shape::Week => "上周",
            Shape::Months(1) => "上月",
            Shape::Months(3) => "上季度",
            Shape::Months(_) => "上一年",
            Shape::Days(_) => "前一段",
        };
        let same = if self.last > today { "同期" } else { "" };
        format!("{name}{same}")
    }

    /// `2026 年 11 月`, `2026-11-23 至 2026-11-24`.
    pub fn title(self) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        match self.shape() {
            Shape::Day => words::day(self.first),
            Shape::Months(1) => format!("{year} 年 {month} 月"),
            Shape::Months(3) => format!(
                "{year} 年第{}季度",
                ["一", "二", "三", "四"][(month as usize - 1) / 3]
            ),
            Shape::Months(_) => format!("{year} 年"),
            Shape::Week | Shape::Days(_) => {
                format!("{} 至 {}", words::day(self.first), words::day(self.last))
            }
        }
    }

    /// The spans that are asked for most, with their names.
    pub fn usual(today: NaiveDate) -> Vec<(&'static str, Self)> {
        let (day, week) = (Self::day(today), Self::week_of(today));
        let (month, quarter) = (Self::month_of(today), Self::quarter_of(today));
        let (year, yesterday) = (Self::year_of(today), today - Days::new(1));
        vec![
            ("今天", day),
            ("昨天", Self::day(yesterday)),
            ("本周", week),
            ("上周", Self::week_of(week.first - Days::new(1))),
            ("本月", month),
            ("上月", Self::month_of(month.first - Days::new(1))),
            ("本季度", quarter),
            ("上季度", Self::quarter_of(quarter.first - Days::new(1))),
            ("本年", year),
            ("上年", Self::year_of(year.first - Days::new(1))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(first: &str, last: &str) -> Span {
        Span {
            first: day(first),
            last: day(last),
        }
    }

    #[test]
    fn a_span_is_compared_with_its_like() {
        let today = day("2026-11-24");
        let cases = [
            // A month that is over, with the whole month before it, however long that was.
            (
                span("2026-03-01", "2026-03-31"),
                span("2026-02-01", "2026-02-28"),
                span("2025-03-01", "2025-03-31"),
            ),
            (
                span("2024-02-01", "2024-02-29"),
                span("2024-01-01", "2024-01-31"),
                span("2023-02-01", "2023-02-28"),
            ),
            // One that is not, with as many days of the one before.
            (
                span("2026-11-01", "2026-11-30"),
                span("2026-10-01", "2026-10-24"),
                span("2025-11-01", "2025-11-24"),
            ),
            (
                span("2026-11-23", "2026-11-29"),
                span("2026-11-16", "2026-11-17"),
                span("2025-11-23", "2025-11-24"),
            ),
            (
                span("2026-10-01", "2026-12-31"),
                span("2026-07-01", "2026-08-24"),
                span("2025-10-01", "2025-11-24"),
            ),
            (
                span("2026-01-01", "2026-12-31"),
                span("2025-01-01", "2025-11-24"),
                span("2025-01-01", "2025-11-24"),
            ),
            (
                span("2026-11-24", "2026-11-24"),
                span("2026-11-23", "2026-11-23"),
                span("2025-11-24", "2025-11-24"),
            ),
            (
                span("2026-11-05", "2026-11-11"),
                span("2026-10-29", "2026-11-04"),
                span("2025-11-05", "2025-11-11"),
            ),
        ];
        for (asked, before, year) in cases {
            assert_eq!(asked.before(today), before, "{asked:?}");
            assert_eq!(asked.year_before(today), year, "{asked:?}");
        }
    }

    #[test]
    fn the_usual_spans_hold_their_day() {
        for text in ["2026-01-01", "2026-03-31", "2024-02-29", "2026-12-31"] {
            let today = day(text);
            for (name, asked) in Span::usual(today) {
                let holds = (asked.first..=asked.last).contains(&today);
                let is_this = name.starts_with('本') || name == "今天";
                assert_eq!(holds, is_this, "{text} {name} {asked:?}");
            }
        }
        assert_eq!(
            Span::quarter_of(day("2026-11-24")),
            span("2026-10-01", "2026-12-31")
        );
    }

    #[test]
    fn what_cannot_be_asked_for_is_said() {
        let today = day("2026-11-24");
        let wrong = [
            ("1826-01-01", "2026-01-01", "f-from"),
            ("2026-02-30", "", "f-from"),
            ("", "昨天", "f-to"),
            ("2026-11-25", "", "f-from"),
            ("2026-11-02", "2026-11-01", "f-to"),
            ("2020-01-01", "2026-01-01", "f-from"),
        ];
        for (from, to, field) in wrong {
            let mut errors = FieldErrors::new();
            let stood_in = Span::read(from, to, today, &mut errors);
            assert!(!errors.of(field).is_empty(), "{from} {to}");
            assert_eq!(stood_in, Span::month_of(today));
        }
        let mut errors = FieldErrors::new();
        let three_years = Span::read("2023-11-25", "2026-11-24", today, &mut errors);
        assert_eq!(three_years, span("2023-11-25", "2026-11-24"));
        assert!(errors.is_empty());
    }
}
