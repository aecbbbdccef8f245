//! What the special assessment is made of. Pure: facts in, scores out.

mod book;
mod case;
mod exact;
mod explain;
mod life;
mod objection;
mod period;
mod ranking;
mod reply;
mod scheme;
mod score;
mod snapshot;
mod table;
mod warnings;

#[cfg(test)]
mod tests;

pub use book::{Assessed, Book};
pub use case::Case;
pub(super) use case::{Answered, Record, Sample};
pub use exact::Exact;
pub(super) use explain::explanation;
pub use life::{Life, Stage, locks_at, objections_until};
pub(super) use life::{Sight, earliest_start, may_be_frozen, may_be_shown, objection_time};
pub(super) use objection::{
    Candidate, Effect, Member, Objection, PANEL, Raised, SEALED, can_be_objected, effect, lamp,
    may_object, owner, path, standing, upheld,
};
pub use objection::{Exempted, ObjectionState, Reason, SILENCE};
pub use period::Period;
pub use ranking::Standing;
pub(super) use ranking::standings;
pub(super) use reply::Reply;
pub use scheme::{Component, Department, Item, Scheme, Small};
pub(super) use scheme::{Exemption, Group, NoCases, Subject, Ties};
pub use score::Score;
pub(super) use score::{ComponentScore, ItemScore, OfSubject, by_subject, score};
pub use snapshot::Snapshot;
pub(super) use snapshot::{Correction, corrections, short_digest};
pub use table::{HEAD, rows};
pub(super) use warnings::{Ground, Sign, Warned, Warning, warnings};
