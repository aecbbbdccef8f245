//! The photos of a version: whoever reads it sees them, whoever keeps documents adds, blackens, removes.

use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::super::queries;
use super::show;
use crate::base::db::{Db, Tx};
use crate::base::error::{Again, Result};
use crate::base::form::FieldErrors;
use crate::base::web::Page;
use crate::org::access::{Access, Permission, Routes, Section, Viewer, Visit};
use crate::org::events::Subject;
use crate::org::photos::{self, Filled, HasAlbum, Sight, Thing};
use crate::org::{DocumentId, PhotoId};

/// A version as the place of its photos.
pub(super) struct OfDocument;

fn keeps(me: &Viewer) -> bool {
    me.kind.may(Permission::ChangeDocuments)
}

/// The paths of photos.
pub(super) fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeDocuments);
    let change = Access::Can(Permission::ChangeDocuments);
    Routes::new()
        // Whoever had to sign in again before adding photos arrives here.
        .get("/documents/{id}/photos", see, show::show)
        .post("/documents/{id}/photos", change, photos::add::<OfDocument>)
        .get(
            "/documents/{id}/photos/{photo}",
            see,
            photos::show::<OfDocument>,
        )
        .get(
            "/documents/{id}/photos/{photo}/{size}",
            see,
            photos::picture::<OfDocument>,
        )
        .post(
            "/documents/{id}/photos/{photo}/redaction",
            change,
            photos::redact::<OfDocument>,
        )
        .post(
            "/documents/{id}/photos/{photo}/original",
            change,
            photos::original::<OfDocument>,
        )
        .post(
            "/documents/{id}/photos/{photo}/removal",
            change,
            photos::remove::<OfDocument>,
        )
}

impl Thing for OfDocument {
    type Id = DocumentId;
    const SECTION: Section = Section::Documents;
    const LIST: (&'static str, &'static str) = ("/documents", "制度文件");
    const PLACE: &'static str = "/documents";

    async fn photo(tx: &mut Tx, me: &Viewer, of: (DocumentId, PhotoId)) -> Result<Sight> {
        let (id, photo) = of;
        let photo = photos::added(tx, me, (Subject::Document, id.0), photo).await?;
        Ok(Sight::of(photo, me).kept_by(keeps(me)))
    }
}

impl HasAlbum for OfDocument {
    async fn hold(tx: &mut Tx, me: &Viewer, id: DocumentId) -> Result<(Subject, Uuid)> {
        // That the viewer keeps documents, the path has asked.
        queries::hold(tx, me, id).await?;
        Ok((Subject::Document, id.0))
    }

    async fn again(
        visit: &mut Visit,
        id: DocumentId,
        filled: Filled,
        why: Again,
    ) -> Result<Response> {
        let mut page = show::page(visit, id).await?;
        let status = why.status();
        let errors = match why {
            Again::Invalid(errors) => errors,
            Again::Refused(sentence) => {
                page.refused = sentence;
                FieldErrors::new()
            }
            // The page has looked anew and says so itself.
            Again::Stale => FieldErrors::new(),
        };
        page.album = page.album.again(filled, errors);
        Ok((status, Page(page)).into_response())
    }
}
