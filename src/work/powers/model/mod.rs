//! The five powers: words, rules, and one record with everything that was said. Pure.

mod ask;
mod exercise;
mod rules;
#[cfg(test)]
mod tests;
mod words;

pub(super) use ask::{Ask, Content};
pub(super) use exercise::Parts;
pub(super) use exercise::{Award, Exercise, Party, Planning, Project, Task};
pub(super) use rules::{Move, next, side, speaks};
pub use words::{
    AnswerKind, OpinionKind, Origin, Phase, Pool, Power, ReactionKind, RulingKind, Stage,
};
