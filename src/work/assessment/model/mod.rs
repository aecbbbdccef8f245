//! What the special assessment is made of. Pure: facts in, scores out.

mod book;
mod case;
mod exact;
mod explain;
mod life;
mod period;
mod ranking;
mod scheme;
mod score;
mod snapshot;
mod table;

#[cfg(test)]
mod tests;

pub use book::{Assessed, Book};
pub use case::{Answered, Case, Record, Sample};
pub use exact::Exact;
pub use explain::explanation;
pub use life::{
    Life, Sight, Stage, earliest_start, locks_at, may_be_frozen, may_be_shown, objections_until,
};
pub use period::Period;
pub use ranking::{Standing, standings};
pub use scheme::{
    Component, Department, Exemption, Group, Item, NoCases, Scheme, Small, Subject, Ties,
};
pub use score::{ComponentScore, ItemScore, OfSubject, Score, by_subject, score};
pub use table::{HEAD, rows};
pub use snapshot::{Correction, Snapshot, corrections, short_digest};
