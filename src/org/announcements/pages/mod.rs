//! The pages of notices to all: the list, one of them, and the steps of those who write.

mod list;
mod show;
mod steps;
mod write;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const WRITE: Access = Access::Can(Permission::WriteAnnouncements);
    Routes::new()
        .get("/announcements", Access::SignedIn, list::list)
        .get("/announcements.csv", WRITE, list::export)
        .get("/announcements.xlsx", WRITE, list::export)
        .get("/announcements/new", WRITE, write::blank)
        .post("/announcements", WRITE, write::create)
        .get("/announcements/{id}", Access::SignedIn, show::show)
        .post("/announcements/{id}/reading", Access::SignedIn, show::read)
        .get("/announcements/{id}/edit", WRITE, write::edit)
        .post("/announcements/{id}/edit", WRITE, write::change)
        .get("/announcements/{id}/preview", WRITE, steps::preview)
        .post("/announcements/{id}/publication", WRITE, steps::put_out)
        .get("/announcements/{id}/withdrawal", WRITE, steps::ask)
        .post("/announcements/{id}/withdrawal", WRITE, steps::withdraw)
}
