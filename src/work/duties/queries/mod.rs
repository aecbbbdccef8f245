//! All SQL of the duty list.

mod item;
mod list;
mod writes;

pub(super) use item::{hold, item};
pub use item::{offer, proposals};
pub(super) use list::{Filter, Row, export, list};
pub(super) use writes::{NewPrecedent, end, insert, keep_precedent, replace};
