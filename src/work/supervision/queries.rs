//! The SQL of supervision.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Level, Watched};
use super::reached::Addressee;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::base::paging::PAGE;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;
use crate::org::events::By;
use crate::work::WhistleId;
use crate::work::clocks::{Nearest, Rules};
use crate::work::phrases::Phrases;

/// How many clocks a sweep looks at in one statement.
pub(super) const WATCHED: i64 = 200;

/// Clocks of whistles whose time is short or over and that supervision has not gone to the end
/// for, by when they are due; after the given key. `only_urgent`: only those of emergencies.
pub(super) async fn watched(
    tx: &mut Tx,
    tenant: TenantId,
    after: Option<(DateTime<Utc>, Uuid)>,
    only_urgent: bool,
) -> Result<Vec<Watched>> {
    let now = tx.now;
    let rows = sqlx::query_scalar!(
        r#"select json_build_object('clock', clock_json($1, c.id), 'whistle', c.whistle_id,
                  'title', w.title, 'department_id', a.department_id, 'seat', coalesce(d.name, s.name),
                  'rework_count', coalesce(a.rework_count, 0),
                  'reached', (select max(v.level) from supervisions v
                               where v.tenant_id = $1 and v.clock_id = c.id)) as "watched!: Json<Watched>"
             from clocks c
             join whistles w on w.tenant_id = $1 and w.id = c.whistle_id
             join nodes s on s.tenant_id = $1 and s.code = w.street_code
             left join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             left join departments d on d.tenant_id = $1 and d.id = a.department_id
            where c.tenant_id = $1 and c.stopped_at is null and c.paused_at is null
              and c.whistle_id is not null and c.soon_at <= $2
              and c.stage not in ('suspension', 'decide', 'reply')
              and (not $5 or w.kind = 'emergency')
              and ($3::timestamptz is null or (c.due_at, c.id) > ($3, $4))
              and not exists (select from supervisions v where v.tenant_id = $1 and v.clock_id = c.id
                     and v.level = case when c.assignment_id is null then 'street'::supervision_level else 'city' end)
            order by c.due_at, c.id limit $6"#,
        tenant.0,
        now,
        after.map(|a| a.0),
        after.map(|a| a.1),
        only_urgent,
        WATCHED
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A supervision to be kept.
#[derive(Clone, Debug)]
pub(super) struct New<'a> {
    pub(super) whistle: Uuid,
    pub(super) assignment: Option<Uuid>,
    pub(super) department: Option<Uuid>,
    pub(super) level: Level,
    pub(super) clock: Option<Uuid>,
    pub(super) period: Option<&'a str>,
    pub(super) reason: &'a str,
}

