//! The five powers (五项权力): what departments let the streets have, and every use of it: a
//! department consults a street, a street proposes or calls, the other side answers in time and with
//! reasons, an objection goes to the city's office.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{lapse_due, reseal, sealed};
pub use model::{
    AnswerKind, CADRE_TITLE, CadreEvent, CadreSubject, CadreWord, OpinionKind, Origin, Phase, Pool,
    Power, ReactionKind, RulingKind, SEALED, SEALED_BODY, SecretPart, Stage, ViolationKind,
};
pub use pages::routes;
