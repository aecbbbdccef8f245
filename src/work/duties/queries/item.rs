//! One version of an item with its history, what its form offers, and what the list proposes.

use sqlx::types::Json;

use super::super::model::{Assist, Class, Item, Named, Offer, Precedent, Proposal, Version};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::work::DutyItemId;

/// Locks the version, so that of two who change it one comes after.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<Item> {
    sqlx::query!(
        "select id from duty_items where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    item(tx, me, id).await
}

/// One version with all versions and precedents of its item.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn item(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<Item> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select i.number, i.version, i.name, i.law, i.lead_department_id, d.name as lead, i.boundary,
               i.from_day, i.to_day, i.ended_at, i.end_reason,
               coalesce((select json_agg(json_build_object(
                       'department_id', a.department_id, 'department', x.name, 'ask', a.ask) order by a.position)
                  from duty_assists a join departments x on x.tenant_id = $1 and x.id = a.department_id
                 where a.tenant_id = $1 and a.duty_item_id = i.id), '[]') as "assists!: Json<Vec<Assist>>",
               coalesce((select json_agg(json_build_object('code', m.code, 'major', m.major, 'name', m.name)
                       order by m.code)
                  from duty_classes c join classes_on($1, $3) m on m.code = c.class_code
                 where c.tenant_id = $1 and c.duty_item_id = i.id), '[]') as "classes!: Json<Vec<Class>>",
               coalesce((select json_agg(json_build_object(
                       'id', v.id, 'version', v.version, 'from_day', v.from_day, 'to_day', v.to_day,
                       'lead', y.name, 'changer', p.name, 'reason', v.change_reason) order by v.version desc)
                  from duty_items v
                  join departments y on y.tenant_id = $1 and y.id = v.lead_department_id
                  join people p on p.tenant_id = $1 and p.id = v.changed_by
                 where v.tenant_id = $1 and v.number = i.number), '[]') as "versions!: Json<Vec<Version>>",
               coalesce((select json_agg(json_build_object(
                       'at', r.at, 'ruling', r.ruling, 'lead', y.name, 'level', r.level, 'whistle', w.number)
                       order by r.at desc)
                  from precedents r
                  join duty_items v on v.tenant_id = $1 and v.id = r.duty_item_id
                  join departments y on y.tenant_id = $1 and y.id = r.lead_department_id
                  left join whistles w on w.tenant_id = $1 and w.id = r.whistle_id
                 where r.tenant_id = $1 and v.number = i.number), '[]') as "precedents!: Json<Vec<Precedent>>",
               (select count(*) from whistles w
                  join duty_items v on v.tenant_id = $1 and v.id = w.duty_item_id
                 where w.tenant_id = $1 and v.number = i.number and w.sounded_at is not null) as "cited!"
          from duty_items i
          join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
         where i.tenant_id = $1 and i.id = $2
        "#,
        me.tenant.0,
        id.0,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Item {
        id,
        number: row.number,
        version: row.version,
        name: row.name,
        law: row.law,
        lead_id: DepartmentId(row.lead_department_id),
        lead: row.lead,
        boundary: row.boundary,
        from_day: row.from_day,
        to_day: row.to_day,
        ended_at: row.ended_at,
        end_reason: row.end_reason,
        assists: row.assists.0,
        classes: row.classes.0,
        versions: row.versions.0,
        precedents: row.precedents.0,
        cited: row.cited,
    })
}

/// Departments in force, all classes, and the next number.
pub async fn offer(tx: &mut Tx, me: &Viewer) -> Result<Offer> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select (select coalesce(json_agg(json_build_object('id', d.id, 'name', d.name) order by d.position), '[]')
                  from departments d
                 where d.tenant_id = $1 and d.valid_from <= $2 and (d.valid_to is null or d.valid_to > $2))
                 as "departments!: Json<Vec<Named>>",
               (select coalesce(json_agg(json_build_object('code', m.code, 'major', m.major, 'name', m.name
                           || case when m.in_use then '' else '（停用）' end) order by m.family, m.code), '[]')
                  from classes_on($1, $2) m
                 where m.in_use or exists (select from duty_classes c
                       join duty_items i on i.tenant_id = $1 and i.id = c.duty_item_id and i.to_day is null
                      where c.tenant_id = $1 and c.class_code = m.code)) as "classes!: Json<Vec<Class>>",
               (select coalesce(max(i.number), 0) + 1 from duty_items i where i.tenant_id = $1) as "next!"
        "#,
        me.tenant.0,
        today
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Offer {
        departments: row.departments.0,
        classes: row.classes.0,
        next: row.next,
    })
}

/// What the list proposes for some classes of matters, the best fit first.
pub async fn proposals(tx: &mut Tx, me: &Viewer, classes: &[String]) -> Result<Vec<Proposal>> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"select duties_for($1, $2, $3) as "found!: Json<Vec<Proposal>>""#,
        me.tenant.0,
        classes,
        today
    );
    Ok(found.fetch_one(&mut **tx).await?.0)
}
