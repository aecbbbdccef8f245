//! Who is told of what: audiences, the table of verbs, and how a row holds. Pure.

mod audiences;
mod scores;
mod shown;
mod table;
mod topics;

pub use audiences::{Audience, Step, Told};
pub(super) use scores::SCORE_STEPS;
pub use scores::of_scores;
pub(super) use shown::{Facts, MATTER_STEPS, WHISTLE_STEPS, as_it_stands, title, words};
pub use table::{of_matter, of_whistle, when_emergency};
pub(super) use topics::TOPIC_STEPS;
pub use topics::of_topic;
