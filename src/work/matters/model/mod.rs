//! Where a matter stands, what may be done to it, and which matters a list means. Pure.

mod rules;
mod scope;
#[cfg(test)]
mod tests;
mod words;

pub use rules::{Facts, Next, Refusal, Target};
pub use scope::filed_list;
pub(crate) use scope::narrowed;
pub use words::{MoveKind, SolvedLevel, Stage, Who};
