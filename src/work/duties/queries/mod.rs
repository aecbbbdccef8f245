//! All SQL of the duty list.

mod item;
mod list;
mod writes;

pub(super) use item::{covered, hold, is_free, item};
pub use item::{offer, proposals};
pub(super) use list::{Filter, Row, State, export, list};
pub use writes::give_way;
pub(super) use writes::{NewPrecedent, drop_version, end, hold_on, insert, keep_precedent};
