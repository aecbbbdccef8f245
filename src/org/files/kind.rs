//! What a file is, told by its content and not by its name. Pure.

use encoding_rs::GB18030;

/// The kinds that may be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page description.
    Pdf,
    /// The same by the national standard (GB/T 33190).
    Ofd,
    /// A text of Word.
    Docx,
    /// A table of Excel.
    Xlsx,
    /// Slides.
    Pptx,
    /// A text of an older Word.
    Doc,
    /// A table of an older Excel.
    Xls,
    /// Older slides.
    Ppt,
    /// A picture without loss.
    Png,
    /// A photograph.
    Jpeg,
    /// Plain text.
    Text,
}

/// What may be attached, in words.
const ALLOWED: &str = "可以添加 PDF、OFD、Word、Excel、PowerPoint、PNG、JPG 和纯文本（TXT）文件。";
/// The same, where pictures have a place of their own.
const WITHOUT_PICTURES: &str = "可以添加 PDF、OFD、Word、Excel、PowerPoint 和纯文本（TXT）文件。";

/// How a container of older office files begins.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

impl Kind {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Ofd => "OFD",
            Self::Docx | Self::Doc => "Word 文档",
            Self::Xlsx | Self::Xls => "Excel 表格",
            Self::Pptx | Self::Ppt => "PowerPoint 幻灯片",
            Self::Png => "PNG 图片",
            Self::Jpeg => "JPG 图片",
            Self::Text => "纯文本",
        }
    }

    /// Whether it is a picture, which is written anew.
    pub(super) fn is_picture(self) -> bool {
        match self {
            Self::Png | Self::Jpeg => true,
            Self::Pdf
            | Self::Ofd
            | Self::Docx
            | Self::Xlsx
            | Self::Pptx
            | Self::Doc
            | Self::Xls
            | Self::Ppt
            | Self::Text => false,
        }
    }

    /// The media type with which it is handed out.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain",
        }
    }

    /// How the name of such a file may end.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Ofd => &["ofd"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Doc => &["doc", "wps"],
            Self::Xls => &["xls", "et"],
            Self::Ppt => &["ppt", "dps"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Text => &["txt"],
        }
    }

    /// The kind of a file of this name and content, or a sentence on why it cannot be attached.
    pub(super) fn told_by(name: &str, content: &[u8], pictures: bool) -> Result<Self, String> {
        if content.is_empty() {
            return Err(format!("“{name}”是空文件，请重新选择。"));
        }
        if !pictures && infer::is_image(content) {
            return Err(format!(
                "“{name}”是图片，不放在附件里。请在下面的“照片”里添加：那里能看缩略图，也能遮盖。"
            ));
        }
        let kind = Self::of(content, pictures)?;
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let ending = ending.unwrap_or_default().to_lowercase();
        if kind.endings().contains(&ending.as_str()) {
            return Ok(kind);
        }
        let right = kind.endings().first().copied().unwrap_or_default();
        Err(format!(
            "“{name}”的内容是{}，和扩展名不符。请把扩展名改成 .{right} 后再添加。",
            kind.label()
        ))
    }

    fn of(content: &[u8], pictures: bool) -> Result<Self, String> {
        let allowed = if pictures { ALLOWED } else { WITHOUT_PICTURES };
        let unknown = || format!("这种文件不能添加。{allowed}");
        if content.starts_with(b"%PDF-") {
            return Ok(Self::Pdf);
        }
        if content.starts_with(b"PK\x03\x04") {
            return zipped(content).ok_or_else(unknown)?;
        }
        if content.starts_with(&COMPOUND) {
            return compound(content).ok_or_else(unknown)?;
        }
        match infer::get(content).map(|found| found.mime_type()) {
            Some("image/png") => Ok(Self::Png),
            Some("image/jpeg") => Ok(Self::Jpeg),
            None if is_text(content) => Ok(Self::Text),
            Some(_) | None => Err(unknown()),
        }
    }
}

/// A kind, if the container has no macros.
fn without_macros(kind: Option<Kind>, has_macros: bool) -> Option<Result<Kind, String>> {
    if has_macros {
        return Some(Err(
            "文件里有宏，不能添加。请另存为不含宏的文件后再添加。".to_owned()
        ));
    }
    kind.map(Ok)
}

/// Which of the kinds that are zip containers; each has a part by which it is known.
fn zipped(content: &[u8]) -> Option<Result<Kind, String>> {
    let parts = parts_of(content)?;
    let has = |part: &[u8]| parts.contains(&part);
    let kind = if has(b"OFD.xml") {
        Some(Kind::Ofd)
    } else if has(b"word/document.xml") {
        Some(Kind::Docx)
    } else if has(b"xl/workbook.xml") {
        Some(Kind::Xlsx)
    } else if has(b"ppt/presentation.xml") {
        Some(Kind::Pptx)
    } else {
        None
    };
    without_macros(kind, parts.iter().any(|p| p.ends_with(b"vbaProject.bin")))
}

/// The names of the parts of a zip container, from the directory at its end.
fn parts_of(content: &[u8]) -> Option<Vec<&[u8]>> {
    /// The longest comment that may follow the end record, with the record.
    const LAST: usize = 65_557;
    let tail = content.len().saturating_sub(LAST);
    let end = content[tail..]
        .windows(4)
        .rposition(|w| w == b"PK\x05\x06")?
        + tail;
    let mut parts = Vec::new();
    let mut at = number::<4>(content, end + 16)?;
    for _ in 0..number::<2>(content, end + 10)? {
        if content.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let length = number::<2>(content, at + 28)?;
        parts.push(content.get(at + 46..at + 46 + length)?);
        at += 46 + length + number::<2>(content, at + 30)? + number::<2>(content, at + 32)?;
    }
    Some(parts)
}

/// A number of so many bytes, the lowest first.
fn number<const N: usize>(content: &[u8], at: usize) -> Option<usize> {
    let bytes = content.get(at..at + N)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |sum, b| sum << 8 | usize::from(*b)),
    )
}

/// Which of the older office kinds. A directory entry begins with its name in UTF-16 and stands at
/// a multiple of its own length.
fn compound(content: &[u8]) -> Option<Result<Kind, String>> {
    const ENTRY: usize = 128;
    let (mut kind, mut has_macros) = (None, false);
    for entry in content.chunks_exact(ENTRY) {
        let is = |name: &str| {
            let mut units = entry.chunks_exact(2);
            let same = |unit: u16| units.next() == Some(&unit.to_le_bytes()[..]);
            name.encode_utf16().chain([0]).all(same)
        };
        if is("WordDocument") {
            kind = Some(Kind::Doc);
        } else if is("Workbook") || is("Book") {
            kind = Some(Kind::Xls);
        } else if is("PowerPoint Document") {
            kind = Some(Kind::Ppt);
        } else if is("_VBA_PROJECT") {
            has_macros = true;
        }
    }
    without_macros(kind, has_macros)
}

/// Whether it reads as text, in Unicode or in the national encoding.
fn is_text(content: &[u8]) -> bool {
    let plain = |text: &str| {
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
        !text.chars().any(odd)
    };
    match std::str::from_utf8(content) {
        Ok(text) => plain(text),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(content)
            .is_some_and(|text| plain(&text)),
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
