//! The duty list as an import reads and writes it.

use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{DutyFacts, KeptDuty};
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::work::duties::{self, Content};

/// Holds what is in force, as whoever changes an item by hand holds that item.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer) -> Result<()> {
    sqlx::query_scalar!(
        "select id from duty_items where tenant_id = $1 and to_day is null order by id for update",
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// What the form offers, and every item in its newest version.
pub(in super::super) async fn facts(tx: &mut Tx, me: &Viewer) -> Result<DutyFacts> {
    let (offer, today) = (duties::offer(tx, me).await?, tx.today());
    let rows = sqlx::query!(
        r#"
        select i.id, i.number, i.version, i.name, i.law, i.lead_department_id, d.name as lead, i.boundary,
               i.to_day is not null as "is_ended!",
               coalesce((select json_agg(json_build_array(a.department_id, x.name, a.ask) order by a.position)
                  from duty_assists a join departments x on x.tenant_id = $1 and x.id = a.department_id
                 where a.tenant_id = $1 and a.duty_item_id = i.id), '[]') as "assists!: Json<Vec<(Uuid, String, String)>>",
               coalesce((select json_agg(json_build_array(m.code, m.name) order by m.code)
                  from duty_classes c join classes_on($1, $2) m on m.code = c.class_code
                 where c.tenant_id = $1 and c.duty_item_id = i.id), '[]') as "classes!: Json<Vec<(String, String)>>"
          from duty_items i
          join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
         where i.tenant_id = $1
           and i.version = (select max(v.version) from duty_items v where v.tenant_id = $1 and v.number = i.number)
         order by i.number
        "#,
        me.tenant.0,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let kept = rows.into_iter().map(|row| KeptDuty {
        id: row.id,
        number: row.number,
        version: row.version,
        is_ended: row.is_ended,
        name: row.name,
        law: row.law,
        lead: (row.lead_department_id, row.lead),
        boundary: row.boundary,
        assists: row.assists.0,
        classes: row.classes.0,
    });
    Ok(DutyFacts {
        kept: kept.collect(),
        offer,
    })
}

/// Ends versions today, if all of them are still in force.
pub(in super::super) async fn replace(tx: &mut Tx, me: &Viewer, ids: &[Uuid]) -> Result<()> {
    let today = tx.today();
    let replaced = sqlx::query!(
        "update duty_items set to_day = $3 where tenant_id = $1 and id = any($2) and to_day is null",
        me.tenant.0,
        ids,
        today
    )
    .execute(&mut **tx)
    .await?;
    if replaced.rows_affected() == ids.len() as u64 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Adds versions with the departments that assist and the classes they cover: id, version, what it
/// says, and why.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    rows: &[(Uuid, i32, &Content, &str)],
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let ids: Vec<Uuid> = rows.iter().map(|r| r.0).collect();
    let versions: Vec<i32> = rows.iter().map(|r| r.1).collect();
    let numbers: Vec<i32> = rows.iter().map(|r| r.2.number).collect();
    let leads: Vec<Uuid> = rows.iter().map(|r| r.2.lead.0).collect();
    let names: Vec<&str> = rows.iter().map(|r| r.2.name.as_str()).collect();
    let laws: Vec<&str> = rows.iter().map(|r| r.2.law.as_str()).collect();
    let boundaries: Vec<&str> = rows.iter().map(|r| r.2.boundary.as_str()).collect();
    let reasons: Vec<&str> = rows.iter().map(|r| r.3).collect();
    let added = sqlx::query_scalar!(
        "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary, from_day,
                                 changed_by, changed_at, change_reason)
         select $1, x.id, x.number, x.version, x.name, x.law, x.lead, x.boundary, $2, $3, $4, x.reason
           from unnest($5::uuid[], $6::integer[], $7::integer[], $8::text[], $9::text[], $10::uuid[], $11::text[],
                       $12::text[]) as x (id, number, version, name, law, lead, boundary, reason)
         returning id",
        me.tenant.0,
        today,
        me.person.0,
        now,
        &ids,
        &numbers,
        &versions,
        &names as _,
        &laws as _,
        &leads,
        &boundaries as _,
        &reasons as _
    )
    .fetch_all(&mut **tx)
    .await;
    unless_taken(added)?;
    add_parts(tx, me, rows).await
}

/// Whoever took a number or changed an item meanwhile was first.
fn unless_taken<T>(done: std::result::Result<T, sqlx::Error>) -> Result<T> {
    match done {
        Err(error) if refused_by(&error).as_deref() == Some("duty_items_one_in_force") => {
            Err(Error::Stale)
        }
        done => on_constraint(done, "duty_items_version_key", || Error::Stale),
    }
}

async fn add_parts(tx: &mut Tx, me: &Viewer, rows: &[(Uuid, i32, &Content, &str)]) -> Result<()> {
    let assists: Vec<(Uuid, Uuid, i16, &str)> = rows
        .iter()
        .flat_map(|(id, _, content, _)| {
            let each = (0_i16..).zip(&content.assists);
            each.map(|(position, (department, ask))| (*id, department.0, position, ask.as_str()))
        })
        .collect();
    let items: Vec<Uuid> = assists.iter().map(|a| a.0).collect();
    let departments: Vec<Uuid> = assists.iter().map(|a| a.1).collect();
    let positions: Vec<i16> = assists.iter().map(|a| a.2).collect();
    let asks: Vec<&str> = assists.iter().map(|a| a.3).collect();
    sqlx::query_scalar!(
        "insert into duty_assists (tenant_id, duty_item_id, department_id, position, ask)
         select $1, x.item, x.department, x.position, x.ask
           from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[]) as x (item, department, position, ask)
         returning duty_item_id",
        me.tenant.0,
        &items,
        &departments,
        &positions,
        &asks as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let classes: Vec<(Uuid, &str)> = rows
        .iter()
        .flat_map(|(id, _, content, _)| content.classes.iter().map(|code| (*id, code.as_str())))
        .collect();
    let items: Vec<Uuid> = classes.iter().map(|c| c.0).collect();
    let codes: Vec<&str> = classes.iter().map(|c| c.1).collect();
    sqlx::query_scalar!(
        "insert into duty_classes (tenant_id, duty_item_id, class_code)
         select $1, x.item, x.code from unnest($2::uuid[], $3::text[]) as x (item, code) returning duty_item_id",
        me.tenant.0,
        &items,
        &codes as _
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}
