//! A row while it is checked: what stands in its columns, and what is to be said of it.

use chrono::NaiveDate;

use super::columns::{self, Column, Kind};
use super::{Mark, Register, Sheet};
use crate::base::form::FieldErrors;
use crate::base::reading::{Cell, Line};

/// A row that has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Checked {
    /// Its number in the sheet.
    pub(in super::super) line: u32,
    pub(in super::super) mark: Mark,
    /// What is said of it, the reasons of a refusal first.
    pub(in super::super) says: Vec<String>,
}

/// A row under check.
#[derive(Debug)]
pub(in super::super) struct Row<'a> {
    columns: &'static [Column],
    places: &'a [Option<usize>],
    cells: &'a Line,
    wrong: Vec<String>,
    notes: Vec<String>,
}

/// The rows of a sheet, ready to be checked.
pub(in super::super) fn rows(register: Register, sheet: &Sheet) -> Vec<Row<'_>> {
    sheet
        .lines
        .iter()
        .map(|cells| Row {
            columns: columns::of(register),
            places: &sheet.layout.places,
            cells,
            wrong: Vec::new(),
            notes: Vec::new(),
        })
        .collect()
}

impl Row<'_> {
    /// Its number in the sheet.
    pub(in super::super) fn line(&self) -> u32 {
        self.cells.number
    }

    /// Whether something is wrong with it.
    pub(in super::super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// What stands in a column, whatever it is.
    pub(in super::super) fn raw(&self, head: &str) -> String {
        let at = self.place(head);
        at.map_or_else(String::new, |at| self.cells.cell(at).written())
    }

    fn place(&self, head: &str) -> Option<usize> {
        let index = self.columns.iter().position(|c| c.head == head)?;
        self.places.get(index).copied().flatten()
    }

    /// What stands in a column; empty if nothing does, or nothing that can be relied on.
    pub(in super::super) fn text(&mut self, head: &str) -> String {
        let Some(at) = self.place(head) else {
            return String::new();
        };
        match self.cells.cell(at).sound() {
            Ok(text) => text,
            Err(sentence) => {
                self.fail(head, sentence);
                String::new()
            }
        }
    }

    /// A text on one line of so many characters.
    pub(in super::super) fn short(&mut self, head: &str, bounds: (usize, usize)) -> String {
        let before = self.wrong.len();
        let typed = self.text(head);
        if self.wrong.len() > before {
            return String::new();
        }
        let mut errors = FieldErrors::new();
        let text = errors.text("", head, &typed, bounds);
        if text.contains(['\n', '\t']) && errors.is_empty() {
            errors.add("", format!("{head}写在一行里，不要换行。"));
        }
        if errors.is_empty() {
            return text;
        }
        let merged = if typed.is_empty() {
            "合并的单元格请取消合并并逐行填满。"
        } else {
            ""
        };
        self.fail(head, &format!("{}{merged}", errors.sentences()));
        String::new()
    }

    /// The day in a column, if one stands there.
    pub(in super::super) fn day(&mut self, head: &str) -> Option<NaiveDate> {
        let typed = self.text(head);
        let at = self.place(head)?;
        let day = match self.cells.cell(at) {
            Cell::Day(day) => Some(*day),
            Cell::Empty
            | Cell::Text(_)
            | Cell::Number(_)
            | Cell::Formula(_)
            | Cell::Lossy(_)
            | Cell::Fault(_) => None,
        };
        if day.is_none() && !typed.is_empty() {
            self.fail(head, "不是日期。请写成 2026-11-23 这样。");
        }
        day
    }

    /// The word in a column, if one stands there: one of those that the template offers.
    pub(in super::super) fn word(&mut self, head: &str) -> Option<&'static str> {
        let typed = self.text(head);
        let offered = self.offered(head);
        let found = offered.iter().copied().find(|word| *word == typed);
        if found.is_none() && !typed.is_empty() {
            self.fail(
                head,
                &format!(
                    "“{}”不在字典里。可以填：{}。",
                    cut(&typed),
                    offered.join("、")
                ),
            );
        }
        found
    }

    fn offered(&self, head: &str) -> Vec<&'static str> {
        match self.columns.iter().find(|c| c.head == head).map(|c| c.kind) {
            Some(Kind::Word(words)) => words(),
            Some(Kind::Text | Kind::Number | Kind::Day) | None => Vec::new(),
        }
    }

    /// Says what is wrong in a column.
    pub(in super::super) fn fail(&mut self, head: &str, sentence: &str) {
        self.wrong.push(format!("“{head}”：{sentence}"));
    }

    /// Says what is wrong with fields of a form, each under the head of its column.
    pub(in super::super) fn fail_fields(&mut self, errors: &FieldErrors, heads: &[(&str, &str)]) {
        for (field, head) in heads {
            let sentence = errors.of(field);
            if !sentence.is_empty() {
                self.fail(head, sentence);
            }
        }
    }

    /// Says something that does not stand in its way.
    pub(in super::super) fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// The row as it was found.
    pub(in super::super) fn marked(self, mark: Mark) -> Checked {
        let line = self.line();
        let mark = if self.wrong.is_empty() {
            mark
        } else {
            Mark::Refuse
        };
        let mut says = self.wrong;
        if mark != Mark::Refuse {
            says.extend(self.notes);
        }
        Checked { line, mark, says }
    }
}

/// What was typed, as far as a sentence repeats it.
pub(super) fn cut(typed: &str) -> String {
    const LONGEST: usize = 20;
    if typed.chars().count() > LONGEST {
        let start: String = typed.chars().take(LONGEST).collect();
        format!("{start}…")
    } else {
        typed.to_owned()
    }
}
