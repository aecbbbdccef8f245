//! Entering and ending a leave: one's own, or, for somebody who cannot, by the security administrator.

use uuid::Uuid;

use super::model::Leave;
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::PersonId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Enters a leave, if the deputy is a colleague and does not lead back in a circle.
pub(super) async fn enter(tx: &mut Tx, me: &Viewer, new: Leave) -> Result<()> {
    queries::hold(tx, me, new).await?;
    let person = PersonId(new.person);
    let shown = queries::shown(tx, me, person).await?;
    let mut errors = FieldErrors::new();
    let deputy = shown.candidates.iter().find(|c| c.id == new.deputy);
    let Some(deputy) = deputy else {
        errors.add("deputy", "代班人要从本单位在任的人里选。");
        return Err(Error::Invalid(errors));
    };
    if new.leads_in_a_circle(&queries::meeting(tx, me, new).await?) {
        errors.add(
            "deputy",
            format!(
                "{}这几天也请假，由{}或{}代班的人代班，转了一圈没有人在岗。请另选代班人，或改日期。",
                deputy.name, shown.name, shown.name
            ),
        );
        return Err(Error::Invalid(errors));
    }
    queries::add(tx, me, new).await?;
    let sentence = format!("{} 至 {}，由{}代班。", new.from, new.to, deputy.name);
    record(tx, me, (Verb::Leave, person), &sentence).await
}

/// Ends a leave early, or takes it back.
pub(super) async fn end(tx: &mut Tx, me: &Viewer, person: PersonId, id: Uuid) -> Result<()> {
    if !queries::end(tx, me, person, id).await? {
        return Err(Error::NotFound);
    }
    record(tx, me, (Verb::Return, person), "").await
}

/// One's own leave stands with one's account, that of another on the page of the person.
async fn record(
    tx: &mut Tx,
    me: &Viewer,
    (verb, person): (Verb, PersonId),
    sentence: &str,
) -> Result<()> {
    let subject = if person == me.person {
        Subject::Account
    } else {
        Subject::Person
    };
    events::record(tx, me, (subject, person.0), verb, sentence).await
}
