//! Tables as files: CSV that a Chinese spreadsheet opens without asking.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::error::Result;

/// Begins with a byte order mark, so that the spreadsheet takes it for UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A CSV download of one head row and the given rows.
pub fn csv(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
    ];
    Ok((headers, bytes(head, rows)?).into_response())
}

/// One head row and the given rows as they stand in the file. A cell that a spreadsheet would take
/// for a formula begins with an apostrophe.
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

fn harmless(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}