/// Keeps one; nothing if a rule has brought the same before.
pub(super) async fn add(tx: &mut Tx, by: By<'_>, new: &New<'_>) -> Result<Option<Uuid>> {
    let now = tx.now;
    let person = match by {
        By::Post(me) => Some(me.person.0),
        By::Resident(_) | By::Program(_) => None,
    };
    Ok(sqlx::query_scalar!(
        "insert into supervisions (tenant_id, id, whistle_id, assignment_id, department_id, level, clock_id, period,
                                   at, person_id, post_id, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict do nothing returning id",
        by.tenant().0,
        uuid_at(now),
        new.whistle,
        new.assignment,
        new.department,
        new.level as Level,
        new.clock,
        new.period,
        now,
        person,
        by.post(),
        new.reason
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// The posts of these audiences, seen from a whistle and a department, and whether anybody holds
/// them today. The leader in charge is found by being named, also if the post is no more.
pub(super) async fn addressees(
    tx: &mut Tx,
    tenant: TenantId,
    (whistle, department): (Uuid, Option<Uuid>),
    codes: &[&str],
) -> Result<Vec<Addressee>> {
    let today = tx.today();
    Ok(sqlx::query_as!(
        Addressee,
        r#"select p.id as post, g.name as "group!",
                  exists (select from appointments m where m.tenant_id = $1 and m.post_id = p.id
                             and m.from_day <= $5 and (m.to_day is null or m.to_day > $5)
                             and (p.valid_to is null or p.valid_to > $5)) as "is_held!"
             from whistles w
            cross join unnest($4::text[]) as g (name)
             join posts p on p.tenant_id = $1
                  and (p.valid_to is null or p.valid_to > $5 or g.name = 'leader_in_charge')
                  and case g.name
                      when 'supervised_clerk' then p.department_id = $3 and p.kind = 'department_clerk'
                      when 'supervised_head' then p.department_id = $3 and p.kind = 'department_head'
                      when 'community' then p.kind = 'community_secretary' and p.node_code = w.community_code
                      when 'checker' then p.kind = 'street_checker' and p.node_code = w.street_code
                      when 'dispatcher' then p.kind = 'street_dispatcher' and p.node_code = w.street_code
                      when 'deputy' then p.kind = 'street_deputy' and p.node_code = w.street_code
                      when 'secretary' then p.kind = 'street_secretary' and p.node_code = w.street_code
                      when 'approver' then p.node_code = w.street_code and p.kind = case when w.kind = 'tough'
                           then 'street_secretary'::post_kind else 'street_deputy' end
                      when 'city_office' then p.kind = 'city_office'
                      when 'leader_in_charge' then p.id = (select l.post_id from department_leaders l
                           where l.tenant_id = $1 and l.department_id = $3 and l.to_day is null)
                      else false end
            where w.tenant_id = $1 and w.id = $2"#,
        tenant.0,
        whistle,
        department,
        codes as _,
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Keeps that a supervision did not reach somebody.
pub(super) async fn unreached(
    tx: &mut Tx,
    tenant: TenantId,
    supervision: Uuid,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into unreached (tenant_id, id, supervision_id, at, reason) values ($1, $2, $3, $4, $5)",
        tenant.0,
        uuid_at(now),
        supervision,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A department that a card is due for, with the whistle that brought it.
#[derive(Clone, Debug)]
pub(super) struct Carded {
    pub(super) department: Uuid,
    pub(super) name: String,
    pub(super) whistle: Uuid,
    pub(super) count: i64,
    pub(super) clock: Option<Uuid>,
}

/// Departments with that many late clocks since a day.
pub(super) async fn often_late(
    tx: &mut Tx,
    tenant: TenantId,
    (since, period, least): (DateTime<Utc>, &str, i64),
) -> Result<Vec<Carded>> {
    Ok(sqlx::query_as!(
        Carded,
        r#"select a.department_id as department, d.name, (array_agg(c.whistle_id order by b.due_at desc))[1] as "whistle!",
                  count(distinct a.id) as "count!", null::uuid as clock
             from breaches b
             join clocks c on c.tenant_id = $1 and c.id = b.clock_id
             join assignments a on a.tenant_id = $1 and a.id = c.assignment_id
             join departments d on d.tenant_id = $1 and d.id = a.department_id
            where b.tenant_id = $1 and b.due_at >= $2
              and not exists (select from supervisions v where v.tenant_id = $1 and v.department_id = a.department_id
                                 and v.level = 'yellow' and v.period = $3)
            group by a.department_id, d.name
           having count(distinct a.id) >= $4
            order by d.name"#,
        tenant.0,
        since,
        period,
        least
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Departments that let the city's letter go unanswered.
pub(super) async fn unanswered(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Carded>> {
    Ok(sqlx::query_as!(
        Carded,
        r#"select v.department_id as "department!", d.name, v.whistle_id as whistle, 1::bigint as "count!",
                  c.id as "clock: Option<Uuid>"
             from supervisions v
             join clocks c on c.tenant_id = $1 and c.about = v.id and c.stage = 'reply'
             join breaches b on b.tenant_id = $1 and b.clock_id = c.id
             join departments d on d.tenant_id = $1 and d.id = v.department_id
            where v.tenant_id = $1 and v.level = 'city'
              and not exists (select from supervisions y where y.tenant_id = $1 and y.clock_id = c.id
                                 and y.level = 'yellow')
            order by b.due_at"#,
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Departments with that many yellow cards since an instant and no red one in the period.
pub(super) async fn often_yellow(
    tx: &mut Tx,
    tenant: TenantId,
    (since, period, least): (DateTime<Utc>, &str, i64),
) -> Result<Vec<Carded>> {
    Ok(sqlx::query_as!(
        Carded,
        r#"select v.department_id as "department!", d.name, (array_agg(v.whistle_id order by v.at desc))[1] as "whistle!",
                  count(*) as "count!", null::uuid as clock
             from supervisions v
             join departments d on d.tenant_id = $1 and d.id = v.department_id
            where v.tenant_id = $1 and v.level = 'yellow' and v.at >= $2
              and not exists (select from supervisions r where r.tenant_id = $1 and r.department_id = v.department_id
                                 and r.level = 'red' and r.period = $3)
            group by v.department_id, d.name
           having count(*) >= $4
            order by d.name"#,
        tenant.0,
        since,
        period,
        least
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A supervision as the department that must answer it finds it, locked.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) whistle: Uuid,
    pub(super) assignment: Option<Uuid>,
    pub(super) department: Option<Uuid>,
    pub(super) level: Level,
    pub(super) is_replied: bool,
}

/// Locks one supervision.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Held> {
    let row = sqlx::query!(
        r#"select whistle_id, assignment_id, department_id, level as "level: Level", reply is not null as "replied!"
             from supervisions where tenant_id = $1 and id = $2 for update"#,
        me.tenant.0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Held {
        whistle: row.whistle_id,
        assignment: row.assignment_id,
        department: row.department_id,
        level: row.level,
        is_replied: row.replied,
    })
}

/// Keeps the answer.
pub(super) async fn reply(tx: &mut Tx, me: &Viewer, id: Uuid, words: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update supervisions set reply = $3, replied_at = $4, replied_by = $5, replied_post = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id,
        words,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One row of the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) level: Level,
    pub(super) at: DateTime<Utc>,
    pub(super) whistle: WhistleId,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) street: String,
    pub(super) department: Option<String>,
    pub(super) reason: String,
    pub(super) by: Option<String>,
    pub(super) replied_at: Option<DateTime<Utc>>,
    pub(super) reply_due_at: Option<DateTime<Utc>>,
}

/// The list and how much of each level there is.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) rows: Vec<Row>,
    pub(super) counts: Vec<(Level, i64)>,
    /// How often somebody was not reached and the city's office has not seen to it.
    pub(super) unreached: i64,
}

/// One page within reach, newest first.
pub(super) async fn list(
    db: &mut PgConnection,
    me: &Viewer,
    level: Option<Level>,
    after: Option<Uuid>,
) -> Result<Listed> {
    let reach = me.reach();
    let row = sqlx::query!(
        r#"
        with kept as not materialized (
            select v.*, w.number, w.title, w.street_code from supervisions v
              join whistles w on w.tenant_id = $1 and w.id = v.whistle_id
             where v.tenant_id = $1 and not $2
               and ($3::text is null or w.street_code = $3)
               and ($4::uuid is null or v.department_id = $4)
        )
        select coalesce((select json_agg(r) from (
                   select k.id, k.level, k.at, k.whistle_id as whistle, k.number, k.title, s.name as street,
                          d.name as department, k.reason, p.name as by, k.replied_at,
                          (select c.due_at from clocks c where c.tenant_id = $1 and c.whistle_id = k.whistle_id
                              and c.about = k.id and c.stage = 'reply') as reply_due_at
                     from kept k
                     join nodes s on s.tenant_id = $1 and s.code = k.street_code
                     left join departments d on d.tenant_id = $1 and d.id = k.department_id
                     left join people p on p.tenant_id = $1 and p.id = k.person_id
                    where ($5::supervision_level is null or k.level = $5) and ($6::uuid is null or k.id < $6)
                    order by k.id desc limit $7) r), '[]') as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(json_build_array(c.level, c.n) order by c.level) from (
                   select k.level, count(*) as n from kept k group by k.level) c), '[]')
                  as "counts!: Json<Vec<(Level, i64)>>",
               (select count(*) from unreached u where u.tenant_id = $1 and u.cleared_at is null) as "unreached!"
        "#,
        me.tenant.0,
        reach.nothing || reach.community.is_some(),
        reach.street,
        reach.department,
        level as Option<Level>,
        after,
        PAGE + 1
    )
    .fetch_one(db)
    .await?;
    Ok(Listed {
        rows: row.rows.0,
        counts: row.counts.0,
        unreached: row.unreached,
    })
}

/// A supervision that did not reach somebody, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Unreached {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) reason: String,
    pub(super) level: Level,
    pub(super) whistle: WhistleId,
    pub(super) title: String,
    pub(super) department_id: Option<Uuid>,
    pub(super) department: Option<String>,
    pub(super) why: String,
}

/// Those that nobody has cleared, oldest first.
pub(super) async fn unreached_open(
    db: &mut PgConnection,
    me: &Viewer,
    after: Option<Uuid>,
) -> Result<Vec<Unreached>> {
    let rows = sqlx::query_scalar!(
        r#"select coalesce(json_agg(r), '[]') as "rows!: Json<Vec<Unreached>>" from (
             select u.id, u.at, u.reason, v.level, v.whistle_id as whistle, w.title, v.department_id, d.name as department,
                    v.reason as why
               from unreached u
               join supervisions v on v.tenant_id = $1 and v.id = u.supervision_id
               join whistles w on w.tenant_id = $1 and w.id = v.whistle_id
               left join departments d on d.tenant_id = $1 and d.id = v.department_id
              where u.tenant_id = $1 and u.cleared_at is null and ($2::uuid is null or u.id > $2)
              order by u.id limit $3) r"#,
        me.tenant.0,
        after,
        PAGE + 1
    )
    .fetch_one(db)
    .await?;
    Ok(rows.0)
}

/// Whether there is such a row at all.
pub(super) async fn is_known(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<bool> {
    let known = sqlx::query_scalar!(
        r#"select exists (select from unreached where tenant_id = $1 and id = $2) as "known!""#,
        me.tenant.0,
        id
    );
    Ok(known.fetch_one(&mut **tx).await?)
}

/// Clears one; says whether it was open.
pub(super) async fn clear(tx: &mut Tx, me: &Viewer, id: Uuid, words: &str) -> Result<bool> {
    let now = tx.now;
    let cleared = sqlx::query!(
        "update unreached set cleared_at = $3, cleared_by = $4, cleared_words = $5
          where tenant_id = $1 and id = $2 and cleared_at is null",
        me.tenant.0,
        id,
        now,
        me.person.0,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(cleared.rows_affected() == 1)
}

/// A whistle that somebody wants to supervise, with the departments still at work.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) id: WhistleId,
    pub(super) number: String,
    pub(super) title: String,
    /// Until when it is put aside: nothing may be done meanwhile, so nobody is supervised.
    pub(super) aside_until: Option<DateTime<Utc>>,
    pub(super) open: Vec<Open>,
    pub(super) calendar: Calendar,
    pub(super) rules: Rules,
    /// What the form offers to be said.
    pub(super) phrases: Phrases,
}

/// A department's open assignment and what it owes now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) assignment: Uuid,
    pub(super) department_id: Uuid,
    pub(super) department: String,
    pub(super) liaison: Option<String>,
    pub(super) nearest: Option<Nearest>,
}

/// The whistle, locked, if it has sounded within the viewer's reach; what has ended is not found
/// at work.
pub(super) async fn about(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<About> {
    let reach = me.reach();
    let today = tx.today();
    let row = sqlx::query!(
        r#"select w.number as "number!", w.title,
                  (select s.until_at from suspensions s
                    where s.tenant_id = $1 and s.whistle_id = w.id and s.ended_at is null) as aside_until,
                  coalesce((select json_agg(json_build_object('assignment', a.id, 'department_id', d.id,
                        'department', d.name,
                        'liaison', (select y.name from posts o
                                      join appointments m on m.tenant_id = $1 and m.post_id = o.id
                                           and m.from_day <= $5 and (m.to_day is null or m.to_day > $5)
                                      join people y on y.tenant_id = $1 and y.id = m.person_id
                                     where o.tenant_id = $1 and o.department_id = d.id
                                       and o.kind = 'department_clerk' limit 1),
                        'nearest', due_json(a.due_stage, a.due_unit, a.due_at, a.soon_at))
                        order by a.role, a.position)
                     from assignments a
                     join departments d on d.tenant_id = $1 and d.id = a.department_id
                    where a.tenant_id = $1 and a.whistle_id = w.id and a.stage in ('sent', 'signed', 'reported')), '[]')
                    as "open!: Json<Vec<Open>>",
                  calendar_around($1, $5) as "calendar!: Json<Calendar>",
                  rules_json($1, w.limits_id, $5) as "rules!: Json<Rules>",
                  phrases_json($1, '{supervise}', $5) as "phrases!: Json<Phrases>"
             from whistles w
            where w.tenant_id = $1 and w.id = $2 and w.sounded_at is not null and not $3
              and ($4::text is null or w.street_code = $4)
              for update of w"#,
        me.tenant.0,
        id.0,
        reach.nothing || reach.community.is_some() || reach.department.is_some(),
        reach.street,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(About {
        id,
        number: row.number,
        title: row.title,
        aside_until: row.aside_until,
        open: row.open.0,
        calendar: row.calendar.0,
        rules: row.rules.0,
        phrases: row.phrases.0,
    })
}
