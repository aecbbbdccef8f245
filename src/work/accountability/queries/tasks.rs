//! The list of tasks and one task, each in one round trip.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Body, Figure, Milestone, Narrow, Plan, State, Task};
use crate::base::clock::midnight;
use crate::base::db::{Tx, anywhere};
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, Key, PAGE, Paged};
use crate::org::access::Viewer;
use crate::org::events::Entry;
use crate::org::files::FileRow;
use crate::work::PlanTaskId;

/// What the list is narrowed to; absent ones do not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) words: Option<String>,
    pub(crate) body: Narrow,
    pub(crate) state: Option<State>,
}

/// One task in the list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) number: i32,
    pub(crate) goal: String,
    pub(crate) body: Body,
    pub(crate) due_day: NaiveDate,
    pub(crate) next_day: NaiveDate,
    /// The milestone due next; none if the task itself is.
    pub(crate) next_words: Option<String>,
    pub(crate) reached: i64,
    pub(crate) milestones: i64,
    pub(crate) state: State,
    pub(crate) order_key: i64,
}

/// The list, how long each tab is, and what the filter offers.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) page: Paged<Row, Key>,
    pub(crate) counts: HashMap<State, i64>,
    pub(crate) bodies: Vec<Body>,
    /// The plan of today, or the newest.
    pub(crate) plan: Option<Plan>,
}

/// One page of the list, what is due first, after the given key.
pub(crate) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(crate) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
) -> Result<Paged<Row, Key>> {
    Ok(rows(tx, me, filter, (after, 1), BATCH).await?.page)
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
    size: i64,
) -> Result<Listed> {
    let (today, reach) = (tx.today(), me.reach());
    let words = filter.words.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with seen as (
            select t.*, task_next_day($1, t.id, t.due_day) as next_day,
                   task_state($1, t.id, t.due_day, t.confirmed_at, t.ended_at, $2) as state
              from plan_tasks t
             where t.tenant_id = $1 and not $3
               and (($4::text is null and $5::uuid is null) or t.street_code = $4 or t.department_id = $5
                    or exists (select from task_helpers h where h.tenant_id = $1 and h.task_id = t.id
                                  and (h.street_code = $4 or h.department_id = $5)))
        ), named as (
            select s.*, (s.next_day - date '2000-01-01')::bigint
                        + case when s.confirmed_at is null and s.ended_at is null then 0 else 1000000 end as order_key
              from seen s
             where ($6::text is null or s.goal ilike $6)
               and (not $7 or (s.department_id is null and s.street_id is null))
               and ($8::uuid is null or s.street_id = $8) and ($9::uuid is null or s.department_id = $9)
        )
        select (select coalesce(json_object_agg(c.state, c.n), '{}') from (
                   select l.state, count(*) as n from (select state from named limit $10) l group by l.state) c)
                  as "counts!: Json<HashMap<State, i64>>",
               coalesce((select json_agg(r order by r.order_key, r.id) from (
                   select k.id, k.number, k.goal, body_json($1, k.department_id, k.street_code) as body, k.due_day,
                          k.next_day,
                          (select m.words from task_milestones m where m.tenant_id = $1 and m.task_id = k.id
                              and m.reached_at is null and m.due_day = k.next_day order by m.id limit 1) as next_words,
                          (select count(*) from task_milestones m where m.tenant_id = $1 and m.task_id = k.id
                              and m.reached_at is not null) as reached,
                          (select count(*) from task_milestones m where m.tenant_id = $1 and m.task_id = k.id)
                              as milestones,
                          k.state, k.order_key
                     from named k
                    where ($11::text is null or k.state = $11)
                      and ($12::uuid is null or (k.order_key, k.id) > ($13::bigint, $12))
                    order by k.order_key, k.id limit $14) r), '[]') as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(x.body order by x.place, x.code) from (
                   select distinct on (s.department_id, s.street_code)
                          case when s.department_id is not null then 2 when s.street_id is not null then 1 else 0 end
                             as place,
                          coalesce(s.street_code, s.department_id::text, '') as code,
                          body_json($1, s.department_id, s.street_code) as body from seen s) x), '[]')
                  as "bodies!: Json<Vec<Body>>",
               (select json_build_object('id', p.id, 'title', p.title, 'from_year', p.from_year, 'to_year', p.to_year,
                       'basis', basis_json($1, p.document_id, p.clause))
                  from three_year_plans p where p.tenant_id = $1
                 order by extract(year from $2::date) between p.from_year and p.to_year desc, p.from_year desc limit 1)
                  as "plan: Json<Plan>"
        "#,
        me.tenant.0,
        today,
        reach.nothing,
        reach.street,
        reach.department,
        words,
        filter.body.city,
        filter.body.street,
        filter.body.department,
        COUNTED + 1,
        filter.state.map(State::code),
        after.map(|key| key.id),
        after.map(|key| key.order),
        size + 1,
    )
    .fetch_one(&mut **tx)
    .await?;
    let counts = row.counts.0;
    let total = match filter.state {
        Some(state) => counts.get(&state).copied().unwrap_or(0),
        None => counts.values().sum(),
    };
    let key = |r: &Row| Key {
        order: r.order_key,
        id: r.id,
    };
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (total, from), key),
        counts,
        bodies: row.bodies.0,
        plan: row.plan.map(|p| p.0),
    })
}

