//! Tables as files: workbooks, and CSV that a Chinese spreadsheet opens without asking. A list says
//! its columns once and brings its rows part by part; neither the rows nor the file are ever whole
//! in memory.
//!
//! ```text
//! let mut sheet = Sheet::new(format, ("people", "人员"), columns())?;
//! let mut after = None;
//! loop {
//!     let page = queries::export(&mut visit.tx, &visit.me, &filter, after).await?;
//!     after = sheet.add(page, cells)?;
//!     if after.is_none() {
//!         return events::sheet(visit, sheet).await;
//!     }
//! }
//! ```

mod cell;
mod template;
mod workbook;

use std::fs::File;
use std::io::{BufWriter, Read as _, Seek as _, Write as _};

use anyhow::Context as _;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

use super::error::{Error, Result};
use super::mail::Enclosed;
use super::paging::Paged;
use super::web::attachment;
use cell::harmless;
pub use cell::{Cell, Column, Kind};
pub use template::template;
use workbook::Workbook;

/// Begins with a byte order mark, so that the spreadsheet takes it for UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";
/// The most rows of one file: what an office computer still opens.
pub const MOST: u32 = 100_000;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8.
    Csv,
    /// A workbook of Excel.
    Xlsx,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The path says which it is: `/people.xlsx`, `/people.csv`.
impl<S: Send + Sync> FromRequestParts<S> for Format {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        match parts.uri.path().rsplit_once('.') {
            Some((_, "xlsx")) => Ok(Self::Xlsx),
            Some((_, "csv")) => Ok(Self::Csv),
            Some(_) | None => Err(Error::NotFound),
        }
    }
}

/// A table that is being written.
#[derive(Debug)]
pub struct Sheet {
    format: Format,
    /// For old browsers, and for everybody else: `("people", "人员")`.
    names: (String, String),
    rows: u32,
    out: Out,
}

#[derive(Debug)]
enum Out {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>),
}

impl Sheet {
    /// A table of these columns, still without rows; the names are those of the file, in plain
    /// letters and in Chinese.
    pub fn new(
        format: Format,
        (plain, name): (impl Into<String>, impl Into<String>),
        columns: Vec<Column>,
    ) -> Result<Self> {
        let (plain, name) = (plain.into(), name.into());
        let out = match format {
            Format::Csv => Out::Csv(Box::new(begun(&columns)?)),
            Format::Xlsx => Out::Xlsx(Box::new(Workbook::new(&name, columns)?)),
        };
        Ok(Self {
            format,
            names: (plain, name),
            rows: 0,
            out,
        })
    }

    /// The same table with a mark at the head and the foot of each printed page.
    pub fn marked(mut self, words: &str) -> Result<Self> {
        match &mut self.out {
            // A page of CSV is nobody's: its mark is a column.
            Out::Csv(_) => {}
            Out::Xlsx(book) => book.mark(words)?,
        }
        Ok(self)
    }

    /// One more row: a cell for each column.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.rows == MOST {
            return Err(Error::Refused(format!(
                "本表超过 {MOST} 行，一次导不完。请先按日期或地点缩小范围，再导出。"
            )));
        }
        self.rows += 1;
        match &mut self.out {
            Out::Csv(writer) => writer
                .write_record(cells.iter().map(|c| c.plain().into_owned()))
                .context("writing a row")?,
            Out::Xlsx(book) => book.row(cells)?,
        }
        Ok(())
    }

    /// What the list is called.
    pub fn label(&self) -> &str {
        &self.names.1
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The rows of one part of a list; says where the next begins, if there is one.
    pub fn add<T, K>(
        &mut self,
        part: Paged<T, K>,
        cells: impl Fn(T) -> Vec<Cell>,
    ) -> Result<Option<K>> {
        for row in part.rows {
            self.row(&cells(row))?;
        }
        Ok(part.next)
    }

    /// The file, to go with a letter.
    pub async fn enclosed(self) -> Result<Enclosed> {
        let name = format!("{}.{}", self.names.1, self.format.ending());
        let media_type = self.format.media_type();
        let written = tokio::task::spawn_blocking(move || {
            let mut content = Vec::new();
            self.out.written()?.read_to_end(&mut content)?;
            Ok::<_, anyhow::Error>(content)
        });
        Ok(Enclosed {
            name,
            media_type,
            content: written.await.context("writing a table")??,
        })
    }

    /// The file, to be kept by the browser.
    pub async fn finish(self) -> Result<Response> {
        let name = format!("{}.{}", self.names.1, self.format.ending());
        let disposition = attachment(&self.names.0, &name);
        let media_type = self.format.media_type();
        let written = tokio::task::spawn_blocking(move || self.out.written()).await;
        let file = written.context("writing a table")??;
        let length = file.metadata().context("a written table")?.len();
        let head = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CONTENT_LENGTH, HeaderValue::from(length)),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?,
            ),
        ];
        Ok((head, streamed(file)).into_response())
    }
}

fn begun(columns: &[Column]) -> anyhow::Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(tempfile::tempfile().context("a file for a table")?);
    file.write_all(BOM)?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    writer.write_record(columns.iter().map(Column::plain))?;
    Ok(writer)
}

impl Out {
    /// The whole file, to be read from its beginning; nothing else names it, so that it is gone when
    /// it is closed.
    fn written(self) -> anyhow::Result<File> {
        let mut file = match self {
            Self::Csv(writer) => {
                let file = writer
                    .into_inner()
                    .map_err(csv::IntoInnerError::into_error)?;
                file.into_inner()?
            }
            Self::Xlsx(book) => {
                let mut file = BufWriter::new(tempfile::tempfile()?);
                book.save(&mut file)?;
                file.into_inner()?
            }
        };
        file.rewind()?;
        Ok(file)
    }
}

/// A file piece by piece.
fn streamed(file: File) -> Body {
    const PIECE: usize = 64 * 1024;
    let file = tokio::fs::File::from_std(file);
    let pieces = stream::try_unfold(file, async |mut file| {
        let mut piece = vec![0; PIECE];
        let length = file.read(&mut piece).await?;
        piece.truncate(length);
        Ok::<_, std::io::Error>((length > 0).then(|| (Bytes::from(piece), file)))
    });
    Body::from_stream(pieces)
}

/// One head row and the given rows as they stand in a file of CSV, whole: for the small tables of a
/// pack, whose every byte is fixed.
pub fn bytes(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|c| harmless(c).into_owned()))?;
    }
    writer
        .into_inner()
        .map_err(|e| anyhow::anyhow!("writing a sheet: {e}"))
}
