//! People, posts and accounts (人员、任职、账号) as their administrators keep them: the system
//! administrator the register of people, the security administrator who holds which post and who
//! may sign in. None of them sees the work itself, only how much of it is open at a post.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::forget_numbers;
pub use model::TERM_NEAR;
pub(crate) use model::{
    Facts as PersonFacts, IDENTITIES, Number, PersonForm, Refusal, Term, appoint, is_login,
    kind_label, kinds_at, login_for,
};
pub use pages::routes;
pub(crate) use queries::hold_security;
