//! The SQL of the record.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Entry, Subject, Verb};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;

/// Records one action of the viewer.
pub async fn record(
    tx: &mut Tx,
    me: &Viewer,
    (subject, id): (Subject, Uuid),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        me.tenant.0,
        uuid_at(now),
        now,
        subject as Subject,
        id,
        verb.code(),
        me.person.0,
        me.name,
        me.post.0,
        me.seat_name(),
        me.department().map(|d| d.0),
        sentence
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The events of one thing, newest first.
pub async fn of(db: &mut PgConnection, me: &Viewer, id: Uuid) -> Result<Vec<Entry>> {
    Ok(sqlx::query_as!(
        Entry,
        "select at, verb, person_name, seat, sentence
           from events
          where tenant_id = $1 and subject_id = $2
          order by at desc, id desc",
        me.tenant.0,
        id
    )
    .fetch_all(db)
    .await?)
}

/// Records the same action of the viewer on each of several things.
pub async fn record_each(
    tx: &mut Tx,
    me: &Viewer,
    (subject, ids): (Subject, &[Uuid]),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let now = tx.now;
    let events: Vec<Uuid> = ids.iter().map(|_| uuid_at(now)).collect();
    sqlx::query_scalar!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         select $1, e.id, $4, $5, e.subject_id, $6, $7, $8, $9, $10, $11, $12
           from unnest($2::uuid[], $3::uuid[]) as e (id, subject_id)
         returning id",
        me.tenant.0,
        &events,
        ids,
        now,
        subject as Subject,
        verb.code(),
        me.person.0,
        me.name,
        me.post.0,
        me.seat_name(),
        me.department().map(|d| d.0),
        sentence
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}
