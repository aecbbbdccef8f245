//! An empty table that is filled in elsewhere and comes back: head with notes, drop-downs, columns
//! that keep text as text and days as days, and a sheet that says how each column is filled in.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Note,
    Workbook, Worksheet,
};

use super::Format as Kind;
use super::cell::{self, Cell, Column};
use super::workbook::{WORDS, place, sheet_name, words_at};
use crate::base::error::Result;
use crate::base::web::attachment;

/// The row down to which cells offer words.
const LAST: u32 = 10_000;
/// What marks a column that must be filled in.
const NEEDED: &str = "*";

/// The template as a file: its names in plain letters and in Chinese, its columns with the rows that
/// stand in it already, and what is said above the list of columns.
pub fn template(
    (plain, name): (&str, &str),
    (columns, rows): (&[Column], &[Vec<Cell>]),
    about: &[String],
) -> Result<Response> {
    let bytes = written(name, (columns, rows), about)?;
    let name = format!("{name}导入模板.xlsx");
    let disposition = HeaderValue::from_str(&attachment(plain, &name));
    let head = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(Kind::Xlsx.media_type()),
        ),
        (
            header::CONTENT_DISPOSITION,
            disposition.map_err(anyhow::Error::from)?,
        ),
    ];
    Ok((head, bytes).into_response())
}

fn written(
    name: &str,
    (columns, rows): (&[Column], &[Vec<Cell>]),
    about: &[String],
) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00E8_EEF7))
        .set_border_bottom(FormatBorder::Thin);
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(name))?;
    sheet.set_freeze_panes(1, 0)?;
    for (index, column) in columns.iter().enumerate() {
        let at = place(index)?;
        sheet.set_column_width(at, f64::from(column.width))?;
        match column.kind {
            cell::Kind::Text => {
                sheet.set_column_format(at, &Format::new().set_num_format("@"))?;
            }
            cell::Kind::Day | cell::Kind::Minute => {
                sheet.set_column_format(at, &Format::new().set_num_format("yyyy-mm-dd"))?;
            }
            cell::Kind::Number => {}
        }
        let mark = if column.is_needed { NEEDED } else { "" };
        sheet.write_string_with_format(0, at, format!("{}{mark}", column.head), &head)?;
        if !column.note.is_empty() {
            let note = Note::new(&*column.note)
                .set_author("街哨")
                .add_author_prefix(false);
            sheet.insert_note(0, at, &note)?;
        }
    }
    fill(sheet, rows)?;
    offer(sheet, columns)?;
    guide(book.add_worksheet(), columns, (about, &head))?;
    words(book.add_worksheet(), columns)?;
    Ok(book.save_to_buffer()?)
}

/// The rows below the head: words and whole numbers.
fn fill(sheet: &mut Worksheet, rows: &[Vec<Cell>]) -> anyhow::Result<()> {
    for (row, cells) in (1..).zip(rows) {
        for (at, cell) in cells.iter().enumerate() {
            let at = place(at)?;
            match cell {
                Cell::Empty => {}
                Cell::Count(n) => {
                    let number = f64::from(i32::try_from(*n)?);
                    sheet.write_number(row, at, number)?;
                }
                Cell::Text(_)
                | Cell::Decimal(_)
                | Cell::Day(_)
                | Cell::Minute(_)
                | Cell::Both(..) => {
                    sheet.write_string(row, at, cell.plain())?;
                }
            }
        }
    }
    Ok(())
}

fn offer(sheet: &mut Worksheet, columns: &[Column]) -> anyhow::Result<()> {
    let offering = columns
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.choices.is_empty());
    for (place_of_words, (index, column)) in offering.enumerate() {
        let at = place(index)?;
        let offered = DataValidation::new()
            .allow_list_formula(words_at(place_of_words, column.choices.len()))
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("不在字典里")?
            .set_error_message("请从下拉列表里选。")?;
        sheet.add_data_validation(1, at, LAST, at, &offered)?;
    }
    Ok(())
}

/// How each column is filled in.
fn guide(
    sheet: &mut Worksheet,
    columns: &[Column],
    (about, head): (&[String], &Format),
) -> anyhow::Result<()> {
    sheet.set_name("填写说明")?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 16)?;
    sheet.set_column_width(1, 10)?;
    sheet.set_column_width(2, 80)?;
    let mut row = 0;
    for sentence in about {
        sheet.merge_range(row, 0, row, 2, sentence, &wrapped)?;
        row += 1;
    }
    row += 1;
    for (at, title) in (0..).zip(["列", "必填", "怎么填"]) {
        sheet.write_string_with_format(row, at, title, head)?;
    }
    for column in columns {
        row += 1;
        sheet.write_string_with_format(row, 0, &*column.head, &wrapped)?;
        let needed = if column.is_needed { "必填" } else { "" };
        sheet.write_string_with_format(row, 1, needed, &wrapped)?;
        sheet.write_string_with_format(row, 2, &*column.note, &wrapped)?;
    }
    Ok(())
}

fn words(sheet: &mut Worksheet, columns: &[Column]) -> anyhow::Result<()> {
    sheet.set_name(WORDS)?.set_hidden(true);
    let offering = columns.iter().filter(|c| !c.choices.is_empty());
    for (at, column) in (0..).zip(offering) {
        sheet.write_string(0, at, &*column.head)?;
        for (row, word) in (1..).zip(&column.choices) {
            sheet.write_string(row, at, word)?;
        }
    }
    Ok(())
}
