//! The pages of the audit record: the list with its file, the chain of seals, one batch looked at.

mod list;
mod seals;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeAudit);
    Routes::new()
        .get("/audit", see, list::list)
        .get("/audit.csv", see, list::export)
        .get("/audit.xlsx", see, list::export)
        .get("/audit/seals", see, seals::list)
        .get("/audit/seals/{number}", see, seals::show)
}
