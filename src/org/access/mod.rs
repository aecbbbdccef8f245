//! Who may do what: posts, permissions, the person at the desk, and the gate that every path
//! passes. A path cannot be added without saying who may use it.

mod chrome;
mod gate;
mod model;
mod queries;
mod routes;

pub use chrome::{Chrome, NavEntry, NavGroup, Section};
pub use gate::{SESSION_COOKIE, Saved, Visit, WaitingHook, digest, gate, large_cookie};
pub(crate) use gate::{SignedOut, is_large};
pub use model::{Factor, Level, Permission, PostKind, Reach, Seat, Viewer, Waiting};
pub use routes::{Access, Route, Routes};
