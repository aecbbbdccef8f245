//! Takes in the photos of a form: all or none, written anew, into the form's tray.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::actions;
use super::super::model::{LARGEST, MOST};
use super::super::queries::New;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::picture::{self, Photo};
use crate::base::store::{Arrived, Store};
use crate::base::upload::{NotTaken, Several, Upload};
use crate::base::web::Typed;
use crate::org::TrayId;
use crate::org::access::Visit;

/// What a form with photos brought.
#[derive(Debug)]
pub struct Came {
    /// Its fields.
    pub typed: Typed,
    /// The tray in which its photos stand; none, if it has none.
    pub tray: Option<TrayId>,
    /// What is wrong with its photos, at the field `photo`: then none of those just chosen is kept.
    pub errors: FieldErrors,
}

const NO_ROOM: &str =
    "照片没有存上：服务器的文件目录写不进去。填写的内容还在，请稍后再试；仍不行请告诉系统管理员。";

/// Takes in a form that may bring photos. Meanwhile no transaction stands open; the visit goes on in a
/// new one, and what stands in the tray stays there whatever becomes of the form.
pub async fn taken(db: &Db, store: &Store, visit: Visit, upload: Upload) -> Result<(Visit, Came)> {
    let (tenant, now) = (visit.me.tenant, visit.tx.now);
    let (mut visit, (typed, ready)) = match upload.plain() {
        Ok(typed) => (visit, (typed, Ok(Vec::new()))),
        Err(upload) => {
            let coming = received(store, (tenant.0, now), upload);
            visit.meanwhile(db, coming).await?
        }
    };
    let named = |name: &'static str| typed.0.iter().filter(move |(n, _)| n == name);
    let tray = named("tray").next().and_then(|(_, id)| id.parse().ok());
    let dropped: Vec<Uuid> = named("drop")
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    let mut came = Came {
        tray,
        errors: FieldErrors::new(),
        typed,
    };
    let new = match ready {
        Ok(new) => new,
        Err(errors) => {
            came.errors = errors;
            return Ok((visit, came));
        }
    };
    if new.is_empty() && dropped.is_empty() {
        return Ok((visit, came));
    }
    let tray = tray.unwrap_or_else(|| TrayId::at(now));
    came.tray = Some(tray);
    let laid = actions::lay(&mut visit.tx, &visit.me, tray, (&new, &dropped)).await;
    let unwanted = match laid {
        Ok(twice) => {
            visit = visit.kept(db).await?;
            twice
        }
        Err(Error::Invalid(errors)) => {
            came.errors = errors;
            visit = visit.afresh(db).await?;
            new.iter().flat_map(|n| [n.content, n.small]).collect()
        }
        Err(error) => return Err(error),
    };
    for content in unwanted {
        store.remove(tenant.0, content).await?;
    }
    if let Err(error) = actions::tidy(db, store, tenant).await {
        tracing::error!(?error, "what no photo shows any more is still there");
    }
    Ok((visit, came))
}

/// The fields, and the photos written anew and kept.
async fn received(
    store: &Store,
    (tenant, now): (Uuid, DateTime<Utc>),
    upload: Upload,
) -> Result<(Typed, Ready)> {
    let wanted = ("photo", LARGEST, MOST);
    let several = upload.receive_each(store, now, wanted).await?;
    let typed = several.fields.clone();
    Ok((typed, written(store, (tenant, now), several).await?))
}

/// The photos, kept; or what is wrong with one, and none is.
type Ready = std::result::Result<Vec<New>, FieldErrors>;

