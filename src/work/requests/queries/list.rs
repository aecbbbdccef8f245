//! The list of requests, and what the form of a return offers.

use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Kind, Row};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::paging::{COUNTED, PAGE, Paged};
use crate::org::DepartmentId;
use crate::org::access::{PostKind, Viewer};
use crate::org::calendar::Calendar;
use crate::work::DutyItemId;

/// Which requests the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Tab {
    /// Those that wait for this post.
    Mine,
    /// All that are open.
    Open,
    /// All that have ended.
    Ended,
}

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Filter {
    pub(in super::super) tab: Tab,
    pub(in super::super) kind: Option<Kind>,
}

/// The list, and how long each tab is.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Row>,
    pub(in super::super) mine: i64,
    pub(in super::super) open: i64,
    pub(in super::super) ended: i64,
    pub(in super::super) calendar: Calendar,
}

/// One page of the list, the newest first, after the given request.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: Filter,
    (after, from): (Option<Uuid>, i64),
) -> Result<Listed> {
    let reach = me.reach();
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        with mine as materialized (
            select q.request_id from requests_waiting($1, $2, $3, $4) q
        ), kept as not materialized (
            select r.*, w.number, w.title, w.street_code, a.department_id
              from requests r
              join whistles w on w.tenant_id = $1 and w.id = r.whistle_id
              join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
             where r.tenant_id = $1 and not $5
               and ($6::text is null or w.street_code = $6)
               and ($7::text is null or w.community_code = $7)
               and $8::text is null
               and ($9::uuid is null or a.department_id = $9 or exists (select from assignments l
                        where l.tenant_id = $1 and l.whistle_id = r.whistle_id and l.department_id = $9
                          and l.role = 'lead' and l.stage <> 'relieved'))
               and ($10::request_kind is null or r.kind = $10)
        )
        select (select count(*) from (select from kept k where k.id in (select request_id from mine) limit $11) c) as "mine!",
               (select count(*) from (select from kept k where k.state = 'open' limit $11) c) as "open!",
               (select count(*) from (select from kept k where k.state <> 'open' limit $11) c) as "ended!",
               coalesce((select json_agg(x) from (
                   select k.id, k.whistle_id, k.number, k.title, s.name as street, d.name as department, k.kind,
                          k.level, k.state, k.asked_at, k.decided_at,
                          k.id in (select request_id from mine) as mine,
                          (select due_json(c.stage, c.unit, c.due_at, c.soon_at)
                             from clocks c where c.tenant_id = $1 and c.whistle_id = k.whistle_id and c.about = k.id
                              and c.stopped_at is null and c.paused_at is null limit 1) as nearest
                     from kept k
                     join nodes s on s.tenant_id = $1 and s.code = k.street_code
                     join departments d on d.tenant_id = $1 and d.id = k.department_id
                    where case $12 when 'mine' then k.id in (select request_id from mine)
                                   when 'open' then k.state = 'open' else k.state <> 'open' end
                      and ($13::uuid is null or k.id < $13)
                    order by k.id desc limit $14) x), '[]') as "rows!: Json<Vec<Row>>",
               calendar_around($1, $15) as "calendar!: Json<Calendar>"
        "#,
        me.tenant.0,
        me.kind as PostKind,
        me.node_code(),
        me.person.0,
        reach.nothing,
        reach.street,
        reach.community,
        reach.grid,
        reach.department,
        filter.kind as Option<Kind>,
        COUNTED + 1,
        match filter.tab {
            Tab::Mine => "mine",
            Tab::Open => "open",
            Tab::Ended => "ended",
        },
        after,
        PAGE + 1,
        today,
    )
    .fetch_one(&mut **tx)
    .await?;
    let total = match filter.tab {
        Tab::Mine => row.mine,
        Tab::Open => row.open,
        Tab::Ended => row.ended,
    };
    Ok(Listed {
        page: Paged::new(row.rows.0, total, from, |r| r.id),
        mine: row.mine,
        open: row.open,
        ended: row.ended,
        calendar: row.calendar.0,
    })
}

/// A duty item in the select of a return.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Item {
    pub(in super::super) id: DutyItemId,
    pub(in super::super) number: i32,
    pub(in super::super) name: String,
    pub(in super::super) lead: String,
}

/// What the form of a return offers.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Options {
    pub(in super::super) items: Vec<Item>,
    pub(in super::super) departments: Vec<(DepartmentId, String)>,
}

/// The duty items in force and all departments.
pub(in super::super) async fn options(tx: &mut Tx, me: &Viewer) -> Result<Options> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(json_build_object('id', i.id, 'number', i.number, 'name', i.name,
                         'lead', d.name) order by i.number)
                   from duty_items i
                   join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
                  where i.tenant_id = $1 and i.from_day <= $2 and (i.to_day is null or i.to_day > $2)),
                   '[]') as "items!: Json<Vec<Item>>",
                  coalesce((select json_agg(json_build_array(d.id, d.name) order by d.position)
                   from departments d where d.tenant_id = $1), '[]') as "departments!: Json<Vec<(DepartmentId, String)>>""#,
        me.tenant.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Options {
        items: row.items.0,
        departments: row.departments.0,
    })
}
