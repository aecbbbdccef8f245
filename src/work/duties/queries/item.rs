//! One version of an item with its history, what its form offers, and what the list proposes.

use chrono::NaiveDate;
use sqlx::types::Json;

use super::super::model::{Class, Covered, Item, Named, Offer, Precedent, Proposal, Version};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::work::DutyItemId;

/// Locks all versions of an item, so that of two who change it one comes after.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<Item> {
    sqlx::query_scalar!(
        "select v.id from duty_items v
          where v.tenant_id = $1
            and v.number = (select i.number from duty_items i where i.tenant_id = $1 and i.id = $2)
          order by v.id for update",
        me.tenant.0,
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
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
        with named as materialized (select m.code, m.major, m.name from classes_on($1, $3) m)
        select i.number,
               coalesce((select json_agg(json_build_object(
                       'id', v.id, 'version', v.version, 'name', v.name, 'law', v.law,
                       'lead_id', v.lead_department_id, 'lead', y.name, 'boundary', v.boundary,
                       'from_day', v.from_day, 'to_day', v.to_day, 'changer', p.name, 'reason', v.change_reason,
                       'ended_at', v.ended_at, 'end_reason', v.end_reason, 'dropped_at', v.dropped_at,
                       'assists', coalesce((select json_agg(json_build_object(
                               'department_id', a.department_id, 'department', x.name, 'ask', a.ask)
                               order by a.position)
                          from duty_assists a
                          join departments x on x.tenant_id = $1 and x.id = a.department_id
                         where a.tenant_id = $1 and a.duty_item_id = v.id), '[]'),
                       'classes', coalesce((select json_agg(json_build_object(
                               'code', m.code, 'major', m.major, 'name', m.name) order by m.code)
                          from duty_classes c join named m on m.code = c.class_code
                         where c.tenant_id = $1 and c.duty_item_id = v.id), '[]')) order by v.version desc)
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
               (select json_build_array(
                       count(*) filter (where w.sounded_at is not null),
                       count(*) filter (where w.sounded_at is not null and w.closed_at is null
                                          and w.withdrawn_at is null),
                       count(*) filter (where w.sounded_at is null and w.withdrawn_at is null))
                  from whistles w
                  join duty_items v on v.tenant_id = $1 and v.id = w.duty_item_id
                 where w.tenant_id = $1 and v.number = i.number) as "citing!: Json<(i64, i64, i64)>"
          from duty_items i
         where i.tenant_id = $1 and i.id = $2
        "#,
        me.tenant.0,
        id.0,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let versions = row.versions.0;
    let own = versions.iter().find(|v| v.id == id);
    let (cited, open, drafts) = row.citing.0;
    Ok(Item {
        number: row.number,
        own: own.cloned().ok_or(Error::NotFound)?,
        versions,
        precedents: row.precedents.0,
        cited,
        open,
        drafts,
    })
}

/// The classes that a change of an item from a day on concerns, those it covers that day and those
/// it will, with who leads by it and by the first other item that covers them.
pub(in super::super) async fn covered(
    tx: &mut Tx,
    me: &Viewer,
    (number, day): (i32, NaiveDate),
    codes: &[String],
) -> Result<Vec<Covered>> {
    let found = sqlx::query_scalar!(
        r#"
        with own as materialized (
            select c.class_code, d.name as lead
              from duty_items i
              join duty_classes c on c.tenant_id = $1 and c.duty_item_id = i.id
              join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
             where i.tenant_id = $1 and i.number = $2 and i.from_day <= $4 and (i.to_day is null or i.to_day > $4))
        select coalesce(json_agg(json_build_object('code', m.code, 'name', m.name, 'own', o.lead, 'other', (
                   select json_build_array(i.number, d.name)
                     from duty_classes c
                     join duty_items i on i.tenant_id = $1 and i.id = c.duty_item_id and i.number <> $2
                          and i.from_day <= $4 and (i.to_day is null or i.to_day > $4)
                     join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
                    where c.tenant_id = $1 and c.class_code = m.code
                    order by i.number limit 1)) order by m.code), '[]') as "found!: Json<Vec<Covered>>"
          from classes_on($1, $4) m
          left join own o on o.class_code = m.code
         where o.class_code is not null or m.code = any ($3)
        "#,
        me.tenant.0,
        number,
        codes,
        day
    );
    Ok(found.fetch_one(&mut **tx).await?.0)
}

/// Whether a number was never given.
pub(in super::super) async fn is_free(tx: &mut Tx, me: &Viewer, number: i32) -> Result<()> {
    let is_taken = sqlx::query_scalar!(
        r#"select exists (select from duty_items where tenant_id = $1 and number = $2) as "taken!""#,
        me.tenant.0,
        number
    )
    .fetch_one(&mut **tx)
    .await?;
    if is_taken {
        Err(super::writes::taken(number))
    } else {
        Ok(())
    }
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
                       join duty_items i on i.tenant_id = $1 and i.id = c.duty_item_id
                            and i.dropped_at is null and (i.to_day is null or i.to_day > $2)
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
