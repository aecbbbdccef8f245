//! What is known of a file, and what its name may be. Pure.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::kind::Kind;
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::FileId;
use crate::org::events::Subject;

/// Most files of one owner, those removed not counted.
pub(super) const MOST: i64 = 10;
/// The longest content, in bytes.
pub(super) const LARGEST: u64 = 20 * 1024 * 1024;
/// The longest name, in characters.
const LONGEST: usize = 120;

/// What a file is kept with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "file_owner", rename_all = "snake_case")]
pub enum OwnerKind {
    /// A policy document (制度文件).
    Document,
    /// A use of one of the five powers (行权记录).
    Exercise,
    /// An objection to the assessment (异议).
    Objection,
    /// A task of the three-year plan (三年计划任务).
    Task,
    /// An item that an inspection found, to be put right (整改事项).
    Rectification,
}

impl OwnerKind {
    /// Whether pictures are kept among its files. What has photos of its own keeps them there: with
    /// thumbnails, and so that parts can be blackened.
    pub fn takes_pictures(self) -> bool {
        match self {
            Self::Document | Self::Exercise => false,
            Self::Objection | Self::Task | Self::Rectification => true,
        }
    }
}

/// The thing a file is kept with.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Of which kind.
    pub kind: OwnerKind,
    /// Which.
    pub id: Uuid,
    /// What the record says it happened to.
    pub subject: (Subject, Uuid),
}

/// A content that lies in the store, with the name under which it came.
#[derive(Clone, Debug)]
pub struct Content {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) bytes: i64,
    pub(super) sha256: Vec<u8>,
    /// The digest of what came, where that was written anew.
    pub(super) original_sha256: Option<Vec<u8>>,
}

/// A file as its owner's page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct FileRow {
    /// Which.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// Who added it.
    pub adder: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Who removed it, if it was.
    pub remover: Option<String>,
    /// When.
    pub removed_at: Option<DateTime<Utc>>,
    /// Why.
    pub removed_reason: Option<String>,
}

impl FileRow {
    /// Whether it is no longer handed out.
    pub fn is_removed(&self) -> bool {
        self.removed_at.is_some()
    }
}

/// A file in the list, with the form that removes it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The file.
    pub file: FileRow,
    /// The key of the form.
    pub once: String,
    /// The reason as it was typed.
    pub reason: String,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The files of a thing as `files/_list.html` and `files/_form.html` show them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the list is called.
    pub title: &'static str,
    /// Where they are: `/documents/…/files`.
    pub place: String,
    /// The first added first.
    pub lines: Vec<Line>,
    /// Whether pictures may be among them.
    pub pictures: bool,
    /// Whether the viewer adds and, unless the next says otherwise, removes.
    pub may_change: bool,
    /// Whether the viewer removes.
    pub may_remove: bool,
    /// The key of the form that adds.
    pub once: String,
    /// What is wrong with what was to be added.
    pub errors: FieldErrors,
}

impl Shown {
    /// The files as they stand; every form has a key of its own.
    pub fn of(
        files: Vec<FileRow>,
        (title, place): (&'static str, String),
        may_change: bool,
        once: impl Fn() -> String,
    ) -> Self {
        let line = |file| Line {
            file,
            once: once(),
            reason: String::new(),
            errors: FieldErrors::new(),
        };
        Self {
            title,
            place,
            lines: files.into_iter().map(line).collect(),
            pictures: true,
            may_change,
            may_remove: may_change,
            once: once(),
            errors: FieldErrors::new(),
        }
    }

    /// The same, where pictures have a place of their own.
    #[must_use]
    pub fn without_pictures(self) -> Self {
        Self {
            pictures: false,
            ..self
        }
    }

    /// The same after a removal was refused, with what was typed.
    #[must_use]
    pub fn keeping(mut self, id: FileId, typed: &str, errors: &FieldErrors) -> Self {
        for line in self.lines.iter_mut().filter(|line| line.file.id == id) {
            typed.clone_into(&mut line.reason);
            line.errors.clone_from(errors);
        }
        self
    }

    /// All that is wrong in any of the forms.
    pub fn wrong(&self) -> String {
        let removals = self.lines.iter().map(|line| line.errors.sentences());
        std::iter::once(self.errors.sentences())
            .chain(removals)
            .collect()
    }

    /// The id of the first field that is wrong.
    pub fn first_wrong(&self) -> String {
        let removals = self.lines.iter().filter(|line| !line.errors.is_empty());
        let first = removals.map(Line::field).next();
        first.unwrap_or_else(|| self.errors.first().to_owned())
    }

    /// How many are there still.
    pub fn count(&self) -> usize {
        let there = |line: &&Line| !line.file.is_removed();
        self.lines.iter().filter(there).count()
    }

    /// How many there may be.
    pub fn most(&self) -> i64 {
        MOST
    }

    /// What the form says of what may be added.
    pub fn hint(&self) -> &'static str {
        if self.pictures {
            "PDF、OFD、Word、Excel、PowerPoint、PNG、JPG 或 TXT，不超过 20 MB。"
        } else {
            "PDF、OFD、Word、Excel、PowerPoint 或 TXT，不超过 20 MB。图片请添加到“照片”里。"
        }
    }

    /// Whether there is room for another.
    pub fn has_room(&self) -> bool {
        i64::try_from(self.count()).is_ok_and(|count| count < MOST)
    }
}

impl Line {
    /// The id of the field of the reason: there are several on the page.
    pub fn field(&self) -> String {
        format!("removed-{}", self.file.id)
    }

    /// Who removed it, when and why; nothing, if it is there.
    pub fn removal(&self, now: &DateTime<Utc>) -> Option<String> {
        let file = &self.file;
        let (at, remover) = (file.removed_at?, file.remover.as_ref()?);
        let reason = file.removed_reason.as_ref()?;
        Some(format!(
            "{remover} {} 移除：{reason}",
            words::short_minute(at, now)
        ))
    }

    /// How long the file is, in words.
    pub fn size(&self) -> String {
        words::size(self.file.bytes)
    }
}

/// The name under which a file is kept, or a sentence on why it may not have it. It is shown and
/// handed out again, and never used as a path.
pub(crate) fn named(came: &str) -> Result<String, String> {
    let name = came.trim();
    let length = name.chars().count();
    if length > LONGEST {
        return Err(format!(
            "文件名最多 {LONGEST} 个字，现在是 {length} 个字，请改短后再添加。"
        ));
    }
    if name.is_empty() || name.chars().any(is_odd) || name.starts_with('.') {
        return Err(
            "文件名里不能有斜杠、反斜杠和看不见的字符，也不能以点开头。请改名后再添加。".to_owned(),
        );
    }
    Ok(name.to_owned())
}

/// What makes a name a path, or lets it look like another.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_looks_like_what_it_is() {
        assert_eq!(
            named(" 实施办法（正式）.pdf "),
            Ok("实施办法（正式）.pdf".to_owned())
        );
        for wrong in [
            "",
            " ",
            "../a.pdf",
            "a/b.pdf",
            "C:\\a.pdf",
            "a\0.pdf",
            "a\u{202e}fdp.exe",
            ".pdf",
        ] {
            assert!(
                named(wrong).unwrap_err().contains("请改名后再添加"),
                "{wrong:?}"
            );
        }
        let long = format!("{}.pdf", "长".repeat(117));
        assert!(named(&long).unwrap_err().contains("现在是 121 个字"));
        assert!(named(&long[3..]).is_ok());
    }
}
