//! The pages of requests: the list, the form that asks, the request with its decision.

mod ask;
mod list;
mod show;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeRequests);
    let ask = Access::Can(Permission::AskRequests);
    Routes::new()
        .get("/requests", see, list::list)
        .get("/whistles/{id}/requests/new", ask, ask::blank)
        .post("/whistles/{id}/requests", ask, ask::create)
        .get("/whistles/{id}/requests/{request}", see, show::show)
        .post(
            "/whistles/{id}/requests/{request}/decision",
            Access::Can(Permission::DecideRequests),
            show::decide,
        )
        .post(
            "/whistles/{id}/requests/{request}/contest",
            ask,
            show::contest,
        )
        .post(
            "/whistles/{id}/requests/{request}/withdrawal",
            ask,
            show::take_back,
        )
        .post(
            "/whistles/{id}/requests/{request}/resumption",
            ask,
            show::resume,
        )
        .post(
            "/whistles/{id}/requests/{request}/milestones/{milestone}",
            ask,
            show::reach,
        )
}
