//! CSV, in Unicode or in the national encoding, as spreadsheets save it here.

use encoding_rs::{GB18030, UTF_16LE};

use super::{Cell, Line, MOST_COLUMNS, MOST_ROWS, Room, TOP, too_many_rows};

/// The text of a file, if it is one.
pub(super) fn decoded(content: &[u8]) -> Option<String> {
    if let Some(wide) = content.strip_prefix(b"\xff\xfe") {
        let (text, wrong) = UTF_16LE.decode_without_bom_handling(wide);
        return (!wrong && is_plain(&text)).then(|| text.into_owned());
    }
    let bytes = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)?
            .into_owned(),
    };
    is_plain(&text).then_some(text)
}

fn is_plain(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// The rows of a text that hold something.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, String> {
    const BROKEN: &str = "CSV 文件没有读懂，可能缺引号。请用表格软件打开，另存为 .xlsx 后再上传。";
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let delimiter = [(',', count(',')), ('\t', count('\t')), (';', count(';'))]
        .into_iter()
        .max_by_key(|(sign, n)| (*n, *sign == ','))
        .map_or(b',', |(sign, _)| u8::try_from(sign).unwrap_or(b','));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut lines, mut room) = (Vec::new(), Room::default());
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    while reader
        .read_record(&mut record)
        .map_err(|_| BROKEN.to_owned())?
    {
        number += 1;
        if record.len() > MOST_COLUMNS as usize {
            return Err(super::book::too_many_columns());
        }
        let mut cells = Vec::new();
        for (at, written) in record.iter().enumerate() {
            let cell = Cell::text(unguarded(written));
            if !cell.is_empty() {
                room.take(&cell)?;
                cells.resize(at, Cell::Empty);
                cells.push(cell);
            }
        }
        if !cells.is_empty() {
            if lines.len() > MOST_ROWS + TOP {
                return Err(too_many_rows());
            }
            lines.push(Line { number, cells });
        }
    }
    Ok(lines)
}

/// Without the apostrophe by which a table that left the program keeps words from being formulas.
fn unguarded(written: &str) -> &str {
    match written.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        Some(_) | None => written,
    }
}
