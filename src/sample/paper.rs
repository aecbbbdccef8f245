//! The original of a sample document: one page of PDF, in a typeface that every reader brings along.

use std::fmt::Write as _;

use super::documents::{Paper, day};
use crate::base::words;

/// The width of A4, and where its text begins and how high, in points.
const WIDTH: usize = 595;
const LEFT: usize = 87;
const TOP: usize = 740;
/// Characters of a line, its type and its distance from the next.
const LINE: usize = 30;
const TYPE: usize = 14;
const LEADING: usize = 26;

/// The paper as it was printed.
pub(super) fn pdf(paper: &Paper) -> Vec<u8> {
    let mut text = String::new();
    let mut y = TOP;
    let mut put = |line: &str, size: usize, centred: bool| {
        let left = if centred {
            WIDTH.saturating_sub(width(line) * size / 2) / 2
        } else {
            LEFT
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "BT {left} {y} Td {} ET", shown(line, size));
        y = y.saturating_sub(LEADING);
    };
    put(paper.issuer, 18, true);
    put(paper.code, TYPE, true);
    for line in lines(paper.title, 24) {
        put(&line, 18, true);
    }
    for (number, clause) in (1..).zip(paper.clauses) {
        for line in lines(&format!("　　第 {number} 条　{clause}"), LINE) {
            put(&line, TYPE, false);
        }
    }
    put("", TYPE, false);
    put(&words::day(day(paper.issued)), TYPE, true);
    whole(&text)
}

/// In halves of a character: letters and figures are half as wide.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn lines(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let line = lines.last().map_or(0, |line| width(line));
        let hangs = "，。、；：）》”".contains(c);
        if line + 2 > most * 2 && !hangs {
            lines.push(String::new());
        }
        if let Some(last) = lines.last_mut() {
            last.push(c);
        }
    }
    lines
}

/// The text by its typefaces: not every reader has letters and figures in the Chinese one.
fn shown(line: &str, size: usize) -> String {
    let mut shown = String::new();
    let mut face = "";
    for unit in line.encode_utf16() {
        let (needed, figures) = if unit < 0x80 { ("F2", 2) } else { ("F1", 4) };
        if face != needed {
            let end = if face.is_empty() { "" } else { "> Tj " };
            // Writing to a string does not fail.
            let _ = write!(shown, "{end}/{needed} {size} Tf <");
            face = needed;
        }
        let _ = write!(shown, "{unit:0figures$X}");
    }
    if !face.is_empty() {
        shown.push_str("> Tj");
    }
    shown
}

/// The objects of a page with this text, and where each begins.
fn whole(text: &str) -> Vec<u8> {
    let contents = format!("<< /Length {} >>\nstream\n{text}endstream", text.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R \
         /Resources << /Font << /F1 4 0 R /F2 8 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H \
         /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 6 0 R \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> \
         /DW 1000 /W [1 95 500] >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] \
         /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 737 /StemV 93 >>",
        contents.as_str(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        let at = file.len();
        // Writing to a string does not fail.
        let _ = writeln!(places, "{at:010} 00000 n ");
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let count = objects.len() + 1;
    let at = file.len();
    let _ = write!(
        file,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_begins_no_line() {
        assert_eq!(lines("一二三，四五", 3), ["一二三，", "四五"]);
        assert_eq!(lines("12345六", 3), ["12345", "六"]);
    }
}
