//! The register of people.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{Facts, Number, PersonForm};
use super::super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::personal::{self, Field, Look, Opened, SightForm};
use crate::org::{PersonId, TenantId};

/// Enters a person.
pub(in super::super) async fn enter(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, PersonId),
    form: &PersonForm,
) -> Result<()> {
    let (facts, number) = form.read(None).map_err(Error::Invalid)?;
    differs(tx, me, form, &facts, None).await?;
    queries::add_person(tx, me, id, &facts).await?;
    keep_number(tx, me, (keys, id), &number).await?;
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
    (keys, id): (&Keys, PersonId),
    form: &PersonForm,
) -> Result<()> {
    let before = queries::person(tx, me, id).await?;
    let version: i32 = form.version.parse().map_err(|_| Error::Stale)?;
    let (facts, mut number) = form
        .read(before.facts.phone_mask.as_deref())
        .map_err(Error::Invalid)?;
    if let Number::New(phone) = &number
        && personal::equals(tx, keys, (me.tenant, id.0, Field::Phone), phone).await?
    {
        number = Number::Stays;
    }
    if facts.name != before.facts.name {
        differs(tx, me, form, &facts, Some(id)).await?;
    }
    let Some(sentence) = facts.changes(&before.facts, &number) else {
        return Err(Error::Refused(
            "没有改动，不用保存。要改什么就在下面改，不改请返回。".to_owned(),
        ));
    };
    queries::change_person(tx, me, (id, version), &facts).await?;
    keep_number(tx, me, (keys, id), &number).await?;
    events::record(
        tx,
        me,
        (Subject::Person, id.0),
        Verb::AmendPerson,
        &sentence,
    )
    .await
}

/// Seals the number; the register keeps its mask.
async fn keep_number(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, PersonId),
    number: &Number,
) -> Result<()> {
    let owner = (me.tenant, id.0);
    match number {
        Number::Stays => Ok(()),
        Number::Goes => personal::unkeep(tx, owner, Field::Phone).await,
        Number::New(phone) => personal::keep(tx, keys, owner, &[(Field::Phone, phone)]).await,
    }
}

/// Somebody's number in the clear, recorded with the purpose.
pub(in super::super) async fn unmask(
    tx: &mut Tx,
    me: &Viewer,
    (keys, id): (&Keys, PersonId),
    form: &SightForm,
) -> Result<Opened> {
    let look = Look {
        subject: (Subject::Person, id.0),
        what: "电话",
        is_task: false,
    };
    personal::look(tx, me, keys, look, form).await
}

/// Forgets the numbers of at most so many people whose last post ended before a day, and says whose;
/// what is sealed of them is dropped by whoever asks. Their names stay: the record of what an office
/// did names who did it.
pub async fn forget_numbers(
    tx: &mut Tx,
    tenant: TenantId,
    before: NaiveDate,
    most: i64,
) -> Result<Vec<Uuid>> {
    queries::forget(tx, tenant, before, most).await
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
