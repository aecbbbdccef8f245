//! The pages of matters: the list, filing, the case, the moves.

mod draft;
mod file;
mod list;
mod moves;
mod photos;
mod places;
mod show;
mod wish;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

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
        .get("/matters/{id}", SEE, show::show)
        .get("/matters/{id}/photos/{photo}", SEE, photos::show)
        .get("/matters/{id}/photos/{photo}/{size}", SEE, photos::picture)
        .post(
            "/matters/{id}/photos/{photo}/redaction",
            REDACT,
            photos::redact,
        )
        .post(
            "/matters/{id}/photos/{photo}/original",
            OPEN,
            photos::original,
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
