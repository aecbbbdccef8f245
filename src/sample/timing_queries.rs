//! What the sample's clocks follow from, and writing them: one statement for each table.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::org::TenantId;
use crate::org::calendar::{self, Calendar, Unit};
use crate::work::clocks::Stage;
use crate::work::whistles;

/// One department's part, as far as time is concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    pub(super) id: Uuid,
    pub(super) stage: whistles::AssignmentStage,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) reported_at: Option<DateTime<Utc>>,
    pub(super) waiting_since: DateTime<Utc>,
    /// The first word on its work.
    pub(super) first_word: Option<DateTime<Utc>>,
    /// Each time it fed back.
    pub(super) feedbacks: Vec<DateTime<Utc>>,
    /// Each time a failed check sent it back to work.
    pub(super) reworks: Vec<DateTime<Utc>>,
}

/// One whistle, as far as time is concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Whistle {
    pub(super) id: Uuid,
    pub(super) kind: whistles::Kind,
    pub(super) stage: whistles::Stage,
    pub(super) class: Option<String>,
    pub(super) meets_at: Option<DateTime<Utc>>,
    pub(super) drafted_at: DateTime<Utc>,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) sounded_at: Option<DateTime<Utc>>,
    pub(super) verified_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) rated_at: Option<DateTime<Utc>>,
    pub(super) checks: Vec<(DateTime<Utc>, bool)>,
    pub(super) parts: Vec<Part>,
}

/// One matter, as far as time is concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Matter {
    pub(super) id: Uuid,
    pub(super) class: String,
    pub(super) filed_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// One asking of a resident, as far as time is concerned.
#[derive(Debug, Deserialize)]
pub(super) struct Visit {
    pub(super) matter: Uuid,
    pub(super) kind: whistles::Kind,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// The facts of a tenant.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) calendar: Calendar,
    pub(super) version: Uuid,
    pub(super) limits: Vec<(whistles::Kind, Stage, i64, Unit)>,
    pub(super) classes: Vec<(String, i64, Unit)>,
    pub(super) whistles: Vec<Whistle>,
    pub(super) matters: Vec<Matter>,
    pub(super) visits: Vec<Visit>,
}

/// A row of `clocks`, with the pauses and the breach that belong to it.
#[derive(Debug, Serialize)]
pub(super) struct ClockRow {
    pub(super) id: Uuid,
    pub(super) matter_id: Option<Uuid>,
    pub(super) whistle_id: Option<Uuid>,
    pub(super) assignment_id: Option<Uuid>,
    /// The use of a power that it belongs to, if it belongs to one.
    pub(super) exercise_id: Option<Uuid>,
    /// The supervision, or the agreed task, that it is about.
    pub(super) about: Option<Uuid>,
    pub(super) stage: Stage,
    pub(super) amount: i32,
    pub(super) unit: Unit,
    pub(super) from_class: bool,
    /// Whether it is due at a meeting.
    #[serde(skip)]
    pub(super) agreed: bool,
    pub(super) started_at: DateTime<Utc>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) soon_at: Option<DateTime<Utc>>,
    pub(super) stopped_at: Option<DateTime<Utc>>,
    pub(super) stop_reason: Option<String>,
    /// What the record says if it was passed.
    pub(super) passed: Option<String>,
    #[serde(skip)]
    pub(super) pauses: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A row of `clock_pauses`.
#[derive(Debug, Serialize)]
struct PauseRow {
    clock_id: Uuid,
    from_at: DateTime<Utc>,
    to_at: DateTime<Utc>,
}

