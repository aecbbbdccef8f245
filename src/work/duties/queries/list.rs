//! The list: rows, total and the filter's choices in one round trip.

use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Named;
use crate::base::db::{Tx, anywhere};
use crate::base::error::Result;
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::access::Viewer;
use crate::work::DutyItemId;

/// What the filter row narrows the list to; absent ones do not.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    pub(in super::super) words: Option<String>,
    pub(in super::super) department: Option<Uuid>,
    pub(in super::super) class: Option<String>,
    /// Items that ended, instead of those in force.
    pub(in super::super) ended: bool,
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
             where i.tenant_id = $1 and case when $2 then i.ended_at is not null else i.to_day is null end
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
                            where p.tenant_id = $1 and v.number = k.number) as precedents
                     from kept k
                     join departments d on d.tenant_id = $1 and d.id = k.lead_department_id
                    where $7::uuid is null
                       or k.number > (select o.number from duty_items o where o.tenant_id = $1 and o.id = $7)
                    order by k.number limit $8) r), '[]') as "rows!: Json<Vec<Row>>",
               (select coalesce(json_agg(json_build_object('id', d.id, 'name', d.name) order by d.position), '[]')
                  from departments d where d.tenant_id = $1) as "departments!: Json<Vec<Named>>",
               (select coalesce(json_agg(json_build_array(m.code, m.name) order by m.code), '[]')
                  from classes_on($1, $9) m
                 where exists (select from duty_classes c where c.tenant_id = $1 and c.class_code = m.code))
                 as "classes!: Json<Vec<(String, String)>>"
        "#,
        me.tenant.0,
        filter.ended,
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
