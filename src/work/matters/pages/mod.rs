//! The pages of matters: the list, filing, the case, the moves.

mod draft;
mod file;
mod list;
mod moves;
mod places;
mod show;
mod wish;

use super::queries::photos as queries;
use crate::base::db::{Db, Tx};
use crate::base::error::Result;
use crate::org::PhotoId;
use crate::org::access::{Access, Permission, Routes, Section, Viewer};
use crate::org::photos::{self, Sight, Thing};
use crate::work::MatterId;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeMatters);
    const FILE: Access = Access::Can(Permission::FileMatters);
    const ACT: Access = Access::Can(Permission::ActOnMatters);
    const REDACT: Access = Access::Can(Permission::RedactPhotos);
    const OPEN: Access = Access::Can(Permission::OpenOriginals);
    Routes::new()
        .get("/matters", SEE, list::list)
        .get("/matters.csv", SEE, list::sheet)
        .get("/matters.xlsx", SEE, list::sheet)
        .get("/matters/new", FILE, file::what)
        .post("/matters/new/what", FILE, file::what_again)
        .post("/matters/new/where", FILE, file::place)
        .post("/matters/new/check", FILE, file::check)
        .post("/matters", FILE, file::file)
        .show("/matters/{id}", SEE, show::show)
        .get(
            "/matters/{id}/photos/{photo}",
            SEE,
            photos::show::<OfMatter>,
        )
        .get(
            "/matters/{id}/photos/{photo}/{size}",
            SEE,
            photos::picture::<OfMatter>,
        )
        .post(
            "/matters/{id}/photos/{photo}/redaction",
            REDACT,
            photos::redact::<OfMatter>,
        )
        .post(
            "/matters/{id}/photos/{photo}/original",
            OPEN,
            photos::original::<OfMatter>,
        )
        .post("/matters/{id}/unmasking", SEE, show::unmask)
        .post("/matters/{id}/acceptance", ACT, moves::accept)
        .post("/matters/{id}/measures", ACT, moves::measure)
        .post("/matters/{id}/solution", ACT, moves::solve)
        .post("/matters/{id}/raising", ACT, moves::raise)
        .post("/matters/{id}/return", ACT, moves::send_back)
        .post("/matters/{id}/rejection", ACT, moves::reject)
        .post("/matters/{id}/merging", ACT, moves::merge)
        .post("/matters/{id}/splitting", ACT, moves::split)
}

/// A matter as the place of its photos.
struct OfMatter;

impl Thing for OfMatter {
    type Id = MatterId;
    const SECTION: Section = Section::Matters;
    const LIST: (&'static str, &'static str) = ("/matters", "事项");
    const PLACE: &'static str = "/matters";

    async fn photo(tx: &mut Tx, me: &Viewer, of: (MatterId, PhotoId)) -> Result<Sight> {
        let photo = queries::photo(tx, me, of).await?;
        Ok(Sight::of(photo, me))
    }
}
