//! What the matrix counts in a period, in one statement.

use chrono::NaiveDate;
use sqlx::types::Json;

use super::super::model::{Counted, Power};
use super::list::Row;
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::paging::PAGE;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;
use crate::work::PlanId;

/// What is counted.
#[derive(Clone, Debug)]
pub(in super::super) struct Asked<'a> {
    /// The period's first and last day.
    pub(in super::super) days: (NaiveDate, NaiveDate),
    /// Only this street.
    pub(in super::super) street: Option<&'a str>,
    /// Whether cadre records are counted at all.
    pub(in super::super) tells_cadre: bool,
    /// The cell whose records are wanted: its power, and its department or all.
    pub(in super::super) cell: Option<(Power, Option<DepartmentId>)>,
}

/// The figures with everything that stands around them.
#[derive(Clone, Debug)]
pub(in super::super) struct Book {
    /// The plan in force on the period's last day.
    pub(in super::super) plan: Option<(PlanId, String)>,
    pub(in super::super) departments: Vec<(DepartmentId, String)>,
    pub(in super::super) grants: Vec<(DepartmentId, Power)>,
    pub(in super::super) counted: Vec<Counted>,
    /// Projects that streets proposed of themselves.
    pub(in super::super) proposed: i64,
    /// Violations that were not struck.
    pub(in super::super) violations: i64,
    /// First days of the quarters in which a record was begun.
    pub(in super::super) quarters: Vec<NaiveDate>,
    /// Streets of the filter.
    pub(in super::super) streets: Vec<(String, String)>,
    /// Records of the opened cell, in the order of the list; one more than a page if there are more.
    pub(in super::super) rows: Vec<Row>,
    pub(in super::super) calendar: Calendar,
}

/// Reads no more than the period: records and violations by their day, one look for each quarter.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn book(tx: &mut Tx, me: &Viewer, asked: &Asked<'_>) -> Result<Book> {
    let (reach, today, (from, to)) = (me.reach(), tx.today(), asked.days);
    let after = to.succ_opt().unwrap_or(to);
    let row = sqlx::query!(
        r#"
        with plan as (
            select l.id, l.name from empowerment_plans l
             where l.tenant_id = $1 and l.from_day <= $3 and (l.to_day is null or l.to_day > $3)
        ), begun as (
            select e.* from power_exercises e
             where e.tenant_id = $1 and e.asked_at >= $4 and e.asked_at < $5 and e.withdrawn_at is null
               and ($6::text is null or e.street_code = $6) and ($7::uuid is null or e.department_id = $7)
               and ($8 or e.power <> 'cadre')
        ), counted as (
            select b.department_id as department, b.power, count(*) as count, count(b.answer) as answered,
                   count(*) filter (where b.answer in ('adopted', 'partly')) as adopted,
                   count(*) filter (where was_late($1, b.id)) as late
              from begun b where b.origin = 'department' or b.power = 'coordination'
             group by 1, 2
        ), granted as (
            select g.department_id, g.power from plan p
              join plan_grants g on g.tenant_id = $1 and g.plan_id = p.id
             where $7::uuid is null or g.department_id = $7
        )
        select (select json_build_array(p.id, p.name) from plan p) as "plan: Json<(PlanId, String)>",
               coalesce((select json_agg(json_build_array(d.id, d.name) order by d.position, d.id)
                  from departments d
                 where d.tenant_id = $1 and (d.id in (select g.department_id from granted g)
                       or d.id in (select c.department from counted c))), '[]')
                  as "departments!: Json<Vec<(DepartmentId, String)>>",
               coalesce((select json_agg(json_build_array(g.department_id, g.power)) from granted g), '[]')
                  as "grants!: Json<Vec<(DepartmentId, Power)>>",
               coalesce((select json_agg(c) from counted c), '[]') as "counted!: Json<Vec<Counted>>",
               (select count(*) from begun b where b.power = 'project' and b.origin = 'street') as "proposed!",
               (select count(*) from power_violations v
                 where v.tenant_id = $1 and v.happened_on between $2 and $3 and v.struck_at is null
                   and ($6::text is null or v.street_code = $6) and ($7::uuid is null or v.department_id = $7))
                  as "violations!",
               coalesce((select array_agg(q.day::date order by q.day) from generate_series(
                     date_trunc('quarter', (select min(e.asked_at) from power_exercises e where e.tenant_id = $1)
                                at time zone 'Asia/Shanghai'), $9::date, interval '3 months') q (day)
                 where exists (select from power_exercises e
                        where e.tenant_id = $1 and e.asked_at >= q.day at time zone 'Asia/Shanghai'
                          and e.asked_at < (q.day + interval '3 months') at time zone 'Asia/Shanghai')), '{}')
                  as "quarters!",
               coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                  from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null), '[]')
                  as "streets!: Json<Vec<(String, String)>>",
               coalesce((select json_agg(r) from (
                   select k.id, k.number, k.power, k.origin, k.stage, k.title, d.name as department, n.name as street,
                          k.asked_at, k.answer, k.answered_at, k.objected, k.score, k.order_key, null as act,
                          k.closed_at as ended_at, o.kind as opinion, o.given_at as opined_at,
                          left(o.words, 24) as opinion_words,
                          case when k.closed_at is null
                               then due_json(k.due_stage, k.due_unit, k.due_at, k.soon_at) end as nearest,
                          x.due_at as late_from, x.unit as late_unit
                     from begun k
                     join departments d on d.tenant_id = $1 and d.id = k.department_id
                     join nodes n on n.tenant_id = $1 and n.code = k.street_code
                     left join exercise_opinions o on o.tenant_id = $1 and o.exercise_id = k.id
                     left join lateral (select s.due_at, c.unit from clocks c
                            join breaches s on s.tenant_id = $1 and s.clock_id = c.id
                           where c.tenant_id = $1 and c.exercise_id = k.id and c.stage = 'answer'
                           order by s.due_at limit 1) x on true
                    where k.power = $10 and ($11::uuid is null or k.department_id = $11)
                      and (k.origin = 'department' or k.power = 'coordination')
                    order by k.order_key, k.id limit $12) r), '[]') as "rows!: Json<Vec<Row>>",
               calendar_around($1, $9) as "calendar!: Json<Calendar>"
        "#,
        me.tenant.0,
        from,
        to,
        midnight(from),
        midnight(after),
        reach.street.as_deref().or(asked.street),
        reach.department,
        asked.tells_cadre,
        today,
        asked.cell.map(|c| c.0) as Option<Power>,
        asked.cell.and_then(|c| c.1).map(|d| d.0),
        PAGE + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Book {
        plan: row.plan.map(|p| p.0),
        departments: row.departments.0,
        grants: row.grants.0,
        counted: row.counted.0,
        proposed: row.proposed,
        violations: row.violations,
        quarters: row.quarters,
        streets: row.streets.0,
        rows: row.rows.0,
        calendar: row.calendar.0,
    })
}
