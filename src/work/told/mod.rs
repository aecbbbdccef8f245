//! Who is told (谁会收到) when something is done to a whistle or a matter, to the scores of a period, or to a topic: one table of the program,
//! the same for the page that shows it and for the acts that follow it.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{tell, tell_of_matter, tell_of_matters, tell_of_scores, tell_of_topic};
pub use model::{Audience, Step, Told, of_matter, of_scores, of_topic, of_whistle, when_emergency};
pub use pages::routes;
