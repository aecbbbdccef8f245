//! The SQL of the desks. Each desk is one round trip.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Tab, Task};
use crate::base::clock::{day_of, midnight};
use crate::base::db::{Plans, Tx};
use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer, Waiting};
use crate::org::announcements::Unread;
use crate::org::calendar::Calendar;
use crate::org::staff;
use crate::work::assessment::{Item, Period};

/// Things a desk lists at most; the tabs count all.
pub(super) const SHOWN: i64 = 60;

/// How many matters, whistles and unread messages wait for the viewer's post. The plan of this is
/// kept ([`Db::begin_kept`]); what the page asks next is planned as it wants.
///
/// [`Db::begin_kept`]: crate::base::db::Db::begin_kept
pub(super) async fn waiting(db: &mut PgConnection, me: &Viewer, plans: Plans) -> Result<Waiting> {
    let row = sqlx::query!(
        r#"select (select count(*) from matters_waiting($1, $2, $3)) as "matters!",
                  (select count(distinct w.whistle_id)
                     from whistles_waiting($1, $2, $3, $4, $5) w) as "whistles!",
                  (select count(*) from requests_waiting($1, $2, $3, $5)) as "requests!",
                  (select count(distinct p.exercise_id) from powers_waiting($1, $2, $3, $4) p) as "powers!",
                  (select count(*) from visits_waiting($1, $2)) as "visits!",
                  (select count(*) from objections_waiting($1, $2, $6)) as "objections!",
                  (select count(*) from notices n
                    where n.tenant_id = $1 and n.post_id = $6 and n.read_at is null) as "messages!",
                  set_config('plan_cache_mode', $7, true) as "plans!""#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        me.department().map(|d| d.0),
        me.person.0,
        me.post.0,
        plans.mode()
    )
    .fetch_one(db)
    .await?;
    Ok(Waiting {
        matters: row.matters,
        whistles: row.whistles,
        requests: row.requests,
        powers: row.powers,
        visits: row.visits,
        objections: row.objections,
        messages: row.messages,
    })
}

/// What waits for the viewer's post, the tightest first, and how much of each kind.
pub(super) struct Desk {
    pub(super) tasks: Vec<Task>,
    pub(super) tabs: Vec<Tab>,
    pub(super) beside: Beside,
    pub(super) calendar: Calendar,
    pub(super) unread: Vec<Unread>,
}

/// What a desk tells beside the list, for a place or a department.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Beside {
    /// Live whistles of the place, or with an open assignment of the department.
    pub(super) whistles_open: i64,
    /// The live whistles by lamp; a department's by its own assignment.
    pub(super) lamps: HashMap<String, i64>,
    /// Matters not ended on the ground.
    pub(super) matters_open: i64,
    /// Matters of the last 30 days: filed, solved in the grid, in the community.
    pub(super) filed: i64,
    pub(super) in_grid: i64,
    pub(super) in_community: i64,
    /// Which departments are waited for, with how many open assignments.
    pub(super) waited_for: Vec<Waited>,
    /// What happened last on the place's whistles.
    pub(super) lately: Vec<Lately>,
    /// Of a department: periods whose scores are shown, while it may object.
    pub(super) windows: Vec<Window>,
    /// Of a department: its objections that are open.
    pub(super) objected: Vec<Objected>,
}

/// A period whose scores are shown, and until when a department may object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Window {
    pub(super) period: Period,
    pub(super) until: DateTime<Utc>,
}

/// An objection of the department that nothing has come of yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Objected {
    pub(super) id: Uuid,
    pub(super) period: Period,
    pub(super) item: Item,
    pub(super) title: String,
    has_panel: bool,
}

impl Objected {
    /// Where it is shown.
    pub(super) fn href(&self) -> String {
        format!("{}/objections/{}", self.period.path(), self.id)
    }

    /// Whose turn it is.
    pub(super) fn standing(&self) -> &'static str {
        if self.has_panel {
            "评议中"
        } else {
            "待送评议组"
        }
    }
}

/// A department that is waited for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waited {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) open: i64,
    pub(super) unsigned: i64,
}

/// One recent act on a whistle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Lately {
    pub(super) at: DateTime<Utc>,
    pub(super) seat: String,
    pub(super) verb: String,
    pub(super) title: String,
    pub(super) whistle: Uuid,
}

