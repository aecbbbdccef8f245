//! Requests of departments in every state, on whistles that the story left open: asked lately, so
//! that their deciders still have time.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::requesting_queries::{self as queries, Breached, Decision, Found, Part, RequestRow};
use super::rows::ReturnRow;
use crate::base::clock::day_of;
use crate::base::id::uuid_at;
use crate::org::calendar::{Calendar, Limit, Unit};
use crate::work::requests::{Kind, until};

const RETURN: &str = "现场查看，问题不在本部门权责界限内。";
const KEEP: &str = "按权责清单界限，仍由原部门办理。";

/// Writes the requests and what follows from them.
pub(super) async fn ask(
    db: &mut PgConnection,
    tenant: Uuid,
    returned: &[ReturnRow],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let found = queries::found(db, tenant).await?;
    let calendar = crate::org::calendar::all(db, crate::org::TenantId(tenant)).await;
    let calendar = calendar.map_err(|error| sqlx::Error::Protocol(format!("{error:?}")))?;
    let granted: Vec<_> = returned.iter().map(|row| granted(row, &calendar)).collect();
    queries::keep(db, tenant, &granted).await?;
    for row in returned {
        queries::rule(db, tenant, row).await?;
    }
    let mut rows = Vec::new();
    returns(&found, &calendar, now, &mut rows);
    let mut busy: Vec<Uuid> = rows.iter().map(|r| r.whistle_id).collect();
    extensions(&found, &calendar, now, (&mut busy, &mut rows));
    let aside = suspension(&found, &calendar, now, (&busy, &mut rows));
    let exempt = appeal(&found, now, &mut rows);
    queries::insert(db, tenant, &rows).await?;
    if let Some((request, whistle, until)) = aside {
        let at = now - TimeDelta::hours(4);
        queries::put_aside(db, tenant, (request, whistle), (at, until)).await?;
    }
    if let Some((clock, request)) = exempt {
        queries::exempt(db, tenant, clock, request).await?;
    }
    Ok(())
}

/// A request that is asked so many minutes ago.
fn asked(part: &Part, kind: Kind, level: i16, ago: i64, now: DateTime<Utc>) -> RequestRow {
    let at = now - TimeDelta::minutes(ago);
    RequestRow {
        id: uuid_at(at),
        whistle_id: part.whistle,
        assignment_id: part.assignment,
        department_id: part.department,
        seat: part.name.clone(),
        kind,
        level,
        reason: RETURN.to_owned(),
        asked_at: at,
        asked_by: part.person,
        asked_post: part.post,
        asked_name: part.person_name.clone(),
        proposed_department_id: None,
        duty_item_id: None,
        until_day: None,
        cause: None,
        due_at: None,
        soon_at: None,
        amount: 1,
        unit: Unit::WorkDay,
        decision: None,
    }
}

/// The decider's time, by the calendar.
fn timed(mut row: RequestRow, limit: Option<Limit>, calendar: &Calendar) -> RequestRow {
    if let Some(limit) = limit {
        let due = calendar.due(row.asked_at, limit, &[]).ok();
        row.due_at = due.as_ref().map(|d| d.at);
        row.soon_at = due.map(|d| d.soon_at);
        (row.amount, row.unit) = (limit.amount(), limit.unit());
    }
    row
}

fn decided(mut row: RequestRow, state: &'static str, by: &Decision, after: i64) -> RequestRow {
    row.decision = Some(Decision {
        state: state.to_owned(),
        at: row.asked_at + TimeDelta::minutes(after),
        ..by.clone()
    });
    row
}

/// A return that the story tells, as a request; who they were, the story has said already.
fn granted(row: &ReturnRow, calendar: &Calendar) -> RequestRow {
    let request = RequestRow {
        id: row.id,
        whistle_id: row.whistle,
        assignment_id: row.assignment,
        department_id: row.to,
        seat: String::new(),
        kind: Kind::Return,
        level: 1,
        reason: row.reason.to_owned(),
        asked_at: row.asked.at,
        asked_by: row.asked.person,
        asked_post: row.asked.post,
        asked_name: String::new(),
        proposed_department_id: Some(row.to),
        duty_item_id: Some(row.duty),
        until_day: None,
        cause: None,
        due_at: None,
        soon_at: None,
        amount: 1,
        unit: Unit::WorkDay,
        decision: Some(Decision {
            state: "granted".to_owned(),
            at: row.decided.at,
            words: row.words.to_owned(),
            person: row.decided.person,
            post: row.decided.post,
            name: String::new(),
            seat: String::new(),
        }),
    };
    timed(request, Limit::new(2, Unit::WorkHour).ok(), calendar)
}

