//! Blackening parts of a photo, and looking at the sealed original.

use askama::Template;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Sight, Whole, parts};
use super::super::queries::Copy;
use super::show::{Show, gone};
use super::taken::kept;
use super::thing::Owner;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::picture::{self, Part};
use crate::base::seal::{Keys, Sealed};
use crate::base::store::Store;
use crate::base::web::Page;
use crate::base::words;
use crate::org::access::{Chrome, Visit};

/// What the forms of a photo send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RedactionForm {
    pub(super) once: String,
    pub(super) cell: Vec<String>,
    pub(super) left: String,
    pub(super) top: String,
    pub(super) right: String,
    pub(super) bottom: String,
    pub(super) reason: String,
    /// Why the original is opened.
    pub(super) why: String,
    /// Why it is taken away.
    pub(super) removal: String,
}

impl RedactionForm {
    pub(super) fn edges(&self) -> [&str; 4] {
        [&self.left, &self.top, &self.right, &self.bottom]
    }
}

/// Shows a copy with parts blackened from now on; the original is sealed, and nothing of it stays
/// outside the seal.
pub(super) async fn redact(
    (db, store, keys): (&Db, &Store, &Keys),
    visit: Visit,
    (owner, sight): (Owner, Sight),
    form: RedactionForm,
) -> Result<Response> {
    if !sight.may_redact {
        return Err(Error::Forbidden);
    }
    let photo = &sight.photo;
    if let Some(gone) = gone(&visit, &owner, photo) {
        return Ok(gone);
    }
    let location = format!("{}/photos/{}?done=redacted", owner.back, photo.id);
    let (parts, reason) = match checked(photo, &form) {
        Ok(checked) => checked,
        Err(errors) => return Ok(again(&visit, (owner, sight), form, Again::Invalid(errors))),
    };
    let (tenant, now) = (visit.me.tenant.0, visit.tx.now);
    let copied = copied(store, keys, (tenant, now), (photo, parts));
    let (mut visit, copy) = visit.meanwhile(db, async { Ok(copied.await) }).await?;
    let done = match copy {
        Ok(copy) => {
            if let Some(earlier) = visit.claim(&form.once, &location).await? {
                forget(store, tenant, photo, &copy).await?;
                return Ok(earlier);
            }
            let (tx, me) = (&mut visit.tx, &visit.me);
            let done = actions::redact(tx, me, photo, &copy, &reason).await;
            if done.is_err() {
                forget(store, tenant, photo, &copy).await?;
            }
            done
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let tenant = visit.me.tenant;
            let answer = visit.done(&location).await?;
            actions::tidy(db, store, tenant).await?;
            Ok(answer)
        }
        Err(error) => {
            let why = error.again()?;
            Ok(again(&visit.afresh(db).await?, (owner, sight), form, why))
        }
    }
}

fn checked(photo: &Whole, form: &RedactionForm) -> Result<(Vec<Part>, String), FieldErrors> {
    let edges = form.edges().map(str::to_owned);
    let (marked, mut errors) = match parts(photo.net(), &form.cell, &edges) {
        Ok(parts) => (parts, FieldErrors::new()),
        Err(errors) => (Vec::new(), errors),
    };
    let reason = errors.text("reason", "遮盖理由", &form.reason, (2, 300));
    errors.or((marked, reason))
}

/// The copy with its thumbnail and the sealed original, all in the store.
async fn copied(
    store: &Store,
    keys: &Keys,
    (tenant, now): (uuid::Uuid, DateTime<Utc>),
    (photo, parts): (&Whole, Vec<Part>),
) -> Result<Copy> {
    let content = store.whole(tenant, photo.content_id).await?;
    let sealed = match photo.sealed_id.zip(photo.key_name.clone()) {
        Some(earlier) => earlier,
        None => sealed(store, keys, (tenant, now), (photo, &content)).await?,
    };
    let copy = store.worked_on(content, move |content| picture::blackened(content, &parts));
    let copy = copy
        .await?
        .map_err(|unfit| anyhow::anyhow!("a kept photo is {unfit:?}"))?;
    let kept = kept(store, (tenant, now), copy).await?;
    Ok(Copy {
        content: kept.content,
        small: kept.small,
        bytes: kept.bytes,
        sealed: sealed.0,
        key_name: sealed.1,
    })
}

/// Seals the original, once.
async fn sealed(
    store: &Store,
    keys: &Keys,
    (tenant, now): (uuid::Uuid, DateTime<Utc>),
    (photo, content): (&Whole, &Bytes),
) -> Result<(uuid::Uuid, String)> {
    let sealed = keys.seal(content, &photo.seal_place(tenant))?;
    let id = uuid_at(now);
    store.put(tenant, id, sealed.bytes).await?;
    Ok((id, sealed.key_name))
}

/// Removes a copy that nothing will show.
async fn forget(store: &Store, tenant: uuid::Uuid, photo: &Whole, copy: &Copy) -> Result<()> {
    store.remove(tenant, copy.content).await?;
    store.remove(tenant, copy.small).await?;
    if photo.sealed_id.is_none() {
        store.remove(tenant, copy.sealed).await?;
    }
    Ok(())
}

/// The photo's page again, with what was marked and typed.
pub(super) fn again(
    visit: &Visit,
    (owner, sight): (Owner, Sight),
    form: RedactionForm,
    why: Again,
) -> Response {
    if let Some(gone) = gone(visit, &owner, &sight.photo) {
        return gone;
    }
    let mut page = Show::of(visit, owner, sight);
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            page.refused
                .push_str("这张照片刚被别人遮盖过。请刷新看最新的，再决定还遮不遮。");
        }
    }
    page.form = form;
    (status, Page(page)).into_response()
}

#[derive(Template)]
#[template(path = "photos/original.html")]
struct Original {
    chrome: Chrome,
    now: DateTime<Utc>,
    owner: Owner,
    photo: Whole,
    picture: String,
    reason: String,
}

/// The sealed original within the answer itself, so that it has no address; that it was looked at is
/// true before it is shown.
pub(super) async fn original(
    (store, keys): (&Store, &Keys),
    mut visit: Visit,
    (owner, sight): (Owner, Sight),
    form: RedactionForm,
) -> Result<Response> {
    if !sight.may_open {
        return Err(Error::Forbidden);
    }
    let photo = &sight.photo;
    let Some((sealed_id, key_name)) = photo.sealed_id.zip(photo.key_name.clone()) else {
        return Err(Error::NotFound);
    };
    if let Some(gone) = gone(&visit, &owner, photo) {
        return Ok(gone);
    }
    let mut errors = FieldErrors::new();
    let reason = errors.text("why", "查看理由", &form.why, (2, 300));
    if !errors.is_empty() {
        return Ok(again(&visit, (owner, sight), form, Again::Invalid(errors)));
    }
    let tenant = visit.me.tenant.0;
    let bytes = store.whole(tenant, sealed_id).await?.to_vec();
    let sealed = Sealed { key_name, bytes };
    let content = match keys.open(&sealed, &photo.seal_place(tenant)) {
        Ok(content) => content,
        Err(error) => {
            let why = Error::from(error).again()?;
            return Ok(again(&visit, (owner, sight), form, why));
        }
    };
    actions::open(&mut visit.tx, &visit.me, photo, &reason).await?;
    let page = Original {
        chrome: visit.chrome(owner.section),
        now: visit.tx.now,
        picture: format!("data:image/jpeg;base64,{}", STANDARD.encode(&*content)),
        owner,
        photo: sight.photo,
        reason,
    };
    visit.tx.commit().await?;
    Ok(Page(page).into_response())
}
