//! The beginning of a city (启用向导): its streets and communities ticked off the national division
//! codes, its departments off a start list, and a check list of what is missing until it can work.
//! The list is worked out from what there is; nothing of it is kept.

mod divisions;
mod model;
mod pages;
mod queries;

pub use pages::routes;
