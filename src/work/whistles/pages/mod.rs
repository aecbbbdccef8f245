//! The pages of whistles: list, draft, case.

mod basis;
mod draft;
mod list;
mod moves;
mod show;

use super::queries;
use crate::base::db::{Db, Tx};
use crate::base::error::Result;
use crate::org::PhotoId;
use crate::org::access::{Access, Permission, Routes, Section, Viewer};
use crate::org::photos::{self, Sight, Thing};
use crate::work::WhistleId;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeWhistles);
    let write = Access::Can(Permission::DraftWhistles);
    let redact = Access::Can(Permission::RedactPhotos);
    let open = Access::Can(Permission::OpenOriginals);
    Routes::new()
        .get("/whistles", see, list::list)
        .get("/whistles.csv", see, list::export)
        .get("/whistles.xlsx", see, list::export)
        .get("/whistles/new", write, draft::blank)
        .post("/whistles", write, draft::create)
        .show("/whistles/{id}", see, show::show)
        .get(
            "/whistles/{id}/photos/{photo}",
            see,
            photos::show::<OfWhistle>,
        )
        .get(
            "/whistles/{id}/photos/{photo}/{size}",
            see,
            photos::picture::<OfWhistle>,
        )
        .post(
            "/whistles/{id}/photos/{photo}/redaction",
            redact,
            photos::redact::<OfWhistle>,
        )
        .post(
            "/whistles/{id}/photos/{photo}/original",
            open,
            photos::original::<OfWhistle>,
        )
        .get("/whistles/{id}/edit", write, draft::edit)
        .post("/whistles/{id}/edit", write, draft::change)
        .post(
            "/whistles/{id}/{move}",
            Access::Can(Permission::ActOnWhistles),
            moves::perform,
        )
}

/// A whistle as the place of its photos.
struct OfWhistle;

impl Thing for OfWhistle {
    type Id = WhistleId;
    const SECTION: Section = Section::Whistles;
    const LIST: (&'static str, &'static str) = ("/whistles", "哨单");
    const PLACE: &'static str = "/whistles";

    async fn photo(tx: &mut Tx, me: &Viewer, of: (WhistleId, PhotoId)) -> Result<Sight> {
        let photo = queries::photo(tx, me, of).await?;
        Ok(Sight::of(photo, me))
    }
}
