//! Limits and clocks (时限): how long each stage may take, and when it is due. The calendar says
//! how time counts; this area says what is timed, keeps the facts, and writes each breach once.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::changing::new_limits;
pub use actions::{
    Limits, all, extend, find_breaches, go_on, limits_of, pause, promise, resume, rules, run_on,
    start, start_one, start_until, stop, stop_about,
};
pub use model::{Book, Line, NewVersion, asked};
pub use model::{Clock, Given, Lamp, Nearest, Stage, Told, shortened};
pub use model::{Rule, Rules, Value};
pub use pages::routes;
pub use queries::clocks::Of;
pub use queries::limits::furnish;
pub use queries::versions::book;
