//! The SQL of the leader's figures, in one round trip.

use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::super::model::Task;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer};
use crate::org::announcements::Unread;
use crate::org::calendar::Calendar;
use crate::work::visits::{self, Tally};

/// A count by one or two keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Count {
    pub(in super::super) key: String,
    pub(in super::super) other: String,
    pub(in super::super) count: i64,
}

/// A street with its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Street {
    pub(in super::super) id: uuid::Uuid,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
}

/// A department with its assignments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Department {
    pub(in super::super) id: uuid::Uuid,
    pub(in super::super) name: String,
    pub(in super::super) open: i64,
    pub(in super::super) over: i64,
}

/// Everything the leader's desk counts.
#[derive(Clone, Debug)]
pub(in super::super) struct City {
    pub(in super::super) streets: Vec<Street>,
    pub(in super::super) departments: Vec<Department>,
    /// Matters by stage (key) and street code (other).
    pub(in super::super) matters: Vec<Count>,
    /// Sounded whistles by kind (key) and stage (other).
    pub(in super::super) kinds: Vec<Count>,
    /// Sounded whistles by street code (key): all (`all`) and not over (`open`).
    pub(in super::super) by_street: Vec<Count>,
    /// Solved matters by street code (key): below the street (`below`).
    pub(in super::super) below: Vec<Count>,
    pub(in super::super) below_street: i64,
    pub(in super::super) whistles: i64,
    pub(in super::super) whistles_open: i64,
    pub(in super::super) whistles_closed: i64,
    /// What residents answered lately.
    pub(in super::super) heard: Tally,
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
}

/// Residents to ask that the desk shows at most.
const ASKED_FIRST: i64 = 6;

/// Counts the city.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn city(tx: &mut Tx, me: &Viewer) -> Result<City> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with m as materialized (
            select street_code, stage, count(*) as count,
                   count(*) filter (where solved_level in ('grid', 'community')) as below
              from matters where tenant_id = $1 group by street_code, stage
        ), w as materialized (
            select street_code, kind, stage, count(*) as count
              from whistles where tenant_id = $1 and sounded_at is not null group by street_code, kind, stage
        )
        select (select coalesce(json_agg(json_build_object('id', n.id, 'code', n.code, 'name', n.name)
                       order by n.code), '[]')
                  from nodes n where n.tenant_id = $1 and n.level = 1) as "streets!: Json<Vec<Street>>",
               (select coalesce(json_agg(x order by x.open desc, x.over desc, x.position), '[]') from (
                   select d.id, d.name, d.position,
                          count(a.id) filter (where a.stage in ('sent', 'signed', 'reported')) as open,
                          count(a.id) filter (where a.stage not in ('sent', 'signed', 'reported')) as over
                     from departments d
                     left join assignments a on a.tenant_id = $1 and a.department_id = d.id and a.sent_at is not null
                    where d.tenant_id = $1 group by d.id, d.name, d.position) x)
                  as "departments!: Json<Vec<Department>>",
               (select coalesce(json_agg(json_build_object('key', stage, 'other', street_code, 'count', count)), '[]')
                  from m) as "matters!: Json<Vec<Count>>",
               (select coalesce(json_agg(x), '[]') from (
                   select kind as key, stage as other, sum(count)::bigint as count from w group by kind, stage) x)
                  as "kinds!: Json<Vec<Count>>",
               (select coalesce(json_agg(x), '[]') from (
                   select street_code as key, 'all' as other, sum(count)::bigint as count from w group by street_code
                   union all
                   select street_code, 'open', sum(count)::bigint from w
                    where stage not in ('closed', 'withdrawn') group by street_code) x)
                  as "by_street!: Json<Vec<Count>>",
               (select coalesce(json_agg(x), '[]') from (
                   select street_code as key, 'below' as other, sum(below)::bigint as count from m
                    group by street_code) x) as "below!: Json<Vec<Count>>",
               (select coalesce(sum(below), 0)::bigint from m) as "below_street!",
               (select coalesce(sum(count), 0)::bigint from w) as "whistles!",
               (select coalesce(sum(count), 0)::bigint from w where stage not in ('closed', 'withdrawn'))
                  as "whistles_open!",
               (select coalesce(sum(count), 0)::bigint from w where stage = 'closed') as "whistles_closed!",
               (select json_build_object('valid', count(*), 'responded',
                       count(*) filter (where reported_in_time($1, a.id, a.reported_at)),
                       'solved', count(*) filter (where v.answer = 'solved'),
                       'satisfied', count(*) filter (where v.feeling = 'satisfied'),
                       'basically', count(*) filter (where v.feeling = 'basically'))
                  from visits v
                  left join assignments a on a.tenant_id = $1 and a.whistle_id = v.whistle_id and a.role = 'lead' and a.stage <> 'relieved'
                 where v.tenant_id = $1 and v.state = 'answered' and v.ended_at >= $2) as "heard!: Json<Tally>",
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
               announcements_json($1, $5, $3, $8, $7) as "unread!: Json<Vec<Unread>>"
        "#,
        me.tenant.0,
        visits::lately(tx.now),
        me.kind as PostKind,
        ASKED_FIRST,
        me.person.0,
        me.post.0,
        today,
        tx.now
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(City {
        streets: row.streets.0,
        departments: row.departments.0,
        matters: row.matters.0,
        kinds: row.kinds.0,
        by_street: row.by_street.0,
        below: row.below.0,
        below_street: row.below_street,
        whistles: row.whistles,
        whistles_open: row.whistles_open,
        whistles_closed: row.whistles_closed,
        heard: row.heard.0,
        to_ask: row.to_ask.0,
        to_decide: row.to_decide.0,
        to_judge: row.to_judge.0,
        calendar: row.calendar.0,
        unread: row.unread.0,
    })
}
