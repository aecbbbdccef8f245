//! The sample's supervision: what the rules would have brought for the clocks that are short or
//! over now, each at the office's next opening after it was due; one letter answered, one paper by
//! hand, one card.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::supervising_queries::{self as queries, Late, SupervisionRow};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::calendar::{self, Calendar};
use crate::work::supervision::Level;

/// Computes and writes what supervision has done so far.
pub(super) async fn supervise(
    db: &mut PgConnection,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let calendar = calendar::all(db, TenantId(tenant)).await;
    let calendar = calendar.map_err(|error| sqlx::Error::Protocol(format!("{error:?}")))?;
    let late = queries::late(db, tenant, now).await?;
    let mut rows: Vec<SupervisionRow> = late
        .iter()
        .flat_map(|one| papers(one, &calendar, now))
        .collect();
    if let Some(last) = rows
        .iter()
        .rev()
        .find(|r| r.department_id.is_some())
        .cloned()
    {
        let reason = format!("{}上月 3 件任务超期。", last.seat);
        rows.push(SupervisionRow {
            id: uuid_at(now),
            level: Level::Yellow,
            clock_id: None,
            period: Some("2026-10".to_owned()),
            verb: Level::Yellow.verb().code(),
            sentence: Level::Yellow.sentence(&reason),
            reason,
            ..last
        });
    }
    rows.sort_by_key(|r| r.at);
    queries::insert(db, tenant, &rows).await
}

/// The papers of one clock, in order.
fn papers(one: &Late, calendar: &Calendar, now: DateTime<Utc>) -> Vec<SupervisionRow> {
    let (Some(due), Some(soon)) = (one.clock.due_at, one.clock.soon_at) else {
        return Vec::new();
    };
    let half = due + (due - one.clock.started_at) / 2;
    let times = [
        (Level::Urge, soon),
        (Level::Street, due),
        (Level::City, half),
    ];
    let of_department = one.department_id.is_some();
    let times = times
        .into_iter()
        .filter(|(level, _)| of_department || *level != Level::City);
    let issued = times.filter_map(|(level, from)| {
        let at = if one.urgent {
            from
        } else {
            calendar.opening(from).ok()?
        };
        (at < now).then(|| row(one, level, at, calendar))
    });
    issued.collect()
}

fn row(one: &Late, level: Level, at: DateTime<Utc>, calendar: &Calendar) -> SupervisionRow {
    let left = match one.clock.due_at {
        Some(due) => calendar.left(one.clock.unit, at + chrono::Duration::minutes(1), due),
        None => String::new(),
    };
    let reason = format!("{}{}{left}。", one.seat, one.clock.stage.label());
    SupervisionRow {
        id: uuid_at(at),
        whistle_id: one.whistle_id,
        assignment_id: one.clock.assignment_id,
        department_id: one.department_id,
        seat: one.seat.clone(),
        level,
        clock_id: Some(one.clock.id),
        period: None,
        at,
        verb: level.verb().code(),
        sentence: level.sentence(&reason),
        reason,
    }
}
