//! What a file is, before anything in it is believed: how it begins, which parts it has, and how
//! large they are when they are unpacked.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::plain;

/// What may be read.
#[derive(Debug)]
pub(super) enum Told {
    /// A workbook.
    Workbook,
    /// The text of a CSV.
    Text(String),
}

/// How a container of older office files begins; a workbook with a password is one, too.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// The most parts of a workbook.
const MOST_PARTS: usize = 2_000;
/// The most that all parts hold when they are unpacked: a sheet of a million formatted rows fits.
const UNPACKED: u64 = 256 * 1024 * 1024;
/// The same for a part that is kept in memory whole: shared words, styles, the list of sheets.
const WHOLE: u64 = 16 * 1024 * 1024;
/// The longest piece between two marks; a cell of the longest text is far shorter.
const LONGEST_PIECE: u64 = 512 * 1024;

const BROKEN: &str = "文件不完整或已损坏，打不开。请用表格软件打开检查，另存为 .xlsx 后重新上传。";
const TOO_LARGE: &str = "表格展开以后太大，没有读。请新建一个表格，只粘贴要导入的内容，再上传。";
const MACROS: &str = "表格里有宏，不能导入。请另存为“Excel 工作簿（.xlsx）”，不带宏，再上传。";
const OLD: &str =
    "这是旧格式的表格（.xls 或 .et）。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”，再上传。";
const LOCKED: &str = "工作簿设了打开密码，读不了。请取消密码，另存后再上传。";
const PAGE: &str =
    "这是网页，不是表格，只是扩展名写成了表格。请用表格软件打开，另存为 .xlsx 后再上传。";
const UNKNOWN: &str = "这不是表格。请上传按模板填写的 .xlsx 文件，或 CSV 文件。";

/// What a file is, or a sentence on why it is not read.
pub(super) fn told(content: &[u8]) -> Result<Told, String> {
    if content.is_empty() {
        return Err("文件是空的。请重新选择。".to_owned());
    }
    if content.starts_with(b"PK") {
        return workbook(content)
            .map(|()| Told::Workbook)
            .map_err(str::to_owned);
    }
    if content.starts_with(&COMPOUND) {
        return Err(if has_wide(content, "EncryptedPackage") {
            LOCKED
        } else {
            OLD
        }
        .to_owned());
    }
    let start = content.trim_ascii_start();
    let start = start
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(start)
        .trim_ascii_start();
    if start.starts_with(b"<") {
        return Err(PAGE.to_owned());
    }
    let text = plain::decoded(content).ok_or(UNKNOWN)?;
    if text.trim().is_empty() {
        return Err("文件里没有内容。请填好后再上传。".to_owned());
    }
    Ok(Told::Text(text))
}

/// Whether a name stands there in UTF-16, as older containers write the names of their parts.
fn has_wide(content: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    content.windows(wide.len()).any(|window| window == wide)
}

fn workbook(content: &[u8]) -> Result<(), &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| BROKEN)?;
    if archive.len() > MOST_PARTS {
        return Err(TOO_LARGE);
    }
    let mut names = Vec::with_capacity(archive.len());
    for name in archive.file_names() {
        names.push(name.map_err(|_| BROKEN)?.to_lowercase());
    }
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    if has("vbaproject.bin") {
        return Err(MACROS);
    }
    if has("xl/workbook.bin") {
        return Err("这是二进制格式的表格（.xlsb）。请另存为“Excel 工作簿（.xlsx）”，再上传。");
    }
    if !has("xl/workbook.xml") {
        return Err(UNKNOWN);
    }
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let part = match archive.by_index(at) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(_)) => return Err(LOCKED),
            Err(_) => return Err(BROKEN),
        };
        let name = part.name().map_err(|_| BROKEN)?.to_lowercase();
        let is_marked = [".xml", ".rels"].iter().any(|end| name.ends_with(end));
        if !is_marked {
            continue;
        }
        let most = if name.contains("worksheets/") {
            UNPACKED
        } else {
            WHOLE
        };
        unpacked += measured(part, most.min(UNPACKED - unpacked))?;
    }
    Ok(())
}

/// How long a part is, read piece by piece and nowhere kept.
fn measured(mut part: impl Read, most: u64) -> Result<u64, &'static str> {
    let mut piece = vec![0; 64 * 1024];
    let (mut length, mut since) = (0_u64, 0_u64);
    loop {
        let read = part.read(&mut piece).map_err(|_| BROKEN)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok(length);
        };
        length += read as u64;
        match bytes.iter().rposition(|b| *b == b'<') {
            Some(last) => {
                let first = bytes.iter().position(|b| *b == b'<').unwrap_or_default();
                if since + first as u64 > LONGEST_PIECE {
                    return Err(TOO_LARGE);
                }
                since = (read - last) as u64;
            }
            None => since += read as u64,
        }
        if length > most || since > LONGEST_PIECE {
            return Err(TOO_LARGE);
        }
    }
}
