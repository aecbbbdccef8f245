//! A photo on a page of its own, and its pictures.

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::model::{EDGES, Sight, Whole};
use super::super::queries;
use super::redact::RedactionForm;
use super::thing::Owner;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::store::Store;
use crate::base::web::{Page, Path};
use crate::base::words;
use crate::org::PhotoId;
use crate::org::access::{Chrome, Visit};

#[derive(Template)]
#[template(path = "photos/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    now: DateTime<Utc>,
    owner: Owner,
    photo: Whole,
    may_redact: bool,
    may_open: bool,
    may_remove: bool,
    pub(super) form: RedactionForm,
    pub(super) once: String,
    pub(super) errors: FieldErrors,
    pub(super) refused: String,
    pub(super) flash: String,
}

impl Show {
    pub(super) fn of(visit: &Visit, owner: Owner, sight: Sight) -> Self {
        let photo = sight.photo;
        Self {
            chrome: visit.chrome(owner.section),
            now: visit.tx.now,
            may_redact: sight.may_redact,
            may_open: sight.may_open && photo.sealed_id.is_some(),
            may_remove: sight.may_remove,
            form: RedactionForm::default(),
            once: visit.once(),
            errors: FieldErrors::new(),
            refused: String::new(),
            flash: String::new(),
            owner,
            photo,
        }
    }

    fn place(&self, id: &PhotoId) -> String {
        format!("{}/photos/{id}", self.owner.back)
    }

    /// Name, label and typed value of the four edges.
    fn edges(&self) -> Vec<(&'static str, &'static str, &str)> {
        let typed = self.form.edges();
        let edges = EDGES.into_iter().zip(typed);
        edges.map(|((n, label), typed)| (n, label, typed)).collect()
    }

    fn rows(&self) -> Vec<u32> {
        (1..=self.photo.net().1).collect()
    }

    fn columns(&self) -> Vec<u32> {
        (1..=self.photo.net().0).collect()
    }

    fn is_marked(&self, row: &u32, column: &u32) -> bool {
        self.form.cell.contains(&format!("{row}-{column}"))
    }

    /// How long the file was that came.
    fn original(&self) -> String {
        words::size(self.photo.original_bytes)
    }
}

/// A photo that the area has shown to be within the viewer's sight.
pub(super) fn show(visit: &Visit, (owner, sight): (Owner, Sight), done: &str) -> Response {
    if let Some(gone) = gone(visit, &owner, &sight.photo) {
        return gone;
    }
    let mut page = Show::of(visit, owner, sight);
    if done == "redacted" {
        page.flash
            .push_str("已遮盖。从现在起大家看到的是这一张，原图已封存。");
    }
    Page(page).into_response()
}

#[derive(Template)]
#[template(path = "photos/gone.html")]
struct Gone {
    chrome: Chrome,
    name: String,
    removal: String,
    owner: Owner,
}

/// The page of a photo that was taken away (410).
pub(super) fn gone(visit: &Visit, owner: &Owner, photo: &Whole) -> Option<Response> {
    let removal = photo.removal.as_ref()?;
    let page = Gone {
        chrome: visit.chrome(owner.section),
        name: photo.name(),
        removal: removal.sentence(&visit.tx.now),
        owner: owner.clone(),
    };
    Some((StatusCode::GONE, Page(page)).into_response())
}

/// Its picture, `large` or `small`. The visit ends before it is handed out.
pub(super) async fn picture(
    visit: Visit,
    store: &Store,
    photo: &Whole,
    size: &str,
) -> Result<Response> {
    if photo.removal.is_some() {
        return Err(Error::NotFound);
    }
    let content = match size {
        "large" => photo.content_id,
        "small" => photo.small_id,
        _ => return Err(Error::NotFound),
    };
    handed_out(visit, store, content).await
}

/// The thumbnail of a photo in one's own tray.
pub(super) async fn waiting(
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path(id): Path<PhotoId>,
) -> Result<Response> {
    let content = queries::waiting(&mut visit.tx, &visit.me, id).await?;
    handed_out(visit, &store, content).await
}

/// A JPEG and never anything else, kept by nobody on the way.
async fn handed_out(visit: Visit, store: &Store, content: Uuid) -> Result<Response> {
    let tenant = visit.me.tenant;
    // The connection is given back before the picture goes on its way.
    drop(visit);
    let kept = store.open_own(tenant.0, content).await?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CONTENT_LENGTH, HeaderValue::from(kept.bytes)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline; filename=\"photo.jpg\""),
        ),
    ];
    Ok((head, Body::from_stream(kept.pieces)).into_response())
}