/// The desk of a street, community, grid chief or department.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(super) async fn desk(tx: &mut Tx, me: &Viewer, act: Option<&str>) -> Result<Desk> {
    let reach = me.reach();
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        with things as (
            select m.id, null::uuid as request_id, false as is_whistle,
                   case when $2 = 'street_dispatcher'::post_kind then 'sort'
                        when m.stage = 'accepted' then 'measure'
                        when $2 = 'grid_chief'::post_kind then 'solve' else 'accept' end as act,
                   m.urgent, m.waiting_since as since, m.due_stage as stage, m.due_unit as unit, m.due_at, m.soon_at
              from matters_waiting($1, $2, $3) m
            union all
            (select q.whistle_id, q.request_id, true, 'decide', w.kind = 'emergency', q.since,
                   c.stage, c.unit, c.due_at, c.soon_at
              from requests_waiting($1, $2, $3, $5) q
              join whistles w on w.tenant_id = $1 and w.id = q.whistle_id
              left join clocks c on c.tenant_id = $1 and c.whistle_id = q.whistle_id and c.about = q.request_id
                   and c.stopped_at is null and c.paused_at is null)
            union all
            (select distinct on (q.whistle_id, q.act) q.whistle_id, null::uuid, true, q.act, w.kind = 'emergency', q.since,
                   c.stage, c.unit, c.due_at, c.soon_at
              from whistles_waiting($1, $2, $3, $4, $5) q
              join whistles w on w.tenant_id = $1 and w.id = q.whistle_id
              left join clocks c on c.tenant_id = $1 and c.whistle_id = q.whistle_id
                   and c.stopped_at is null and c.paused_at is null and c.stage = any(stages_of_act(q.act))
                   and (q.assignment_id is null or c.assignment_id = q.assignment_id)
             order by q.whistle_id, q.act, c.due_at)
            union all
            select e.id, null::uuid, false, q.act, false, q.since, e.due_stage, e.due_unit, e.due_at, e.soon_at
              from powers_waiting($1, $2, $3, $4) q
              join power_exercises e on e.tenant_id = $1 and e.id = q.exercise_id
            union all
            select b.id, null::uuid, false, q.act, false, coalesce(b.panel_at, b.asked_at),
                   case when b.due_at is null then null else 'decide'::clock_stage end,
                   case when b.due_at is null then null else 'work_day'::duration_unit end, b.due_at, b.soon_at
              from objections_waiting($1, $2, $15) q
              join assessment_objections b on b.tenant_id = $1 and b.id = q.objection_id
        ), shown as (
            select * from things where $6::text is null or act = $6
             order by due_at nulls last, urgent desc, since limit $7
        )
        select coalesce((select json_agg(json_build_object(
                   'id', s.id, 'request', s.request_id, 'is_whistle', s.is_whistle, 'act', s.act, 'urgent', s.urgent, 'since', s.since,
                   'nearest', due_json(s.stage, s.unit, s.due_at, s.soon_at),
                   'title', coalesce(w.title, m.title, x.title, ow.title, ox.title), 'period', bp.period,
                   'facts', case when b.id is not null then concat_ws('·', '专项考核申诉', bd.name,
                             coalesce(ow.number, ox.number))
                             when x.id is not null then concat_ws('·', k.name, f.name, case x.power
                             when 'cadre' then '干部考评' when 'planning' then '街区规划' when 'coordination' then '综合协调'
                             when 'project' then '民生项目' else '评先评优' end, x.number) else concat_ws('·',
                        (select n.name from nodes n where n.tenant_id = $1 and n.id = case when s.is_whistle then w.place_id else m.place_id end),
                        case when w.id is null then '事项' else case w.kind when 'routine' then '日常哨'
                             when 'express' then '快捷哨' when 'joint_enforcement' then '综合执法哨'
                             when 'tough' then '攻坚哨' else '应急哨' end end,
                        case when a.role = 'lead' then '主办' when a.role = 'assist' then '协办' end,
                        case when w.id is null then p.name || ' 上报' else coalesce(w.number, d.name || ' 起草') end) end,
                   'how_far', case
                        when s.act = 'opine' then f.name || ' 征求意见'
                        when s.act = 'minute' then '协调会后登记纪要'
                        when s.act = 'perform' then '议定事项还没落实'
                        when s.act = 'answer' then case when x.round = 2 then '异议成立，重新答复' else '等本部门答复' end
                        when s.act = 'react' then f.name || ' 已答复'
                        when s.act = 'rule' then k.name || ' 有异议'
                        when s.act = 'call' then '等送评议组'
                        when s.act = 'vote' then '等您表决'
                        when s.act = 'feedback' and a.role = 'lead' and exists (select from assignments o
                             where o.tenant_id = $1 and o.whistle_id = w.id and o.role = 'assist'
                               and o.stage in ('sent', 'signed', 'reported')) then '协办部门还没反馈'
                        when s.act = 'feedback' and a.rework_count > 0 then '核查不通过，返工'
                        when s.act in ('sign', 'report', 'feedback') then left(a.ask, 40)
                        when r.id is not null then f.name || ' ' || case r.kind when 'return' then '申请退回'
                             when 'extension' then '申请延期' when 'suspension' then '申请挂账' else '超时申诉' end
                        when s.act = 'draft' then coalesce('退回：' || left(w.refusal, 30), '草稿')
                        when s.act = 'check' then '部门已反馈'
                        when s.act = 'rate' then '核查已通过'
                        when s.act = 'close' then '评价已齐'
                        when s.act = 'approve' then d.name || ' 送审'
                        when s.act = 'recur' then '办结后同楼或附近又有同类事项'
                        when s.act = 'verify' then '已吹响，等事后核实'
                        when s.act = 'review' then '核查已通过'
                        when w.id is not null then '社区申请吹哨'
                        when m.stage = 'raised' then coalesce((select left(x.words, 40) from matter_steps x
                             where x.tenant_id = $1 and x.matter_id = m.id order by x.id desc limit 1), '等分拣')
                        else m.spot end)
                   order by s.due_at nulls last, s.urgent desc, s.since)
              from shown s
              left join whistles w on s.is_whistle and w.tenant_id = $1 and w.id = s.id
              left join matters m on not s.is_whistle and m.tenant_id = $1 and m.id = s.id
              left join people p on p.tenant_id = $1 and p.id = m.filed_by
              left join people d on d.tenant_id = $1 and d.id = w.drafted_by
              left join requests r on r.tenant_id = $1 and r.id = s.request_id
              left join assignments e on e.tenant_id = $1 and e.id = r.assignment_id
              left join power_exercises x on not s.is_whistle and x.tenant_id = $1 and x.id = s.id
              left join nodes k on k.tenant_id = $1 and k.code = x.street_code
              left join departments f on f.tenant_id = $1 and f.id = coalesce(e.department_id, x.department_id)
              left join assignments a on a.tenant_id = $1 and a.whistle_id = w.id and a.department_id = $4
              left join assessment_objections b on s.act in ('call', 'vote') and b.tenant_id = $1 and b.id = s.id
              left join assessment_periods bp on bp.tenant_id = $1 and bp.id = b.period_id
              left join departments bd on bd.tenant_id = $1 and bd.id = b.department_id
              left join whistles ow on ow.tenant_id = $1 and ow.id = b.whistle_id
              left join power_exercises ox on ox.tenant_id = $1 and ox.id = b.exercise_id),
              '[]') as "tasks!: Json<Vec<Task>>",
            coalesce((select json_agg(json_build_object('act', t.act, 'count', t.count)) from (
                select act, count(*) as count from things group by act order by act) t), '[]')
              as "tabs!: Json<Vec<Tab>>",
            calendar_around($1, $14) as "calendar!: Json<Calendar>",
            announcements_json($1, $5, $2, $13, $14) as "unread!: Json<Vec<Unread>>",
            json_build_object(
                'whistles_open', (select count(*) from whistles w
                     where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null
                       and w.sounded_at is not null
                       and ($8::text is null or w.street_code = $8)
                       and ($9::text is null or w.community_code = $9)
                       and ($4::uuid is null or exists (select from assignments o where o.tenant_id = $1
                                and o.whistle_id = w.id and o.department_id = $4
                                and o.stage in ('sent', 'signed', 'reported')))),
                'lamps', (select coalesce(json_object_agg(l.lamp, l.n), '{}') from (
                     select lamp_of(case when $4::uuid is null then w.due_at else o.due_at end,
                                    case when $4::uuid is null then w.soon_at else o.soon_at end,
                                    case when $4::uuid is null then w.due_stage else o.due_stage end,
                                    null, $13) as lamp, count(*) as n
                       from whistles w
                       left join assignments o on $4::uuid is not null and o.tenant_id = $1
                            and o.whistle_id = w.id and o.department_id = $4
                      where w.tenant_id = $1 and w.closed_at is null and w.withdrawn_at is null
                        and w.sounded_at is not null and ($4::uuid is null or o.id is not null)
                        and ($8::text is null or w.street_code = $8)
                        and ($9::text is null or w.community_code = $9)
                      group by 1) l),
                'matters_open', (select count(*) from matters m
                     where m.tenant_id = $1 and m.ended_at is null
                       and ($8::text is null or m.street_code = $8)
                       and ($9::text is null or m.community_code = $9)
                       and ($10::text is null or m.grid_code = $10) and $4::uuid is null),
                'filed', lately.filed, 'in_grid', lately.in_grid, 'in_community', lately.in_community,
                'waited_for', coalesce((select json_agg(x) from (
                     select d.id, d.name, count(*) as open, count(*) filter (where o.stage = 'sent') as unsigned
                       from assignments o
                       join departments d on d.tenant_id = $1 and d.id = o.department_id
                       join whistles w on w.tenant_id = $1 and w.id = o.whistle_id
                      where o.tenant_id = $1 and o.stage in ('sent', 'signed', 'reported')
                        and w.closed_at is null and w.withdrawn_at is null
                        and ($8::text is null or w.street_code = $8)
                        and ($9::text is null or w.community_code = $9) and $4::uuid is null
                      group by d.id, d.name order by count(*) desc, d.name limit 6) x), '[]'),
                'lately', coalesce((select json_agg(x) from (
                     select e.at, e.seat, e.verb, w.title, w.id as whistle
                       from whistles w
                       join events e on e.tenant_id = $1 and e.subject_id = w.id
                      where w.tenant_id = $1 and e.at > $11
                        and w.closed_at is null and w.withdrawn_at is null
                        and ($8::text is null or w.street_code = $8)
                        and ($9::text is null or w.community_code = $9)
                        and $4::uuid is null and w.sounded_at is not null
                      order by e.at desc limit 6) x), '[]'),
                'windows', coalesce((select json_agg(json_build_object('period', p.period, 'until', p.objections_until)
                            order by p.objections_until, p.id)
                     from assessment_periods p
                    where p.tenant_id = $1 and p.stage = 'shown' and p.objections_until >= $13 and $4::uuid is not null), '[]'),
                'objected', coalesce((select json_agg(json_build_object('id', b.id, 'period', p.period, 'item', b.item,
                            'title', coalesce(w.title, e.title), 'has_panel', b.panel_at is not null)
                            order by b.id desc)
                     from assessment_objections b
                     join assessment_periods p on p.tenant_id = $1 and p.id = b.period_id
                     left join whistles w on w.tenant_id = $1 and w.id = b.whistle_id
                     left join power_exercises e on e.tenant_id = $1 and e.id = b.exercise_id
                    where b.tenant_id = $1 and b.department_id = $4 and b.state = 'open'), '[]')) as "beside!: Json<Beside>"
          from (select count(*) as filed, count(*) filter (where m.solved_level = 'grid') as in_grid,
                       count(*) filter (where m.solved_level = 'community') as in_community
                  from (select s.solved_level from matters s
                         where s.tenant_id = $1 and s.street_code = $8 and s.id > $12
                        union all
                        select c.solved_level from matters c
                         where c.tenant_id = $1 and c.community_code = $9 and c.id > $12
                        union all
                        select g.solved_level from matters g
                         where g.tenant_id = $1 and g.grid_code = $10 and g.id > $12) m) lately
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        reach.department,
        me.person.0,
        act,
        SHOWN,
        reach.street,
        reach.community,
        reach.grid,
        now - chrono::Duration::days(7),
        since(lately_from(now)),
        now,
        today,
        me.post.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Desk {
        tasks: row.tasks.0,
        tabs: row.tabs.0,
        beside: row.beside.0,
        calendar: row.calendar.0,
        unread: row.unread.0,
    })
}

