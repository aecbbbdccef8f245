//! What the sample's requests are asked about, and writing them: one statement for each table.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::ReturnRow;
use crate::org::calendar::Unit;
use crate::work::requests::Kind;

/// Who decides, and how it was decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Decision {
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) at: DateTime<Utc>,
    #[serde(default)]
    pub(super) words: String,
    pub(super) person: Uuid,
    pub(super) post: Uuid,
    pub(super) name: String,
    pub(super) seat: String,
}

/// A department's part, with who asks for it and who decides at its street.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Part {
    pub(super) whistle: Uuid,
    pub(super) kind: String,
    pub(super) assignment: Uuid,
    pub(super) role: String,
    pub(super) stage: String,
    /// Whether its clock to feed back runs and is not over.
    pub(super) in_time: bool,
    pub(super) department: Uuid,
    pub(super) name: String,
    pub(super) person: Uuid,
    pub(super) post: Uuid,
    pub(super) person_name: String,
    pub(super) deputy: Decision,
}

/// A breach of a closed whistle.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Breached {
    pub(super) part: Part,
    pub(super) clock: Uuid,
    pub(super) closed_at: DateTime<Utc>,
}

/// What requests can be about.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) parts: Vec<Part>,
    pub(super) office: Decision,
    /// A duty item with its lead.
    pub(super) duty: Option<(Uuid, Uuid)>,
    pub(super) breached: Option<Breached>,
}

/// Reads it.
pub(super) async fn found(db: &mut PgConnection, tenant: Uuid) -> Result<Found, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        with holders as materialized (
            select o.id as post, o.kind, o.node_id, o.department_id, y.id as person, y.name
              from posts o
              join appointments m on m.tenant_id = $1 and m.post_id = o.id and m.to_day is null
              join people y on y.tenant_id = $1 and y.id = m.person_id
             where o.tenant_id = $1
        ), parts as materialized (
            select a.id, w.closed_at, a.sent_at, w.stage as at, a.stage, json_build_object(
                    'whistle', w.id, 'kind', w.kind, 'assignment', a.id, 'role', a.role, 'stage', a.stage,
                    'in_time', exists (select from clocks c where c.tenant_id = $1 and c.assignment_id = a.id
                        and c.stage = 'close' and c.stopped_at is null
                        and not exists (select from breaches b where b.tenant_id = $1 and b.clock_id = c.id)),
                    'department', d.id, 'name', d.name, 'person', k.person, 'post', k.post, 'person_name', k.name,
                    'deputy', json_build_object('person', s.person, 'post', s.post, 'name', s.name, 'seat', n.name)) as part
              from assignments a
              join whistles w on w.tenant_id = $1 and w.id = a.whistle_id and w.kind <> 'emergency'
              join departments d on d.tenant_id = $1 and d.id = a.department_id
              join nodes n on n.tenant_id = $1 and n.code = w.street_code
              join holders k on k.department_id = d.id and k.kind = 'department_clerk'
              join holders s on s.node_id = n.id and s.kind = 'street_deputy'
             where a.tenant_id = $1 and w.stage in ('sounded', 'closed')
        )
        select (select coalesce(json_agg(p.part order by p.sent_at desc, p.id), '[]') from parts p
                 where p.at = 'sounded' and p.stage in ('sent', 'signed', 'reported')) as "parts!: Json<Vec<Part>>",
               (select json_build_object('person', h.person, 'post', h.post, 'name', h.name, 'seat', '市治理办')
                  from holders h where h.kind = 'city_office' limit 1) as "office!: Json<Decision>",
               (select json_build_array(i.id, i.lead_department_id) from duty_items i
                 where i.tenant_id = $1 and i.to_day is null
                 order by i.name like '%道路%' desc, i.number limit 1) as "duty: Json<(Uuid, Uuid)>",
               (select json_build_object('part', p.part, 'clock', c.id, 'closed_at', p.closed_at)
                  from parts p
                  join clocks c on c.tenant_id = $1 and c.assignment_id = p.id
                  join breaches b on b.tenant_id = $1 and b.clock_id = c.id
                 where p.at = 'closed' order by p.closed_at desc, c.id limit 1) as "breached: Json<Breached>"
        "#,
        tenant
    )
    .fetch_one(db)
    .await?;
    Ok(Found {
        parts: row.parts.0,
        office: row.office.0,
        duty: row.duty.map(|d| d.0),
        breached: row.breached.map(|b| b.0),
    })
}

/// One request at one level.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestRow {
    pub(super) id: Uuid,
    pub(super) whistle_id: Uuid,
    pub(super) assignment_id: Uuid,
    pub(super) department_id: Uuid,
    pub(super) seat: String,
    pub(super) kind: Kind,
    pub(super) level: i16,
    pub(super) reason: String,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) asked_by: Uuid,
    pub(super) asked_post: Uuid,
    pub(super) asked_name: String,
    pub(super) proposed_department_id: Option<Uuid>,
    pub(super) duty_item_id: Option<Uuid>,
    pub(super) until_day: Option<NaiveDate>,
    pub(super) cause: Option<String>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) soon_at: Option<DateTime<Utc>>,
    pub(super) amount: i32,
    pub(super) unit: Unit,
    pub(super) decision: Option<Decision>,
}

/// Writes requests, the clocks of their decisions, and their lines on the timeline.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[RequestRow],
) -> Result<(), sqlx::Error> {
    keep(db, tenant, rows).await?;
    tell(db, tenant, rows).await
}