/// The sample's office gave itself a second version of limits: promises of no less than five
/// working days (24 hours where life is in danger), and longer closings.
pub(super) async fn own_limits(
    db: &mut PgConnection,
    (tenant, first, second): (Uuid, Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into limit_versions (tenant_id, id, number, from_day, note, made_at)
         values ($1, $2, 2, '2024-01-01', '按本市情况调整', $3)",
        tenant,
        second,
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into limits (tenant_id, version_id, kind, stage, amount, unit)
         select $1, $3, l.kind, l.stage,
                case when l.stage = 'close' and l.kind = 'routine' then 10
                     when l.stage = 'close' and l.kind = 'express' then 5 else l.amount end, l.unit
           from limits l where l.tenant_id = $1 and l.version_id = $2",
        tenant,
        first,
        second
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into class_limits (tenant_id, version_id, class_code, amount, unit)
         select $1, $3, l.class_code,
                case when l.unit = 'urgent_hour' and l.class_code like '05-%' then greatest(24, l.amount)
                     when l.unit = 'work_day' then greatest(5, l.amount) else 5 end,
                case when l.unit = 'urgent_hour' and l.class_code like '05-%' then l.unit else 'work_day' end
           from class_limits l where l.tenant_id = $1 and l.version_id = $2",
        tenant,
        first,
        second
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Reads what the story left behind, and the limits that hold.
pub(super) async fn facts(
    db: &mut PgConnection,
    tenant: Uuid,
    version: Uuid,
) -> Result<Facts, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select $2::uuid as "version!",
               (select json_agg(json_build_array(l.kind, l.stage, l.amount, l.unit))
                  from limits l where l.tenant_id = $1 and l.version_id = $2)
                  as "limits!: Json<Vec<(whistles::Kind, Stage, i64, Unit)>>",
               (select json_agg(json_build_array(l.class_code, l.amount, l.unit))
                  from class_limits l where l.tenant_id = $1 and l.version_id = $2) as "classes!: Json<Vec<(String, i64, Unit)>>",
               (select json_agg(json_build_object('id', m.id, 'class', m.class_code, 'filed_at', m.filed_at,
                        'ended_at', m.ended_at))
                  from matters m
                 where m.tenant_id = $1 and (m.ended_at is null or m.ended_at > m.filed_at) and m.stage <> 'merged')
                  as "matters!: Json<Vec<Matter>>",
               (select coalesce(json_agg(json_build_object('matter', v.matter_id, 'kind', w.kind,
                        'asked_at', v.asked_at, 'ended_at', v.ended_at)), '[]')
                  from visits v
                  join whistles w on w.tenant_id = $1 and w.id = v.whistle_id
                 where v.tenant_id = $1) as "visits!: Json<Vec<Visit>>",
               (select json_agg(json_build_object('id', w.id, 'kind', w.kind, 'stage', w.stage,
                        'class', (select m.class_code from whistle_matters b
                                    join matters m on m.tenant_id = $1 and m.id = b.matter_id
                                   where b.tenant_id = $1 and b.whistle_id = w.id order by m.filed_at limit 1),
                        'meets_at', w.meets_at, 'drafted_at', w.drafted_at, 'waiting_since', w.waiting_since, 'sounded_at', w.sounded_at,
                        'verified_at', w.verified_at, 'ended_at', coalesce(w.closed_at, w.withdrawn_at),
                        'rated_at', (select max(r.at) from ratings r where r.tenant_id = $1 and r.whistle_id = w.id),
                        'checks', (select coalesce(json_agg(json_build_array(c.at, c.passed) order by c.round), '[]')
                                     from checks c where c.tenant_id = $1 and c.whistle_id = w.id),
                        'parts', (select coalesce(json_agg(json_build_object('id', a.id, 'stage', a.stage,
                                'sent_at', a.sent_at, 'signed_at', a.signed_at, 'reported_at', a.reported_at,
                                'waiting_since', a.waiting_since,
                                'first_word', (select min(s.at) from assignment_steps s where s.tenant_id = $1
                                     and s.assignment_id = a.id and (s.kind in ('handle', 'feedback')
                                          or s.kind = 'report' and a.report_agreed <> '')),
                                'feedbacks', (select coalesce(json_agg(s.at order by s.at), '[]') from assignment_steps s
                                     where s.tenant_id = $1 and s.assignment_id = a.id and s.kind = 'feedback'),
                                'reworks', (select coalesce(json_agg(c.at order by c.at), '[]') from check_reworks x
                                       join checks c on c.tenant_id = $1 and c.id = x.check_id
                                      where x.tenant_id = $1 and x.assignment_id = a.id))), '[]')
                              from assignments a where a.tenant_id = $1 and a.whistle_id = w.id)))
                  from whistles w where w.tenant_id = $1 and w.stage <> 'draft') as "whistles!: Json<Vec<Whistle>>"
        "#,
        tenant,
        version
    )
    .fetch_one(&mut *db)
    .await?;
    let calendar = calendar::all(db, TenantId(tenant)).await;
    Ok(Facts {
        calendar: calendar.map_err(|error| sqlx::Error::Protocol(format!("{error:?}")))?,
        version: row.version,
        limits: row.limits.0,
        classes: row.classes.0,
        whistles: row.whistles.0,
        matters: row.matters.0,
        visits: row.visits.0,
    })
}

