//! All SQL of evidence packs. The facts of a pack are read in one statement, as far as they were
//! recorded until its cut.

use anyhow::Context as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{
    Case, Exercise, Facts, MOST, Made, Offer, Purpose, Reach, Recipe, Row, Subject,
};
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::paging::{COUNTED, PAGE, Paged};
use crate::org::access::Viewer;
use crate::org::{DepartmentId, NodeId};
use crate::work::PackId;
use crate::work::assessment::Period;

/// The departments and streets of which this viewer may have packs made, and the frozen periods.
pub(super) async fn offers(tx: &mut Tx, me: &Viewer) -> Result<(Vec<Offer>, Vec<Period>)> {
    let reach = Reach::of(me);
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(json_build_object('department', d.id, 'code', '', 'name', d.name)
                          order by d.position, d.code)
                     from departments d where d.tenant_id = $1 and $3::uuid is null
                      and ($2::uuid is null or d.id = $2)), '[]') as "departments!: Json<Vec<Offer>>",
                  coalesce((select json_agg(json_build_object('street', n.id, 'code', n.code, 'name', n.name)
                          order by n.code)
                     from nodes n where n.tenant_id = $1 and n.level = 1 and $2::uuid is null
                      and ($3::uuid is null or n.id = $3)), '[]') as "streets!: Json<Vec<Offer>>",
                  coalesce((select json_agg(p.period) from assessment_periods p
                             where p.tenant_id = $1 and p.stage = 'frozen'), '[]') as "frozen!: Json<Vec<Period>>""#,
        me.tenant.0,
        reach.department.map(|d| d.0),
        reach.street.map(|s| s.0)
    )
    .fetch_one(&mut **tx)
    .await?;
    let mut offers = row.departments.0;
    offers.extend(row.streets.0);
    Ok((offers, row.frozen.0))
}

/// One page of the packs within reach, the latest first, after the given one. A department sees those
/// of its own in which frozen scores stand.
pub(super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    (after, from): (Option<PackId>, i64),
) -> Result<Paged<Row, PackId>> {
    let reach = Reach::of(me);
    let row = sqlx::query!(
        r#"
        with seen as (
            select p.* from evidence_packs p
             where p.tenant_id = $1
               and ($2::uuid is null or p.department_id = $2 and p.snapshot is not null)
               and ($3::uuid is null or p.street_id = $3)
        )
        select (select count(*) from (select from seen limit $4) c) as "total!",
               coalesce((select json_agg(r) from (
                   select s.id, coalesce(d.name, n.name) as subject, s.period, s.purpose, s.cases, s.size, s.sha256,
                          s.made_at, x.title as made_by
                     from seen s
                     left join departments d on d.tenant_id = $1 and d.id = s.department_id
                     left join nodes n on n.tenant_id = $1 and n.id = s.street_id
                     join posts x on x.tenant_id = $1 and x.id = s.made_post
                    where $5::uuid is null or s.id < $5
                    order by s.id desc limit $6) r), '[]') as "rows!: Json<Vec<Row>>"
        "#,
        me.tenant.0,
        reach.department.map(|d| d.0),
        reach.street.map(|s| s.0),
        COUNTED + 1,
        after.map(|a| a.0),
        PAGE + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Paged::new(row.rows.0, row.total, from, |r| r.id))
}

