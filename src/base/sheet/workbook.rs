//! A table as a workbook: the head stays in view, days and numbers are real ones, words are never
//! formulas, cells that are taken from words offer them, and what adds up is summed below the last row.

use std::io::Write;

use anyhow::Context as _;
use chrono::{NaiveDate, Timelike as _};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula,
    Worksheet,
};

use super::cell::{Cell, Column, Kind};
use crate::base::clock::china;
use crate::base::words;

/// The longest text of a cell, in characters as the format counts them.
const LONGEST: usize = 32_767;
/// Where the words of drop-downs stand.
pub(super) const WORDS: &str = "字典";
/// A4, as the format numbers papers.
const A4: u8 = 9;

/// A workbook that is being written.
pub(super) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    columns: Vec<Column>,
    rows: u32,
    sums: Vec<i64>,
    looks: Looks,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook")
            .field("columns", &self.columns)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// How cells look.
struct Looks {
    day: Format,
    minute: Format,
    sum: Format,
}

/// The place of a column as the format wants it.
pub(super) fn place(index: usize) -> anyhow::Result<u16> {
    u16::try_from(index).context("too many columns")
}

impl Workbook {
    pub(super) fn new(name: &str, columns: Vec<Column>) -> anyhow::Result<Self> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(name))?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet
            .set_landscape()
            .set_paper_size(A4)
            .set_print_fit_to_pages(1, 0);
        let head = Format::new()
            .set_bold()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0x00E8_EEF7))
            .set_border_bottom(FormatBorder::Thin);
        for (index, column) in columns.iter().enumerate() {
            let at = place(index)?;
            sheet.set_column_width(at, f64::from(column.width))?;
            if column.kind == Kind::Text {
                // Whoever types into it later keeps the zero before a number.
                sheet.set_column_format(at, &Format::new().set_num_format("@"))?;
            }
            sheet.write_string_with_format(0, at, &*column.head, &head)?;
        }
        let sums = vec![0; columns.len()];
        Ok(Self {
            book,
            columns,
            rows: 0,
            sums,
            looks: Looks {
                day: Format::new().set_num_format("yyyy-mm-dd"),
                minute: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
                sum: Format::new().set_bold().set_border_top(FormatBorder::Thin),
            },
        })
    }

    /// Words at the head and the foot of each printed page.
    pub(super) fn mark(&mut self, words: &str) -> anyhow::Result<()> {
        // An ampersand begins a command there.
        let words = format!("&C{}", words.replace('&', "&&"));
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_header(&words).set_footer(&words);
        Ok(())
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> anyhow::Result<()> {
        self.rows += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (index, cell) in cells.iter().enumerate() {
            put(sheet, (self.rows, place(index)?), cell, &self.looks)?;
            if let (Cell::Count(n), Some(sum)) = (cell, self.sums.get_mut(index)) {
                *sum += n;
            }
        }
        Ok(())
    }

    pub(super) fn save(mut self, to: impl Write + Send) -> anyhow::Result<()> {
        self.total()?;
        self.offer()?;
        let sheet = self.book.worksheet_from_index(0)?;
        if let Some(last) = self.columns.len().checked_sub(1) {
            sheet.autofilter(0, 0, self.rows, place(last)?)?;
        }
        self.book.save_to_writer(to)?;
        Ok(())
    }

    /// The sums of what adds up.
    fn total(&mut self) -> anyhow::Result<()> {
        if self.rows == 0 || !self.columns.iter().any(|c| c.is_summed) {
            return Ok(());
        }
        let below = self.rows + 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (index, column) in self.columns.iter().enumerate() {
            let at = place(index)?;
            if column.is_summed {
                let sum = self.sums.get(index).copied().unwrap_or_default();
                sheet.write_number_with_format(below, at, float(sum), &self.looks.sum)?;
            } else if index == 0 {
                sheet.write_string_with_format(below, at, "合计", &self.looks.sum)?;
            } else {
                sheet.write_blank(below, at, &self.looks.sum)?;
            }
        }
        Ok(())
    }

    /// The words of drop-downs, on a sheet of their own that is not shown.
    fn offer(&mut self) -> anyhow::Result<()> {
        let offering: Vec<(usize, &Column)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.choices.is_empty())
            .collect();
        if offering.is_empty() {
            return Ok(());
        }
        let last = self.rows.max(1);
        for (place_of_words, (index, column)) in offering.iter().enumerate() {
            let (sheet, at) = (self.book.worksheet_from_index(0)?, place(*index)?);
            let offered = DataValidation::new()
                .allow_list_formula(words_at(place_of_words, column.choices.len()))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("不在字典里")?
                .set_error_message("请从下拉列表里选。")?;
            sheet.add_data_validation(1, at, last, at, &offered)?;
        }
        let words = self.book.add_worksheet();
        words.set_name(WORDS)?.set_hidden(true);
        for (index, (_, column)) in offering.iter().enumerate() {
            let at = place(index)?;
            words.write_string(0, at, &*column.head)?;
            for (row, word) in (1..).zip(&column.choices) {
                words.write_string(row, at, word)?;
            }
        }
        Ok(())
    }
}

/// Where so many words stand, on the sheet of words.
pub(super) fn words_at(column: usize, count: usize) -> Formula {
    let letter =
        rust_xlsxwriter::utility::column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX));
    Formula::new(format!("='{WORDS}'!${letter}$2:${letter}${}", count + 1))
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
) -> anyhow::Result<()> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, fitting(text))?,
        Cell::Count(n) => sheet.write_number(row, column, float(*n))?,
        Cell::Decimal(written) => match written.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number)?,
            Err(_) => sheet.write_string(row, column, fitting(written))?,
        },
        Cell::Both(_, shown) => return put(sheet, (row, column), shown, looks),
        Cell::Day(day) => match serial(*day) {
            Some(number) => sheet.write_number_with_format(row, column, number, &looks.day)?,
            None => sheet.write_string(row, column, words::day(*day))?,
        },
        Cell::Minute(at) => {
            let local = at.with_timezone(&china());
            let part = f64::from(local.hour() * 60 + local.minute()) / 1440.0;
            match serial(local.date_naive()) {
                Some(day) => {
                    sheet.write_number_with_format(row, column, day + part, &looks.minute)?
                }
                None => sheet.write_string(row, column, words::minute(*at))?,
            }
        }
    };
    Ok(())
}

/// The number of a day; none before March 1900, where the format counts a day that never was.
fn serial(day: NaiveDate) -> Option<f64> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = (day - first).num_days();
    (days > 60).then(|| float(days))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the format has no other numbers; counts are far below 2^53"
)]
fn float(n: i64) -> f64 {
    n as f64
}

/// A text, cut where a cell ends.
fn fitting(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > LONGEST {
            return &text[..at];
        }
    }
    text
}

/// A name that a sheet may have.
pub(super) fn sheet_name(name: &str) -> String {
    let fits = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    name.chars().filter(fits).take(31).collect()
}
