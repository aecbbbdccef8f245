//! Requests that change time or owner (申请与仲裁): return (退回), extension (延期), suspension (挂账)
//! and appeal (超时申诉). Each has a reason, a decider by kind and level, a limit of its own, and an
//! effect of silence. What was asked and decided stays.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{drop_open, lapse_due, lift_due};
pub use model::{Ask, Cause, Kind, Milestone, Request, State, Suspension, Turn, until};
pub use pages::routes;
