//! What the sample's supervision follows from, and writing it: one statement for each table.

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::clock::{day_of, midnight};
use crate::work::clocks::{Clock, Stage};
use crate::work::supervision::Level;

/// A running clock that is short or over.
#[derive(Debug, Deserialize)]
pub(super) struct Late {
    pub(super) clock: Clock,
    pub(super) whistle_id: Uuid,
    pub(super) department_id: Option<Uuid>,
    pub(super) seat: String,
    pub(super) urgent: bool,
}

/// A row of `supervisions`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SupervisionRow {
    pub(super) id: Uuid,
    pub(super) whistle_id: Uuid,
    pub(super) assignment_id: Option<Uuid>,
    pub(super) department_id: Option<Uuid>,
    pub(super) seat: String,
    pub(super) level: Level,
    /// Of what its clock was; cards have none.
    #[serde(skip)]
    pub(super) stage: Option<Stage>,
    pub(super) clock_id: Option<Uuid>,
    pub(super) period: Option<String>,
    pub(super) at: DateTime<Utc>,
    pub(super) reason: String,
    pub(super) verb: &'static str,
    pub(super) sentence: String,
}

/// What a department answers to one of the city's letters; the id is its event's.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ReplyRow {
    pub(super) id: Uuid,
    pub(super) supervision_id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) words: &'static str,
}

/// A row of `unreached`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct UnreachedRow {
    pub(super) id: Uuid,
    pub(super) supervision_id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) reason: &'static str,
}

/// A limit that a department passed.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) department_id: Uuid,
    pub(super) seat: String,
    pub(super) assignment_id: Uuid,
    pub(super) whistle_id: Uuid,
    pub(super) due_at: DateTime<Utc>,
}

/// The limits that departments passed in the present month, in order.
pub(super) async fn passed(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Passed>, sqlx::Error> {
    sqlx::query_as!(
        Passed,
        r#"select d.id as department_id, d.name as seat, a.id as assignment_id, a.whistle_id, b.due_at
             from breaches b
             join clocks c on c.tenant_id = $1 and c.id = b.clock_id
             join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             join departments d on d.tenant_id = $1 and d.id = a.department_id
            where b.tenant_id = $1 and b.due_at >= $2
            order by b.due_at, c.id"#,
        tenant,
        month_begins(now)
    )
    .fetch_all(db)
    .await
}

/// The first instant of the month.
fn month_begins(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = day_of(now);
    midnight(today.with_day(1).unwrap_or(today))
}

/// The clocks of whistles that are short or over.
pub(super) async fn late(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Late>, sqlx::Error> {
    let late = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_object('clock', clock_json($1, c.id), 'whistle_id', c.whistle_id,
                  'department_id', a.department_id, 'seat', coalesce(d.name, s.name),
                  'urgent', w.kind = 'emergency') order by c.due_at), '[]') as "late!: Json<Vec<Late>>"
             from clocks c
             join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
             join nodes s on s.tenant_id = $1 and s.code = w.street_code
             left join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             left join departments d on d.tenant_id = $1 and d.id = a.department_id
            where c.tenant_id = $1 and c.stopped_at is null and c.paused_at is null and c.soon_at <= $2
              and c.stage not in ('suspension', 'decide', 'reply', 'visit')"#,
        tenant,
        now
    );
    Ok(late.fetch_one(db).await?.0)
}

/// Writes the papers and their lines in the timelines.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[SupervisionRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into supervisions (tenant_id, id, whistle_id, assignment_id, department_id, level, clock_id, period, at,
                                   reason)
         select $1, r.id, r.whistle_id, r.assignment_id, r.department_id, r.level, r.clock_id, r.period, r.at, r.reason
           from jsonb_to_recordset($2) as r (id uuid, whistle_id uuid, assignment_id uuid, department_id uuid,
                level supervision_level, clock_id uuid, period text, at timestamptz, reason text)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, sentence)
         select $1, r.id, r.at, 'whistle', r.whistle_id, r.verb, '', '系统', r.sentence
           from jsonb_to_recordset($2) as r (id uuid, at timestamptz, whistle_id uuid, verb text, sentence text)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Writes the answers of the departments' heads and their lines in the timelines.
pub(super) async fn answer(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[ReplyRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update supervisions v set reply = r.words, replied_at = r.at, replied_by = m.person_id, replied_post = m.post_id
           from jsonb_to_recordset($2) as r (supervision_id uuid, at timestamptz, words text), posts p, appointments m
          where v.tenant_id = $1 and v.id = r.supervision_id
            and p.tenant_id = $1 and p.department_id = v.department_id and p.kind = 'department_head'
            and m.tenant_id = $1 and m.post_id = p.id and m.to_day is null",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1, r.id, r.at, 'whistle', v.whistle_id, 'supervision_reply', y.id, y.name, v.replied_post, d.name, d.id,
                v.reply
           from jsonb_to_recordset($2) as r (id uuid, supervision_id uuid, at timestamptz)
           join supervisions v on v.tenant_id = $1 and v.id = r.supervision_id
           join people y on y.tenant_id = $1 and y.id = v.replied_by
           join departments d on d.tenant_id = $1 and d.id = v.department_id",
        tenant,
        Json(rows) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes whom the papers did not reach.
pub(super) async fn insert_unreached(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[UnreachedRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into unreached (tenant_id, id, supervision_id, at, reason)
         select $1, r.id, r.supervision_id, r.at, r.reason
           from jsonb_to_recordset($2) as r (id uuid, supervision_id uuid, at timestamptz, reason text)",
        tenant,
        Json(rows) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
