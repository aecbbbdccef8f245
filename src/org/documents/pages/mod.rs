//! The pages of policy documents: list, document, the form of one, the step that repeals one.

mod list;
mod repeal;
mod show;
mod write;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeDocuments);
    let change = Access::Can(Permission::ChangeDocuments);
    Routes::new()
        .get("/documents", see, list::list)
        .get("/documents.csv", see, list::export)
        .get("/documents/new", change, write::blank)
        .post("/documents", change, write::create)
        .get("/documents/{id}", see, show::show)
        .get("/documents/{id}/revision", change, write::edit)
        .post("/documents/{id}/revision", change, write::change)
        .get("/documents/{id}/repeal", change, repeal::ask)
        .post("/documents/{id}/repeal", change, repeal::repeal)
}
