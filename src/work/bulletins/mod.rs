//! Monthly bulletins (通报): the figures of a month in official layout, written by the program from what
//! is counted, put out by the city's office, and kept as they were put out.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::PutOut;
pub use pages::routes;
pub use queries::newest_after;
