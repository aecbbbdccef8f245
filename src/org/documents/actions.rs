//! The verbs of policy documents. None commits; the page does.

use chrono::{Days, NaiveDate};

use super::model::{Content, Document, owner};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::files::{self, Content as FileContent};
use crate::org::{DocumentId, FileId};

async fn note(tx: &mut Tx, me: &Viewer, id: DocumentId, verb: Verb, words: &str) -> Result<()> {
    events::record(tx, me, (Subject::Document, id.0), verb, words).await
}

/// The version, locked, if it is the newest and has no end.
async fn open(tx: &mut Tx, me: &Viewer, id: DocumentId) -> Result<Document> {
    let document = queries::hold(tx, me, id).await?;
    if document.newest() != id {
        return Err(Error::Stale);
    }
    if document.to_day.is_some() {
        return Err(Error::Refused(format!(
            "{}已经废止，不能再改。需要时请登记新文件。",
            document.code
        )));
    }
    Ok(document)
}

fn wrong(field: &str, sentence: String) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

/// Registers a document.
pub(super) async fn register(
    tx: &mut Tx,
    me: &Viewer,
    id: DocumentId,
    content: &Content,
) -> Result<()> {
    queries::insert(tx, me, (id, id, 1), content, "首次登记").await?;
    let sentence = format!("{}《{}》。", content.code, content.title);
    note(tx, me, id, Verb::Register, &sentence).await
}

/// Registers the next version: the one before it ends on the day it begins.
pub(super) async fn revise(
    tx: &mut Tx,
    me: &Viewer,
    (old, new): (DocumentId, DocumentId),
    content: &Content,
    reason: &str,
) -> Result<()> {
    let before = open(tx, me, old).await?;
    if content.from_day <= before.from_day {
        return Err(wrong(
            "from_day",
            format!(
                "上一版自 {} 起施行，新版的施行日期要晚于这一天。",
                words::day(before.from_day)
            ),
        ));
    }
    queries::replace(tx, me, old, content.from_day).await?;
    let version = before.version + 1;
    queries::insert(tx, me, (new, before.series, version), content, reason).await?;
    let sentence = format!("{}第 {version} 版：{reason}", content.code);
    note(tx, me, new, Verb::Revise, &sentence).await
}

/// Repeals a document from a day on. Whatever cites it keeps it.
pub(super) async fn repeal(
    tx: &mut Tx,
    me: &Viewer,
    id: DocumentId,
    (day, reason): (NaiveDate, &str),
) -> Result<()> {
    let document = open(tx, me, id).await?;
    let soonest = document
        .from_day
        .checked_add_days(Days::new(1))
        .unwrap_or(document.from_day)
        .max(tx.today());
    if day < soonest {
        let sentence = format!("废止日期最早写 {}。", words::day(soonest));
        return Err(wrong("day", sentence));
    }
    queries::repeal(tx, me, id, (day, reason)).await?;
    let sentence = format!("{}自 {} 起废止：{reason}", document.code, words::day(day));
    note(tx, me, id, Verb::Repeal, &sentence).await
}

/// Attaches a file, also to a version that is no longer in force: its paper is often found later.
pub(super) async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    id: DocumentId,
    content: &FileContent,
) -> Result<()> {
    queries::hold(tx, me, id).await?;
    files::attach(tx, me, owner(id), content).await?;
    Ok(())
}

/// Removes a file; the row stays.
pub(super) async fn detach(
    tx: &mut Tx,
    me: &Viewer,
    (id, file): (DocumentId, FileId),
    reason: &str,
) -> Result<()> {
    queries::hold(tx, me, id).await?;
    files::remove(tx, me, (owner(id), file), reason).await
}
