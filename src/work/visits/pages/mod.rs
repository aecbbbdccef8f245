//! The pages of visits: the desk's list and record, the resident's page, the street's decision.

mod list;
mod recurrence;
mod resident;
mod show;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeVisits);
    let ask = Access::Can(Permission::AskResidents);
    let decide = Access::Can(Permission::DecideReopening);
    Routes::new()
        .get("/visits", see, list::list)
        .get("/visits/departments", see, list::departments)
        .get("/visits/{id}", see, show::show)
        .post("/visits/{id}", ask, show::record)
        .post("/visits/{id}/link", ask, show::link)
        .post("/visits/{id}/unmasking", ask, show::unmask)
        .get("/recurrences/{id}", decide, recurrence::show)
        .post("/recurrences/{id}", decide, recurrence::decide)
        .get("/r/{token}", Access::Public, resident::ask)
        .post("/r/{token}", Access::Public, resident::answer)
        .get("/r/{token}/answer", Access::Public, resident::kept)
}
