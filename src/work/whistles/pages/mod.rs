//! The pages of whistles: list, draft, case.

mod basis;
mod draft;
mod list;
mod moves;
mod photos;
mod show;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

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
        .get("/whistles/{id}", see, show::show)
        .get("/whistles/{id}/photos/{photo}", see, photos::show)
        .get("/whistles/{id}/photos/{photo}/{size}", see, photos::picture)
        .post(
            "/whistles/{id}/photos/{photo}/redaction",
            redact,
            photos::redact,
        )
        .post(
            "/whistles/{id}/photos/{photo}/original",
            open,
            photos::original,
        )
        .get("/whistles/{id}/edit", write, draft::edit)
        .post("/whistles/{id}/edit", write, draft::change)
        .post(
            "/whistles/{id}/{move}",
            Access::Can(Permission::ActOnWhistles),
            moves::perform,
        )
}
