//! Ordering reports and sending them. None commits; the caller does.

mod ordering;
mod sending;

pub(super) use ordering::{amend, end, order, pause, resume};
pub use sending::{SEND, send};