/// The first version of limits, as the tenant was made with it.
pub(super) async fn first_version(
    db: &mut PgConnection,
    tenant: Uuid,
) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from limit_versions where tenant_id = $1 and number = 1",
        tenant
    )
    .fetch_one(db)
    .await
}

/// Puts the open whistles under the office's own limits.
pub(super) async fn put_under(
    db: &mut PgConnection,
    tenant: Uuid,
    version: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whistles set limits_id = $2 where tenant_id = $1 and sounded_at is not null
            and closed_at is null and withdrawn_at is null",
        tenant,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes the clocks, their pauses, and a breach with its event for each that was passed.
pub(super) async fn insert_clocks(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[ClockRow],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into clocks (tenant_id, id, matter_id, whistle_id, assignment_id, exercise_id, about, stage, amount, unit,
                             from_class, started_at, due_at, soon_at, stopped_at, stop_reason)
         select $1, r.id, r.matter_id, r.whistle_id, r.assignment_id, r.exercise_id, r.about, r.stage, r.amount, r.unit,
                r.from_class, r.started_at, r.due_at, r.soon_at, r.stopped_at, r.stop_reason
           from jsonb_to_recordset($2) as r (id uuid, matter_id uuid, whistle_id uuid, assignment_id uuid,
                exercise_id uuid, about uuid, stage clock_stage, amount integer, unit duration_unit, from_class boolean, started_at timestamptz,
                due_at timestamptz, soon_at timestamptz, stopped_at timestamptz, stop_reason text)",
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    let pauses = rows.iter().flat_map(|row| {
        row.pauses.iter().map(|(from, to)| PauseRow {
            clock_id: row.id,
            from_at: *from,
            to_at: *to,
        })
    });
    let pauses: Vec<PauseRow> = pauses.collect();
    sqlx::query!(
        "insert into clock_pauses (tenant_id, clock_id, from_at, to_at, reason)
         select $1, r.clock_id, r.from_at, r.to_at, '返工'
           from jsonb_to_recordset($2) as r (clock_id uuid, from_at timestamptz, to_at timestamptz)",
        tenant,
        Json(pauses) as _
    )
    .execute(&mut *db)
    .await?;
    insert_breaches(db, tenant, rows, now).await
}

/// One event and one breach for each clock that stopped late or is late now. An event's id is
/// its clock's: both are made in one statement.
async fn insert_breaches(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[ClockRow],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, department_id, sentence)
           select $1, c.id, c.due_at, case when c.whistle_id is not null then 'whistle'
                       when c.exercise_id is not null then 'exercise' else 'matter' end::event_subject,
                  coalesce(c.whistle_id, c.exercise_id, c.matter_id), 'breach', '',
                  case when c.stage = 'ruling' then '市治理办' else coalesce(d.name, n.name, '') end, d.id, r.passed
             from jsonb_to_recordset($2) as r (id uuid, passed text)
             join clocks c on c.tenant_id = $1 and c.id = r.id
             left join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             left join power_exercises x on x.tenant_id = $1 and x.id = c.exercise_id
             left join exercise_tasks i on i.tenant_id = $1 and i.id = c.about
             left join departments d on d.tenant_id = $1 and d.id = case c.stage when 'item' then i.department_id
                  when 'answer' then x.department_id else a.department_id end
             left join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
             left join matters m on m.tenant_id = $1 and m.id = c.matter_id
             left join nodes n on n.tenant_id = $1 and n.code = coalesce(w.street_code, m.community_code, x.street_code)
            where r.passed is not null"#,
        tenant,
        Json(rows) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into breaches (tenant_id, clock_id, due_at, found_at, event_id)
         select $1, r.id, r.due_at, coalesce(r.stopped_at, $2), r.id
           from jsonb_to_recordset($3) as r (id uuid, due_at timestamptz, stopped_at timestamptz, passed text)
          where r.passed is not null",
        tenant,
        now,
        Json(rows) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
