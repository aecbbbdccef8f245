//! One record with everything its page shows, in one statement.

use sqlx::types::Json;

use super::super::model::{Exercise, Origin, Parts, Power, Stage};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::{Permission, Reach, Viewer};
use crate::org::calendar::Calendar;
use crate::org::events::Entry;
use crate::org::{DepartmentId, TenantId};
use crate::work::ExerciseId;
use crate::work::clocks::{Clock, Nearest, Rules};

/// Readings that the page of a record names; they are counted beyond.
const READINGS: i64 = 20;

/// The record, locked, so that nobody else moves it until the transaction ends.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: ExerciseId) -> Result<Exercise> {
    sqlx::query!(
        "select id from power_exercises where tenant_id = $1 and id = $2 for no key update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    exercise(tx, me, id).await
}

/// The record within the viewer's reach. A cadre record is found only by those who may read one.
pub(in super::super) async fn exercise(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
) -> Result<Exercise> {
    let reads_cadre = me.kind.may(Permission::ReadCadre);
    load(tx, me.tenant, id, (me.reach(), reads_cadre)).await
}

/// The record as the program itself reads it when a time has come.
pub(in super::super) async fn of_program(
    tx: &mut Tx,
    tenant: TenantId,
    id: ExerciseId,
) -> Result<Exercise> {
    load(tx, tenant, id, (Reach::default(), true)).await
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn load(
    tx: &mut Tx,
    tenant: TenantId,
    id: ExerciseId,
    (reach, reads_cadre): (Reach, bool),
) -> Result<Exercise> {
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        select e.number, e.power as "power: Power", e.origin as "origin: Origin", e.stage as "stage: Stage", e.version,
               e.title, e.matter, e.basis, e.department_id, d.name as department, e.street_code, n.name as street,
               e.round, e.decide_on, e.meets_at, e.place, e.asked_at, p.name as asker, e.withdraw_reason,
               due_json(e.due_stage, e.due_unit, e.due_at, e.soon_at) as "nearest: Json<Option<Nearest>>",
               json_build_object(
                 'files', files_json($1, 'exercise', e.id), 'photos', photos_added($1, e.id), 'scope', g.scope, 'plan', l.name, 'basis', basis_json($1, l.document_id, l.clause),
                 'whistle', (select json_build_object('id', w.id, 'number', coalesce(w.number, ''), 'title', w.title)
                     from whistles w where w.tenant_id = $1 and w.id = e.whistle_id),
                 'matters', coalesce((select json_agg(json_build_object('id', m.id, 'number', m.number, 'title', m.title)
                     order by m.filed_at desc, m.id)
                     from exercise_matters x join matters m on m.tenant_id = $1 and m.id = x.matter_id
                    where x.tenant_id = $1 and x.exercise_id = e.id), '[]'),
                 'planning', (select json_build_object('phase', x.phase, 'area', x.area, 'residents', x.residents)
                     from exercise_plannings x where x.tenant_id = $1 and x.exercise_id = e.id),
                 'project', (select json_build_object('beneficiaries', x.beneficiaries, 'site', x.site,
                     'estimate', x.estimate, 'residents', x.residents, 'pool', x.pool, 'budget_year', x.budget_year)
                     from exercise_projects x where x.tenant_id = $1 and x.exercise_id = e.id),
                 'award', (select json_build_object('candidate', x.candidate, 'award', x.award)
                     from exercise_awards x where x.tenant_id = $1 and x.exercise_id = e.id),
                 'opinion', (select json_build_object('kind', o.kind, 'words', o.words, 'body', o.body,
                     'decided_on', o.decided_on, 'at', o.given_at, 'by', q.name)
                     from exercise_opinions o
                     left join people q on q.tenant_id = $1 and q.id = o.given_by
                    where o.tenant_id = $1 and o.exercise_id = e.id),
                 'items', coalesce((select json_agg(json_build_object('number', i.number, 'words', i.words,
                     'answers', coalesce((select json_agg(json_build_object('round', a.round, 'kind', a.kind,
                         'words', a.words) order by a.round)
                         from item_answers a where a.tenant_id = $1 and a.exercise_id = e.id and a.number = i.number), '[]'))
                     order by i.number)
                     from exercise_items i where i.tenant_id = $1 and i.exercise_id = e.id), '[]'),
                 'answers', coalesce((select json_agg(json_build_object('round', a.round, 'kind', a.kind, 'words', a.words,
                     'body', a.body, 'decided_on', a.decided_on, 'at', a.given_at, 'by', q.name) order by a.round)
                     from exercise_answers a join people q on q.tenant_id = $1 and q.id = a.given_by
                    where a.tenant_id = $1 and a.exercise_id = e.id), '[]'),
                 'reactions', coalesce((select json_agg(json_build_object('round', a.round, 'kind', a.kind,
                     'words', a.words, 'score', a.score, 'at', a.given_at, 'by', q.name) order by a.round)
                     from exercise_reactions a left join people q on q.tenant_id = $1 and q.id = a.given_by
                    where a.tenant_id = $1 and a.exercise_id = e.id), '[]'),
                 'ruling', (select json_build_object('kind', r.kind, 'words', r.words, 'at', r.given_at, 'by', q.name)
                     from exercise_rulings r join people q on q.tenant_id = $1 and q.id = r.given_by
                    where r.tenant_id = $1 and r.exercise_id = e.id),
                 'parties', coalesce((select json_agg(json_build_object('id', y.department_id, 'name', q.name,
                     'came', y.came, 'attendee', y.attendee, 'rank', y.rank)
                     order by y.department_id <> e.department_id, q.position)
                     from exercise_parties y join departments q on q.tenant_id = $1 and q.id = y.department_id
                    where y.tenant_id = $1 and y.exercise_id = e.id), '[]'),
                 'minutes', (select json_build_object('held_at', i.held_at, 'host', i.host, 'words', i.words,
                     'at', i.given_at, 'by', q.name)
                     from exercise_minutes i join people q on q.tenant_id = $1 and q.id = i.given_by
                    where i.tenant_id = $1 and i.exercise_id = e.id),
                 'tasks', coalesce((select json_agg(json_build_object('id', t.id, 'department_id', t.department_id,
                     'department', q.name, 'words', t.words, 'due_day', t.due_day, 'done_at', t.done_at,
                     'done_words', t.done_words) order by t.due_day, t.id)
                     from exercise_tasks t join departments q on q.tenant_id = $1 and q.id = t.department_id
                    where t.tenant_id = $1 and t.exercise_id = e.id), '[]'),
                 'readings', coalesce((select json_agg(x) from (select r.read_at as at, q.name as by,
                         concat_ws(' ', coalesce(b.name, k.name), s.title) as seat
                     from exercise_readings r join people q on q.tenant_id = $1 and q.id = r.read_by
                     join posts s on s.tenant_id = $1 and s.id = r.read_post
                     left join departments b on b.tenant_id = $1 and b.id = s.department_id
                     left join nodes k on k.tenant_id = $1 and k.code = s.node_code
                    where r.tenant_id = $1 and r.exercise_id = e.id
                    order by r.read_at desc, r.id desc limit $8) x), '[]'),
                 'times_read', (select count(*) from exercise_readings r
                    where r.tenant_id = $1 and r.exercise_id = e.id)) as "parts!: Json<Parts>",
               coalesce((select json_agg(clock_json($1, c.id) order by c.started_at, c.id)
                  from clocks c where c.tenant_id = $1 and c.exercise_id = e.id), '[]') as "clocks!: Json<Vec<Clock>>",
               coalesce((select json_agg(json_build_object('at', v.at, 'verb', v.verb, 'person_name', v.person_name,
                         'seat', v.seat, 'sentence', v.sentence) order by v.at desc, v.id desc)
                  from events v where v.tenant_id = $1 and v.subject = 'exercise' and v.subject_id = e.id
                   and v.verb <> 'read'), '[]')
                  as "timeline!: Json<Vec<Entry>>",
               calendar_around($1, $3) as "calendar!: Json<Calendar>", rules_json($1, null, $3) as "rules!: Json<Rules>"
          from power_exercises e
          join empowerment_plans l on l.tenant_id = $1 and l.id = e.plan_id
          join plan_grants g on g.tenant_id = $1 and g.plan_id = e.plan_id and g.department_id = e.department_id
               and g.power = e.power
          join departments d on d.tenant_id = $1 and d.id = e.department_id
          join nodes n on n.tenant_id = $1 and n.code = e.street_code
          join people p on p.tenant_id = $1 and p.id = e.asked_by
         where e.tenant_id = $1 and e.id = $2 and ($4 or e.power <> 'cadre')
           and not $7 and ($5::text is null or e.street_code = $5)
           and ($6::uuid is null or e.department_id = $6 or exists (select from exercise_parties y
                 where y.tenant_id = $1 and y.exercise_id = e.id and y.department_id = $6))
        "#,
        tenant.0,
        id.0,
        today,
        reads_cadre,
        reach.street,
        reach.department,
        reach.nothing || reach.community.is_some(),
        READINGS
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Exercise {
        id,
        number: row.number,
        power: row.power,
        origin: row.origin,
        stage: row.stage,
        version: row.version,
        title: row.title,
        matter: row.matter,
        basis: row.basis,
        department_id: DepartmentId(row.department_id),
        department: row.department,
        street_code: row.street_code,
        street: row.street,
        round: row.round,
        decide_on: row.decide_on,
        meets_at: row.meets_at,
        place: row.place,
        asked_at: row.asked_at,
        asker: row.asker,
        withdraw_reason: row.withdraw_reason,
        nearest: row.nearest.and_then(|n| n.0),
        parts: row.parts.0,
        clocks: row.clocks.0,
        timeline: row.timeline.0,
        calendar: row.calendar.0,
        rules: row.rules.0,
        now,
    })
}
