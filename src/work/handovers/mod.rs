//! Handing over (工作交接): the work belongs to the post, so whoever takes a post over sees what is
//! open there and confirms it once.

mod pages;
mod queries;

pub use pages::routes;
