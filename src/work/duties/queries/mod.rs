//! All SQL of the duty list.

mod item;
mod list;
mod writes;

pub use item::proposals;
pub(super) use item::{Offer, hold, item, offer};
pub(super) use list::{Filter, Row, export, list};
pub(super) use writes::{NewPrecedent, end, insert, keep_precedent, replace};
