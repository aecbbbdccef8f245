//! The list of whistles: rows, total and the filter's choices in one round trip.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Kind, Stage};
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::finding::SOUGHT;
use crate::base::paging::{BATCH, COUNTED, Key, PAGE, Paged};
use crate::org::access::{PostKind, Viewer};
use crate::org::calendar::Calendar;
use crate::work::clocks::Nearest;

/// What the filter row narrows the list to; absent ones do not.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each narrows the list by itself"
)]
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    /// Each stands in number, title, what is asked, a name of the place or of the leading department.
    pub(in super::super) words: Option<Vec<String>>,
    pub(in super::super) street: Option<String>,
    pub(in super::super) place: Option<Uuid>,
    pub(in super::super) kind: Option<Kind>,
    pub(in super::super) stages: Option<Vec<Stage>>,
    pub(in super::super) department: Option<Uuid>,
    /// Only whistles on which that department's assignment is still open (true) or over (false).
    pub(in super::super) department_open: Option<bool>,
    pub(in super::super) from: Option<NaiveDate>,
    pub(in super::super) to: Option<NaiveDate>,
    pub(in super::super) waiting: bool,
    pub(in super::super) sounded: bool,
    /// Only rows whose lamp is this: `red` `yellow` `green` `grey` `none` `ended`.
    pub(in super::super) lamp: Option<String>,
    /// Closed from this day to that, both included.
    pub(in super::super) closed_from: Option<NaiveDate>,
    pub(in super::super) closed_to: Option<NaiveDate>,
    /// Closed or withdrawn from this day to that.
    pub(in super::super) ended_from: Option<NaiveDate>,
    pub(in super::super) ended_to: Option<NaiveDate>,
    /// Only what had sounded and was not over when this day was over.
    pub(in super::super) on: Option<NaiveDate>,
    /// Only what passed no limit that counts.
    pub(in super::super) in_time: bool,
    /// Only what passed every check at once.
    pub(in super::super) first_pass: bool,
    /// Only those whose trouble was first seen again from this day to that.
    pub(in super::super) recurred_from: Option<NaiveDate>,
    pub(in super::super) recurred_to: Option<NaiveDate>,
}

/// One whistle in the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: Uuid,
    pub(in super::super) number: Option<String>,
    pub(in super::super) title: String,
    pub(in super::super) kind: Kind,
    pub(in super::super) street: String,
    pub(in super::super) place: String,
    pub(in super::super) lead: Option<String>,
    pub(in super::super) assists: i64,
    pub(in super::super) stage: Stage,
    pub(in super::super) mine: bool,
    pub(in super::super) waiting_since: DateTime<Utc>,
    pub(in super::super) sounded_at: Option<DateTime<Utc>>,
    pub(in super::super) drafted_at: DateTime<Utc>,
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
    /// The nearest due time: of a department's own assignment, else of the whole whistle.
    pub(in super::super) nearest: Option<Nearest>,
    /// Whether a limit was passed on the way.
    pub(in super::super) late: bool,
    pub(in super::super) order_key: i64,
}

/// A name with what stands for it in an address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Choice {
    pub(in super::super) value: String,
    pub(in super::super) name: String,
}

/// The list and the choices of its filter.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Row, Key>,
    /// How many of each lamp; counting stops at [`COUNTED`].
    pub(in super::super) lamps: HashMap<String, i64>,
    pub(in super::super) calendar: Calendar,
    pub(in super::super) streets: Vec<Choice>,
    pub(in super::super) departments: Vec<Choice>,
    /// Whether more than [`SOUGHT`] whistles have the words: then only so many are listed.
    pub(in super::super) cut: bool,
}

/// One page of the list, the tightest first, after the given key.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
) -> Result<Paged<Row, Key>> {
    Ok(rows(tx, me, filter, (after, 1), BATCH).await?.page)
}

/// The instant at which a day is over.
fn ended(day: Option<NaiveDate>) -> Option<DateTime<Utc>> {
    day?.succ_opt().map(midnight)
}

