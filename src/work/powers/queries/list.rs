//! The list of records: a street's ledger, a department's inbox, the rows behind a figure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::super::model::{AnswerKind, OpinionKind, Origin, Power, Stage};
use crate::base::clock::midnight;
use crate::base::db::{Tx, anywhere};
use crate::base::error::Result;
use crate::base::paging::{BATCH, COUNTED, Key, PAGE, Paged};
use crate::org::DepartmentId;
use crate::org::access::{Permission, PostKind, Viewer};
use crate::org::calendar::{Calendar, Unit};
use crate::work::ExerciseId;
use crate::work::clocks::Nearest;

/// Which records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Tab {
    /// Those that wait for the viewer's post.
    Mine,
    /// Those that are not over.
    #[default]
    Open,
    /// Those that are.
    Ended,
    /// All.
    All,
}

/// What the filter narrows the list to.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each narrows the list by itself"
)]
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    pub(in super::super) tab: Tab,
    pub(in super::super) words: Option<String>,
    pub(in super::super) power: Option<Power>,
    pub(in super::super) origin: Option<Origin>,
    pub(in super::super) department: Option<DepartmentId>,
    pub(in super::super) street: Option<String>,
    /// Begun on or after this day.
    pub(in super::super) from: Option<NaiveDate>,
    /// Begun on or before this day.
    pub(in super::super) to: Option<NaiveDate>,
    /// Answered.
    pub(in super::super) answered: bool,
    /// Adopted, whole or partly.
    pub(in super::super) adopted: bool,
    /// The department was late.
    pub(in super::super) late: bool,
    /// Answered, and the department was not late.
    pub(in super::super) in_time: bool,
    /// No cadre records.
    pub(in super::super) without_cadre: bool,
}

/// One record in the list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: ExerciseId,
    pub(in super::super) number: String,
    pub(in super::super) power: Power,
    pub(in super::super) origin: Origin,
    pub(in super::super) stage: Stage,
    pub(in super::super) title: String,
    pub(in super::super) department: String,
    pub(in super::super) street: String,
    pub(in super::super) asked_at: DateTime<Utc>,
    pub(in super::super) answer: Option<AnswerKind>,
    pub(in super::super) answered_at: Option<DateTime<Utc>>,
    pub(in super::super) opinion: Option<OpinionKind>,
    pub(in super::super) opined_at: Option<DateTime<Utc>>,
    pub(in super::super) opinion_words: Option<String>,
    pub(in super::super) objected: bool,
    pub(in super::super) score: Option<i16>,
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
    pub(in super::super) nearest: Option<Nearest>,
    /// How late the department was, from the due time to its answer or now.
    pub(in super::super) late_from: Option<DateTime<Utc>>,
    pub(in super::super) late_unit: Option<Unit>,
    /// What the viewer's post is to do.
    pub(in super::super) act: Option<String>,
    pub(in super::super) order_key: i64,
}

/// A page of the list with the counts of its tabs.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Row, Key>,
    pub(in super::super) mine: i64,
    pub(in super::super) open: i64,
    pub(in super::super) ended: i64,
    pub(in super::super) calendar: Calendar,
    /// Departments and streets of the filter.
    pub(in super::super) departments: Vec<(DepartmentId, String)>,
    pub(in super::super) streets: Vec<(String, String)>,
}

/// One page, what is due first first, after the row of this key.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), (PAGE, true)).await
}

/// The part of the export after the given row. Cadre records are never exported.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
) -> Result<Listed> {
    rows(tx, me, filter, (after, 1), (BATCH, false)).await
}

