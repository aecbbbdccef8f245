//! Topics, their lists, what is proposed, and the days before and after. Pure.

mod item;
mod periods;
mod proposal;
mod topic;

pub(super) use item::Item;
pub use item::List;
pub(super) use periods::{Comparison, Count, Period, periods};
pub(super) use proposal::{Proposal, months};
pub use topic::Stage;
pub(super) use topic::{Department, Move, NewTopic, Place, Topic};
