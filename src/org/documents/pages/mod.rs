//! The pages of policy documents: list, document, the form of one, the step that repeals one, its files
//! and photos.

mod album;
mod files;
mod list;
mod repeal;
mod show;
mod write;

use chrono::{Datelike, NaiveDate};

use crate::base::db::Db;
use crate::base::form::FieldErrors;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeDocuments);
    let change = Access::Can(Permission::ChangeDocuments);
    Routes::new()
        .get("/documents", see, list::list)
        .get("/documents.csv", see, list::export)
        .get("/documents.xlsx", see, list::export)
        .get("/documents/new", change, write::blank)
        .post("/documents", change, write::create)
        .get("/documents/{id}", see, show::show)
        .get("/documents/{id}/revision", change, write::edit)
        .post("/documents/{id}/revision", change, write::change)
        .get("/documents/{id}/repeal", change, repeal::ask)
        .post("/documents/{id}/repeal", change, repeal::repeal)
        // Whoever had to sign in again before adding a file arrives here.
        .get("/documents/{id}/files", see, show::show)
        .post("/documents/{id}/files", change, files::attach)
        .get("/documents/{id}/files/{file}", see, files::download)
        .post(
            "/documents/{id}/files/{file}/removal",
            change,
            files::remove,
        )
        .and(album::routes())
}

/// A day as it is typed.
fn day(errors: &mut FieldErrors, field: &str, label: &str, typed: &str) -> Option<NaiveDate> {
    let read = typed.trim().parse::<NaiveDate>().ok();
    let read = read.filter(|d| (1949..=2100).contains(&d.year()));
    if read.is_none() {
        errors.add(field, format!("{label}写成 2026-11-23 这样的日期。"));
    }
    read
}
