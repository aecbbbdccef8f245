//! Changes of the chain and of the departments (机构变动), by the system administrator: nodes are
//! added, renamed, split, merged and closed, departments added, renamed and ended. What will happen
//! is shown first. Open work at a node that goes moves to its heir, in the same transaction; what is
//! over stays where it was. Who holds which post is the security administrator's business: here
//! holders only go along with their ground, or leave with it.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{Founding, FoundingDepartment, found, found_departments};
pub(crate) use model::{
    DepartmentFacts, DepartmentForm, Facts as NodeFacts, Grown, NodeForm, numbered, posts_of,
};
pub use pages::routes;
pub use queries::used_by_departments;
pub(crate) use queries::{
    NewPost, add as add_nodes, amend as amend_nodes, hold_chain, keep_names, set_up,
};
