//! What happens with an upload: it is taken in and checked, confirmed and written, or dropped.

mod carry;
mod check;
mod confirm;
mod duties;
mod phrases;
mod write;

pub use carry::{IMPORT, TIDY, TIDY_HOUR, carry_out, tidy};
pub(super) use confirm::{Confirmed, confirm, drop_it, recheck, take_in};
