//! Everything of a period in one round trip. Each fact comes with when it was recorded; what counts
//! is the model's business.

use anyhow::Context as _;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::super::model::{
    Book, Department, Life, Objection, Period, Record as Part, Reply, Scheme, Snapshot, Warned,
};
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::calendar::Calendar;
use crate::work::ObjectionId;

/// How far the calendar is read before and after a period, in days.
const AROUND: chrono::Days = chrono::Days::new(200);

/// The book of a period.
pub async fn book(db: &mut PgConnection, tenant: TenantId, period: Period) -> Result<Book> {
    book_with(db, tenant, period, None).await
}

/// The book of a period, opened at one of its objections.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn book_with(
    db: &mut PgConnection,
    tenant: TenantId,
    period: Period,
    objection: Option<ObjectionId>,
) -> Result<Book> {
    let (from, to) = period.bounds();
    let row = sqlx::query!(
        r#"
        with mine as (
            select p.* from assessment_periods p where p.tenant_id = $1 and p.period = $4
        ), closed as (
            select w.id from whistles w where w.tenant_id = $1 and w.closed_at >= $2 and w.closed_at < $3
             union
            select r.whistle_id from reopenings r where r.tenant_id = $1 and r.closed_at >= $2 and r.closed_at < $3
        )
        select (select t.name from tenants t where t.id = $1) as "city!",
               assessment_scheme_json($1, coalesce((select scheme_id from mine),
                   (select s.id from assessment_schemes s where s.tenant_id = $1 and s.from_day <= $5
                     order by s.from_day desc limit 1))) as "scheme!: Json<Scheme>",
               (select coalesce(json_agg(assessment_life_json($1, p.id) order by p.shown_at desc, p.id), '[]')
                  from assessment_periods p where p.tenant_id = $1) as "lives!: Json<Vec<Life>>",
               (select s.content from assessment_snapshots s where s.tenant_id = $1
                   and s.period_id = (select id from mine)) as snapshot,
               (select coalesce(json_agg(json_build_object('id', d.id, 'code', d.code, 'name', d.name, 'kind', d.kind)
                       order by d.position, d.code), '[]')
                  from departments d where d.tenant_id = $1 and d.valid_from <= $6
                   and (d.valid_to is null or d.valid_to > $5)) as "departments!: Json<Vec<Department>>",
               (select coalesce(json_agg(json_build_object(
                       'assignment', a.id, 'department', a.department_id, 'whistle', w.id, 'number', w.number,
                       'title', w.title, 'street', n.name, 'kind', w.kind, 'role', a.role,
                       'relieved', a.stage = 'relieved', 'closed_at', w.closed_at,
                       'reopened', (select coalesce(json_agg(json_build_object('at', r.at, 'closed_at', r.closed_at)
                                           order by r.at), '[]')
                                      from reopenings r where r.tenant_id = $1 and r.whistle_id = w.id),
                       'marks', (select coalesce(json_agg(json_build_object('round', m.round, 'at', m.at,
                                        'by', (select y.name from posts o
                                                 join nodes y on y.tenant_id = $1 and y.id = o.node_id
                                                where o.tenant_id = $1 and o.id = m.post_id),
                                        'sum', m.speed + m.attendance + m.result + m.attitude + m.cooperation)
                                        order by m.side, m.round), '[]')
                                   from ratings m where m.tenant_id = $1 and m.assignment_id = a.id),
                       'times', (select coalesce(json_agg(json_build_object('item', c.stage, 'unit', c.unit,
                                        'due_at', c.due_at, 'stopped_at', c.stopped_at, 'breached_at', b.found_at,
                                        'exempt_at', (select q.decided_at from exemptions e
                                                        join requests q on q.tenant_id = $1 and q.id = e.request_id
                                                       where e.tenant_id = $1 and e.clock_id = c.id))
                                        order by c.due_at, c.id), '[]')
                                   from clocks c
                                   left join breaches b on b.tenant_id = $1 and b.clock_id = c.id
                                  where c.tenant_id = $1 and c.assignment_id = a.id
                                    and c.stage in ('sign', 'report', 'close') and c.due_at is not null),
                       'reported_at', a.reported_at,
                       'first_check', (select json_build_object('passed', k.passed, 'at', k.at) from checks k
                                        where k.tenant_id = $1 and k.whistle_id = w.id order by k.round limit 1),
                       'answers', (select coalesce(json_agg(json_build_object('answer', v.answer, 'feeling', v.feeling,
                                          'at', v.ended_at) order by v.ended_at, v.id), '[]')
                                     from visits v where v.tenant_id = $1 and v.whistle_id = w.id
                                      and v.state = 'answered'),
                       'suspended_at', (select min(x.from_at) from suspensions x
                                         where x.tenant_id = $1 and x.whistle_id = w.id),
                       'returns', (select coalesce(json_agg(json_build_object('upheld', q.state = 'granted',
                                          'at', q.decided_at) order by q.decided_at, q.id), '[]')
                                     from requests q where q.tenant_id = $1 and q.assignment_id = a.id
                                      and q.kind = 'return'
                                      and (q.state in ('granted', 'denied') or (q.state = 'lapsed' and q.level = 3))),
                       'objections', objections_json($1, a.id))),
                       '[]')
                  from closed k
                  join whistles w on w.tenant_id = $1 and w.id = k.id
                  join assignments a on a.tenant_id = $1 and a.whistle_id = w.id and a.sent_at is not null
                   and a.stage <> 'withdrawn'
                  join nodes n on n.tenant_id = $1 and n.code = w.street_code) as "records!: Json<Vec<Part>>",
               (select objection_json($1, b.id) from assessment_objections b
                 where b.tenant_id = $1 and b.id = $9 and b.period_id = (select id from mine))
                   as "objection: Json<Objection>",
               (select coalesce(json_agg(json_build_object('id', e.id, 'department', e.department_id, 'number', e.number,
                       'title', e.title, 'street', n.name, 'score', e.score, 'closed_at', e.closed_at,
                       'sealed', e.power = 'cadre', 'objections', objections_json($1, e.id)) order by e.number), '[]')
                  from power_exercises e
                  join nodes n on n.tenant_id = $1 and n.code = e.street_code
                 where e.tenant_id = $1 and e.closed_at >= $2 and e.closed_at < $3
                   and e.score is not null) as "replies!: Json<Vec<Reply>>",
               warned_json($1, $2, $3) as "warned!: Json<Warned>",
               calendar_of($1, $7, $8) as "calendar!: Json<Calendar>"
        "#,
        tenant.0,
        from,
        to,
        period.to_string(),
        period.first(),
        period.last(),
        period.first() - AROUND,
        period.last() + AROUND,
        objection.map(|o| o.0)
    )
    .fetch_one(db)
    .await?;
    let snapshot: Option<Snapshot> = row
        .snapshot
        .map(|content| serde_json::from_str(&content).context("reading a frozen snapshot"))
        .transpose()?;
    let lives = row.lives.0;
    Ok(Book {
        city: row.city,
        period,
        scheme: row.scheme.0,
        life: lives.iter().find(|l| l.period == period).cloned(),
        lives,
        snapshot,
        departments: row.departments.0,
        records: row.records.0,
        replies: row.replies.0,
        warned: row.warned.0,
        objection: row.objection.map(|o| o.0),
        calendar: row.calendar.0,
    })
}