/// Who is no department joins `o` with none: no department has the id of a tenant, and by the key over
/// whistle and department the planner knows that at most one row comes, so it leaves the join out. A
/// condition that is never true would be asked for every whistle.
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
    size: i64,
) -> Result<Listed> {
    let (now, today) = (tx.now, tx.today());
    let reach = me.reach();
    let area = if reach.area().is_empty() {
        filter.street.as_deref().unwrap_or_default()
    } else {
        reach.area()
    };
    let row = sqlx::query!(
        r#"
        with mine as materialized (
            select distinct q.whistle_id from whistles_waiting($1, $2, $3, $4, $5) q
        ), sought as materialized (
            select s.id from search_ids($1, 'whistle', $10, $28, $4, $27, $29) as s (id) where $10::text[] is not null and not $6
        ), kept as not materialized (
            select w.*,
                   case when $4::uuid is null then w.due_stage else o.due_stage end as d_stage,
                   case when $4::uuid is null then w.due_unit else o.due_unit end as d_unit,
                   case when $4::uuid is null then w.due_at else o.due_at end as d_due,
                   case when $4::uuid is null then w.soon_at else o.soon_at end as d_soon,
                   case when $4::uuid is null or w.closed_at is not null or w.withdrawn_at is not null
                        then w.order_key else o.order_key end as d_key
              from whistles w
              left join assignments o on o.tenant_id = $1 and o.whistle_id = w.id
                   and o.department_id = coalesce($4, $1)
             where w.tenant_id = $1 and not $6
               and ($7::text is null or w.street_code = $7)
               and ($8::text is null or w.community_code = $8)
               and $9::text is null
               and ($4::uuid is null or o.id is not null)
               and case when $7::text is not null then not (w.stage = 'draft' and w.from_community)
                        when $8::text is not null then w.sounded_at is not null or w.from_community
                        else w.sounded_at is not null end
               and ($10::text[] is null or w.id = any (array(select s.id from sought s)))
               and ($11::text is null or w.street_code = $11)
               and ($12::whistle_kind is null or w.kind = $12)
               and ($13::whistle_stage[] is null or w.stage = any($13))
               and ($14::uuid is null or exists (select from assignments o where o.tenant_id = $1
                        and o.whistle_id = w.id and o.department_id = $14
                        and ($15::boolean is null
                             or $15 = (o.stage in ('sent', 'signed', 'reported')))))
               and ($16::timestamptz is null or w.sounded_at >= $16)
               and ($17::timestamptz is null or w.sounded_at < $17)
               and (not $18 or w.id in (select whistle_id from mine))
               and (not $22 or w.sounded_at is not null)
               and ($23::uuid is null or w.place_id = $23 or w.place_code like
                    (select n.code || '%' from nodes n where n.tenant_id = $1 and n.id = $23))
               and ($24::text is null or $24 = lamp_of(
                    case when $4::uuid is null then w.due_at else o.due_at end,
                    case when $4::uuid is null then w.soon_at else o.soon_at end,
                    case when $4::uuid is null then w.due_stage else o.due_stage end,
                    coalesce(w.closed_at, w.withdrawn_at), $25))
               and ($30::timestamptz is null or w.closed_at >= $30)
               and ($31::timestamptz is null or w.closed_at < $31)
               and ($37::timestamptz is null or coalesce(w.closed_at, w.withdrawn_at) >= $37)
               and ($38::timestamptz is null or coalesce(w.closed_at, w.withdrawn_at) < $38)
               and ($32::timestamptz is null or (w.sounded_at < $32
                    and (coalesce(w.closed_at, w.withdrawn_at) is null
                         or coalesce(w.closed_at, w.withdrawn_at) >= $32)))
               and (not $33 or not whistle_was_late($1, w.id))
               and (not $34 or not exists (select from checks c where c.tenant_id = $1
                                              and c.whistle_id = w.id and not c.passed))
               and (($35::timestamptz is null and $36::timestamptz is null)
                    or exists (select from (select min(p.at) as at from reopen_proposals p
                                             where p.tenant_id = $1 and p.whistle_id = w.id) first
                                where ($35::timestamptz is null or first.at >= $35)
                                  and ($36::timestamptz is null or first.at < $36)))
        )
        select (select coalesce(json_object_agg(c.lamp, c.n), '{}') from (
                   select l.lamp, count(*) as n from (
                       select lamp_of(k.d_due, k.d_soon, k.d_stage, coalesce(k.closed_at, k.withdrawn_at), $25) as lamp
                         from kept k limit $19) l group by l.lamp) c) as "lamps!: Json<HashMap<String, i64>>",
               coalesce((select json_agg(r) from (
                   select k.id, k.number, k.title, k.kind, s.name as street, p.name as place,
                          (select d.name from assignments a
                             join departments d on d.tenant_id = $1 and d.id = a.department_id
                            where a.tenant_id = $1 and a.whistle_id = k.id and a.role = 'lead' and a.stage <> 'relieved') as lead,
                          (select count(*) from assignments a where a.tenant_id = $1
                              and a.whistle_id = k.id and a.role = 'assist' and a.stage <> 'relieved') as assists,
                          k.stage, k.id in (select whistle_id from mine) as mine, k.waiting_since,
                          k.sounded_at, k.drafted_at, coalesce(k.closed_at, k.withdrawn_at) as ended_at,
                          due_json(k.d_stage, k.d_unit, k.d_due, k.d_soon) as nearest,
                          whistle_was_late($1, k.id) as late,
                          k.d_key as order_key
                     from (select f.* from kept f
                            where $20::uuid is null or (f.d_key, f.id) > ($26::bigint, $20)
                            order by f.d_key, f.id limit $21) k
                     join nodes s on s.tenant_id = $1 and s.code = k.street_code
                     join nodes p on p.tenant_id = $1 and p.id = k.place_id
                    order by k.d_key, k.id) r), '[]') as "rows!: Json<Vec<Row>>",
               (select count(*) from sought) as "sought!",
               calendar_around($1, $27) as "calendar!: Json<Calendar>",
               (select coalesce(json_agg(json_build_object('value', n.code, 'name', n.name) order by n.code), '[]')
                  from nodes n where n.tenant_id = $1 and n.level = 1) as "streets!: Json<Vec<Choice>>",
               (select coalesce(json_agg(json_build_object('value', d.id, 'name', d.name) order by d.position), '[]')
                  from departments d where d.tenant_id = $1) as "departments!: Json<Vec<Choice>>"
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        reach.department,
        me.person.0,
        reach.nothing,
        reach.street,
        reach.community,
        reach.grid,
        filter.words.as_deref(),
        filter.street,
        filter.kind as Option<Kind>,
        filter.stages.as_deref() as Option<&[Stage]>,
        filter.department,
        filter.department_open,
        filter.from.map(midnight),
        ended(filter.to),
        filter.waiting,
        COUNTED + 1,
        after.map(|key| key.id),
        size + 1,
        filter.sounded,
        filter.place,
        filter.lamp,
        now,
        after.map(|key| key.order),
        today,
        area,
        i32::try_from(SOUGHT + 1).unwrap_or(i32::MAX),
        filter.closed_from.map(midnight),
        ended(filter.closed_to),
        ended(filter.on),
        filter.in_time,
        filter.first_pass,
        filter.recurred_from.map(midnight),
        ended(filter.recurred_to),
        filter.ended_from.map(midnight),
        ended(filter.ended_to),
    )
    .fetch_one(&mut **tx)
    .await?;
    let total = row.lamps.values().sum();
    let key = |r: &Row| Key {
        order: r.order_key,
        id: r.id,
    };
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (total, from), key),
        lamps: row.lamps.0,
        calendar: row.calendar.0,
        streets: row.streets.0,
        departments: row.departments.0,
        cut: row.sought > SOUGHT,
    })
}
