//! The SQL of the record.

use uuid::Uuid;

use super::{By, Subject, Verb};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::{PersonId, TenantId};

/// What the record keeps of who acted.
struct Doer<'a> {
    person: Option<Uuid>,
    name: &'a str,
    post: Option<Uuid>,
    seat: &'a str,
    department: Option<Uuid>,
}

impl<'a> Doer<'a> {
    fn of(by: &'a By<'_>) -> Self {
        let (person, name) = match by {
            By::Post(me) => (Some(me.person.0), me.name.as_str()),
            By::Resident(_) | By::Program(_) => (None, ""),
        };
        Self {
            person,
            name,
            post: by.post(),
            seat: by.seat_name(),
            department: by.department(),
        }
    }
}

/// Records one action of the viewer.
pub async fn record(
    tx: &mut Tx,
    me: &Viewer,
    subject: (Subject, Uuid),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    record_by(tx, By::Post(me), subject, verb, sentence).await
}

/// Records one action, whoever did it.
pub async fn record_by(
    tx: &mut Tx,
    by: By<'_>,
    subject: (Subject, Uuid),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    recorded(tx, by, subject, verb, sentence).await.map(|_| ())
}

/// Records one action of the viewer and says under which id, so that its photos can be kept with it.
pub async fn record_step(
    tx: &mut Tx,
    me: &Viewer,
    subject: (Subject, Uuid),
    verb: Verb,
    sentence: &str,
) -> Result<Uuid> {
    recorded(tx, By::Post(me), subject, verb, sentence).await
}

async fn recorded(
    tx: &mut Tx,
    by: By<'_>,
    (subject, id): (Subject, Uuid),
    verb: Verb,
    sentence: &str,
) -> Result<Uuid> {
    let event = uuid_at(tx.now);
    let (now, doer) = (tx.now, Doer::of(&by));
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        by.tenant().0,
        event,
        now,
        subject as Subject,
        id,
        verb.code(),
        doer.person,
        doer.name,
        doer.post,
        doer.seat,
        doer.department,
        sentence
    )
    .execute(&mut **tx)
    .await?;
    Ok(event)
}

/// Records the same action of the viewer on each of several things.
pub async fn record_each(
    tx: &mut Tx,
    me: &Viewer,
    subjects: (Subject, &[Uuid]),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    record_each_by(tx, By::Post(me), subjects, verb, sentence).await
}

/// Records the same action on each of several things, whoever did it.
pub async fn record_each_by(
    tx: &mut Tx,
    by: By<'_>,
    (subject, ids): (Subject, &[Uuid]),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let (now, doer) = (tx.now, Doer::of(&by));
    let events: Vec<Uuid> = ids.iter().map(|_| uuid_at(now)).collect();
    sqlx::query_scalar!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         select $1, e.id, $4, $5, e.subject_id, $6, $7, $8, $9, $10, $11, $12
           from unnest($2::uuid[], $3::uuid[]) as e (id, subject_id)
         returning id",
        by.tenant().0,
        &events,
        ids,
        now,
        subject as Subject,
        verb.code(),
        doer.person,
        doer.name,
        doer.post,
        doer.seat,
        doer.department,
        sentence
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Records an action of the viewer on each of several things, each with a sentence of its own.
pub async fn record_all(
    tx: &mut Tx,
    me: &Viewer,
    (subject, verb): (Subject, Verb),
    told: &[(Uuid, String)],
) -> Result<()> {
    let by = By::Post(me);
    let (now, doer) = (tx.now, Doer::of(&by));
    let events: Vec<Uuid> = told.iter().map(|_| uuid_at(now)).collect();
    let ids: Vec<Uuid> = told.iter().map(|(id, _)| *id).collect();
    let sentences: Vec<&str> = told.iter().map(|(_, sentence)| sentence.as_str()).collect();
    sqlx::query_scalar!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         select $1, e.id, $5, $6, e.subject_id, $7, $8, $9, $10, $11, $12, e.sentence
           from unnest($2::uuid[], $3::uuid[], $4::text[]) as e (id, subject_id, sentence)
         returning id",
        me.tenant.0,
        &events,
        &ids,
        &sentences as _,
        now,
        subject as Subject,
        verb.code(),
        doer.person,
        doer.name,
        doer.post,
        doer.seat,
        doer.department
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Who stands at the door, where nobody acts for a post yet.
#[derive(Clone, Copy, Debug)]
pub enum Knocker<'a> {
    /// Somebody with this account.
    Known(PersonId, &'a str),
    /// A name that nobody has; what was typed is not kept, it may be a password.
    Unknown,
}

/// Records what happened at the door.
pub async fn record_at_door(
    tx: &mut Tx,
    tenant: TenantId,
    who: Knocker<'_>,
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let now = tx.now;
    let (person, name) = match who {
        Knocker::Known(person, name) => (Some(person.0), name),
        Knocker::Unknown => (None, ""),
    };
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, seat, sentence)
         values ($1, $2, $3, 'account', $4, $5, $6, $7, '', $8)",
        tenant.0,
        uuid_at(now),
        now,
        person.unwrap_or(tenant.0),
        verb.code(),
        person,
        name,
        sentence
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
