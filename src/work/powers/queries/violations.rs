//! All SQL of violations that somebody tells, and the list of all.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Fault, Power, ViolationKind};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::DepartmentId;
use crate::org::access::{Permission, PostKind, Viewer};
use crate::work::{ExerciseId, PlanId, ViolationId};

/// What the filter narrows the list to.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    pub(in super::super) department: Option<DepartmentId>,
    pub(in super::super) street: Option<String>,
    pub(in super::super) power: Option<Power>,
    pub(in super::super) kind: Option<ViolationKind>,
    /// Only those that were struck, or only those that were not.
    pub(in super::super) struck: Option<bool>,
    /// Happened on or after this day.
    pub(in super::super) from: Option<NaiveDate>,
    /// Happened on or before this day.
    pub(in super::super) to: Option<NaiveDate>,
}

/// One violation. What a cadre one says is there only for those who may read it.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Violation {
    pub(in super::super) id: ViolationId,
    pub(in super::super) kind: ViolationKind,
    pub(in super::super) department: String,
    pub(in super::super) street: String,
    pub(in super::super) power: Power,
    pub(in super::super) words: Option<String>,
    pub(in super::super) happened_on: NaiveDate,
    pub(in super::super) found_at: DateTime<Utc>,
    /// Who told it; the program tells the rest.
    pub(in super::super) finder: Option<String>,
    pub(in super::super) exercise: Option<ExerciseId>,
    pub(in super::super) number: Option<String>,
    pub(in super::super) struck_at: Option<DateTime<Utc>>,
    pub(in super::super) striker: Option<String>,
    pub(in super::super) struck_words: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Violation, ViolationId>,
    /// Departments and streets of the filter.
    pub(in super::super) departments: Vec<(DepartmentId, String)>,
    pub(in super::super) streets: Vec<(String, String)>,
}

/// One page, what was found last first, after the given violation.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<ViolationId>, i64),
) -> Result<Listed> {
    let reads = me.kind.may(Permission::ReadCadre);
    rows(tx, me, filter, (after, from), (PAGE, reads)).await
}

/// The part of the export after the given row. What cadre ones say is never exported.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<ViolationId>,
) -> Result<Paged<Violation, ViolationId>> {
    Ok(rows(tx, me, filter, (after, 1), (BATCH, false)).await?.page)
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<ViolationId>, i64),
    (size, reads): (i64, bool),
) -> Result<Listed> {
    let reach = me.reach();
    let row = sqlx::query!(
        r#"
        with kept as (
            select v.* from power_violations v
             where v.tenant_id = $1 and not $2 and ($3::text is null or v.street_code = $3)
               and ($4::uuid is null or v.department_id = $4)
               and ($5::uuid is null or v.department_id = $5) and ($6::text is null or v.street_code = $6)
               and ($7::power_kind is null or v.power = $7) and ($8::violation_kind is null or v.kind = $8)
               and ($9::boolean is null or (v.struck_at is not null) = $9)
               and ($10::date is null or v.happened_on >= $10) and ($11::date is null or v.happened_on <= $11)
        )
        select (select count(*) from (select from kept limit $12) c) as "total!",
               coalesce((select json_agg(r) from (
                   select k.id, k.kind, d.name as department, n.name as street, k.power,
                          k.happened_on, k.found_at, f.name as finder, k.struck_at, s.name as striker,
                          case when $13 or k.power <> 'cadre' then k.words end as words,
                          case when $13 or k.power <> 'cadre' then k.struck_words end as struck_words,
                          case when $13 or k.power <> 'cadre' then k.exercise_id end as exercise,
                          case when $13 or k.power <> 'cadre' then e.number end as number
                     from kept k
                     join departments d on d.tenant_id = $1 and d.id = k.department_id
                     join nodes n on n.tenant_id = $1 and n.code = k.street_code
                     left join power_exercises e on e.tenant_id = $1 and e.id = k.exercise_id
                     left join people f on f.tenant_id = $1 and f.id = k.found_by
                     left join people s on s.tenant_id = $1 and s.id = k.struck_by
                    where $14::uuid is null
                       or (k.found_at, k.id) < (select o.found_at, o.id from power_violations o
                                                 where o.tenant_id = $1 and o.id = $14)
                    order by k.found_at desc, k.id desc limit $15) r), '[]') as "rows!: Json<Vec<Violation>>",
               coalesce((select json_agg(json_build_array(d.id, d.name) order by d.position, d.id)
                  from departments d where d.tenant_id = $1
                   and exists (select from plan_grants g where g.tenant_id = $1 and g.department_id = d.id)), '[]')
                  as "departments!: Json<Vec<(DepartmentId, String)>>",
               coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                  from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null), '[]')
                  as "streets!: Json<Vec<(String, String)>>"
        "#,
        me.tenant.0,
        reach.nothing || reach.community.is_some(),
        reach.street,
        reach.department,
        filter.department.map(|d| d.0),
        filter.street,
        filter.power as Option<Power>,
        filter.kind as Option<ViolationKind>,
        filter.struck,
        filter.from,
        filter.to,
        COUNTED + 1,
        reads,
        after.map(|a| a.0),
        size + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (row.total, from), |r| r.id),
        departments: row.departments.0,
        streets: row.streets.0,
    })
}

