//! The period of an assessment: a month for information, a quarter for notice, a year for the
//! assessment itself. Days are those of the office's own time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::base::clock::midnight;

/// The years that can be assessed.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2100;
const NUMERALS: [&str; 4] = ["一", "二", "三", "四"];

/// A month, a quarter or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// `2026-11`
    Month(i32, u32),
    /// `2026-Q3`
    Quarter(i32, u32),
    /// `2026`
    Year(i32),
}

impl Period {
    /// The quarter in which a day lies.
    pub fn quarter_of(day: NaiveDate) -> Self {
        Self::Quarter(day.year(), day.month0() / 3 + 1)
    }

    /// The month in which a day lies.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.year(), day.month())
    }

    /// How many months it has.
    fn months(self) -> u32 {
        match self {
            Self::Month(..) => 1,
            Self::Quarter(..) => 3,
            Self::Year(_) => 12,
        }
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Month(year, month) => (year, month),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2),
            Self::Year(year) => (year, 1),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
    }

    /// The first day after it.
    pub fn after(self) -> NaiveDate {
        self.first() + Months::new(self.months())
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.after() - Days::new(1)
    }

    /// From which instant until before which.
    pub fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (midnight(self.first()), midnight(self.after()))
    }

    /// The one of the same length before it.
    pub fn previous(self) -> Self {
        let day = self.first() - Days::new(1);
        match self {
            Self::Month(..) => Self::month_of(day),
            Self::Quarter(..) => Self::quarter_of(day),
            Self::Year(_) => Self::Year(day.year()),
        }
    }

    /// Whether it is over on a day.
    pub fn has_ended(self, today: NaiveDate) -> bool {
        today >= self.after()
    }

    /// What its scores are for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Month(..) => "月份供参考",
            Self::Quarter(..) => "季度通报",
            Self::Year(_) => "年度考核",
        }
    }

    /// Whether its scores are shown to the departments and frozen.
    pub fn is_published(self) -> bool {
        match self {
            Self::Month(..) => false,
            Self::Quarter(..) | Self::Year(_) => true,
        }
    }

    /// `2026 年第三季度`
    pub fn title(self) -> String {
        match self {
            Self::Month(year, month) => format!("{year} 年 {month} 月"),
            Self::Quarter(year, quarter) => {
                let numeral = NUMERALS[(quarter as usize).clamp(1, 4) - 1];
                format!("{year} 年第{numeral}季度")
            }
            Self::Year(year) => format!("{year} 年"),
        }
    }

    /// Where it is shown.
    pub fn path(self) -> String {
        format!("/assessment/{self}")
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}

impl FromStr for Period {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("时期写成 2026-11、2026-Q3 或 2026，现在是 {}。", head(text));
        let figures = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        let (year, part) = text.split_at_checked(4).ok_or_else(wrong)?;
        let number = |t: &str| {
            if figures(t) {
                t.parse::<u32>().ok()
            } else {
                None
            }
        };
        let year = number(year)
            .and_then(|y| i32::try_from(y).ok())
            .ok_or_else(wrong)?;
        if !YEARS.contains(&year) {
            return Err(format!("年份写 {} 至 {}。", YEARS.start(), YEARS.end()));
        }
        let quarter = part.strip_prefix("-Q").filter(|q| q.len() == 1);
        let month = part.strip_prefix('-').filter(|m| m.len() == 2);
        match (part, quarter.and_then(number), month.and_then(number)) {
            ("", ..) => Ok(Self::Year(year)),
            (_, Some(quarter @ 1..=4), _) => Ok(Self::Quarter(year, quarter)),
            (_, _, Some(month @ 1..=12)) => Ok(Self::Month(year, month)),
            _ => Err(wrong()),
        }
    }
}

fn head(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(20).collect()
}

impl TryFrom<String> for Period {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_written_and_bounded() {
        for (text, title, first, last, before) in [
            (
                "2026-11",
                "2026 年 11 月",
                "2026-11-01",
                "2026-11-30",
                "2026-10",
            ),
            (
                "2026-01",
                "2026 年 1 月",
                "2026-01-01",
                "2026-01-31",
                "2025-12",
            ),
            (
                "2026-Q3",
                "2026 年第三季度",
                "2026-07-01",
                "2026-09-30",
                "2026-Q2",
            ),
            (
                "2026-Q1",
                "2026 年第一季度",
                "2026-01-01",
                "2026-03-31",
                "2025-Q4",
            ),
            ("2026", "2026 年", "2026-01-01", "2026-12-31", "2025"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(period.title(), title);
            assert_eq!(period.first().to_string(), first);
            assert_eq!(period.last().to_string(), last);
            assert_eq!(period.previous().to_string(), before);
            assert!(!period.has_ended(period.last()) && period.has_ended(period.after()));
        }
        let (from, to) = Period::Quarter(2026, 3).bounds();
        assert_eq!(from.to_rfc3339(), "2026-06-30T16:00:00+00:00");
        assert_eq!(to.to_rfc3339(), "2026-09-30T16:00:00+00:00");
    }

    #[test]
    fn what_is_no_period_gets_a_sentence() {
        for text in [
            "",
            "2026-",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-1",
            "20261",
            "二〇二六",
            "2026-Q03",
            "+026",
            "2026Q3",
        ] {
            let refused = text.parse::<Period>().unwrap_err();
            assert!(refused.contains("时期写成"), "{text}: {refused}");
        }
        assert_eq!(
            "1999".parse::<Period>().unwrap_err(),
            "年份写 2020 至 2100。"
        );
    }
}