/// Writes what came anew, one after another, and keeps it; the files themselves are given up.
async fn written(
    store: &Store,
    (tenant, now): (Uuid, DateTime<Utc>),
    several: Several,
) -> Result<Ready> {
    if several.chosen > MOST {
        let chosen = several.chosen;
        several.give_up().await;
        return Ok(wrong(format!(
            "一次最多 {MOST} 张照片，这次选了 {chosen} 张。请去掉一些后再传。"
        )));
    }
    let (mut new, mut fault) = (Vec::new(), None);
    for file in several.files {
        let name = name_of(&file.name);
        match file.content {
            Ok(arrived) => {
                if fault.is_none() {
                    match one(store, (tenant, now), &name, &arrived).await {
                        Ok(photo) => new.push(photo),
                        Err(sentence) => fault = Some(sentence),
                    }
                }
                arrived.give_up().await?;
            }
            Err(why) => {
                let _ = fault.get_or_insert(not_taken(why, &name));
            }
        }
    }
    match fault {
        None => Ok(Ok(new)),
        Some(sentence) => {
            for content in new.iter().flat_map(|n| [n.content, n.small]) {
                store.remove(tenant, content).await?;
            }
            Ok(wrong(sentence))
        }
    }
}

fn not_taken(why: NotTaken, name: &str) -> String {
    match why {
        NotTaken::TooLarge => format!("“{name}”超过 20 MB。请把相机调小像素重拍，或者先压缩。"),
        NotTaken::TooMany => format!("一次最多 {MOST} 张照片。"),
        NotTaken::NoRoom => NO_ROOM.to_owned(),
    }
}

fn wrong<T>(sentence: impl Into<String>) -> std::result::Result<T, FieldErrors> {
    let mut errors = FieldErrors::new();
    errors.add("photo", sentence);
    Err(errors)
}

/// A name as it may be said: without what makes it a path or looks like something else.
fn name_of(came: &str) -> String {
    let last = came.rsplit(['/', '\\']).next().unwrap_or_default();
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = last.chars().filter(|c| !odd(*c)).take(40).collect();
    if name.is_empty() {
        "照片".to_owned()
    } else {
        name
    }
}

/// One photo, kept; or a sentence on why it is none.
async fn one(
    store: &Store,
    (tenant, now): (Uuid, DateTime<Utc>),
    name: &str,
    arrived: &Arrived,
) -> std::result::Result<New, String> {
    let photo = arrived.worked_on(picture::photo).await.map_err(no_room)?;
    let photo = photo.map_err(|unfit| unfit.sentence(name))?;
    let (width, height) = (photo.width, photo.height);
    let kept = kept(store, (tenant, now), photo).await.map_err(no_room)?;
    Ok(New {
        content: kept.content,
        small: kept.small,
        bytes: kept.bytes,
        width: i32::try_from(width).unwrap_or(i32::MAX),
        height: i32::try_from(height).unwrap_or(i32::MAX),
        original_sha256: arrived.sha256.clone(),
        original_bytes: i64::try_from(arrived.bytes).unwrap_or(i64::MAX),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn no_room(error: Error) -> String {
    tracing::error!(?error, "a photo could not be kept");
    NO_ROOM.to_owned()
}

/// Where the contents of a photo lie.
pub(super) struct Kept {
    pub(super) content: Uuid,
    pub(super) small: Uuid,
    pub(super) bytes: i64,
}

/// Keeps a photo and its thumbnail: both or none.
pub(super) async fn kept(
    store: &Store,
    (tenant, now): (Uuid, DateTime<Utc>),
    photo: Photo,
) -> Result<Kept> {
    let kept = Kept {
        content: uuid_at(now),
        small: uuid_at(now),
        bytes: i64::try_from(photo.large.len()).map_err(anyhow::Error::from)?,
    };
    store.put(tenant, kept.content, photo.large).await?;
    if let Err(error) = store.put(tenant, kept.small, photo.small).await {
        store.remove(tenant, kept.content).await?;
        return Err(error);
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_without_its_path() {
        assert_eq!(name_of("../../etc/现场.jpg"), "现场.jpg");
        assert_eq!(name_of("C:\\a\\b.png"), "b.png");
        assert_eq!(name_of("a\u{202e}gpj.exe"), "agpj.exe");
        assert_eq!(name_of(""), "照片");
        assert_eq!(name_of(&"长".repeat(90)).chars().count(), 40);
    }
}
