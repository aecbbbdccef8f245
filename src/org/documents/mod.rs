//! Policy documents (制度文件): numbers, issuers, versions and clauses, which the rules of the city
//! cite. A version is never changed; what cites it keeps its text.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{Basis, Clause};
pub use pages::routes;
pub use queries::citable;
