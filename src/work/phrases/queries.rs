//! The SQL of reply phrases.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Content, Phrase, Step};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::access::Viewer;

/// Gives a new city its first phrases. Needs the owner's connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_phrases($1, $2)::text as done",
        tenant.0,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// All phrases with their versions, by step and order: one round trip.
pub async fn all(tx: &mut Tx, me: &Viewer) -> Result<Vec<Phrase>> {
    let row = sqlx::query_scalar!(
        r#"
        select coalesce(json_agg(json_build_object('id', p.id, 'number', p.number, 'step', p.step,
                   'versions', v.all_of_them) order by p.step, v.position, p.number), '[]') as "all!: Json<Vec<Phrase>>"
          from phrases p
          join (select x.phrase_id, (array_agg(x.position order by x.version desc))[1] as position,
                       json_agg(json_build_object('version', x.version, 'text', x.text, 'position', x.position,
                           'is_used', x.is_used, 'from_day', x.from_day, 'set_at', x.set_at, 'by', h.name)
                           order by x.version desc) as all_of_them
                  from phrase_versions x
                  left join people h on h.tenant_id = $1 and h.id = x.set_by
                 where x.tenant_id = $1
                 group by x.phrase_id) v on v.phrase_id = p.id
         where p.tenant_id = $1
        "#,
        me.tenant.0
    );
    Ok(row.fetch_one(&mut **tx).await?.0)
}

/// Adds a phrase; whoever took its number meanwhile was first.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, number): (Uuid, i32),
    step: Step,
) -> Result<()> {
    let done = sqlx::query!(
        "insert into phrases (tenant_id, id, number, step) values ($1, $2, $3, $4)",
        me.tenant.0,
        id,
        number,
        step as Step
    )
    .execute(&mut **tx)
    .await;
    on_constraint(done, "phrases_number_key", || Error::Stale).map(|_| ())
}

/// Adds a version; whoever added it meanwhile was first.
pub(super) async fn set(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (Uuid, i32),
    content: &Content,
) -> Result<()> {
    let now = tx.now;
    let done = sqlx::query!(
        "insert into phrase_versions (tenant_id, phrase_id, version, text, position, is_used, from_day, set_at,
                                      set_by, set_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        id,
        version,
        content.text,
        content.position,
        content.is_used,
        content.from_day,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(done, "phrase_versions_pk", || Error::Stale).map(|_| ())
}
