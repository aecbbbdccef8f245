//! The chain (组织与网格): five levels of nodes with two faces, who holds which post there, and
//! the departments. Read by everyone who does business; changed by migrations and imports.

mod model;

pub use model::{TreeNode, total, unclosed_after};

use crate::base::db::Db;
use crate::org::access::Routes;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
}
