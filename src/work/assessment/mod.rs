//! The special assessment of what departments do with whistles (赋权情况专项考核): scored from facts
//! that others recorded, by a scheme that cites its document; nobody types a number. A period is a
//! preview, is then shown to the departments, and is frozen.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::objections::lapse_due;
pub use model::{
    Assessed, Book, Case, Component, Department, Exact, Exempted, HEAD, Item, Life, ObjectionState,
    Period, Reason, SILENCE, Scheme, Score, Small, Snapshot, Stage, Standing, locks_at,
    objections_until, rows,
};
pub use pages::routes;
pub use queries::book::book;
pub use queries::schemes::{furnish, insert as insert_scheme};
