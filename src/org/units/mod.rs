//! The chain (组织与网格): five levels of nodes with two faces, who holds which post there, and
//! the departments. Read by everyone who does business; changed by migrations and imports, but for
//! the city leader in charge of a department, whom the city's office names.

mod actions;
mod below;
mod columns;
mod holders;
mod leaders;
mod model;
mod pages;
mod queries;

pub use model::{DepartmentKind, TreeNode, total, unclosed_after};
pub use pages::routes;
