//! The verbs of photos. None commits but [`tidy`], which is nobody's act, as sealing anew is.

use chrono::{Duration, NaiveDate};
use uuid::Uuid;

use super::model::{Demand, LARGEST_SET, MOST, Step, Whole, seal_place};
use super::queries::{self, Copy, New};
use crate::base::db::{Db, Tx};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::seal::{Keys, Sealed};
use crate::base::store::Store;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::{PhotoId, TenantId, TrayId};

/// How long a photo waits for its form: a sign-in lasts no longer.
const WAITS: Duration = Duration::hours(24);

/// Originals that are sealed anew at once: each is looked at whole.
const PORTION: i64 = 20;

const NONE_CHOSEN: &str = "请选择要添加的照片。";

/// Gives the photos of a tray to the event of a step, or says that the city wants one there; says
/// how many those are.
pub async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    tray: Option<TrayId>,
    (event, step): (Uuid, Step),
) -> Result<usize> {
    let attached = match tray {
        Some(tray) => queries::attach(tx, me, tray, (event, step)).await?,
        None => 0,
    };
    asked(tx, me, step, attached).await?;
    Ok(attached)
}

/// Refuses, if the city wants a photo at the step and there is none.
pub async fn asked(tx: &mut Tx, me: &Viewer, step: Step, photos: usize) -> Result<()> {
    if Demand::EVERYWHERE.refuses(step, photos).is_none() {
        return Ok(());
    }
    match queries::demand(tx, me).await?.refuses(step, photos) {
        Some(sentence) => Err(wrong(sentence)),
        None => Ok(()),
    }
}

fn wrong(sentence: impl Into<String>) -> Error {
    let mut errors = FieldErrors::new();
    errors.add("photo", sentence);
    Error::Invalid(errors)
}

/// Takes photos out of a tray and lays others into it: all or none. What was there already is given
/// back, so that its contents can be removed.
pub(super) async fn lay(
    tx: &mut Tx,
    me: &Viewer,
    tray: TrayId,
    (new, dropped): (&[New], &[Uuid]),
) -> Result<Vec<Uuid>> {
    if !dropped.is_empty() {
        queries::drop_from(tx, me, tray, dropped).await?;
    }
    let mut twice = Vec::new();
    for photo in new {
        if !queries::lay(tx, me, tray, photo).await? {
            twice.extend([photo.content, photo.small]);
        }
    }
    let count = queries::count(tx, me, tray).await?;
    if count > i64::try_from(MOST).unwrap_or(i64::MAX) {
        return Err(wrong(format!(
            "一步最多 {MOST} 张照片，加上这次的有 {count} 张。请少选几张，或者先勾选“去掉”。"
        )));
    }
    Ok(twice)
}

/// Adds the photos of a tray to a thing, whose row the caller holds, with what they show.
pub(super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    (subject, tray): ((Subject, Uuid), Option<TrayId>),
    caption: &str,
) -> Result<()> {
    let (tray, new) = match tray {
        Some(tray) => (tray, queries::waits(tx, me, tray).await?),
        None => return Err(wrong(NONE_CHOSEN)),
    };
    if new == 0 {
        return Err(wrong(NONE_CHOSEN));
    }
    let there = queries::standing(tx, me, subject.1).await?;
    if there + new > i64::try_from(LARGEST_SET).unwrap_or(i64::MAX) {
        return Err(wrong(format!(
            "一件最多 {LARGEST_SET} 张照片，已有 {there} 张。请去掉一些，或者先移除不用的。"
        )));
    }
    let sentence = if caption.is_empty() {
        format!("{new} 张。")
    } else {
        format!("{new} 张：{caption}")
    };
    let event = events::record_step(tx, me, subject, Verb::AddPhotos, &sentence).await?;
    let caption = Some(caption).filter(|c| !c.is_empty());
    queries::attach_added(tx, me, (tray, event), caption).await
}

/// Takes an added photo away from its thing, whose row the caller holds: nobody is shown it any more,
/// and its row says who did it and why.
pub(super) async fn remove(tx: &mut Tx, me: &Viewer, photo: &Whole, reason: &str) -> Result<()> {
    if !queries::remove(tx, me, photo.id, reason).await? {
        return Err(Error::Refused(format!("{}已经移除过。", photo.name())));
    }
    let sentence = format!("{}：{reason}", photo.name());
    let subject = (photo.subject, photo.subject_id);
    events::record(tx, me, subject, Verb::RemovePhoto, &sentence).await
}