/// The midnight from which a desk counts what came lately.
pub(super) fn lately_from(now: DateTime<Utc>) -> DateTime<Utc> {
    midnight(day_of(now)) - chrono::Duration::days(30)
}

/// The least id of an instant: ids sort by time.
pub(super) fn since(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// One of the matters a ground post filed, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Filed {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) stage: crate::work::matters::Stage,
    pub(super) filed_at: DateTime<Utc>,
    pub(super) last: String,
}

/// The last matters filed from a post, newest first, and what its holder has still to read.
pub(super) async fn filed(tx: &mut Tx, me: &Viewer) -> Result<(Vec<Filed>, Vec<Unread>)> {
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"select announcements_json($1, $3, $4, $5, $6) as "unread!: Json<Vec<Unread>>",
                  coalesce(json_agg(x), '[]') as "filed!: Json<Vec<Filed>>" from (
             select m.id, m.title, n.name as place, m.stage, m.filed_at,
                    coalesce((select left(e.sentence, 60) from events e
                      where e.tenant_id = $1 and e.subject_id = m.id
                      order by e.at desc, e.id desc limit 1), '') as last
               from matters m
               join nodes n on n.tenant_id = $1 and n.id = m.place_id
              where m.tenant_id = $1 and m.filed_post = $2
              order by m.id desc limit 20) x"#,
        me.tenant.0,
        me.post.0,
        me.person.0,
        me.kind as PostKind,
        now,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.filed.0, row.unread.0))
}

