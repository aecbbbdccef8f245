//! The SQL of the leader's page beside the figures of the catalogue, in one round trip. Nothing here
//! counts over history: days that are over are counted already.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Task;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer};
use crate::org::announcements::Unread;
use crate::org::calendar::Calendar;
use crate::work::clocks::Nearest;
use crate::work::figures::{Figure, Live, LiveCount};

/// How many of a figure a day brought.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(in super::super) struct OfDay {
    pub(in super::super) day: NaiveDate,
    pub(in super::super) figure: Figure,
    pub(in super::super) count: i64,
}

/// How many whistles of a street sounded in one of the last twelve weeks; 0 is the last seven days.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct OfWeek {
    pub(in super::super) street: String,
    pub(in super::super) week: i64,
    pub(in super::super) count: i64,
}

/// A class with what each of the last twelve months brought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Class {
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    /// By the first day of the month.
    pub(in super::super) months: std::collections::HashMap<NaiveDate, i64>,
}

/// A community with what was filed there lately, just before, and in the same days a year before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Hot {
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) street: String,
    pub(in super::super) now: i64,
    pub(in super::super) before: i64,
    pub(in super::super) year: i64,
}

/// A whistle that is past its limit, and whom it waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Late {
    pub(in super::super) id: Uuid,
    pub(in super::super) title: String,
    pub(in super::super) street: String,
    pub(in super::super) department: Option<String>,
    pub(in super::super) nearest: Option<Nearest>,
}

/// How many late whistles a street or a department has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct LateOf {
    /// A street's code or a department's id.
    pub(in super::super) key: String,
    pub(in super::super) count: i64,
}

/// Everything the leader's page shows beside the catalogue.
#[derive(Clone, Debug)]
pub(in super::super) struct City {
    /// What the last three days brought, today with them.
    pub(in super::super) days: Vec<OfDay>,
    pub(in super::super) weeks: Vec<OfWeek>,
    /// The classes filed most, the first of them first.
    pub(in super::super) classes: Vec<Class>,
    pub(in super::super) hot: Vec<Hot>,
    /// The whistles that are latest.
    pub(in super::super) late: Vec<Late>,
    pub(in super::super) late_of: Vec<LateOf>,
    pub(in super::super) whistles_late: i64,
    /// How many were late when the last day was over, if somebody looked then.
    pub(in super::super) late_yesterday: Option<i64>,
    /// The residents whom the viewer's post has to ask, longest waiting first.
    pub(in super::super) to_ask: Vec<Task>,
    /// The requests that the viewer's post decides on, longest waiting first.
    pub(in super::super) to_decide: Vec<Task>,
    /// The objections to scores that wait for the viewer's post: a panel to call or a vote to give,
    /// the earliest due first, then the longest waiting.
    pub(in super::super) to_judge: Vec<Task>,
    /// The days around today.
    pub(in super::super) calendar: Calendar,
    /// What the viewer has still to read.
    pub(in super::super) unread: Vec<Unread>,
    /// Whether the calendar of the year asked for is known.
    pub(in super::super) knows_year: bool,
}

/// Things of one kind that the desk shows at most.
const FIRST: i64 = 6;

/// Which days the parts of the page look at.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Days {
    /// The first of the twelve months.
    pub(in super::super) months_from: NaiveDate,
    /// The first of the days of the hot places, of those before, of those a year before and the last
    /// of these.
    pub(in super::super) lately_from: NaiveDate,
    pub(in super::super) before_from: NaiveDate,
    pub(in super::super) year_from: NaiveDate,
    pub(in super::super) year_to: NaiveDate,
}

