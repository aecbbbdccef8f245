//! The list: rows, total and the filter's choices in one round trip.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Named;
use crate::base::db::{Tx, anywhere};
use crate::base::error::Result;
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::access::Viewer;
use crate::work::DutyItemId;

/// Which versions a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum State {
    /// Those in force.
    InForce,
    /// Those that wait for their day.
    Coming,
    /// The last versions of items that ended.
    Ended,
}

impl State {
    /// In the order of the page.
    pub(in super::super) const ALL: [Self; 3] = [Self::InForce, Self::Coming, Self::Ended];

    /// Its word in addresses.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::InForce => "",
            Self::Coming => "coming",
            Self::Ended => "ended",
        }
    }

    /// What the page calls it.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::InForce => "现行清单",
            Self::Coming => "待施行的",
            Self::Ended => "已停用的",
        }
    }

    /// The one of a word; what is in force, if it is none.
    pub(in super::super) fn read(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|s| s.code() == code);
        known.unwrap_or(Self::InForce)
    }
}

/// What the filter row narrows the list to; absent ones do not.
#[derive(Clone, Debug)]
pub(in super::super) struct Filter {
    pub(in super::super) words: Option<String>,
    pub(in super::super) department: Option<Uuid>,
    pub(in super::super) class: Option<String>,
    pub(in super::super) state: State,
}

/// One item in the list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: DutyItemId,
    pub(in super::super) number: i32,
    pub(in super::super) version: i32,
    pub(in super::super) name: String,
    pub(in super::super) law: String,
    pub(in super::super) boundary: String,
    pub(in super::super) lead: String,
    pub(in super::super) assists: Vec<String>,
    /// What each of these is asked for.
    pub(in super::super) asks: Vec<String>,
    pub(in super::super) classes: Vec<String>,
    pub(in super::super) precedents: i64,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    /// From when the next version is in force, if one waits.
    pub(in super::super) next_day: Option<NaiveDate>,
    /// When the item ends, if it is to.
    pub(in super::super) end_day: Option<NaiveDate>,
}

/// The list and the choices of its filter.
#[derive(Clone, Debug)]
pub(in super::super) struct Listed {
    pub(in super::super) page: Paged<Row>,
    pub(in super::super) departments: Vec<Named>,
    /// Code and name of each class that some item covers.
    pub(in super::super) classes: Vec<(String, String)>,
}

/// One page of the list by number, after the given item.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Uuid>, i64),
) -> Result<Listed> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Uuid>,
) -> Result<Paged<Row>> {
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
    (after, from): (Option<Uuid>, i64),
    size: i64,
) -> Result<Listed> {
    let today = tx.today();
    let words = filter.words.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with kept as (
            select i.* from duty_items i
             where i.tenant_id = $1 and i.dropped_at is null
               and case $2 when 'coming' then i.from_day > $9
                           when 'ended' then i.ended_at is not null and i.to_day <= $9
                           else i.from_day <= $9 and (i.to_day is null or i.to_day > $9) end
               and ($3::text is null or i.name ilike $3 or i.law ilike $3 or i.boundary ilike $3
                    or i.number::text = btrim($3, '%'))
               and ($4::uuid is null or i.lead_department_id = $4
                    or exists (select from duty_assists a where a.tenant_id = $1 and a.duty_item_id = i.id
                                  and a.department_id = $4))
               and ($5::text is null or exists (select from duty_classes c where c.tenant_id = $1
                        and c.duty_item_id = i.id and c.class_code = $5))
        )
        select (select count(*) from (select from kept limit $6) c) as "total!",
               coalesce((select json_agg(r) from (
                   select k.id, k.number, k.version, k.name, k.law, k.boundary, d.name as lead,
                          coalesce((select json_agg(x.name order by a.position) from duty_assists a
                             join departments x on x.tenant_id = $1 and x.id = a.department_id
                            where a.tenant_id = $1 and a.duty_item_id = k.id), '[]') as assists,
                          coalesce((select json_agg(a.ask order by a.position) from duty_assists a
                            where a.tenant_id = $1 and a.duty_item_id = k.id), '[]') as asks,
                          coalesce((select json_agg(m.name order by m.code) from duty_classes c
                             join classes_on($1, $9) m on m.code = c.class_code
                            where c.tenant_id = $1 and c.duty_item_id = k.id), '[]') as classes,
                          (select count(*) from precedents p
                             join duty_items v on v.tenant_id = $1 and v.id = p.duty_item_id
                            where p.tenant_id = $1 and v.number = k.number) as precedents,
                          k.from_day, k.to_day,
                          (select min(v.from_day) from duty_items v
                            where v.tenant_id = $1 and v.number = k.number and v.version > k.version
                              and v.dropped_at is null and v.from_day > $9) as next_day,
                          case when k.ended_at is not null then k.to_day end as end_day
                     from kept k
                     join departments d on d.tenant_id = $1 and d.id = k.lead_department_id
                    where $7::uuid is null
                       or (k.number, k.version) > (select o.number, o.version from duty_items o
                                                    where o.tenant_id = $1 and o.id = $7)
                    order by k.number, k.version limit $8) r), '[]') as "rows!: Json<Vec<Row>>",
               (select coalesce(json_agg(json_build_object('id', d.id, 'name', d.name) order by d.position), '[]')
                  from departments d where d.tenant_id = $1) as "departments!: Json<Vec<Named>>",
               (select coalesce(json_agg(json_build_array(m.code, m.name) order by m.code), '[]')
                  from classes_on($1, $9) m
                 where exists (select from duty_classes c where c.tenant_id = $1 and c.class_code = m.code))
                 as "classes!: Json<Vec<(String, String)>>"
        "#,
        me.tenant.0,
        filter.state.code(),
        words,
        filter.department,
        filter.class,
        COUNTED + 1,
        after,
        size + 1,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Listed {
        page: Paged::sized(row.rows.0, size, (row.total, from), |r| r.id.0),
        departments: row.departments.0,
        classes: row.classes.0,
    })
}