/// What the desk of an administrator shows; each number is the length of its list.
pub(super) struct Counts {
    /// People in the register.
    pub(super) people: i64,
    /// Those without a post today.
    pub(super) idle: i64,
    /// Posts that nobody holds today.
    pub(super) vacant: i64,
    /// Posts whose holder's term is over or nearly.
    pub(super) terms: i64,
    /// Accounts whose first password has not been changed yet.
    pub(super) slips: i64,
    /// Accounts that are locked now.
    pub(super) locked: i64,
    /// Whether there is a street: without one the city has not begun.
    pub(super) has_streets: bool,
    /// Whether the notice of the year asked about is known.
    pub(super) knows_year: bool,
    /// When the last backup was made.
    pub(super) last_backup: Option<DateTime<Utc>>,
    /// When one failed last.
    pub(super) failed_backup: Option<DateTime<Utc>>,
    /// What the administrator has still to read.
    pub(super) unread: Json<Vec<Unread>>,
}

/// The desk of an administrator: one round trip.
pub(super) async fn counts(tx: &mut Tx, me: &Viewer, year: Option<i32>) -> Result<Counts> {
    let (today, now) = (tx.today(), tx.now);
    let near = today + chrono::Duration::days(staff::TERM_NEAR);
    Ok(sqlx::query_as!(
        Counts,
        r#"
        with held as (
            select m.post_id, m.person_id, m.term_to from appointments m
             where m.tenant_id = $1 and m.from_day <= $2 and (m.to_day is null or m.to_day > $2))
        select (select count(*) from people p where p.tenant_id = $1
                   and not exists (select from held h where h.person_id = p.id)) as "idle!",
               (select count(*) from posts o where o.tenant_id = $1 and o.valid_to is null
                   and not exists (select from held h where h.post_id = o.id)) as "vacant!",
               (select count(*) from posts o join held h on h.post_id = o.id
                 where o.tenant_id = $1 and o.valid_to is null and h.term_to <= $4) as "terms!",
               (select count(*) from accounts a
                 where a.tenant_id = $1 and a.must_change and a.closed_at is null) as "slips!",
               (select count(*) from accounts a where a.tenant_id = $1 and a.locked_until > $3) as "locked!",
               (select count(*) from people p where p.tenant_id = $1) as "people!",
               exists (select from nodes n where n.tenant_id = $1 and n.level = 1) as "has_streets!",
               exists (select from holiday_years h where h.year = $5)
               or exists (select from calendar_years c where c.tenant_id = $1 and c.year = $5) as "knows_year!",
               (select max(e.at) from events e
                 where e.tenant_id = $1 and e.subject = 'backup' and e.verb = 'backup') as last_backup,
               (select max(e.at) from events e
                 where e.tenant_id = $1 and e.subject = 'backup' and e.verb = 'fail_backup') as failed_backup,
               announcements_json($1, $6, $7, $3, $2) as "unread!: Json<Vec<Unread>>"
        "#,
        me.tenant.0,
        today,
        now,
        near,
        year.map(i16::try_from).transpose().unwrap_or_default(),
        me.person.0,
        me.kind as PostKind
    )
    .fetch_one(&mut **tx)
    .await?)
}
