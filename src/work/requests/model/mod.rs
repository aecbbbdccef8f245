//! What may be asked by whom and when, who decides, within which limit, and what silence does.
//! Pure.

mod ask;
mod rows;
mod turn;
mod words;

pub use ask::{Ask, until};
pub(super) use ask::{latest, soonest};
pub(super) use rows::Row;
pub use rows::{Milestone, Request, Suspension};
pub use turn::Turn;
pub(super) use turn::breaches_of;
pub(super) use words::seat_of;
pub use words::{Cause, Kind, State};
