//! The pages of the register: list, class, the form of a class with its preview.

mod list;
mod preview;
mod show;
mod write;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeCalendar);
    const CHANGE: Access = Access::Can(Permission::ChangeClasses);
    Routes::new()
        .get("/classes", SEE, list::list)
        .get("/classes.csv", SEE, list::export)
        .get("/classes.xlsx", SEE, list::export)
        .get("/classes/new", CHANGE, write::blank)
        .post("/classes", CHANGE, write::create)
        .get("/classes/{code}", SEE, show::show)
        .get("/classes/{code}/edit", CHANGE, write::edit)
        .post("/classes/{code}/edit", CHANGE, write::change)
}
