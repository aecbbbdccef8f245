//! The five powers: words, rules, and one record with everything that was said. Pure.

mod ask;
mod cadre;
mod exercise;
mod matrix;
mod plan;
mod rules;
#[cfg(test)]
mod tests;
mod violation;
mod words;

pub(super) use ask::{Ask, Content};
pub use cadre::{
    CADRE_TITLE, CadreEvent, CadreSubject, CadreWord, SEALED, SEALED_BODY, SecretPart,
};
pub(super) use cadre::{CALLED_OFF, Opened};
pub(super) use exercise::Parts;
pub(super) use exercise::owner;
pub(super) use exercise::{Award, Exercise, Party, Planning, Project, Task};
pub(super) use matrix::{Cell, Counted, Line, Matrix, Met, Period};
pub(super) use plan::{Draft, Granted, Meeting, PlanCase, Standing, read_others};
pub(super) use rules::{Move, next, side, speaks, takes_files};
pub(super) use violation::Fault;
pub use violation::ViolationKind;
pub use words::{
    AnswerKind, OpinionKind, Origin, Phase, Pool, Power, ReactionKind, RulingKind, Stage,
};
