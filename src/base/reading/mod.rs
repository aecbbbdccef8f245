//! Tables that come from outside: workbooks of Excel and its like, and CSV. What they hold is
//! read row by row with bounded memory; whatever is not a plain table gets a sentence that says
//! what to do. Pure: bytes in, rows out.

mod book;
mod cell;
mod container;
mod plain;

pub use cell::{Cell, day_of};

use book::Book;

/// The most rows that are read of one sheet, its head apart.
pub const MOST_ROWS: usize = 10_000;
/// The most columns of a sheet.
pub const MOST_COLUMNS: u32 = 100;
/// The largest file, in bytes.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// The most cells that hold something: what a sheet of ten thousand rows fills by far not.
const MOST_CELLS: usize = 400_000;
/// The most text of all cells together, in bytes.
const MOST_TEXT: usize = 24 * 1024 * 1024;
/// So many rows of the top of a sheet are looked at for the head.
const TOP: usize = 30;

/// A row that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Its cells up to the last that holds something.
    pub cells: Vec<Cell>,
}

impl Line {
    /// The cell at a place.
    pub fn cell(&self, at: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(at).unwrap_or(EMPTY)
    }
}

/// A table from outside whose sheets can be looked at.
#[derive(Debug)]
pub struct Table<'a>(Kind<'a>);

#[derive(Debug)]
enum Kind<'a> {
    Book(Box<Book<'a>>),
    Plain(Vec<Line>),
}

impl<'a> Table<'a> {
    /// Opens a file by what it is; its name only helps to say what is wrong.
    pub fn open(content: &'a [u8]) -> Result<Self, String> {
        Ok(Self(match container::told(content)? {
            container::Told::Workbook => Kind::Book(Box::new(Book::open(content)?)),
            container::Told::Text(text) => Kind::Plain(plain::lines(&text)?),
        }))
    }

    /// The names of its sheets; CSV has one without a name.
    pub fn sheets(&self) -> Vec<String> {
        match &self.0 {
            Kind::Book(book) => book.sheets(),
            Kind::Plain(_) => vec![String::new()],
        }
    }

    /// Whether its days are counted from 1904, as old machines did.
    pub fn is_1904(&self) -> bool {
        match &self.0 {
            Kind::Book(book) => book.is_1904(),
            Kind::Plain(_) => false,
        }
    }

    /// The first rows of a sheet, for whoever looks for the head.
    pub fn top(&mut self, sheet: &str) -> Result<Vec<Line>, String> {
        match &mut self.0 {
            Kind::Book(book) => book.lines(sheet, TOP, true),
            Kind::Plain(lines) => Ok(lines.iter().take(TOP).cloned().collect()),
        }
    }

    /// All rows of a sheet that hold something.
    pub fn lines(&mut self, sheet: &str) -> Result<Vec<Line>, String> {
        match &mut self.0 {
            Kind::Book(book) => book.lines(sheet, MOST_ROWS + TOP, false),
            Kind::Plain(lines) => Ok(std::mem::take(lines)),
        }
    }
}

/// What is said of a sheet with too many rows.
pub fn too_many_rows() -> String {
    format!("表里超过 {MOST_ROWS} 行。请分成几份，每份不超过 {MOST_ROWS} 行，分别导入。")
}

/// Counts what is taken into memory.
#[derive(Debug, Default)]
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    fn take(&mut self, cell: &Cell) -> Result<(), String> {
        self.cells += 1;
        self.text += cell.written().len();
        if self.cells > MOST_CELLS || self.text > MOST_TEXT {
            return Err(
                "表格内容太多，一次读不完。请删掉不用的列和文字，或分成几份导入。".to_owned(),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
