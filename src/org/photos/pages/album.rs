//! Photos that are added to a thing on its page, and taken away again on their own.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::super::model::{Filled, Step};
use super::super::{actions, queries};
use super::redact::RedactionForm;
use super::taken::taken;
use super::thing::{Thing, owner};
use crate::base::db::{Db, Tx};
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Path};
use crate::org::PhotoId;
use crate::org::access::{Viewer, Visit};
use crate::org::events::Subject;

/// Most characters of what a photo shows; a check in the table says so too.
const LONGEST: usize = 200;

/// A kind of thing to which photos are added on its page.
pub trait HasAlbum: Thing {
    /// Locks the thing and says what the record calls it; refuses whoever may neither add nor take
    /// away there now.
    fn hold(
        tx: &mut Tx,
        me: &Viewer,
        id: Self::Id,
    ) -> impl Future<Output = Result<(Subject, Uuid)>> + Send;

    /// The thing's page again, with the form as it came and what is in the way.
    fn again(
        visit: &mut Visit,
        id: Self::Id,
        filled: Filled,
        why: Again,
    ) -> impl Future<Output = Result<Response>> + Send;
}

/// What the form that adds photos sends besides them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AlbumForm {
    once: String,
    caption: String,
}

/// Adds photos, several at once.
pub async fn add<T: HasAlbum>(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path(id): Path<T::Id>,
    upload: Upload,
) -> Result<Response> {
    T::hold(&mut visit.tx, &visit.me, id).await?;
    let (mut visit, came) = taken(&db, &store, visit, upload).await?;
    let there = format!("{}/{id}?done=photographed#photos", T::PLACE);
    let form: AlbumForm = came.typed.into_form()?;
    let mut errors = came.errors;
    let caption = errors.text("caption", "拍的是什么", &form.caption, (0, LONGEST));
    let added = match errors.or(caption) {
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(caption) => {
            if let Some(earlier) = visit.claim(&form.once, &there).await? {
                return Ok(earlier);
            }
            let (tx, me) = (&mut visit.tx, &visit.me);
            let subject = T::hold(tx, me, id).await?;
            actions::add(tx, me, (subject, came.tray), &caption).await
        }
    };
    match added {
        Ok(()) => visit.done(&there).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let tray = queries::tray(&mut visit.tx, &visit.me, came.tray, Step::Added).await?;
            let filled = Filled {
                tray,
                caption: form.caption,
            };
            T::again(&mut visit, id, filled, why).await
        }
    }
}

/// Takes one away.
pub async fn remove<T: HasAlbum>(
    State(db): State<Db>,
    mut visit: Visit,
    Path((id, photo)): Path<(T::Id, PhotoId)>,
    Form(form): Form<RedactionForm>,
) -> Result<Response> {
    let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    let there = format!("{}/{id}?done=unphotographed#photos", T::PLACE);
    if let Some(earlier) = visit.claim(&form.once, &there).await? {
        return Ok(earlier);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    T::hold(tx, me, id).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.text("removal", "移除理由", &form.removal, (2, 300));
    let removed = match errors.or(reason) {
        Ok(reason) => actions::remove(tx, me, &sight.photo, &reason).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match removed {
        Ok(()) => visit.done(&there).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
            let of = (owner::<T>(id), sight);
            Ok(super::redact::again(&visit, of, form, why))
        }
    }
}
