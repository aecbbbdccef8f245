//! The list of visits with its figures, and the figures by department.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::paging::{COUNTED, PAGE, Paged};
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;
use crate::work::clocks::Nearest;
use crate::work::visits::model::{Answer, Feeling, State, Tally, lately};

/// What the list is narrowed to; absent ones do not.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) state: State,
    /// Only those that ended in the period of the figures.
    pub(crate) lately: bool,
    pub(crate) answer: Option<Answer>,
    pub(crate) feeling: Option<Feeling>,
    /// Only those about whistles that this department led.
    pub(crate) department: Option<Uuid>,
    /// Only those whose leading department reported in in time.
    pub(crate) responded: bool,
    /// Only those that ended from this day to that, both included.
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
}

/// One visit in the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) place: String,
    pub(crate) number: String,
    pub(crate) whistle_id: Uuid,
    pub(crate) lead: Option<String>,
    pub(crate) teller_name_mask: Option<String>,
    pub(crate) teller_phone_mask: Option<String>,
    pub(crate) asked_at: DateTime<Utc>,
    pub(crate) window_ends_at: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) tries: i64,
    /// When the asking is due, while it waits.
    pub(crate) nearest: Option<Nearest>,
    pub(crate) answer: Option<Answer>,
    pub(crate) feeling: Option<Feeling>,
}

/// How many visits are in a state, and of these in the period of the figures.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) state: State,
    pub(crate) count: i64,
    pub(crate) lately: i64,
}

/// The list, the counts of its tabs, and the figures of the period.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) page: Paged<Row>,
    pub(crate) counts: Vec<Count>,
    pub(crate) tally: Tally,
    /// The department that the list is narrowed to.
    pub(crate) department: Option<String>,
    /// By which the lamps are told.
    pub(crate) calendar: Calendar,
}

/// One page of the list after the given id: what waits from the oldest on, what has ended from
/// the newest on.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(crate) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Uuid>, i64),
) -> Result<Listed> {
    let since = lately(tx.now);
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with kept as (
            select v.* from visits v
             where v.tenant_id = $1 and v.state = $2
               and (not $3 or v.ended_at >= $4)
               and ($5::visit_answer is null or v.answer = $5)
               and ($6::visit_feeling is null or v.feeling = $6)
               and (($7::uuid is null and not $8) or exists (select from assignments a
                        where a.tenant_id = $1 and a.whistle_id = v.whistle_id and a.role = 'lead' and a.stage <> 'relieved'
                          and ($7::uuid is null or a.department_id = $7)
                          and (not $8 or reported_in_time($1, a.id, a.reported_at))))
               and ($13::timestamptz is null or v.ended_at >= $13)
               and ($14::timestamptz is null or v.ended_at < $14)
        ), shown as (
            select * from kept k
             where $9::uuid is null or (case when $2 = 'waiting' then k.id > $9 else k.id < $9 end)
             order by case when $2 = 'waiting' then k.id end, k.id desc
             limit $10
        )
        select (select count(*) from (select from kept limit $11) c) as "total!",
               coalesce((select json_agg(json_build_object(
                       'id', s.id, 'title', m.title, 'place', n.name, 'number', w.number, 'whistle_id', w.id,
                       'lead', d.name, 'teller_name_mask', m.teller_name_mask,
                       'teller_phone_mask', m.teller_phone_mask,
                       'asked_at', s.asked_at, 'window_ends_at', s.window_ends_at, 'ended_at', s.ended_at,
                       'tries', (select count(*) from visit_tries t where t.tenant_id = $1 and t.visit_id = s.id),
                       'nearest', case when $2 = 'waiting' then (
                           select due_json(c.stage, c.unit, c.due_at, c.soon_at) from clocks c
                            where c.tenant_id = $1 and c.matter_id = s.matter_id and c.stage = 'visit'
                              and c.stopped_at is null and c.paused_at is null limit 1) end,
                       'answer', s.answer, 'feeling', s.feeling)
                       order by case when $2 = 'waiting' then s.id end, s.id desc)
                  from shown s
                  join whistles w on w.tenant_id = $1 and w.id = s.whistle_id
                  join matters m on m.tenant_id = $1 and m.id = s.matter_id
                  join nodes n on n.tenant_id = $1 and n.id = m.place_id
                  left join assignments a on a.tenant_id = $1 and a.whistle_id = w.id and a.role = 'lead' and a.stage <> 'relieved'
                  left join departments d on d.tenant_id = $1 and d.id = a.department_id), '[]')
                  as "rows!: Json<Vec<Row>>",
               coalesce((select json_agg(x) from (
                   select v.state, count(*) as count, count(*) filter (where v.ended_at >= $4) as lately
                     from visits v where v.tenant_id = $1 group by v.state) x), '[]') as "counts!: Json<Vec<Count>>",
               (select json_build_object('valid', count(*), 'responded',
                       count(*) filter (where reported_in_time($1, a.id, a.reported_at)),
                       'solved', count(*) filter (where v.answer = 'solved'),
                       'satisfied', count(*) filter (where v.feeling = 'satisfied'),
                       'basically', count(*) filter (where v.feeling = 'basically'))
                  from visits v
                  left join assignments a on a.tenant_id = $1 and a.whistle_id = v.whistle_id and a.role = 'lead' and a.stage <> 'relieved'
                 where v.tenant_id = $1 and v.state = 'answered' and v.ended_at >= $4) as "tally!: Json<Tally>",
               (select d.name from departments d where d.tenant_id = $1 and d.id = $7) as department,
               calendar_around($1, $12) as "calendar!: Json<Calendar>"
        "#,
        me.tenant.0,
        filter.state as State,
        filter.lately,
        since,
        filter.answer as Option<Answer>,
        filter.feeling as Option<Feeling>,
        filter.department,
        filter.responded,
        after,
        PAGE + 1,
        COUNTED + 1,
        today,
        filter.from.map(midnight),
        filter.to.and_then(|d| d.succ_opt()).map(midnight)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Listed {
        page: Paged::new(row.rows.0, row.total, from, |r| r.id),
        counts: row.counts.0,
        tally: row.tally.0,
        department: row.department,
        calendar: row.calendar.0,
    })
}

/// A department with what the residents said of the whistles that it led.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) tally: Tally,
}

/// What residents said in the period of the figures, by leading department.
pub(crate) async fn by_department(tx: &mut Tx, me: &Viewer) -> Result<Vec<Spoken>> {
    let since = lately(tx.now);
    let rows = sqlx::query!(
        r#"select d.id, d.name, count(*) as "valid!",
                  count(*) filter (where reported_in_time($1, a.id, a.reported_at)) as "responded!",
                  count(*) filter (where v.answer = 'solved') as "solved!",
                  count(*) filter (where v.feeling = 'satisfied') as "satisfied!",
                  count(*) filter (where v.feeling = 'basically') as "basically!"
             from visits v
             join assignments a on a.tenant_id = $1 and a.whistle_id = v.whistle_id and a.role = 'lead' and a.stage <> 'relieved'
             join departments d on d.tenant_id = $1 and d.id = a.department_id
            where v.tenant_id = $1 and v.state = 'answered' and v.ended_at >= $2
            group by d.id, d.name, d.position
            order by count(*) desc, d.position"#,
        me.tenant.0,
        since
    )
    .fetch_all(&mut **tx)
    .await?;
    let spoken = rows.into_iter().map(|r| Spoken {
        id: r.id,
        name: r.name,
        tally: Tally {
            valid: r.valid,
            responded: r.responded,
            solved: r.solved,
            satisfied: r.satisfied,
            basically: r.basically,
        },
    });
    Ok(spoken.collect())
}