/// The city as it stands. The days that are not kept were counted by whoever asked for them.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn city(
    tx: &mut Tx,
    me: &Viewer,
    (days, live): (Days, &Live),
    year: Option<i32>,
) -> Result<City> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with streets as materialized (
            select n.code, n.name from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null
        ), communities as materialized (
            select n.code, n.name, n.parent_code from nodes n
             where n.tenant_id = $1 and n.level = 2 and n.valid_to is null
        ), classes as materialized (
            select c.code, coalesce(c.quick_name, c.name) as name, 'class:' || c.code as scope
              from classes_on($1, $7) c
        ), counted as materialized (
            select c.scope, c.figure, c.day, c.count
              from jsonb_to_recordset($15) as c(scope text, figure figure_code, day date, count bigint)
        ), figures as not materialized (
            select k.scope, k.figure, k.day, k.count::bigint as count
              from figure_days k
             where k.tenant_id = $1 and k.day <> all ($14)
            union all
            select c.scope, c.figure, c.day, c.count from counted c
        ), by_day as materialized (
            select figures_by_day_from($14, $7) as first
        ), late as materialized (
            select w.id, w.title, w.street_code, w.due_stage, w.due_unit, w.due_at, w.soon_at
              from whistles w
             where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null and w.sounded_at is not null
               and w.due_at < $8 and lamp_of(w.due_at, w.soon_at, w.due_stage, null, $8) = 'red'
        )
        select (select coalesce(json_agg(json_build_object('day', f.day, 'figure', f.figure, 'count', f.count)), '[]')
                  from figures f
                 where f.scope = '' and f.day >= $7 - 2 and f.figure in ('filed', 'solved', 'sounded', 'closed'))
                  as "days!: Json<Vec<OfDay>>",
               (select coalesce(json_agg(x), '[]') from (
                   select f.scope as street, ($7 - f.day) / 7 as week, sum(f.count)::bigint as count
                     from figures f
                    where f.scope = any (array(select s.code from streets s)) and f.figure = 'sounded'
                      and f.day > $7 - 84
                    group by 1, 2) x) as "weeks!: Json<Vec<OfWeek>>",
               (select coalesce(json_agg(json_build_object('code', x.code, 'name', x.name, 'months', x.months)
                       order by x.total desc, x.code), '[]') from (
                   select c.code, c.name, sum(m.count)::bigint as total, json_object_agg(m.month, m.count) as months
                     from (select k.scope, k.month, k.count
                             from figure_months k
                            where k.tenant_id = $1 and k.scope = any (array(select s.scope from classes s))
                              and k.figure = 'filed' and k.month >= $9 and k.month < (select b.first from by_day b)
                           union all
                           select f.scope, date_trunc('month', f.day)::date, sum(f.count)::bigint
                             from figures f
                            where f.scope = any (array(select s.scope from classes s)) and f.figure = 'filed'
                              and f.day >= $9 and f.day >= (select b.first from by_day b)
                            group by 1, 2) m
                     join classes c on c.scope = m.scope
                    group by c.code, c.name order by 3 desc, c.code limit 10) x) as "classes!: Json<Vec<Class>>",
               (select coalesce(json_agg(x order by x.now desc, x.code), '[]') from (
                   select c.code, c.name, s.name as street,
                          coalesce(sum(f.count) filter (where f.day >= $10), 0)::bigint as now,
                          coalesce(sum(f.count) filter (where f.day >= $11 and f.day < $10), 0)::bigint as before,
                          coalesce(sum(f.count) filter (where f.day <= $13), 0)::bigint as year
                     from (select f.scope, f.day, f.count from figures f
                            where f.scope = any (array(select s.code from communities s)) and f.figure = 'filed'
                              and f.day between $12 and $13
                           union all
                           select f.scope, f.day, f.count from figures f
                            where f.scope = any (array(select s.code from communities s)) and f.figure = 'filed'
                              and f.day >= $11) f
                     join communities c on c.code = f.scope
                     join streets s on s.code = c.parent_code
                    group by c.code, c.name, s.name
                   having sum(f.count) filter (where f.day >= $10) > 0
                    order by 4 desc, c.code limit $4) x) as "hot!: Json<Vec<Hot>>",
               (select coalesce(json_agg(x order by x.due_at, x.id), '[]') from (
                   select l.id, l.title, l.due_at, s.name as street,
                          (select d.name from assignments a
                             join departments d on d.tenant_id = $1 and d.id = a.department_id
                            where a.tenant_id = $1 and a.whistle_id = l.id and a.role = 'lead'
                              and a.stage <> 'relieved') as department,
                          due_json(l.due_stage, l.due_unit, l.due_at, l.soon_at) as nearest
                     from late l
                     join nodes s on s.tenant_id = $1 and s.code = l.street_code
                    order by l.due_at, l.id limit $4) x) as "late!: Json<Vec<Late>>",
               (select coalesce(json_agg(x), '[]') from (
                   select l.street_code as key, count(*) as count from late l group by l.street_code
                   union all
                   select a.department_id::text, count(distinct l.id) from late l
                     join assignments a on a.tenant_id = $1 and a.whistle_id = l.id
                    group by a.department_id) x) as "late_of!: Json<Vec<LateOf>>",
               (select count(*) from late) as "whistles_late!",
               (select k.count::bigint from figure_days k
                 where k.tenant_id = $1 and k.scope = '' and k.figure = 'whistles_late'
                   and k.day = $7 - 1) as late_yesterday,
               (select coalesce(json_agg(x), '[]') from (
                   select v.id, false as is_whistle, 'visit' as act, false as urgent, b.title,
                          concat_ws('·', n.name, o.number) as facts, v.asked_at as since,
                          case (select count(*) from visit_tries t where t.tenant_id = $1 and t.visit_id = v.id)
                               when 0 then '核查已通过' when 1 then '打过一次，未接通' else '打过两次，未接通' end as how_far
                     from visits_waiting($1, $3) v
                     join whistles o on o.tenant_id = $1 and o.id = v.whistle_id
                     join matters b on b.tenant_id = $1 and b.id = v.matter_id
                     join nodes n on n.tenant_id = $1 and n.id = b.place_id
                    order by v.id limit $4) x) as "to_ask!: Json<Vec<Task>>",
               (select coalesce(json_agg(x), '[]') from (
                   select o.id, q.request_id as request, true as is_whistle, 'decide' as act,
                          o.kind = 'emergency' as urgent, o.title, concat_ws('·', n.name, o.number) as facts,
                          q.since, d.name || ' ' || case r.kind when 'return' then '申请退回'
                             when 'extension' then '申请延期' when 'suspension' then '申请挂账' else '超时申诉' end as how_far
                     from requests_waiting($1, $3, '', $5) q
                     join requests r on r.tenant_id = $1 and r.id = q.request_id
                     join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
                     join departments d on d.tenant_id = $1 and d.id = a.department_id
                     join whistles o on o.tenant_id = $1 and o.id = q.whistle_id
                     join nodes n on n.tenant_id = $1 and n.id = o.place_id
                    order by q.request_id limit $4) x) as "to_decide!: Json<Vec<Task>>",
               (select coalesce(json_agg(x), '[]') from (
                   select b.id, p.period, false as is_whistle, q.act, false as urgent, coalesce(o.title, e.title) as title,
                          concat_ws('·', d.name, coalesce(o.number, e.number)) as facts,
                          coalesce(b.panel_at, b.asked_at) as since,
                          due_json(case when b.due_at is null then null else 'decide'::clock_stage end, 'work_day', b.due_at, b.soon_at) as nearest,
                          case q.act when 'call' then '等送评议组' else '等您表决' end as how_far
                     from objections_waiting($1, $3, $6) q
                     join assessment_objections b on b.tenant_id = $1 and b.id = q.objection_id
                     join assessment_periods p on p.tenant_id = $1 and p.id = b.period_id
                     join departments d on d.tenant_id = $1 and d.id = b.department_id
                     left join whistles o on o.tenant_id = $1 and o.id = b.whistle_id
                     left join power_exercises e on e.tenant_id = $1 and e.id = b.exercise_id
                    order by b.due_at nulls last, b.id limit $4) x) as "to_judge!: Json<Vec<Task>>",
               calendar_around($1, $7) as "calendar!: Json<Calendar>",
               announcements_json($1, $5, $3, $8, $7) as "unread!: Json<Vec<Unread>>",
               ($2::smallint is null or exists (select from holiday_years h where h.year = $2)
                  or exists (select from calendar_years c where c.tenant_id = $1 and c.year = $2)) as "knows_year!"
        "#,
        me.tenant.0,
        year.and_then(|y| i16::try_from(y).ok()),
        me.kind as PostKind,
        FIRST,
        me.person.0,
        me.post.0,
        today,
        tx.now,
        days.months_from,
        days.lately_from,
        days.before_from,
        days.year_from,
        days.year_to,
        &live.days,
        Json(&live.counts) as Json<&Vec<LiveCount>>,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(City {
        days: row.days.0,
        weeks: row.weeks.0,
        classes: row.classes.0,
        hot: row.hot.0,
        late: row.late.0,
        late_of: row.late_of.0,
        whistles_late: row.whistles_late,
        late_yesterday: row.late_yesterday,
        to_ask: row.to_ask.0,
        to_decide: row.to_decide.0,
        to_judge: row.to_judge.0,
        calendar: row.calendar.0,
        unread: row.unread.0,
        knows_year: row.knows_year,
    })
}
