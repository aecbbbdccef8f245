//! A cell as it is understood: what people type and what spreadsheets make of it.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// A cell from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing, or blanks alone.
    #[default]
    Empty,
    /// Words, tidied.
    Text(String),
    /// A number as it is written: `12900000001`, `3.5`.
    Number(String),
    /// A day.
    Day(NaiveDate),
    /// A formula; only what it came to was there, and that may be old.
    Formula(String),
    /// A number that lost its last figures, because spreadsheets keep fifteen.
    Lossy(String),
    /// What a spreadsheet shows for a formula that failed: `#N/A`.
    Fault(String),
}

impl Cell {
    /// Words as somebody typed them: blanks at the ends are gone, also the wide ones, and wide
    /// figures and letters are plain.
    pub fn text(typed: &str) -> Self {
        let text = tidied(typed);
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// A number as a spreadsheet keeps it.
    pub(super) fn number(number: f64) -> Self {
        /// From here on neighbouring whole numbers are the same to a spreadsheet.
        const EXACT: f64 = 1e15;
        if number.fract() == 0.0 && number.abs() < EXACT {
            Self::Number(format!("{number:.0}"))
        } else if number.abs() >= EXACT {
            Self::Lossy(format!("{number:.0}"))
        } else {
            // Fifteen figures are what is kept; more are noise of the binary form.
            let whole = format!("{number:.10}");
            Self::Number(whole.trim_end_matches('0').to_owned())
        }
    }

    /// What stands there, as text.
    pub fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Day(day) => day.to_string(),
            Self::Text(text)
            | Self::Number(text)
            | Self::Formula(text)
            | Self::Lossy(text)
            | Self::Fault(text) => text.clone(),
        }
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// What stands there, if it can be relied on; else a sentence about it.
    pub fn sound(&self) -> Result<String, &'static str> {
        match self {
            Self::Empty | Self::Text(_) | Self::Number(_) | Self::Day(_) => Ok(self.written()),
            Self::Formula(_) => {
                Err("是公式。请选中这一列复制，再“选择性粘贴”为“数值”，然后重新上传。")
            }
            Self::Lossy(_) => Err(
                "超过 15 位，表格软件已经丢掉了末尾的数字。请把这一列的格式设为“文本”，重新填写。",
            ),
            Self::Fault(_) => Err("是公式出错的结果。请改成正确的内容。"),
        }
    }

    /// The day that stands there: a real one, one that is written, or the number of one.
    pub fn day(&self, is_1904: bool) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(*day),
            Self::Text(text) => written_day(text),
            Self::Number(number) => {
                let eight = (number.len() == 8).then(|| written_day(number)).flatten();
                eight.or_else(|| day_of(number.parse().ok()?, is_1904))
            }
            Self::Empty | Self::Formula(_) | Self::Lossy(_) | Self::Fault(_) => None,
        }
    }
}

/// The day with this number; none outside the years that an office writes.
pub fn day_of(serial: f64, is_1904: bool) -> Option<NaiveDate> {
    // 1900 counts a day that never was, so that the years after it begin a day earlier.
    let first = if is_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)?
    } else {
        NaiveDate::from_ymd_opt(1899, 12, 30)?
    };
    if !(1.0..100_000.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below a hundred thousand")]
    let days = serial.floor() as i64;
    usual(first.checked_add_signed(chrono::Duration::days(days))?)
}

fn usual(day: NaiveDate) -> Option<NaiveDate> {
    (1949..=2100).contains(&day.year()).then_some(day)
}

/// `2026-01-05`, `2026/1/5`, `2026.1.5`, `2026年1月5日`, `20260105`; an hour after it is left out.
fn written_day(text: &str) -> Option<NaiveDate> {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return usual(NaiveDate::parse_from_str(text, "%Y%m%d").ok()?);
    }
    let parts: Vec<&str> = text
        .split(['-', '/', '.', '年', '月', '日', '－', '．', '／'])
        .filter(|part| !part.is_empty())
        .collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let short = |part: &str| part.len() <= 2;
    if year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    let numbers = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    usual(NaiveDate::from_ymd_opt(numbers.0, numbers.1, numbers.2)?)
}

/// Without blanks at the ends and signs that nobody sees; wide figures and letters become plain.
fn tidied(typed: &str) -> String {
    let seen = typed
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{2060}'))
        .map(|c| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
            }
            '\u{a0}' | '\u{3000}' => ' ',
            _ => c,
        });
    seen.collect::<String>().trim().to_owned()
}