/// One violation, as those who may strike it see it.
pub(in super::super) async fn violation(
    tx: &mut Tx,
    me: &Viewer,
    id: ViolationId,
) -> Result<Violation> {
    let reads = me.kind.may(Permission::ReadCadre);
    let row = sqlx::query_scalar!(
        r#"select json_build_object('id', v.id, 'kind', v.kind, 'department', d.name,
                  'street', n.name, 'power', v.power, 'happened_on', v.happened_on, 'found_at', v.found_at,
                  'finder', f.name, 'struck_at', v.struck_at, 'striker', s.name,
                  'words', case when $3 or v.power <> 'cadre' then v.words end,
                  'struck_words', case when $3 or v.power <> 'cadre' then v.struck_words end,
                  'exercise', case when $3 or v.power <> 'cadre' then v.exercise_id end,
                  'number', case when $3 or v.power <> 'cadre' then e.number end) as "row!: Json<Violation>"
             from power_violations v
             join departments d on d.tenant_id = $1 and d.id = v.department_id
             join nodes n on n.tenant_id = $1 and n.code = v.street_code
             left join power_exercises e on e.tenant_id = $1 and e.id = v.exercise_id
             left join people f on f.tenant_id = $1 and f.id = v.found_by
             left join people s on s.tenant_id = $1 and s.id = v.struck_by
            where v.tenant_id = $1 and v.id = $2"#,
        me.tenant.0,
        id.0,
        reads
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.ok_or(Error::NotFound)?.0)
}

/// Keeps what somebody tells.
pub(in super::super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, plan): (ViolationId, PlanId),
    fault: &Fault,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into power_violations (tenant_id, id, kind, plan_id, department_id, power, street_code, words,
                                       happened_on, found_at, found_by, found_post)
         values ($1, $2, 'not_asked', $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        me.tenant.0,
        id.0,
        plan.0,
        fault.department.0,
        fault.power as Power,
        fault.street,
        fault.words,
        fault.happened_on,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It was none, if nobody said so before; the row stays.
pub(in super::super) async fn strike(
    tx: &mut Tx,
    me: &Viewer,
    id: ViolationId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    let struck = sqlx::query!(
        "update power_violations set struck_at = $3, struck_by = $4, struck_words = $5
          where tenant_id = $1 and id = $2 and struck_at is null",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        reason
    )
    .execute(&mut **tx)
    .await?;
    if struck.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// The posts of a violation's street and department, of these kinds.
pub(in super::super) async fn hearers(
    tx: &mut Tx,
    me: &Viewer,
    id: ViolationId,
    kinds: &[PostKind],
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select p.id
           from power_violations v
           join posts p on p.tenant_id = $1 and p.kind = any($3) and p.valid_to is null and p.id <> $4
                and (p.node_code = v.street_code or p.department_id = v.department_id)
          where v.tenant_id = $1 and v.id = $2
          order by p.id",
        me.tenant.0,
        id.0,
        kinds as &[PostKind],
        me.post.0
    )
    .fetch_all(&mut **tx)
    .await?)
}
