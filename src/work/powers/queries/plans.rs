//! All SQL of plans.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Draft, Granted, Meeting, PlanCase, Power};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::base::paging::{COUNTED, Key, PAGE, Paged};
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::documents::Basis;
use crate::org::events::Entry;
use crate::work::PlanId;

/// One plan in the list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: PlanId,
    pub(in super::super) number: i32,
    pub(in super::super) name: String,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    pub(in super::super) basis: Basis,
    pub(in super::super) departments: i64,
    pub(in super::super) streets: i64,
    pub(in super::super) made_at: DateTime<Utc>,
    pub(in super::super) maker: String,
}

/// One page of the plans, the newest first, after the plan of this key.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    (after, from): (Option<Key>, i64),
) -> Result<Paged<Row, Key>> {
    let row = sqlx::query!(
        r#"select (select count(*) from (select from empowerment_plans c where c.tenant_id = $1 limit $2) c) as "total!",
                  coalesce((select json_agg(r) from (
                      select l.id, l.number, l.name, l.from_day, l.to_day, basis_json($1, l.document_id, l.clause) as basis,
                             (select count(distinct g.department_id) from plan_grants g
                               where g.tenant_id = $1 and g.plan_id = l.id) as departments,
                             (select count(*) from plan_streets s where s.tenant_id = $1 and s.plan_id = l.id) as streets,
                             l.made_at, p.name as maker
                        from empowerment_plans l
                        join people p on p.tenant_id = $1 and p.id = l.made_by
                       where l.tenant_id = $1 and ($3::integer is null or l.number < $3)
                       order by l.number desc limit $4) r), '[]') as "rows!: Json<Vec<Row>>""#,
        me.tenant.0,
        COUNTED + 1,
        after.and_then(|a| i32::try_from(a.order).ok()),
        PAGE + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Paged::new(row.rows.0, row.total, from, |r| Key {
        order: r.number.into(),
        id: r.id.0,
    }))
}

/// A plan with everything its page shows.
pub(in super::super) async fn plan(tx: &mut Tx, me: &Viewer, id: PlanId) -> Result<PlanCase> {
    let found = find(tx, me, Some(id)).await?;
    found.ok_or(Error::NotFound)
}

/// The plan that begins last, if there is any.
pub(in super::super) async fn newest(tx: &mut Tx, me: &Viewer) -> Result<Option<PlanCase>> {
    find(tx, me, None).await
}

async fn find(tx: &mut Tx, me: &Viewer, id: Option<PlanId>) -> Result<Option<PlanCase>> {
    let row = sqlx::query!(
        r#"select l.id, l.number, l.name, l.from_day, l.to_day, l.made_at, p.name as maker,
                  basis_json($1, l.document_id, l.clause) as "basis!: Json<Basis>",
                  coalesce((select json_agg(json_build_object('held_on', m.held_on, 'place', m.place,
                         'present', m.present, 'words', m.words) order by m.held_on, m.id)
                     from plan_meetings m where m.tenant_id = $1 and m.plan_id = l.id), '[]')
                     as "meetings!: Json<Vec<Meeting>>",
                  coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                     from plan_streets s join nodes n on n.tenant_id = $1 and n.id = s.street_id
                    where s.tenant_id = $1 and s.plan_id = l.id), '[]') as "streets!: Json<Vec<(String, String)>>",
                  coalesce((select json_agg(json_build_object('department', d.id, 'name', d.name, 'power', g.power,
                         'scope', g.scope) order by d.position, d.id, g.power)
                     from plan_grants g join departments d on d.tenant_id = $1 and d.id = g.department_id
                    where g.tenant_id = $1 and g.plan_id = l.id), '[]') as "grants!: Json<Vec<Granted>>",
                  (select count(*) from (select from power_exercises e
                    where e.tenant_id = $1 and e.plan_id = l.id limit $3) c) as "records!",
                  coalesce((select json_agg(json_build_object('at', v.at, 'verb', v.verb, 'person_name', v.person_name,
                         'seat', v.seat, 'sentence', v.sentence) order by v.at desc, v.id desc)
                     from events v where v.tenant_id = $1 and v.subject = 'plan' and v.subject_id = l.id), '[]')
                     as "timeline!: Json<Vec<Entry>>"
             from empowerment_plans l
             join people p on p.tenant_id = $1 and p.id = l.made_by
            where l.tenant_id = $1 and ($2::uuid is null or l.id = $2)
            order by l.number desc limit 1"#,
        me.tenant.0,
        id.map(|id| id.0),
        COUNTED + 1
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| PlanCase {
        id: PlanId(row.id),
        number: row.number,
        name: row.name,
        from_day: row.from_day,
        to_day: row.to_day,
        made_at: row.made_at,
        maker: row.maker,
        basis: row.basis.0,
        meetings: row.meetings.0,
        streets: row.streets.0,
        grants: row.grants.0,
        records: row.records,
        timeline: row.timeline.0,
    }))
}