/// One return open at each level.
fn returns(found: &Found, calendar: &Calendar, now: DateTime<Utc>, rows: &mut Vec<RequestRow>) {
    let Some(duty) = &found.duty else { return };
    let mut seen = Vec::new();
    let unsigned = found.parts.iter().filter(|p| p.stage != "reported");
    for part in unsigned {
        let level = i16::try_from(seen.len()).unwrap_or(3) + 1;
        if level > 3 || seen.contains(&part.whistle) || part.department == duty.1 {
            continue;
        }
        seen.push(part.whistle);
        for at in 1..=level {
            let ago = i64::from(level - at) * 20 + 10;
            let mut row = asked(part, Kind::Return, at, ago, now);
            row.proposed_department_id = Some(duty.1);
            row.duty_item_id = Some(duty.0);
            let limit = match at {
                2 => Limit::new(1, Unit::WorkDay),
                _ => Limit::new(2, Unit::WorkHour),
            };
            let row = timed(row, limit.ok(), calendar);
            rows.push(if at < level {
                let by = if at == 1 { &part.deputy } else { &found.office };
                decided(
                    row,
                    "denied",
                    &Decision {
                        words: KEEP.to_owned(),
                        ..by.clone()
                    },
                    10,
                )
            } else {
                row
            });
        }
    }
}

/// One extension that waits, one that was refused.
fn extensions(
    found: &Found,
    calendar: &Calendar,
    now: DateTime<Utc>,
    (busy, rows): (&mut Vec<Uuid>, &mut Vec<RequestRow>),
) {
    let mut count = 0;
    for part in found
        .parts
        .iter()
        .filter(|p| p.stage == "reported" && p.in_time)
    {
        if count == 2 || busy.contains(&part.whistle) || part.kind != "routine" {
            continue;
        }
        busy.push(part.whistle);
        let mut row = asked(part, Kind::Extension, 1, 40, now);
        "管材型号不符，换货在途，三日内到。".clone_into(&mut row.reason);
        let row = timed(row, Limit::new(1, Unit::WorkDay).ok(), calendar);
        rows.push(if count == 0 {
            row
        } else {
            let words = "库存管材可先用，按原时限办理。".to_owned();
            decided(
                row,
                "denied",
                &Decision {
                    words,
                    ..part.deputy.clone()
                },
                20,
            )
        });
        count += 1;
    }
}

/// One whistle put aside until the building season.
fn suspension(
    found: &Found,
    calendar: &Calendar,
    now: DateTime<Utc>,
    (busy, rows): (&[Uuid], &mut Vec<RequestRow>),
) -> Option<(Uuid, Uuid, DateTime<Utc>)> {
    let fits = |p: &&Part| p.role == "lead" && p.stage == "reported" && !busy.contains(&p.whistle);
    let part = found
        .parts
        .iter()
        .filter(fits)
        .max_by_key(|p| p.kind == "tough")?;
    let day: NaiveDate = day_of(now).checked_add_months(Months::new(6))?;
    let mut row = asked(part, Kind::Suspension, 2, 300, now);
    row.until_day = Some(day);
    "冬季冻土不能开挖，须待开春施工期。".clone_into(&mut row.reason);
    let words = "同意挂账，按节点推进，到期复办。".to_owned();
    let row = decided(
        row,
        "granted",
        &Decision {
            words,
            ..found.office.clone()
        },
        60,
    );
    let until = until(calendar, day);
    let named = (row.id, row.whistle_id, until);
    rows.push(row);
    Some(named)
}

/// One breach of a closed whistle that is not counted.
fn appeal(found: &Found, now: DateTime<Utc>, rows: &mut Vec<RequestRow>) -> Option<(Uuid, Uuid)> {
    let Breached {
        part,
        clock,
        closed_at,
    } = found.breached.as_ref()?;
    let ago = (now - *closed_at).num_minutes() - 120;
    let mut row = asked(part, Kind::Appeal, 1, ago.max(1), now);
    row.cause = Some("weather".to_owned());
    "当日大雪封路，抢修车辆无法通行。".clone_into(&mut row.reason);
    let words = "气象记录属实，不计入考核，超期记录保留。".to_owned();
    let row = decided(
        row,
        "granted",
        &Decision {
            words,
            ..part.deputy.clone()
        },
        ago.clamp(0, 60),
    );
    let id = row.id;
    rows.push(row);
    Some((*clock, id))
}
