//! Notices to all (公告): what the city's office or the system administrator has to tell everybody, or
//! all of some kind: when the system stands still, how it is to be used. A draft is previewed with how
//! many people it reaches; what was put out is changed only by a new version. It stands on the desk of
//! those whom it is meant for until they have opened it. Residents do not see any of it.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{Audience, Unread};
pub use pages::routes;