/// A pack within reach.
pub(super) async fn made(tx: &mut Tx, me: &Viewer, id: PackId) -> Result<Made> {
    let reach = Reach::of(me);
    let row = sqlx::query!(
        r#"select p.department_id, p.street_id, coalesce(p.street_code, '') as "code!",
                  coalesce(d.name, n.name) as "name!", p.period, p.purpose as "purpose: Purpose", p.cut_at,
                  p.snapshot, p.sha256
             from evidence_packs p
             left join departments d on d.tenant_id = $1 and d.id = p.department_id
             left join nodes n on n.tenant_id = $1 and n.id = p.street_id
            where p.tenant_id = $1 and p.id = $2
              and ($3::uuid is null or p.department_id = $3 and p.snapshot is not null)
              and ($4::uuid is null or p.street_id = $4)"#,
        me.tenant.0,
        id.0,
        reach.department.map(|d| d.0),
        reach.street.map(|s| s.0)
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let subject = match (row.department_id, row.street_id) {
        (Some(id), _) => Subject::Department(DepartmentId(id)),
        (None, Some(id)) => Subject::Street(NodeId(id)),
        (None, None) => return Err(Error::NotFound),
    };
    let period = row.period.parse().map_err(anyhow::Error::msg);
    Ok(Made {
        id,
        recipe: Recipe {
            subject,
            name: row.name,
            code: row.code,
            period: period.context("reading the period of a pack")?,
            purpose: row.purpose,
            cut_at: row.cut_at,
            snapshot: row.snapshot,
        },
        sha256: row.sha256,
    })
}

/// Keeps that a pack was made.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    made: &Made,
    (cases, size): (usize, usize),
) -> Result<()> {
    let (now, recipe) = (tx.now, &made.recipe);
    let (department, street) = match recipe.subject {
        Subject::Department(id) => (Some(id.0), None),
        Subject::Street(id) => (None, Some(id.0)),
    };
    sqlx::query!(
        "insert into evidence_packs (tenant_id, id, department_id, street_id, street_level, street_code, period, purpose,
                                     cut_at, snapshot, cases, size, sha256, made_at, made_by, made_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        me.tenant.0,
        made.id.0,
        department,
        street,
        street.map(|_| 1_i16),
        street.map(|_| recipe.code.clone()),
        recipe.period.to_string(),
        recipe.purpose as Purpose,
        recipe.cut_at,
        recipe.snapshot,
        i32::try_from(cases).context("counting cases")?,
        i32::try_from(size).context("counting bytes")?,
        made.sha256,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The facts of a pack: whistles whose closing in the period held at the cut, uses of powers closed
/// then, and who must not be named.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that all facts are of one moment"
)]
pub(super) async fn facts(tx: &mut Tx, me: &Viewer, recipe: &Recipe) -> Result<Facts> {
    let (from, to) = recipe.period.bounds();
    let (department, street) = match recipe.subject {
        Subject::Department(id) => (Some(id.0), None),
        Subject::Street(_) => (None, Some(recipe.code.as_str())),
    };
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let row = sqlx::query!(
        r#"
        with ended as (
            select w.id, w.closed_at, w.outcome from whistles w
             where w.tenant_id = $1 and w.closed_at >= $4 and w.closed_at < $5
             union
            select r.whistle_id, r.closed_at, r.outcome from reopenings r
             where r.tenant_id = $1 and r.closed_at >= $4 and r.closed_at < $5
        ), chosen as (
            select w.id, w.number, w.kind, w.title, w.place_code, w.street_code, w.sounded_at, e.closed_at, e.outcome,
                   (select a.id from assignments a where a.tenant_id = $1 and a.whistle_id = w.id
                       and a.department_id = $2) as own,
                   (select count(*) from reopenings r where r.tenant_id = $1 and r.whistle_id = w.id
                       and r.at <= $6) as round
              from ended e
              join whistles w on w.tenant_id = $1 and w.id = e.id
             where e.closed_at <= $6
               and not exists (select from reopenings r where r.tenant_id = $1 and r.whistle_id = w.id
                                  and r.at >= e.closed_at and r.at <= $6)
               and ($3::text is null or w.street_code = $3)
               and ($2::uuid is null or exists (select from assignments a where a.tenant_id = $1
                       and a.whistle_id = w.id and a.department_id = $2 and a.sent_at is not null
                       and a.stage <> 'withdrawn'))
             order by w.number limit $7
        ), used as (
            select x.* from power_exercises x
             where x.tenant_id = $1 and x.closed_at >= $4 and x.closed_at < $5 and x.closed_at <= $6
               and ($2::uuid is null or x.department_id = $2) and ($3::text is null or x.street_code = $3)
        )
        select coalesce((select json_agg(json_build_object(
                   'number', c.number, 'kind', c.kind, 'title', c.title,
                   'place', (select string_agg(n.name, ' ' order by n.level) from nodes n
                              where n.tenant_id = $1 and n.level <= 4
                                and n.code in (left(c.place_code, 9), left(c.place_code, 12), left(c.place_code, 15),
                                               left(c.place_code, 18))),
                   'street', (select n.name from nodes n where n.tenant_id = $1 and n.code = c.street_code),
                   'parts', (select json_agg(json_build_object('department', d.name, 'role', a.role,
                                    'relieved', a.stage = 'relieved') order by a.role, a.position, d.code)
                               from assignments a
                               join departments d on d.tenant_id = $1 and d.id = a.department_id
                              where a.tenant_id = $1 and a.whistle_id = c.id and a.sent_at is not null
                                and a.stage <> 'withdrawn'),
                   'sounded_at', c.sounded_at, 'closed_at', c.closed_at, 'outcome', c.outcome,
                   'late', (select coalesce(json_agg(json_build_object('department', d.name, 'stage', k.stage,
                                   'exempt', exists (select from exemptions e
                                       join requests q on q.tenant_id = $1 and q.id = e.request_id
                                      where e.tenant_id = $1 and e.clock_id = k.id and q.decided_at <= $6))
                                   order by b.due_at, k.id), '[]')
                              from clocks k
                              join breaches b on b.tenant_id = $1 and b.clock_id = k.id and b.found_at <= $6
                              join assignments a on a.tenant_id = $1 and a.id = k.assignment_id
                              join departments d on d.tenant_id = $1 and d.id = a.department_id
                             where k.tenant_id = $1 and k.whistle_id = c.id and k.stage in ('sign', 'report', 'close')
                               and ($2::uuid is null or a.id = c.own)),
                   'marks', (select count(*) from ratings m where m.tenant_id = $1 and m.whistle_id = c.id
                                and m.round = c.round and m.at <= $6 and ($2::uuid is null or m.assignment_id = c.own)),
                   'marks_sum', (select coalesce(sum(m.speed + m.attendance + m.result + m.attitude + m.cooperation), 0)
                                   from ratings m where m.tenant_id = $1 and m.whistle_id = c.id
                                    and m.round = c.round and m.at <= $6
                                    and ($2::uuid is null or m.assignment_id = c.own)),
                   'checks', (select count(*) from checks h where h.tenant_id = $1 and h.whistle_id = c.id
                                 and h.at <= $6),
                   'first_passed', (select h.passed from checks h where h.tenant_id = $1 and h.whistle_id = c.id
                                       and h.at <= $6 order by h.round limit 1),
                   'visits', (select coalesce(json_agg(json_build_object('state', v.state, 'answer', v.answer,
                                     'feeling', v.feeling) order by v.ended_at, v.id), '[]')
                                from visits v where v.tenant_id = $1 and v.whistle_id = c.id and v.ended_at <= $6
                                 and v.state in ('answered', 'unreachable')),
                   'events', (select coalesce(json_agg(json_build_object('at', e.at, 'verb', e.verb, 'seat', e.seat,
                                     'sentence', e.sentence) order by e.at, e.id), '[]')
                                from events e
                               where e.tenant_id = $1 and e.subject_id = c.id and e.at <= $6
                                 and ($2::uuid is null or e.department_id is null or e.department_id = $2
                                      or exists (select from assignments l where l.tenant_id = $1 and l.id = c.own
                                                    and l.role = 'lead' and l.stage <> 'relieved'))))
                   order by c.number) from chosen c), '[]') as "cases!: Json<Vec<Case>>",
               coalesce((select json_agg(json_build_object(
                   'number', u.number, 'power', u.power, 'origin', u.origin,
                   'street', (select n.name from nodes n where n.tenant_id = $1 and n.code = u.street_code),
                   'department', (select d.name from departments d where d.tenant_id = $1 and d.id = u.department_id),
                   'title', u.title, 'asked_at', u.asked_at,
                   'opinion', (select o.kind from exercise_opinions o where o.tenant_id = $1 and o.exercise_id = u.id),
                   'answer', u.answer,
                   'answered_late', exists (select from clocks k
                                              join breaches b on b.tenant_id = $1 and b.clock_id = k.id
                                             where k.tenant_id = $1 and k.exercise_id = u.id
                                               and k.stage = 'answer' and b.found_at <= $6),
                   'reaction', (select r.kind from exercise_reactions r where r.tenant_id = $1
                                   and r.exercise_id = u.id order by r.round desc limit 1),
                   'ruling', (select g.kind from exercise_rulings g where g.tenant_id = $1 and g.exercise_id = u.id),
                   'score', u.score, 'closed_at', u.closed_at)
                   order by u.number) from used u where u.power <> 'cadre'), '[]')
                   as "powers!: Json<Vec<Exercise>>",
               (select count(*) from used u where u.power = 'cadre') as "cadre!",
               array(select distinct x.name collate "C" from (
                   select p.name from people p where p.tenant_id = $1 and exists (select from appointments t
                       where t.tenant_id = $1 and t.person_id = p.id and t.from_day <= $8)
) x order by 1) as "names!: Vec<String>",
               array(select distinct m.id from chosen c
                     join whistle_matters b on b.tenant_id = $1 and b.whistle_id = c.id
                     join matters m on m.tenant_id = $1 and m.id = b.matter_id
                    where m.teller_name_mask is not null order by 1) as "told!: Vec<Uuid>"
        "#,
        me.tenant.0,
        department,
        street,
        from,
        to,
        recipe.cut_at,
        most + 1,
        day_of(recipe.cut_at)
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.cases.0.len() > MOST {
        return Err(Error::Refused(format!(
            "这个时期的哨单超过 {MOST} 件，一份材料包放不下。请按季度分别生成。"
        )));
    }
    Ok(Facts {
        cases: row.cases.0,
        powers: row.powers.0,
        cadre: row.cadre,
        names: row.names,
        told: row.told,
    })
}
