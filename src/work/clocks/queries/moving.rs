//! The SQL of what a change of the calendar moves.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Running;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// An open item, and why it may not move.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Open {
    pub(in super::super) item: Uuid,
    pub(in super::super) late: bool,
    pub(in super::super) paused: bool,
}

/// Everything open: clocks that the calendar may move, and the items behind all clocks.
#[derive(Clone, Debug)]
pub(in super::super) struct Field {
    pub(in super::super) running: Vec<Running>,
    pub(in super::super) open: Vec<Open>,
    pub(in super::super) closed: i64,
}

/// Clocks that run by the calendar and were not passed, the tightest first; and what else is open.
pub(in super::super) async fn field(tx: &mut Tx, tenant: TenantId) -> Result<Field> {
    let now = tx.now;
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(json_build_object('clock', clock_json($1, c.id), 'matter', c.matter_id,
                          'whistle', c.whistle_id, 'exercise', c.exercise_id,
                          'title', coalesce(w.title, m.title, x.title, ''))
                          order by c.due_at nulls last, c.id)
                     from clocks c
                     left join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
                     left join matters m on m.tenant_id = $1 and m.id = c.matter_id
                     left join power_exercises x on x.tenant_id = $1 and x.id = c.exercise_id
                    where c.tenant_id = $1 and c.stopped_at is null and c.paused_at is null
                      and c.unit in ('work_hour', 'work_day') and c.stage <> 'suspension'
                      and (c.due_at is null or c.due_at >= $2)
                      and not exists (select from breaches b where b.tenant_id = $1 and b.clock_id = c.id)),
                  '[]') as "running!: Json<Vec<Running>>",
                  coalesce((select json_agg(o) from (
                     select coalesce(c.whistle_id, c.matter_id, c.exercise_id) as item,
                            bool_or(c.paused_at is null and c.stage <> 'suspension' and coalesce(c.due_at < $2, false)) as late,
                            bool_or(c.paused_at is not null or c.stage = 'suspension') as paused
                       from clocks c where c.tenant_id = $1 and c.stopped_at is null group by 1) o),
                  '[]') as "open!: Json<Vec<Open>>",
                  (select count(*) from whistles w where w.tenant_id = $1 and w.closed_at is not null) as "closed!""#,
        tenant.0,
        now
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Field {
        running: row.running.0,
        open: row.open.0,
        closed: row.closed,
    })
}

/// Holds every item with a running clock until the transaction ends, in the order in which the
/// moves of items do it: first the item, then its clocks.
pub(in super::super) async fn hold(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    sqlx::query_scalar!(
        "select w.id from whistles w
          where w.tenant_id = $1 and w.id in (select c.whistle_id from clocks c
                 where c.tenant_id = $1 and c.stopped_at is null)
          order by w.id for no key update",
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query_scalar!(
        "select m.id from matters m
          where m.tenant_id = $1 and m.id in (select c.matter_id from clocks c
                 where c.tenant_id = $1 and c.stopped_at is null)
          order by m.id for no key update",
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query_scalar!(
        "select e.id from power_exercises e
          where e.tenant_id = $1 and e.id in (select c.exercise_id from clocks c
                 where c.tenant_id = $1 and c.stopped_at is null)
          order by e.id for no key update",
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// A clock with its new times.
pub(in super::super) type Times = (Uuid, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Gives clocks that still run their new times.
pub(in super::super) async fn retime(tx: &mut Tx, tenant: TenantId, times: &[Times]) -> Result<()> {
    let ids: Vec<Uuid> = times.iter().map(|t| t.0).collect();
    let due: Vec<Option<DateTime<Utc>>> = times.iter().map(|t| t.1).collect();
    let soon: Vec<Option<DateTime<Utc>>> = times.iter().map(|t| t.2).collect();
    sqlx::query!(
        "update clocks c set due_at = x.due_at, soon_at = x.soon_at
           from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as x (id, due_at, soon_at)
          where c.tenant_id = $1 and c.id = x.id and c.stopped_at is null and c.paused_at is null",
        tenant.0,
        &ids,
        &due as &[Option<DateTime<Utc>>],
        &soon as &[Option<DateTime<Utc>>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
