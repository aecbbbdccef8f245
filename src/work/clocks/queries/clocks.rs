//! The SQL of clocks and breaches.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Clock, Stage};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::Unit;

/// What a clock belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A matter.
    Matter(Uuid),
    /// A whole whistle.
    Whistle(Uuid),
    /// One department's assignment: whistle, assignment.
    Assignment(Uuid, Uuid),
    /// One use of a power (行权记录).
    Exercise(Uuid),
}

impl Of {
    pub(in super::super) fn matter(self) -> Option<Uuid> {
        match self {
            Self::Matter(id) => Some(id),
            Self::Whistle(_) | Self::Assignment(..) | Self::Exercise(_) => None,
        }
    }

    pub(in super::super) fn whistle(self) -> Option<Uuid> {
        match self {
            Self::Matter(_) | Self::Exercise(_) => None,
            Self::Whistle(id) | Self::Assignment(id, _) => Some(id),
        }
    }

    pub(in super::super) fn assignment(self) -> Option<Uuid> {
        match self {
            Self::Matter(_) | Self::Whistle(_) | Self::Exercise(_) => None,
            Self::Assignment(_, id) => Some(id),
        }
    }

    pub(in super::super) fn exercise(self) -> Option<Uuid> {
        match self {
            Self::Matter(_) | Self::Whistle(_) | Self::Assignment(..) => None,
            Self::Exercise(id) => Some(id),
        }
    }
}

