//! The frame of photos: the handlers that all kinds of things share, and what an area says of its own.

use std::fmt::Display;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::model::Sight;
use super::redact::RedactionForm;
use crate::base::db::{Db, Tx};
use crate::base::error::Result;
use crate::base::seal::Keys;
use crate::base::store::Store;
use crate::base::web::{Form, Path, Query};
use crate::org::PhotoId;
use crate::org::access::{Section, Viewer, Visit};

/// A kind of thing on whose pages photos stand.
pub trait Thing: 'static {
    /// Names one of them.
    type Id: Copy + Display + DeserializeOwned + Send;
    /// The part of the program.
    const SECTION: Section;
    /// What that part and its list are called: `("/matters", "事项")`.
    const LIST: (&'static str, &'static str);
    /// Below this path each has its page.
    const PLACE: &'static str;

    /// A photo that the viewer sees on the page of this thing; nothing else is found.
    fn photo(
        tx: &mut Tx,
        me: &Viewer,
        of: (Self::Id, PhotoId),
    ) -> impl Future<Output = Result<Sight>> + Send;
}

/// The thing on whose page a photo stands.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// The part of the program.
    pub(super) section: Section,
    /// What that part and its list are called.
    pub(super) list: (&'static str, &'static str),
    /// The thing's page.
    pub(super) back: String,
}

/// The thing itself.
pub(super) fn owner<T: Thing>(id: T::Id) -> Owner {
    Owner {
        section: T::SECTION,
        list: T::LIST,
        back: format!("{}/{id}", T::PLACE),
    }
}

/// What the address of a photo's page says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    done: String,
}

/// One photo on a page of its own.
pub async fn show<T: Thing>(
    mut visit: Visit,
    Path((id, photo)): Path<(T::Id, PhotoId)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    let of = (owner::<T>(id), sight);
    Ok(super::show::show(&visit, of, &wish.done))
}

/// Its picture, `large` or `small`.
pub async fn picture<T: Thing>(
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path((id, photo, size)): Path<(T::Id, PhotoId, String)>,
) -> Result<Response> {
    let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    super::show::picture(visit, &store, &sight.photo, &size).await
}

/// Blackens parts of it.
pub async fn redact<T: Thing>(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path((id, photo)): Path<(T::Id, PhotoId)>,
    Form(form): Form<RedactionForm>,
) -> Result<Response> {
    let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    let of = (owner::<T>(id), sight);
    super::redact::redact((&db, &store, &keys), visit, of, form).await
}

/// Shows the sealed original, once.
pub async fn original<T: Thing>(
    Extension(store): Extension<Store>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path((id, photo)): Path<(T::Id, PhotoId)>,
    Form(form): Form<RedactionForm>,
) -> Result<Response> {
    let sight = T::photo(&mut visit.tx, &visit.me, (id, photo)).await?;
    let of = (owner::<T>(id), sight);
    super::redact::original((&store, &keys), visit, of, form).await
}
