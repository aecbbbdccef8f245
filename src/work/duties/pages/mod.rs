//! The pages of the duty list: list, item, the form of an item, the steps that end one or take back
//! what waits; what each changes is looked at before it is kept.

mod back;
mod end;
mod list;
mod preview;
mod show;
mod write;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeDuties);
    let change = Access::Can(Permission::ChangeDuties);
    Routes::new()
        .get("/duties", see, list::list)
        .get("/duties.csv", see, list::export)
        .get("/duties.xlsx", see, list::export)
        .get("/duties/new", change, write::blank)
        .post("/duties", change, write::create)
        .get("/duties/{id}", see, show::show)
        .get("/duties/{id}/edit", change, write::edit)
        .post("/duties/{id}/edit", change, write::change)
        .get("/duties/{id}/end", change, end::ask)
        .post("/duties/{id}/end", change, end::end)
        .get("/duties/{id}/take-back", change, back::ask)
        .post("/duties/{id}/take-back", change, back::take_back)
}
