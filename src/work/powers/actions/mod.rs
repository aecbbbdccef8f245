//! The verbs of the five powers: load and lock, let the model decide, store, record one event, tell.
//! None commits; the page or the sweep does.

pub(super) mod answering;
pub(super) mod asking;
pub(super) mod files;
pub(super) mod plans;
pub(super) mod sealing;
mod silence;
pub(super) mod violations;

pub use sealing::{reseal, sealed};
pub use silence::lapse_due;

use super::model::{Exercise, Power};
use super::queries::lapsing;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::TenantId;
use crate::org::access::PostKind;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::notices::{self, Class, Message};
use crate::work::ExerciseId;
use crate::work::clocks::{self, Of, Rule, Rules, Stage as Timed};

/// Whose word is asked for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// The street's.
    Street,
    /// The department's, and of a co-ordination all that are called.
    Department,
    /// The city's office's.
    City,
}

impl Side {
    /// The posts that speak for it; of a cadre the secretary and the head alone.
    fn posts(self, power: Power) -> &'static [PostKind] {
        match (self, power) {
            (Self::Street, Power::Cadre) => &[PostKind::StreetSecretary],
            (
                Self::Street,
                Power::Planning | Power::Coordination | Power::Project | Power::Award,
            ) => &[
                PostKind::StreetSecretary,
                PostKind::StreetDeputy,
                PostKind::StreetDispatcher,
            ],
            (Self::Department, Power::Cadre) => &[PostKind::DepartmentHead],
            (
                Self::Department,
                Power::Planning | Power::Coordination | Power::Project | Power::Award,
            ) => &[PostKind::DepartmentHead, PostKind::DepartmentClerk],
            (Self::City, _) => &[PostKind::CityOffice],
        }
    }
}

/// What an act says: in the record, and to whom with which ask.
struct Word<'a> {
    verb: Verb,
    sentence: &'a str,
    to: Side,
    ask: &'static str,
}

/// Records an act and tells the side that it concerns; the last thing an act does.
async fn note(
    tx: &mut Tx,
    by: By<'_>,
    (id, power, title): (ExerciseId, Power, &str),
    word: Word<'_>,
) -> Result<()> {
    events::record_by(tx, by, (Subject::Exercise, id.0), word.verb, word.sentence).await?;
    let posts = lapsing::hearers(tx, by.tenant(), id, word.to.posts(power)).await?;
    let own = by.post();
    let posts: Vec<_> = posts.into_iter().filter(|p| Some(*p) != own).collect();
    let did = word.verb.label();
    let asks = if word.ask.is_empty() {
        String::new()
    } else {
        format!("，请{}", word.ask)
    };
    let message = Message {
        class: Class::Step,
        verb: word.verb,
        title: format!("{}{did}{asks}", by.seat_name()),
        words: format!("{title}。{}", word.sentence),
        link: format!("/powers/{id}"),
    };
    notices::tell_asking(tx, by.tenant(), &posts, &message, word.ask).await
}

/// Somebody's time begins, as a rule gives it.
async fn time(
    tx: &mut Tx,
    tenant: TenantId,
    id: ExerciseId,
    (stage, rule): (Timed, Rule),
    rules: &Rules,
) -> Result<()> {
    let limit = rules
        .limit(rule)
        .map_err(|refused| Error::Refused(refused.to_string()))?;
    clocks::start_one(tx, tenant, Of::Exercise(id.0), None, (stage, limit)).await
}

/// Somebody's time ends.
async fn in_time(
    tx: &mut Tx,
    tenant: TenantId,
    of: &Exercise,
    stage: Timed,
    reason: &str,
) -> Result<()> {
    clocks::stop(tx, tenant, Of::Exercise(of.id.0), &[stage], reason).await
}

/// One field that is wrong.
fn wrong(field: &str, sentence: impl Into<String>) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}
