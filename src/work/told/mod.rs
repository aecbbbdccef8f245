//! Who is told (谁会收到) when something is done to a whistle or a matter, or to the scores of a period: one table of the program,
//! the same for the page that shows it and for the acts that follow it.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{tell, tell_of_matter, tell_of_matters, tell_of_scores};
pub use model::{Audience, Step, Told, of_matter, of_scores, of_whistle, when_emergency};
pub use pages::routes;
