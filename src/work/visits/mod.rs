//! The resident's word (回访): after a passed check the one who told a matter is asked whether it
//! is solved, by the neutral desk of the city office or over a one-time link. Who handled or
//! judged never asks. "Not solved" sends the whistle back to the check; so does, if the street
//! agrees, the same trouble in the same building or within 50 metres (复发).

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::asking::{ask, hold_merging, merged, taken_apart};
pub use actions::recurrence::recurs;
pub use model::{Answer, Feeling, Rate, State, Tally, Way, lately, window_ends};
pub use pages::routes;
