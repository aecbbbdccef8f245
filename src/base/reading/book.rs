//! A workbook, cell by cell: no sheet is ever whole in memory.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata};

use super::{Cell, Line, MOST_COLUMNS, MOST_ROWS, Room, TOP, day_of, too_many_rows};

const BROKEN: &str = "表格没有读懂，可能已损坏。请用表格软件打开，另存为 .xlsx 后重新上传。";

/// A workbook that was found sound.
pub(super) struct Book<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
    is_1904: bool,
}

impl std::fmt::Debug for Book<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("is_1904", &self.is_1904)
            .finish_non_exhaustive()
    }
}

pub(super) fn too_many_columns() -> String {
    format!("表里超过 {MOST_COLUMNS} 列。请删掉不用的列，只留模板里的，再上传。")
}

impl<'a> Book<'a> {
    pub(super) fn open(content: &'a [u8]) -> Result<Self, String> {
        let book = Xlsx::new(Cursor::new(content)).map_err(|_| BROKEN.to_owned())?;
        let is_1904 = book.has_1904_epoch();
        Ok(Self { book, is_1904 })
    }

    pub(super) fn is_1904(&self) -> bool {
        self.is_1904
    }

    /// The sheets that people see.
    pub(super) fn sheets(&self) -> Vec<String> {
        self.book
            .sheets_metadata()
            .iter()
            .filter(|sheet| {
                sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
            })
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    /// Up to so many rows of a sheet that hold something. More are passed over if only the top is
    /// wanted, else they are too many.
    pub(super) fn lines(
        &mut self,
        sheet: &str,
        most: usize,
        top: bool,
    ) -> Result<Vec<Line>, String> {
        let is_1904 = self.is_1904;
        let broken = |_| BROKEN.to_owned();
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(broken)?;
        let (mut lines, mut room) = (Vec::<Line>::new(), Room::default());
        loop {
            let Some(record) = reader.next_cell_with_formula_metadata().map_err(broken)? else {
                return Ok(lines);
            };
            let cell = understood(&record.value, record.formula.as_ref(), is_1904);
            if cell.is_empty() {
                continue;
            }
            let (row, column) = record.pos;
            if column >= MOST_COLUMNS {
                return Err(too_many_columns());
            }
            room.take(&cell)?;
            let number = row + 1;
            if lines.last().is_none_or(|line| line.number != number) {
                if lines.len() == most {
                    if top {
                        return Ok(lines);
                    }
                    return Err(too_many_rows());
                }
                // Rows come in order; a file in which they do not was made to confuse.
                if lines.last().is_some_and(|line| line.number > number) {
                    return Err(BROKEN.to_owned());
                }
                lines.push(Line {
                    number,
                    cells: Vec::new(),
                });
            }
            if let Some(line) = lines.last_mut() {
                let at = column as usize;
                if line.cells.len() <= at {
                    line.cells.resize(at + 1, Cell::Empty);
                }
                line.cells[at] = cell;
            }
        }
    }
}

fn understood(value: &DataRef<'_>, formula: Option<&XlsxFormulaMetadata>, is_1904: bool) -> Cell {
    let plain = match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::number(*number),
        DataRef::Bool(yes) => Cell::Text(if *yes { "是" } else { "否" }.to_owned()),
        DataRef::DateTime(at) => match day_of(at.as_f64(), is_1904).filter(|_| at.is_datetime()) {
            Some(day) => Cell::Day(day),
            None => Cell::number(at.as_f64()),
        },
        DataRef::DateTimeIso(written) => {
            let text = Cell::text(written);
            text.day(is_1904).map_or(text, Cell::Day)
        }
        DataRef::DurationIso(written) => Cell::text(written),
        DataRef::Error(fault) => Cell::Fault(fault.to_string()),
    };
    match formula {
        Some(_) => Cell::Formula(plain.written()),
        None => plain,
    }
}

/// The most rows that are ever read, said once for the compiler.
const _: () = assert!(TOP < MOST_ROWS);