/// Departments and streets that a plan may name.
#[derive(Clone, Debug)]
pub(in super::super) struct Offered {
    pub(in super::super) departments: Vec<(DepartmentId, String)>,
    pub(in super::super) streets: Vec<(String, String)>,
}

/// What the form of a plan offers.
pub(in super::super) async fn offered(tx: &mut Tx, me: &Viewer) -> Result<Offered> {
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(json_build_array(d.id, d.name) order by d.position, d.id)
                     from departments d where d.tenant_id = $1 and d.valid_to is null), '[]')
                     as "departments!: Json<Vec<(DepartmentId, String)>>",
                  coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                     from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null), '[]')
                     as "streets!: Json<Vec<(String, String)>>""#,
        me.tenant.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Offered {
        departments: row.departments.0,
        streets: row.streets.0,
    })
}

/// A plan as its successor sees it.
#[derive(Clone, Debug)]
pub(in super::super) struct Held {
    pub(in super::super) id: PlanId,
    pub(in super::super) number: i32,
    pub(in super::super) name: String,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
}

/// The plan, or the one that begins last, locked, so that of two who change it one comes after.
pub(in super::super) async fn hold(
    tx: &mut Tx,
    me: &Viewer,
    id: Option<PlanId>,
) -> Result<Option<Held>> {
    let row = sqlx::query!(
        "select l.id, l.number, l.name, l.from_day, l.to_day from empowerment_plans l
          where l.tenant_id = $1 and ($2::uuid is null or l.id = $2)
          order by l.number desc limit 1 for no key update",
        me.tenant.0,
        id.map(|id| id.0)
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Held {
        id: PlanId(row.id),
        number: row.number,
        name: row.name,
        from_day: row.from_day,
        to_day: row.to_day,
    }))
}

/// The plan is in force until before this day.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    id: PlanId,
    day: NaiveDate,
) -> Result<()> {
    sqlx::query!(
        "update empowerment_plans set to_day = $3 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        day
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a plan with everything it says.
pub(in super::super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, number): (PlanId, i32),
    draft: &Draft,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into empowerment_plans (tenant_id, id, number, name, document_id, clause, from_day, to_day, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        id.0,
        number,
        draft.name,
        draft.basis.document.0,
        draft.basis.clause.number,
        draft.from_day,
        draft.to_day,
        now,
        me.person.0
    )
    .execute(&mut **tx)
    .await;
    // Where no plan is to be locked, two first ones meet here.
    on_constraint(kept, "empowerment_plans_number_key", || Error::Stale)?;
    sqlx::query_scalar!(
        "insert into plan_streets (tenant_id, plan_id, street_id, street_code)
         select n.tenant_id, $2, n.id, n.code from nodes n
          where n.tenant_id = $1 and n.level = 1 and n.valid_to is null and n.code = any($3)
         returning street_code",
        me.tenant.0,
        id.0,
        &draft.streets
    )
    .fetch_all(&mut **tx)
    .await?;
    add_grants(tx, me, id, draft).await?;
    add_meetings(tx, me, id, draft).await
}

async fn add_grants(tx: &mut Tx, me: &Viewer, id: PlanId, draft: &Draft) -> Result<()> {
    let departments: Vec<Uuid> = draft.grants.iter().map(|g| g.0.0).collect();
    let powers: Vec<Power> = draft.grants.iter().map(|g| g.1).collect();
    let scopes: Vec<String> = draft.grants.iter().map(|g| g.2.clone()).collect();
    sqlx::query_scalar!(
        "insert into plan_grants (tenant_id, plan_id, department_id, power, scope)
         select $1, $2, g.department, g.power, g.scope
           from unnest($3::uuid[], $4::power_kind[], $5::text[]) as g (department, power, scope)
         returning department_id",
        me.tenant.0,
        id.0,
        &departments,
        &powers as &[Power],
        &scopes
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

async fn add_meetings(tx: &mut Tx, me: &Viewer, id: PlanId, draft: &Draft) -> Result<()> {
    let now = tx.now;
    for meeting in &draft.meetings {
        sqlx::query!(
            "insert into plan_meetings (tenant_id, id, plan_id, held_on, place, present, words)
             values ($1, $2, $3, $4, $5, $6, $7)",
            me.tenant.0,
            uuid_at(now),
            id.0,
            meeting.held_on,
            meeting.place,
            meeting.present,
            meeting.words
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
