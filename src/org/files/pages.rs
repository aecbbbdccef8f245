//! What the pages of all areas do with files: take one in, hand one out.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::actions;
use super::kind::Kind;
use super::model::{Content, LARGEST, Owner, named};
use super::queries::{self, Found};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::picture;
use crate::base::store::{Arrived, Store};
use crate::base::upload::{File, Upload};
use crate::base::web::{Page, attachment};
use crate::org::FileId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::events::{self, Subject};

/// What a form with a file brought.
#[derive(Debug)]
pub struct Came {
    /// The key of the form.
    pub once: String,
    /// The content, kept in the store; or what is wrong with it.
    pub content: Result<Content, FieldErrors>,
}

/// Takes a file in for an owner that the visitor sees and may add to. Meanwhile no transaction
/// stands open; the visit goes on in a new one.
pub async fn received(
    db: &Db,
    store: &Store,
    mut visit: Visit,
    (owner, upload): (Owner, Upload),
) -> Result<(Visit, Came)> {
    let full = actions::room(&mut visit.tx, &visit.me, owner).await.err();
    let (tenant, now) = (visit.me.tenant, visit.tx.now);
    let pictures = owner.kind.takes_pictures();
    let coming = async {
        let received = upload.receive(store, now, LARGEST).await?;
        let once = received
            .fields
            .0
            .into_iter()
            .find(|(name, _)| name == "once");
        let once = once.map(|(_, key)| key).unwrap_or_default();
        let content = match (full, received.file) {
            (Some(Error::Invalid(errors)), file) => {
                if let Some(arrived) = file.and_then(|f| f.content) {
                    arrived.give_up().await?;
                }
                Err(errors)
            }
            (Some(other), _) => return Err(other),
            (None, file) => kept(store, (file, pictures), (tenant.0, now)).await?,
        };
        Ok(Came { once, content })
    };
    visit.meanwhile(db, coming).await
}

/// Keeps a file that may be attached; whatever else came is given up.
async fn kept(
    store: &Store,
    (file, pictures): (Option<File>, bool),
    (tenant, now): (uuid::Uuid, DateTime<Utc>),
) -> Result<Result<Content, FieldErrors>> {
    let Some(file) = file else {
        return Ok(wrong("请选择要添加的文件。"));
    };
    let Some(arrived) = file.content else {
        return Ok(wrong("文件超过 20 MB。请压缩或拆分后再添加。"));
    };
    let name = named(&file.name);
    let kind = match &name {
        Ok(name) => {
            let told = arrived.seen(|content| Kind::told_by(name, content, pictures));
            told.await?
        }
        Err(sentence) => Err(sentence.clone()),
    };
    match (name, kind) {
        (Ok(name), Ok(kind)) if kind.is_picture() => {
            let cleaned = cleaned(store, (tenant, now), &name, &arrived).await;
            let original_sha256 = Some(arrived.sha256.clone());
            arrived.give_up().await?;
            match cleaned? {
                Err(sentence) => Ok(wrong(sentence)),
                Ok((bytes, sha256)) => Ok(Ok(Content {
                    name,
                    kind,
                    bytes,
                    sha256,
                    original_sha256,
                })),
            }
        }
        (Ok(name), Ok(kind)) => {
            let content = Content {
                name,
                kind,
                bytes: i64::try_from(arrived.bytes).map_err(anyhow::Error::from)?,
                sha256: arrived.sha256.clone(),
                original_sha256: None,
            };
            arrived.keep(tenant).await?;
            Ok(Ok(content))
        }
        (_, Err(sentence)) | (Err(sentence), _) => {
            arrived.give_up().await?;
            Ok(wrong(sentence))
        }
    }
}

/// A picture written anew in its own size, without what the camera says of itself and of the place;
/// its length and digest, or a sentence on why it cannot be kept.
async fn cleaned(
    store: &Store,
    (tenant, now): (uuid::Uuid, DateTime<Utc>),
    name: &str,
    arrived: &Arrived,
) -> Result<Result<(i64, Vec<u8>), String>> {
    let content = match arrived.worked_on(picture::cleaned).await? {
        Ok(content) if content.len() as u64 <= LARGEST => content,
        Ok(_) => {
            let sentence = format!("“{name}”整理以后超过 20 MB。请先缩小图片再添加。");
            return Ok(Err(sentence));
        }
        Err(unfit) => return Ok(Err(unfit.sentence(name))),
    };
    let mut arriving = store.expect(uuid_at(now)).await?;
    arriving.add(content.into()).await?;
    let again = arriving.end().await?;
    let bytes = i64::try_from(again.bytes).map_err(anyhow::Error::from)?;
    let sha256 = again.sha256.clone();
    again.keep(tenant).await?;
    Ok(Ok((bytes, sha256)))
}

fn wrong(sentence: impl Into<String>) -> Result<Content, FieldErrors> {
    let mut errors = FieldErrors::new();
    errors.add("file", sentence);
    Err(errors)
}

/// Where a file is shown, for the page of one that was removed.
#[derive(Clone, Debug)]
pub struct Place {
    /// The part of the program.
    pub section: Section,
    /// The owner's page.
    pub back: String,
}

#[derive(Template)]
#[template(path = "files/gone.html")]
struct Gone {
    chrome: Chrome,
    name: String,
    remover: String,
    reason: String,
    back: String,
}

/// Hands out a file of an owner that the visitor sees, or says that it was removed (410).
pub async fn download(
    mut visit: Visit,
    store: &Store,
    (owner, id): (Owner, FileId),
    place: Place,
) -> Result<Response> {
    let file = queries::find(&mut visit.tx, &visit.me, owner, id).await?;
    if let Some((remover, reason)) = file.removed.clone() {
        let page = Gone {
            chrome: visit.chrome(place.section),
            name: file.name,
            remover,
            reason,
            back: place.back,
        };
        return Ok((StatusCode::GONE, Page(page)).into_response());
    }
    let answer = handed_out(store, visit.me.tenant.0, &file).await?;
    let subject = (Subject::File, id.0);
    events::download(visit, subject, &format!("下载附件“{}”。", file.name)).await?;
    Ok(answer)
}

/// Always to be kept by the browser and never to be shown as a page of this site.
async fn handed_out(store: &Store, tenant: uuid::Uuid, file: &Found) -> Result<Response> {
    let kept = store.open(tenant, &file.sha256).await?;
    let value = |text: &str| HeaderValue::from_str(text).map_err(anyhow::Error::from);
    let head = [
        (header::CONTENT_TYPE, value(&file.media_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(kept.bytes)),
        (
            header::CONTENT_DISPOSITION,
            value(&attachment("file", &file.name))?,
        ),
    ];
    Ok((head, Body::from_stream(kept.pieces)).into_response())
}
