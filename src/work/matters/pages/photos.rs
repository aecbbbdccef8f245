//! The photos of a matter: each on a page of its own, its pictures, its redaction, its original.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::seal::Keys;
use crate::base::store::Store;
use crate::base::web::{Form, Path, Query};
use crate::org::PhotoId;
use crate::org::access::{Section, Visit};
use crate::org::photos::{self, Owner, RedactionForm};
use crate::work::MatterId;
use crate::work::matters::queries::photos as queries;

fn owner(id: MatterId) -> Owner {
    Owner {
        section: Section::Matters,
        list: ("/matters", "事项"),
        back: format!("/matters/{id}"),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One photo.
pub(super) async fn show(
    mut visit: Visit,
    Path((id, photo)): Path<(MatterId, PhotoId)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let photo = queries::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    Ok(photos::show(&visit, owner(id), photo, &wish.done))
}

/// Its picture, large or small.
pub(super) async fn picture(
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path((id, photo, size)): Path<(MatterId, PhotoId, String)>,
) -> Result<Response> {
    let photo = queries::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    photos::picture(visit, &store, &photo, &size).await
}

/// Blackens parts of it.
pub(super) async fn redact(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path((id, photo)): Path<(MatterId, PhotoId)>,
    Form(form): Form<RedactionForm>,
) -> Result<Response> {
    let photo = queries::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    photos::redact((&db, &store, &keys), visit, (owner(id), photo), form).await
}

/// Shows the sealed original, once.
pub(super) async fn original(
    Extension(store): Extension<Store>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path((id, photo)): Path<(MatterId, PhotoId)>,
    Form(form): Form<RedactionForm>,
) -> Result<Response> {
    let photo = queries::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    photos::original((&store, &keys), visit, (owner(id), photo), form).await
}
