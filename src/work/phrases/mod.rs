//! Reply phrases (常用语): sentences that are typed again and again at a step of the work. The form of
//! the step offers them; the chosen one is put before what was typed, and what is kept is one text.
//!
//! They are the tenant's own register, kept by the system administrator: each has versions, and each
//! version a day from which it holds. A city begins with a few.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{MOST, crowded};
pub use model::{Content, Phrase, PhraseForm, Phrases, Step, Version, clash, put_before};
pub use pages::routes;
pub use queries::{all, furnish};
