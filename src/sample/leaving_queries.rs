//! Writing who was away, and the lines of it in the record.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A row of `leaves`, with what its events say.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LeaveRow {
    pub(super) id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) deputy_id: Uuid,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: NaiveDate,
    pub(super) at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) person_name: String,
    pub(super) post_id: Uuid,
    pub(super) sentence: String,
}

/// Writes leaves and what was recorded of them.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[LeaveRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into leaves (tenant_id, id, person_id, deputy_id, from_day, to_day, at, ended_at)
         select $1, r.id, r.person_id, r.deputy_id, r.from_day, r.to_day, r.at, r.ended_at
           from jsonb_to_recordset($2) as r (id uuid, person_id uuid, deputy_id uuid, from_day date, to_day date,
                at timestamptz, ended_at timestamptz)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1::uuid, r.id, r.at, 'account'::event_subject, r.person_id, 'leave', r.person_id, r.person_name,
                r.post_id, coalesce(n.name, d.name, ''), o.department_id, r.sentence
           from jsonb_to_recordset($2) as r (id uuid, person_id uuid, at timestamptz, person_name text, post_id uuid,
                sentence text)
           join posts o on o.tenant_id = $1 and o.id = r.post_id
           left join nodes n on n.tenant_id = $1 and n.id = o.node_id
           left join departments d on d.tenant_id = $1 and d.id = o.department_id
          union all
         select $1, md5(r.id::text || 'back')::uuid, r.ended_at, 'account', r.person_id, 'return', r.person_id,
                r.person_name, r.post_id, coalesce(n.name, d.name, ''), o.department_id, ''
           from jsonb_to_recordset($2) as r (id uuid, person_id uuid, ended_at timestamptz, person_name text,
                post_id uuid)
           join posts o on o.tenant_id = $1 and o.id = r.post_id
           left join nodes n on n.tenant_id = $1 and n.id = o.node_id
           left join departments d on d.tenant_id = $1 and d.id = o.department_id
          where r.ended_at is not null",
        tenant,
        Json(rows) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
