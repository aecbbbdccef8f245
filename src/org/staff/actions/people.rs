//! The register of people.

use super::super::model::{Facts, PersonForm};
use super::super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::PersonId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Enters a person.
pub(in super::super) async fn enter(
    tx: &mut Tx,
    me: &Viewer,
    id: PersonId,
    form: &PersonForm,
) -> Result<()> {
    let facts = form.read(None).map_err(Error::Invalid)?;
    differs(tx, me, form, &facts, None).await?;
    queries::add_person(tx, me, id, &facts).await?;
    let sentence = format!("{}，{}。", facts.name, facts.identity);
    events::record(
        tx,
        me,
        (Subject::Person, id.0),
        Verb::EnterPerson,
        &sentence,
    )
    .await
}

/// Changes what the register says of a person.
pub(in super::super) async fn change(
    tx: &mut Tx,
    me: &Viewer,
    id: PersonId,
    form: &PersonForm,
) -> Result<()> {
    let before = queries::person(tx, me, id).await?;
    let version: i32 = form.version.parse().map_err(|_| Error::Stale)?;
    let facts = form
        .read(before.facts.phone.as_deref())
        .map_err(Error::Invalid)?;
    if facts.name != before.facts.name {
        differs(tx, me, form, &facts, Some(id)).await?;
    }
    let Some(sentence) = facts.changes(&before.facts) else {
        return Err(Error::Refused(
            "没有改动，不用保存。要改什么就在下面改，不改请返回。".to_owned(),
        ));
    };
    queries::change_person(tx, me, (id, version), &facts).await?;
    events::record(
        tx,
        me,
        (Subject::Person, id.0),
        Verb::AmendPerson,
        &sentence,
    )
    .await
}

/// Asks once whether somebody of the same name is somebody else.
async fn differs(
    tx: &mut Tx,
    me: &Viewer,
    form: &PersonForm,
    facts: &Facts,
    but: Option<PersonId>,
) -> Result<()> {
    if form.another == "1" {
        return Ok(());
    }
    let same = queries::namesakes(tx, me, &facts.name, but).await?;
    if same.is_empty() {
        return Ok(());
    }
    let mut errors = FieldErrors::new();
    errors.add(
        "another",
        format!(
            "已有同名的人：{}。确实是另一个人的，勾选“同名，是另一个人”再保存。",
            same.join("；")
        ),
    );
    Err(Error::Invalid(errors))
}
