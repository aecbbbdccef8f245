//! The duty list as an import reads and writes it.

use chrono::NaiveDate;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{DutyFacts, KeptDuty, KeptVersion};
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::work::duties::{self, Content};

/// Holds what is in force or waits, as whoever changes an item by hand holds that item.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer) -> Result<()> {
    let today = tx.today();
    sqlx::query_scalar!(
        "select id from duty_items
          where tenant_id = $1 and dropped_at is null and (to_day is null or to_day > $2)
          order by id for update",
        me.tenant.0,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// What the form offers, and every item in the versions that hold, wait, or were the last.
pub(in super::super) async fn facts(tx: &mut Tx, me: &Viewer) -> Result<DutyFacts> {
    let (offer, today) = (duties::offer(tx, me).await?, tx.today());
    let rows = sqlx::query!(
        r#"
        select i.version, i.name, i.law, i.lead_department_id, d.name as lead, i.boundary, i.from_day, i.to_day,
               i.ended_at is not null as "ends!", i.number,
               coalesce((select json_agg(json_build_array(a.department_id, x.name, a.ask) order by a.position)
                  from duty_assists a join departments x on x.tenant_id = $1 and x.id = a.department_id
                 where a.tenant_id = $1 and a.duty_item_id = i.id), '[]') as "assists!: Json<Vec<(Uuid, String, String)>>",
               coalesce((select json_agg(json_build_array(m.code, m.name) order by m.code)
                  from duty_classes c join classes_on($1, $2) m on m.code = c.class_code
                 where c.tenant_id = $1 and c.duty_item_id = i.id), '[]') as "classes!: Json<Vec<(String, String)>>"
          from duty_items i
          join departments d on d.tenant_id = $1 and d.id = i.lead_department_id
         where i.tenant_id = $1 and i.dropped_at is null
           and (i.to_day is null or i.to_day > $2
                or i.version = (select max(v.version) from duty_items v
                                 where v.tenant_id = $1 and v.number = i.number and v.dropped_at is null))
         order by i.number, i.version
        "#,
        me.tenant.0,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let numbers = sqlx::query!(
        r#"select number, max(version) + 1 as "next!" from duty_items where tenant_id = $1 group by number order by number"#,
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut rows = rows.into_iter().peekable();
    let mut kept = Vec::with_capacity(numbers.len());
    for item in numbers {
        let mut versions = Vec::new();
        while let Some(row) = rows.next_if(|row| row.number == item.number) {
            versions.push(KeptVersion {
                version: row.version,
                from_day: row.from_day,
                to_day: row.to_day,
                ends: row.ends,
                name: row.name,
                law: row.law,
                lead: (row.lead_department_id, row.lead),
                boundary: row.boundary,
                assists: row.assists.0,
                classes: row.classes.0,
            });
        }
        kept.push(KeptDuty {
            number: item.number,
            next: item.next,
            versions,
        });
    }
    Ok(DutyFacts { offer, kept })
}

/// A version to be added: id, number of the version, from when, what it says, and why.
pub(in super::super) type NewVersion<'a> = (Uuid, i32, NaiveDate, &'a Content, &'a str);

/// Adds versions with the departments that assist and the classes they cover.
pub(in super::super) async fn add(tx: &mut Tx, me: &Viewer, rows: &[NewVersion<'_>]) -> Result<()> {
    let now = tx.now;
    let ids: Vec<Uuid> = rows.iter().map(|r| r.0).collect();
    let versions: Vec<i32> = rows.iter().map(|r| r.1).collect();
    let days: Vec<NaiveDate> = rows.iter().map(|r| r.2).collect();
    let numbers: Vec<i32> = rows.iter().map(|r| r.3.number).collect();
    let leads: Vec<Uuid> = rows.iter().map(|r| r.3.lead.0).collect();
    let names: Vec<&str> = rows.iter().map(|r| r.3.name.as_str()).collect();
    let laws: Vec<&str> = rows.iter().map(|r| r.3.law.as_str()).collect();
    let boundaries: Vec<&str> = rows.iter().map(|r| r.3.boundary.as_str()).collect();
    let reasons: Vec<&str> = rows.iter().map(|r| r.4).collect();
    let added = sqlx::query_scalar!(
        "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary, from_day,
                                 changed_by, changed_at, change_reason)
         select $1, x.id, x.number, x.version, x.name, x.law, x.lead, x.boundary, x.day, $3, $4, x.reason
           from unnest($5::uuid[], $6::integer[], $7::integer[], $8::text[], $9::text[], $10::uuid[], $11::text[],
                       $12::text[], $2::date[]) as x (id, number, version, name, law, lead, boundary, reason, day)
         returning id",
        me.tenant.0,
        &days,
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
        Err(error) if refused_by(&error).as_deref() == Some("duty_items_one_a_day") => {
            Err(Error::Stale)
        }
        done => on_constraint(done, "duty_items_version_key", || Error::Stale),
    }
}

async fn add_parts(tx: &mut Tx, me: &Viewer, rows: &[NewVersion<'_>]) -> Result<()> {
    let assists: Vec<(Uuid, Uuid, i16, &str)> = rows
        .iter()
        .flat_map(|(id, _, _, content, _)| {
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
        .flat_map(|(id, _, _, content, _)| content.classes.iter().map(|code| (*id, code.as_str())))
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