/// Shows a copy instead of the photo; the original is sealed.
pub(super) async fn redact(
    tx: &mut Tx,
    me: &Viewer,
    photo: &Whole,
    copy: &Copy,
    reason: &str,
) -> Result<()> {
    if !queries::redact(tx, me, (photo.id, photo.content_id), copy, reason).await? {
        return Err(Error::Stale);
    }
    let sentence = format!("{}：{reason}", photo.name());
    events::record(
        tx,
        me,
        (photo.subject, photo.subject_id),
        Verb::RedactPhoto,
        &sentence,
    )
    .await
}

/// Notes that somebody looks at a sealed original.
pub(super) async fn open(tx: &mut Tx, me: &Viewer, photo: &Whole, reason: &str) -> Result<()> {
    let sentence = format!("{}：{reason}", photo.name());
    events::record(
        tx,
        me,
        (photo.subject, photo.subject_id),
        Verb::OpenOriginal,
        &sentence,
    )
    .await
}

/// Sets what is asked for from a day on.
pub(super) async fn set_demand(
    tx: &mut Tx,
    me: &Viewer,
    (from_day, demand): (NaiveDate, Demand),
    reason: &str,
) -> Result<()> {
    queries::set_demand(tx, me, (from_day, demand), reason).await?;
    let sentence = format!(
        "自 {} 起，{}：{reason}",
        words::day(from_day),
        demand.words()
    );
    let subject = (Subject::Limits, me.tenant.0);
    events::record(tx, me, subject, Verb::DemandPhotos, &sentence).await
}

/// Removes contents that no photo shows any more. What cannot be removed now is tried again the
/// next time.
pub(super) async fn tidy(db: &Db, store: &Store, tenant: TenantId) -> Result<()> {
    let mut tx = db.begin(tenant.0).await?;
    let before = tx.now - WAITS;
    queries::give_up_old(&mut tx, tenant, before).await?;
    clear(&mut tx, store, tenant).await?;
    tx.commit().await
}

/// Removes contents that no photo shows any more.
async fn clear(tx: &mut Tx, store: &Store, tenant: TenantId) -> Result<()> {
    let mut gone = Vec::new();
    for (photo, contents) in queries::leftovers(tx, tenant).await? {
        for content in contents {
            store.remove(tenant.0, content).await?;
        }
        gone.push(photo);
    }
    queries::removed(tx, tenant, &gone).await
}

/// Seals originals anew that stand under another key than the first; says whether there is more. What
/// does not open stays as it is, and the log says so. What lay under the old key goes with the next
/// run: before this one is committed, the row still names it.
pub async fn reseal(tx: &mut Tx, tenant: TenantId, (keys, store): (&Keys, &Store)) -> Result<bool> {
    let names = keys.names();
    let Some((_, others)) = names.split_first() else {
        return Ok(false);
    };
    clear(tx, store, tenant).await?;
    let under = queries::under(tx, tenant, others, PORTION).await?;
    let mut resealed = 0;
    for row in under {
        let photo = PhotoId(row.id);
        let place = seal_place(tenant.0, photo);
        let (sealed, key_name) = (row.sealed_id, row.key_name);
        match sealed_anew((keys, store), (tenant, &place), (sealed, key_name)).await {
            Ok(anew) => {
                let id = uuid_at(tx.now);
                store.put(tenant.0, id, anew.bytes).await?;
                queries::resealed(tx, tenant, photo, (id, &anew.key_name)).await?;
                resealed += 1;
            }
            Err(error) => {
                tracing::error!(%photo, ?error, "an original stays under its old key");
            }
        }
    }
    Ok(resealed == PORTION)
}

async fn sealed_anew(
    (keys, store): (&Keys, &Store),
    (tenant, place): (TenantId, &str),
    (sealed, key_name): (Uuid, String),
) -> Result<Sealed> {
    let bytes = store.whole(tenant.0, sealed).await?.to_vec();
    let content = keys.open(&Sealed { key_name, bytes }, place)?;
    Ok(keys.seal(&content, place)?)
}
