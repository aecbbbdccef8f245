//! The pages of personal data: the rules with who looked how often, and the keys.

mod keys;
mod rules;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeePersonal);
    Routes::new()
        .get("/personal", SEE, rules::show)
        .post(
            "/personal",
            Access::Can(Permission::SetPersonal),
            rules::set,
        )
        .get("/keys", Access::Can(Permission::SeeKeys), keys::show)
}