#[expect(
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
    (size, with_cadre): (i64, bool),
) -> Result<Listed> {
    let (reach, today) = (me.reach(), tx.today());
    let reads_cadre = with_cadre && !filter.without_cadre && me.kind.may(Permission::ReadCadre);
    let begun = filter.from.map(midnight);
    let before = filter.to.and_then(|d| d.succ_opt()).map(midnight);
    let row = sqlx::query!(
        r#"
        with mine as (
            select q.exercise_id, min(q.act) as act from powers_waiting($1, $2, $3, $4) q group by 1
        ), reached as (
            select e.* from power_exercises e
             where e.tenant_id = $1 and ($5 or e.power <> 'cadre') and ($6::text is null or e.street_code = $6)
               and ($4::uuid is null or e.department_id = $4 or exists (select from exercise_parties y
                     where y.tenant_id = $1 and y.exercise_id = e.id and y.department_id = $4))
               and ($7::text is null or e.title ilike $7 or e.number ilike $7)
               and ($8::power_kind is null or e.power = $8) and ($9::exercise_origin is null or e.origin = $9)
               and ($10::uuid is null or e.department_id = $10) and ($11::text is null or e.street_code = $11)
               and ($12::timestamptz is null or e.asked_at >= $12) and ($13::timestamptz is null or e.asked_at < $13)
               and (not $14 or e.answer is not null) and (not $15 or e.answer in ('adopted', 'partly'))
               and (not $16 or was_late($1, e.id))
               and (not $23 or (e.answer is not null and not was_late($1, e.id)))
        ), kept as (
            select r.* from reached r
             where case $17 when 'mine' then exists (select from mine q where q.exercise_id = r.id)
                            when 'open' then r.closed_at is null and r.withdrawn_at is null
                            when 'ended' then r.closed_at is not null or r.withdrawn_at is not null
                            else r.withdrawn_at is null end
        )
        select (select count(*) from (select from kept limit $18) c) as "total!",
               (select count(*) from reached r join mine q on q.exercise_id = r.id) as "mine!",
               (select count(*) from (select from reached r where r.closed_at is null and r.withdrawn_at is null
                                       limit $18) c) as "open!",
               (select count(*) from (select from reached r where r.closed_at is not null or r.withdrawn_at is not null
                                       limit $18) c) as "ended!",
               coalesce((select json_agg(r) from (
                   select k.id, k.number, k.power, k.origin, k.stage, k.title, d.name as department, n.name as street,
                          k.asked_at, k.answer, k.answered_at, k.objected, k.score, k.order_key,
                          coalesce(k.closed_at, k.withdrawn_at) as ended_at,
                          o.kind as opinion, o.given_at as opined_at, left(o.words, 24) as opinion_words,
                          case when k.closed_at is null and k.withdrawn_at is null
                               then due_json(k.due_stage, k.due_unit, k.due_at, k.soon_at) end as nearest,
                          b.due_at as late_from, b.unit as late_unit, q.act
                     from kept k
                     join departments d on d.tenant_id = $1 and d.id = k.department_id
                     join nodes n on n.tenant_id = $1 and n.code = k.street_code
                     left join exercise_opinions o on o.tenant_id = $1 and o.exercise_id = k.id
                     left join lateral (select x.due_at, c.unit from clocks c
                            join breaches x on x.tenant_id = $1 and x.clock_id = c.id
                           where c.tenant_id = $1 and c.exercise_id = k.id and c.stage = 'answer'
                           order by x.due_at limit 1) b on true
                     left join mine q on q.exercise_id = k.id
                    where $19::bigint is null or (k.order_key, k.id) > ($19, $20::uuid)
                    order by k.order_key, k.id limit $21) r), '[]') as "rows!: Json<Vec<Row>>",
               calendar_around($1, $22) as "calendar!: Json<Calendar>",
               coalesce((select json_agg(json_build_array(d.id, d.name) order by d.position)
                  from departments d where d.tenant_id = $1
                   and exists (select from plan_grants g where g.tenant_id = $1 and g.department_id = d.id)), '[]')
                  as "departments!: Json<Vec<(DepartmentId, String)>>",
               coalesce((select json_agg(json_build_array(n.code, n.name) order by n.code)
                  from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null), '[]')
                  as "streets!: Json<Vec<(String, String)>>"
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        reach.department,
        reads_cadre,
        reach.street,
        filter.words.as_deref().map(anywhere),
        filter.power as Option<Power>,
        filter.origin as Option<Origin>,
        filter.department.map(|d| d.0),
        filter.street,
        begun,
        before,
        filter.answered,
        filter.adopted,
        filter.late,
        tab(filter.tab),
        COUNTED + 1,
        after.map(|a| a.order),
        after.map(|a| a.id),
        size + 1,
        today,
        filter.in_time
    )
    .fetch_one(&mut **tx)
    .await?;
    let page = Paged::sized(row.rows.0, size, (row.total, from), |r| Key {
        order: r.order_key,
        id: r.id.0,
    });
    Ok(Listed {
        page,
        mine: row.mine,
        open: row.open,
        ended: row.ended,
        calendar: row.calendar.0,
        departments: row.departments.0,
        streets: row.streets.0,
    })
}

fn tab(tab: Tab) -> &'static str {
    match tab {
        Tab::Mine => "mine",
        Tab::Open => "open",
        Tab::Ended => "ended",
        Tab::All => "all",
    }
}