/// Keeps new clocks of one item.
pub(in super::super) async fn start(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    about: Option<Uuid>,
    clocks: &[Clock],
) -> Result<()> {
    if clocks.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into clocks (tenant_id, id, matter_id, whistle_id, assignment_id, exercise_id, about, stage, amount,
                             unit, from_class, started_at, due_at, soon_at)
         select $1, c.id, $2, $3, $4, $5, $6, c.stage, c.amount, c.unit, c.from_class, c.started_at, c.due_at, c.soon_at
           from jsonb_to_recordset($7) as c (id uuid, stage clock_stage, amount int, unit duration_unit, from_class boolean,
                                             started_at timestamptz, due_at timestamptz, soon_at timestamptz)",
        tenant.0,
        of.matter(),
        of.whistle(),
        of.assignment(),
        of.exercise(),
        about,
        Json(clocks) as Json<&[Clock]>
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The clocks of an item that have not stopped, or all of them.
pub(in super::super) async fn of(
    tx: &mut Tx,
    tenant: TenantId,
    of: Of,
    also_stopped: bool,
) -> Result<Vec<Clock>> {
    let clocks = sqlx::query_scalar!(
        r#"select coalesce(json_agg(clock_json($1, c.id) order by c.started_at, c.id), '[]') as "clocks!: Json<Vec<Clock>>"
             from clocks c
            where c.tenant_id = $1 and ($5 or c.stopped_at is null)
              and (c.matter_id = $2 or c.whistle_id = $3 or c.exercise_id = $6)
              and ($4::uuid is null or c.assignment_id = $4)"#,
        tenant.0,
        of.matter(),
        of.whistle(),
        of.assignment(),
        also_stopped,
        of.exercise()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(clocks.0)
}

/// Stops clocks; a pause that stood ends with it.
pub(in super::super) async fn stop(
    tx: &mut Tx,
    tenant: TenantId,
    ids: &[Uuid],
    reason: &str,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    sqlx::query!(
        "update clocks set stopped_at = $3, stop_reason = $4, paused_at = null
          where tenant_id = $1 and id = any ($2)",
        tenant.0,
        ids,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stops the running clocks about one thing.
pub(in super::super) async fn stop_about(
    tx: &mut Tx,
    tenant: TenantId,
    about: Uuid,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update clocks set stopped_at = $3, stop_reason = $4, paused_at = null
          where tenant_id = $1 and about = $2 and stopped_at is null",
        tenant.0,
        about,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stands a clock still.
pub(in super::super) async fn pause(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update clocks set paused_at = $3 where tenant_id = $1 and id = $2 and paused_at is null",
        tenant.0,
        id,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a time in which a clock did not run.
pub(in super::super) async fn add_pause(
    tx: &mut Tx,
    tenant: TenantId,
    id: Uuid,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into clock_pauses (tenant_id, clock_id, from_at, to_at, reason) values ($1, $2, $3, $4, $5)",
        tenant.0,
        id,
        from,
        to,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A clock runs (again), with this much added and due then.
pub(in super::super) async fn run(tx: &mut Tx, tenant: TenantId, clock: &Clock) -> Result<()> {
    sqlx::query!(
        "update clocks set stopped_at = null, stop_reason = null, paused_at = null, extra = $3, due_at = $4, soon_at = $5
          where tenant_id = $1 and id = $2",
        tenant.0,
        clock.id,
        clock.extra,
        clock.due_at,
        clock.soon_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A clock that was passed, with what its one event says.
#[derive(Clone, Debug)]
pub(in super::super) struct Passed {
    pub(in super::super) clock: Uuid,
    pub(in super::super) matter: Option<Uuid>,
    pub(in super::super) whistle: Option<Uuid>,
    pub(in super::super) exercise: Option<Uuid>,
    pub(in super::super) stage: Stage,
    pub(in super::super) amount: i32,
    pub(in super::super) unit: Unit,
    /// Whether it is due at a moment that was agreed and not counted.
    pub(in super::super) is_agreed: bool,
    pub(in super::super) due_at: DateTime<Utc>,
    pub(in super::super) department: Option<Uuid>,
    pub(in super::super) seat: String,
}

/// Running clocks that are over and have no breach yet, the earliest first; of one item, or of
/// the whole tenant.
pub(in super::super) async fn passed(
    tx: &mut Tx,
    tenant: TenantId,
    of: Option<Of>,
    most: i64,
) -> Result<Vec<Passed>> {
    let now = tx.now;
    Ok(sqlx::query_as!(
        Passed,
        r#"select c.id as clock, c.matter_id as matter, c.whistle_id as whistle, c.exercise_id as exercise,
                  c.stage as "stage: Stage",
                  c.amount + c.extra as "amount!", c.unit as "unit: Unit", c.due_at as "due_at!",
                  coalesce(c.stage = 'report' and w.meets_at > c.started_at or c.stage in ('item', 'minutes'), false)
                      as "is_agreed!",
                  case when r.id is null and c.stage not in ('opinion', 'minutes', 'reaction', 'ruling')
                       then d.id end as "department?",
                  case when c.stage in ('visit', 'ruling') then '市治理办'
                       when c.stage in ('opinion', 'minutes', 'reaction') then s.name
                       when r.id is not null then case r.level when 1 then s.name when 2 then '市治理办' else '市领导' end
                       else coalesce(d.name, s.name, '') end as "seat!"
             from clocks c
             left join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             left join power_exercises x on x.tenant_id = $1 and x.id = c.exercise_id
             left join exercise_tasks i on i.tenant_id = $1 and i.exercise_id = c.exercise_id and i.id = c.about
             left join departments d on d.tenant_id = $1
                  and d.id = coalesce(a.department_id, i.department_id, x.department_id)
             left join requests r on r.tenant_id = $1 and c.stage = 'decide' and r.id = c.about
             left join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
             left join matters m on m.tenant_id = $1 and m.id = c.matter_id
             left join nodes s on s.tenant_id = $1
                  and s.code = coalesce(case when c.stage = 'check' then w.community_code end,
                                        w.street_code, m.community_code, x.street_code)
            where c.tenant_id = $1 and c.stopped_at is null and c.paused_at is null and c.due_at < $2
              and c.stage <> 'suspension'
              and not exists (select from breaches b where b.tenant_id = $1 and b.clock_id = c.id)
              and ($3::uuid is null or c.matter_id = $3) and ($4::uuid is null or c.whistle_id = $4)
              and ($5::uuid is null or c.assignment_id = $5) and ($7::uuid is null or c.exercise_id = $7)
            order by c.due_at, c.id limit $6"#,
        tenant.0,
        now,
        of.and_then(Of::matter),
        of.and_then(Of::whistle),
        of.and_then(Of::assignment),
        most,
        of.and_then(Of::exercise)
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Writes the one breach of a clock with its one event. Nothing if another was first.
pub(in super::super) async fn breach(
    tx: &mut Tx,
    tenant: TenantId,
    passed: &Passed,
    sentence: &str,
) -> Result<()> {
    let now = tx.now;
    let event = uuid_at(now);
    let (subject, id) = match (passed.matter, passed.whistle, passed.exercise) {
        (Some(id), ..) => ("matter", id),
        (None, Some(id), _) => ("whistle", id),
        (None, None, Some(id)) => ("exercise", id),
        (None, None, None) => return Ok(()),
    };
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_name, seat, department_id, sentence)
         values ($1, $2, $3, $4::text::event_subject, $5, 'breach', '', $6, $7, $8)",
        tenant.0,
        event,
        passed.due_at,
        subject,
        id,
        passed.seat,
        passed.department,
        sentence
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into breaches (tenant_id, clock_id, due_at, found_at, event_id) values ($1, $2, $3, $4, $5)",
        tenant.0,
        passed.clock,
        passed.due_at,
        now,
        event
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
