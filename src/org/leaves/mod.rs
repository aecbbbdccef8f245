//! Leave with a deputy (请假代班): who is away, and who stands in meanwhile. The gate lets a deputy
//! act for the posts of the absent; notices go to the deputy too.

mod actions;
mod model;
mod pages;
mod queries;

pub use pages::routes;
