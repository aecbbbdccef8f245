//! The verbs of notices to all. None commits; the page does.

use uuid::Uuid;

use super::model::{Announcement, AnnouncementForm, Version, changes, seen, told};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::{Permission, Viewer};
use crate::org::events::{self, Subject, Verb};

async fn note(tx: &mut Tx, me: &Viewer, id: Uuid, (verb, words): (Verb, &str)) -> Result<()> {
    events::record(tx, me, (Subject::Announcement, id), verb, words).await
}

fn still_there(found: &Announcement) -> Result<()> {
    match found.withdrawn_at {
        None => Ok(()),
        Some(_) => Err(Error::Refused(
            "这条公告已经撤回，不能再改。需要时请另起草一条。".to_owned(),
        )),
    }
}

/// Saves a new notice as a draft.
pub(super) async fn draft(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    form: &AnnouncementForm,
) -> Result<()> {
    let content = form.read(tx.now).map_err(Error::Invalid)?;
    queries::insert(tx, me, id).await?;
    queries::save(tx, me, (id, 1, 1), &content).await?;
    let words = format!("{}。", content.title);
    note(tx, me, id, (Verb::DraftAnnouncement, &words)).await
}

/// Saves the draft of the next version, or changes the one there is.
pub(super) async fn redraft(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    form: &AnnouncementForm,
) -> Result<()> {
    let found = queries::hold(tx, me, id).await?;
    still_there(&found)?;
    let content = form.read(tx.now).map_err(Error::Invalid)?;
    let newest = found.versions.first().ok_or(Error::NotFound)?;
    if form.version != seen(newest) {
        return Err(Error::Stale);
    }
    let (version, revision) = match newest.put_out_at {
        None => (newest.version, newest.revision + 1),
        Some(_) => (newest.version + 1, 1),
    };
    queries::save(tx, me, (id, version, revision), &content).await?;
    let words = format!("{}，第 {version} 版。", content.title);
    note(tx, me, id, (Verb::DraftAnnouncement, &words)).await
}

/// Puts the draft out that was previewed.
pub(super) async fn put_out(tx: &mut Tx, me: &Viewer, id: Uuid, previewed: &str) -> Result<()> {
    let found = queries::hold(tx, me, id).await?;
    still_there(&found)?;
    let Some(draft) = found.draft() else {
        return Err(Error::Refused(
            "这一版已经发布，不用再发布。要改请起草新的一版。".to_owned(),
        ));
    };
    if previewed != seen(draft) {
        return Err(Error::Stale);
    }
    if draft.to_day < tx.today() {
        return Err(Error::Refused(
            "显示到的那天已经过了。请先修改再发布。".to_owned(),
        ));
    }
    let (verb, words) = said(found.in_force(), draft)?;
    queries::put_out(tx, me, (id, draft.version)).await?;
    note(tx, me, id, (verb, &words)).await
}

fn said(before: Option<&Version>, draft: &Version) -> Result<(Verb, String)> {
    let Some(before) = before else {
        return Ok((Verb::PutOutAnnouncement, told(draft)));
    };
    let Some(changes) = changes(before, draft) else {
        return Err(Error::Refused(
            "和现在公告的一样，没有改动，不用发布。".to_owned(),
        ));
    };
    let words = format!("{}，第 {} 版。{changes}", before.title, draft.version);
    Ok((Verb::AmendAnnouncement, words))
}

/// Withdraws a notice; what was put out stays readable with the reason.
pub(super) async fn withdraw(tx: &mut Tx, me: &Viewer, id: Uuid, reason: &str) -> Result<()> {
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "撤回理由", reason, (2, 200));
    errors.or(()).map_err(Error::Invalid)?;
    let found = queries::hold(tx, me, id).await?;
    if found.withdrawn_at.is_some() {
        return Err(Error::Refused("这条公告已经撤回。".to_owned()));
    }
    queries::withdraw(tx, me, id, &reason).await?;
    let words = format!("{}。理由：{reason}", found.title());
    note(tx, me, id, (Verb::WithdrawAnnouncement, &words)).await
}

/// What may be looked at: drafts and what is still to come by those who write.
pub(super) async fn found(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Announcement> {
    let mut found = queries::one(tx, me, id).await?;
    if me.kind.may(Permission::WriteAnnouncements) {
        return Ok(found);
    }
    found
        .versions
        .retain(|v| v.put_out_at.is_some() && v.from_at <= tx.now);
    if found.versions.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(found)
}

/// The viewer opens what is in force.
pub(super) async fn read(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<()> {
    let found = found(tx, me, id).await?;
    match found.in_force() {
        Some(version) if found.is_mine && !found.is_read => {
            queries::read(tx, me, (id, version.version)).await
        }
        Some(_) | None => Ok(()),
    }
}
