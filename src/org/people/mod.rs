//! People and how they sign in: accounts, sessions, passwords, and the several posts one
//! person may act for, one at a time.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::appoint_admins;
pub(crate) use actions::{SLIP_HOLDS, first_password};
pub(crate) use model::Lock;
pub use pages::{Doors, offer_sign_in, routes};
