//! Checking what people typed: field by field, each error a sentence that says what to do.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use super::clock::instant;
use super::words;

/// The fields of a form as they were sent, to be carried along by a page that does not show them.
pub fn fields_of(form: &impl Serialize) -> Vec<(String, String)> {
    let sent = serde_html_form::to_string(form).unwrap_or_default();
    serde_html_form::from_str(&sent).unwrap_or_default()
}

/// An address with its fields; those that are empty are left out.
pub fn address<N: Serialize, V: Serialize + AsRef<str>>(
    path: &str,
    fields: impl IntoIterator<Item = (N, V)>,
) -> String {
    let fields = fields.into_iter();
    let fields: Vec<_> = fields.filter(|(_, v)| !v.as_ref().is_empty()).collect();
    let query = serde_html_form::to_string(fields).unwrap_or_default();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// Errors of a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    /// No errors yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that a field is wrong.
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.0.push((field.into(), sentence.into()));
    }

    /// Notes what else is wrong, after what is noted already.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields are wrong.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The sentence at a field, or an empty one.
    pub fn of(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|(f, _)| f == field)
            .map_or("", |(_, s)| s.as_str())
    }

    /// The first wrong field, for the link at the top of the page.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |(f, _)| f.as_str())
    }

    /// All sentences after one another.
    pub fn sentences(&self) -> String {
        self.0.iter().map(|(_, s)| s.as_str()).collect()
    }

    /// The checked value, or the errors.
    pub fn or<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// A text of `min..=max` characters, trimmed, without control characters. Line breaks are
    /// kept as `\n`. With `min` 0 it may be left empty.
    pub fn text(
        &mut self,
        field: &str,
        label: &str,
        typed: &str,
        (min, max): (usize, usize),
    ) -> String {
        let text = typed.replace("\r\n", "\n").trim().to_owned();
        let length = text.chars().count();
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            self.add(
                field,
                format!("{label}里有看不见的控制字符，请删掉后重新输入。"),
            );
        } else if length == 0 && min > 0 {
            self.add(field, format!("请填写{label}。"));
        } else if length < min {
            self.add(field, format!("{label}太短，至少写 {min} 个字。"));
        } else if length > max {
            self.add(
                field,
                format!("{label}最多 {max} 个字，现在是 {length} 个字，请删减。"),
            );
        }
        text
    }

    /// A telephone number, or none.
    pub fn phone(&mut self, field: &str, typed: &str) -> Option<String> {
        let mut phone: String = typed.chars().filter_map(telephonic).collect();
        if let Some(rest) = phone.strip_prefix("+86") {
            phone = rest.trim_start_matches('-').to_owned();
        }
        if phone.is_empty() {
            return None;
        }
        let right = (5..=20).contains(&phone.len())
            && phone.chars().all(|c| c.is_ascii_digit() || c == '-');
        if !right {
            self.add(field, "电话只写数字，例如 0436-5220000 或 11 位手机号。");
        }
        Some(phone)
    }

    /// One of the offered values.
    pub fn choice<T: std::str::FromStr>(
        &mut self,
        field: &str,
        label: &str,
        typed: &str,
    ) -> Option<T> {
        let chosen = typed.parse().ok();
        if chosen.is_none() {
            self.add(field, format!("请选择{label}。"));
        }
        chosen
    }

    /// A day, written `2026-11-23`.
    pub fn day(&mut self, field: &str, label: &str, typed: &str) -> Option<NaiveDate> {
        let read = typed.trim().parse::<NaiveDate>().ok();
        let read = read.filter(|d| (1949..=2100).contains(&d.year()));
        if read.is_none() {
            self.add(field, format!("{label}写成 2026-11-23 这样的日期。"));
        }
        read
    }

    /// A day from today on, at most so many days ahead: from when a change holds.
    pub fn day_ahead(
        &mut self,
        field: &str,
        (label, typed): (&str, &str),
        (today, most): (NaiveDate, i64),
    ) -> Option<NaiveDate> {
        let last = today + Duration::days(most);
        let day = self.day(field, label, typed);
        if day.is_some_and(|day| !(today..=last).contains(&day)) {
            let (today, last) = (words::day(today), words::day(last));
            self.add(field, format!("{label}要在今天 {today} 至 {last} 之间。"));
        }
        day
    }

    /// A local time, written `2026-11-23 14:05`.
    pub fn minute(&mut self, field: &str, label: &str, typed: &str) -> Option<DateTime<Utc>> {
        let read = NaiveDateTime::parse_from_str(typed.trim(), "%Y-%m-%d %H:%M").ok();
        let read = read.filter(|at| (1949..=2100).contains(&at.year()));
        if read.is_none() {
            self.add(field, format!("{label}写成 2026-11-23 14:05 这样的时间。"));
        }
        read.map(instant)
    }

    /// A mark from 1 to 5.
    pub fn mark(&mut self, field: &str, label: &str, typed: &str) -> i16 {
        match typed.parse::<i16>() {
            Ok(mark) if (1..=5).contains(&mark) => mark,
            _ => {
                self.add(field, format!("请给{label}打分，1 至 5 分。"));
                0
            }
        }
    }
}

/// A sign of a telephone number as it is kept: full-width ones as plain ones, blanks left out.
fn telephonic(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => None,
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        '－' | '–' | '—' => Some('-'),
        '＋' => Some('+'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_by_characters_and_trimmed() {
        let mut errors = FieldErrors::new();
        assert_eq!(
            errors.text("t", "标题", "  𠮷野家门前积水 ", (2, 7)),
            "𠮷野家门前积水"
        );
        assert!(errors.is_empty());
        errors.text("t", "标题", "八个字八个字八个", (2, 7));
        assert_eq!(errors.of("t"), "标题最多 7 个字，现在是 8 个字，请删减。");
    }

    #[test]
    fn control_characters_are_named() {
        let mut errors = FieldErrors::new();
        errors.text("t", "标题", "积\0水", (2, 7));
        assert_eq!(
            errors.of("t"),
            "标题里有看不见的控制字符，请删掉后重新输入。"
        );
    }

    #[test]
    fn telephone_numbers_are_digits() {
        let mut errors = FieldErrors::new();
        assert_eq!(
            errors.phone("p", " 129 0000 0001 "),
            Some("12900000001".to_owned())
        );
        for typed in ["+86 129 0000 0001", "＋８６－12900000001"] {
            assert_eq!(errors.phone("p", typed).as_deref(), Some("12900000001"));
        }
        assert_eq!(errors.phone("p", ""), None);
        assert!(errors.is_empty());
        errors.phone("p", "没有");
        assert_eq!(errors.len(), 1);
    }
}
