//! Matters (事项): what grid workers find and residents tell, from filing to the end. A grid or
//! community solves what it can; what it cannot goes up to the street, and from there behind a
//! whistle, which moves it on through the functions below.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::behind::{
    called_back, candidates, closed, joined, raised_with, reopened, sounded,
};
pub(crate) use actions::filing::unmask;
pub use actions::forgetting::forget_tellers;
pub use model::{Facts, MoveKind, Next, Refusal, SolvedLevel, Stage, Target, Who, filed_list};
pub use pages::routes;
pub use queries::behind::Candidate;