/// Writes requests and the clocks of their decisions.
pub(super) async fn keep(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[RequestRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into requests (tenant_id, id, whistle_id, assignment_id, kind, level, state, reason, asked_at, asked_by,
                asked_post, proposed_department_id, duty_item_id, until_day, cause, decided_at, decided_by, decided_post,
                decided_words)
         select $1, r.id, r.whistle_id, r.assignment_id, r.kind, r.level,
                coalesce(r.decision ->> 'state', 'open')::request_state, r.reason, r.asked_at, r.asked_by, r.asked_post,
                r.proposed_department_id, r.duty_item_id, r.until_day, r.cause, (r.decision ->> 'at')::timestamptz,
                (r.decision ->> 'person')::uuid, (r.decision ->> 'post')::uuid, r.decision ->> 'words'
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, assignment_id uuid, kind request_kind,
                level smallint, reason text, asked_at timestamptz, asked_by uuid, asked_post uuid,
                proposed_department_id uuid, duty_item_id uuid, until_day date, cause appeal_cause, decision jsonb)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into clocks (tenant_id, id, whistle_id, assignment_id, about, stage, amount, unit, started_at, due_at,
                             soon_at, stopped_at, stop_reason)
         select $1, md5(r.id::text || 'decide')::uuid, r.whistle_id, r.assignment_id, r.id, 'decide', r.amount, r.unit,
                r.asked_at, r.due_at, r.soon_at, (r.decision ->> 'at')::timestamptz,
                case when r.decision <> 'null'::jsonb then '答复' end
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, assignment_id uuid, amount integer,
                unit duration_unit, asked_at timestamptz, due_at timestamptz, soon_at timestamptz, decision jsonb)
          where r.due_at is not null",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// The ruling that came of a return, as a precedent of its duty item.
pub(super) async fn rule(
    db: &mut PgConnection,
    tenant: Uuid,
    row: &ReturnRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into precedents (tenant_id, id, duty_item_id, whistle_id, at, ruling, lead_department_id, level, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        tenant,
        row.precedent,
        row.duty,
        row.whistle,
        row.decided.at,
        row.words,
        row.to,
        row.decided.post
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn tell(db: &mut PgConnection, tenant: Uuid, rows: &[RequestRow]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1::uuid, r.id, r.asked_at, 'whistle'::event_subject, r.whistle_id,
                case when r.level > 1 and r.kind in ('return', 'appeal') then 'contest'
                     when r.kind = 'appeal' then 'appeal' else 'ask_' || r.kind end,
                r.asked_by, r.asked_name, r.asked_post, r.seat, r.department_id, '理由：' || r.reason
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, department_id uuid, kind text, level smallint,
                reason text, asked_at timestamptz, asked_by uuid, asked_name text, asked_post uuid, seat text)
          union all
         select $1, md5(r.id::text || 'decided')::uuid, (r.decision ->> 'at')::timestamptz, 'whistle', r.whistle_id,
                case when r.decision ->> 'state' = 'denied' then 'deny_' || r.kind
                     when r.kind = 'suspension' then 'suspend' else 'exempt' end,
                (r.decision ->> 'person')::uuid, r.decision ->> 'name', (r.decision ->> 'post')::uuid,
                r.decision ->> 'seat', null, r.seat || '：' || (r.decision ->> 'words')
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, kind text, seat text, decision jsonb)
          where r.decision <> 'null'::jsonb",
        tenant,
        Json(rows) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts a whistle aside: its milestones, its departments' clocks stand still until then.
pub(super) async fn put_aside(
    db: &mut PgConnection,
    tenant: Uuid,
    (request, whistle): (Uuid, Uuid),
    (at, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into suspensions (tenant_id, request_id, whistle_id, from_at, until_at) values ($1, $2, $3, $4, $5)",
        tenant,
        request,
        whistle,
        at,
        until
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into milestones (tenant_id, id, request_id, whistle_id, due_day, words)
         select $1, md5($2::uuid::text || m.words)::uuid, $2, $3, ($4::timestamptz)::date - m.before, m.words
           from (values (60, '完成设计和预算'), (20, '施工队和管材到位')) as m (before, words)",
        tenant,
        request,
        whistle,
        until
    )
    .execute(&mut *db)
    .await?;
    stand_still(db, tenant, whistle, (at, until)).await
}

async fn stand_still(
    db: &mut PgConnection,
    tenant: Uuid,
    whistle: Uuid,
    (at, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update clocks set paused_at = greatest(started_at, $3)
          where tenant_id = $1 and whistle_id = $2 and assignment_id is not null and stopped_at is null",
        tenant,
        whistle,
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into clocks (tenant_id, id, whistle_id, assignment_id, stage, amount, unit, started_at, due_at, soon_at)
         select $1, md5(a.id::text || 'aside')::uuid, $2, a.id, 'suspension',
                greatest(1, extract(epoch from $4::timestamptz - $3::timestamptz)::integer / 3600), 'natural_hour', $3, $4, $3
           from assignments a
          where a.tenant_id = $1 and a.whistle_id = $2 and a.stage in ('sent', 'signed', 'reported')",
        tenant,
        whistle,
        at,
        until
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A breach is not counted.
pub(super) async fn exempt(
    db: &mut PgConnection,
    tenant: Uuid,
    clock: Uuid,
    request: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into exemptions (tenant_id, clock_id, request_id) values ($1, $2, $3)",
        tenant,
        clock,
        request
    )
    .execute(db)
    .await?;
    Ok(())
}
