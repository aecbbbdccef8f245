//! The verbs of files. None commits; the page does. The owner's area has asked whether one may.

use super::model::{Content, MOST, Owner};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::FileId;
use crate::org::access::Viewer;
use crate::org::events::{self, Verb};

/// Attaches a file, whose content is kept, to its owner, whose row the caller holds.
pub async fn attach(tx: &mut Tx, me: &Viewer, owner: Owner, content: &Content) -> Result<FileId> {
    room(tx, me, owner).await?;
    let id = FileId::at(tx.now);
    queries::insert(tx, me, (id, owner), content).await?;
    let sentence = format!(
        "{}（{}，{}）",
        content.name,
        content.kind.label(),
        words::size(content.bytes)
    );
    events::record(tx, me, owner.subject, Verb::Attach, &sentence).await?;
    Ok(id)
}

/// Refuses, if the owner has as many as it may.
pub(super) async fn room(tx: &mut Tx, me: &Viewer, owner: Owner) -> Result<()> {
    if queries::count(tx, me, owner).await? < MOST {
        return Ok(());
    }
    let mut errors = FieldErrors::new();
    errors.add(
        "file",
        format!("附件最多 {MOST} 个。请先移除不用的，再添加新的。"),
    );
    Err(Error::Invalid(errors))
}

/// Removes a file: it is no longer handed out, and its row says who took it away and why.
pub async fn remove(
    tx: &mut Tx,
    me: &Viewer,
    (owner, id): (Owner, FileId),
    reason: &str,
) -> Result<()> {
    let file = queries::find(tx, me, owner, id).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "移除理由", reason, (2, 300));
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if !queries::remove(tx, me, id, &reason).await? {
        return Err(Error::Refused(format!("{}已经移除过。", file.name)));
    }
    let sentence = format!("{}：{reason}", file.name);
    events::record(tx, me, owner.subject, Verb::Detach, &sentence).await
}