/// One task within the viewer's reach, with its figures counted now.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(crate) async fn task(tx: &mut Tx, me: &Viewer, id: PlanTaskId) -> Result<Task> {
    let (today, reach) = (tx.today(), me.reach());
    // The period of the figures stands in days; the office's days begin at its own midnight.
    let offset = (midnight(today) - today.and_time(chrono::NaiveTime::MIN).and_utc()).num_seconds();
    let row = sqlx::query!(
        r#"
        select json_build_object('id', p.id, 'title', p.title, 'from_year', p.from_year, 'to_year', p.to_year,
                       'basis', basis_json($1, p.document_id, p.clause)) as "plan!: Json<Plan>",
               t.number, t.goal, body_json($1, t.department_id, t.street_code) as "body!: Json<Body>", t.due_day,
               task_next_day($1, t.id, t.due_day) as "next_day!", t.counts_from, t.counts_to, t.version,
               to_json(task_state($1, t.id, t.due_day, t.confirmed_at, t.ended_at, $3)) as "state!: Json<State>",
               t.confirmed_words, (select h.name from people h where h.tenant_id = $1 and h.id = t.confirmed_by) as confirmer,
               t.confirmed_at, t.end_reason,
               exists (select from task_progress s where s.tenant_id = $1 and s.task_id = t.id and s.person_id = $4)
                  or exists (select from task_milestones s where s.tenant_id = $1 and s.task_id = t.id
                                and s.reached_by = $4)
                  or kept_files($1, 'task', t.id, $4) as "reported!",
               coalesce((select json_agg(body_json($1, h.department_id, h.street_code) order by h.position)
                  from task_helpers h where h.tenant_id = $1 and h.task_id = t.id), '[]') as "helpers!: Json<Vec<Body>>",
               coalesce((select json_agg(json_build_object('id', m.id, 'due_day', m.due_day, 'words', m.words,
                         'reached_at', m.reached_at, 'reached_words', m.reached_words, 'reacher', h.name)
                         order by m.due_day, m.id)
                  from task_milestones m
                  left join people h on h.tenant_id = $1 and h.id = m.reached_by
                 where m.tenant_id = $1 and m.task_id = t.id), '[]') as "milestones!: Json<Vec<Milestone>>",
               coalesce((select json_agg(json_build_object('measure', m.measure, 'at_least', m.at_least,
                         'target', m.target, 'tenths', f.tenths, 'whole', f.whole) order by m.measure)
                  from task_measures m
                  cross join lateral measured($1, m.measure, t.department_id, t.street_code,
                       t.counts_from::timestamp at time zone 'UTC' + make_interval(secs => $5),
                       (t.counts_to + 1)::timestamp at time zone 'UTC' + make_interval(secs => $5), $3) f
                 where m.tenant_id = $1 and m.task_id = t.id), '[]') as "figures!: Json<Vec<Figure>>",
               coalesce((select json_agg(json_build_object('at', e.at, 'verb', e.verb, 'person_name', e.person_name,
                         'seat', e.seat, 'sentence', e.sentence) order by e.at desc, e.id desc)
                  from events e where e.tenant_id = $1 and e.subject_id = t.id), '[]') as "timeline!: Json<Vec<Entry>>",
               files_json($1, 'task', t.id) as "files!: Json<Vec<FileRow>>"
          from plan_tasks t
          join three_year_plans p on p.tenant_id = $1 and p.id = t.plan_id
         where t.tenant_id = $1 and t.id = $2 and not $6
           and (($7::text is null and $8::uuid is null) or t.street_code = $7 or t.department_id = $8
                or exists (select from task_helpers h where h.tenant_id = $1 and h.task_id = t.id
                              and (h.street_code = $7 or h.department_id = $8)))
        "#,
        me.tenant.0,
        id.0,
        today,
        me.person.0,
        f64::from(i32::try_from(offset).unwrap_or(0)),
        reach.nothing,
        reach.street,
        reach.department,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Task {
        id,
        plan: row.plan.0,
        number: row.number,
        goal: row.goal,
        body: row.body.0,
        helpers: row.helpers.0,
        due_day: row.due_day,
        next_day: row.next_day,
        counts: (row.counts_from, row.counts_to),
        version: row.version,
        state: row.state.0,
        confirmed_words: row.confirmed_words,
        confirmer: row.confirmer,
        confirmed_at: row.confirmed_at,
        end_reason: row.end_reason,
        reported: row.reported,
        milestones: row.milestones.0,
        figures: row.figures.0,
        timeline: row.timeline.0,
        files: row.files.0,
    })
}
