//! What stands in a table that leaves the program: columns, and the cells of their rows. Pure.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::base::words;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words and numbers that nobody reckons with, as those of telephones.
    Text,
    /// Whole numbers and decimals.
    Number,
    /// Days.
    Day,
    /// Days with hour and minute.
    Minute,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) head: Cow<'static, str>,
    /// What another program calls it.
    pub(super) code: Option<&'static str>,
    pub(super) kind: Kind,
    /// In characters of a figure's width.
    pub(super) width: u16,
    /// The words that its cells are taken from.
    pub(super) choices: Vec<String>,
    pub(super) is_summed: bool,
    /// How it is filled in, where it is.
    pub(super) note: Cow<'static, str>,
    pub(super) is_needed: bool,
}

impl Column {
    fn new(head: impl Into<Cow<'static, str>>, kind: Kind, width: u16) -> Self {
        let head = head.into();
        // A Chinese character is two figures wide, and the arrow of the filter wants its place.
        let own = u16::try_from(head.chars().count() * 2 + 4).unwrap_or(u16::MAX);
        Self {
            head,
            code: None,
            kind,
            width: width.max(own),
            choices: Vec::new(),
            is_summed: false,
            note: Cow::Borrowed(""),
            is_needed: false,
        }
    }

    /// Words, so many figures wide.
    pub fn text(head: impl Into<Cow<'static, str>>, width: u16) -> Self {
        Self::new(head, Kind::Text, width)
    }

    /// Numbers.
    pub fn number(head: impl Into<Cow<'static, str>>) -> Self {
        Self::new(head, Kind::Number, 10)
    }

    /// Days.
    pub fn day(head: impl Into<Cow<'static, str>>) -> Self {
        Self::new(head, Kind::Day, 12)
    }

    /// Days with hour and minute.
    pub fn minute(head: impl Into<Cow<'static, str>>) -> Self {
        Self::new(head, Kind::Minute, 18)
    }

    /// The same, with the words that its cells are taken from: a drop-down in a workbook.
    #[must_use]
    pub fn of(mut self, choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.choices = choices.into_iter().map(Into::into).collect();
        self
    }

    /// The same, with its sum below the last row of a workbook. Only counts add up.
    #[must_use]
    pub fn summed(mut self) -> Self {
        self.is_summed = true;
        self
    }

    /// The same, with how it is filled in, and whether it must be: for tables that come back.
    #[must_use]
    pub fn noted(mut self, note: impl Into<Cow<'static, str>>, is_needed: bool) -> Self {
        self.note = note.into();
        self.is_needed = is_needed;
        self
    }

    /// The same, under another name in CSV, where a program reads it.
    #[must_use]
    pub fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Its name in CSV.
    pub(super) fn plain(&self) -> &str {
        self.code.unwrap_or(&self.head)
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// How many.
    Count(i64),
    /// A decimal as it is written: `87.4321`. What is no decimal stays words.
    Decimal(String),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    Minute(DateTime<Utc>),
    /// What a program reads in CSV, and what people read in a workbook.
    Both(String, Box<Cell>),
}

impl Cell {
    /// A decimal; nothing, if nothing is written.
    pub fn decimal(written: impl Into<String>) -> Self {
        let written = written.into();
        if written.is_empty() {
            Self::Empty
        } else {
            Self::Decimal(written)
        }
    }

    /// A code for programs and its word for people.
    pub fn word(code: &str, label: &str) -> Self {
        Self::Both(code.to_owned(), Box::new(label.into()))
    }

    /// As it stands in CSV, where a cell that a spreadsheet would take for a formula begins with an
    /// apostrophe.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => harmless(text),
            Self::Count(n) => n.to_string().into(),
            Self::Decimal(written) | Self::Both(written, _) => Cow::Borrowed(written),
            Self::Day(day) => words::day(*day).into(),
            Self::Minute(at) => words::minute(*at).into(),
        }
    }
}

pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}

impl From<i32> for Cell {
    fn from(n: i32) -> Self {
        Self::Count(n.into())
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Minute(at)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}
