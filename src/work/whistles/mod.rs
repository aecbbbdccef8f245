//! Whistles (哨单).
use crate::base::db::Db;
use crate::org::access::Routes;
/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
}
