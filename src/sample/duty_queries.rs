//! Writing the duty list.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::town::Town;

/// Writes items, the departments and classes they name, and precedents.
pub(super) async fn insert_duties(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    insert_items(db, tenant, town).await?;
    insert_parts(db, tenant, town).await?;
    insert_precedents(db, tenant, town).await
}

async fn insert_items(db: &mut PgConnection, tenant: Uuid, town: &Town) -> Result<(), sqlx::Error> {
    let rows = &town.duties;
    sqlx::query!(
        "insert into duty_items (tenant_id, id, number, version, name, law, lead_department_id, boundary,
                                 from_day, to_day, changed_by, changed_at, change_reason)
         select $1, id, number, version, name, law, lead, boundary, from_day, to_day, changed_by, changed_at, reason
           from unnest($2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::uuid[], $8::text[],
                       $9::date[], $10::date[], $11::uuid[], $12::timestamptz[], $13::text[])
                as r(id, number, version, name, law, lead, boundary, from_day, to_day, changed_by, changed_at, reason)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.number),
        &column(rows, |r| r.version),
        &column(rows, |r| r.name) as _,
        &column(rows, |r| r.law) as _,
        &column(rows, |r| r.lead_id),
        &column(rows, |r| r.boundary) as _,
        &column(rows, |r| r.from),
        &column(rows, |r| r.to) as _,
        &column(rows, |r| r.changed_by),
        &column(rows, |r| r.changed_at),
        &column(rows, |r| r.reason) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_parts(db: &mut PgConnection, tenant: Uuid, town: &Town) -> Result<(), sqlx::Error> {
    let assists: Vec<(Uuid, Uuid, i16, &str)> = town
        .duties
        .iter()
        .flat_map(|d| {
            let named = (0_i16..).zip(&d.assists);
            named.map(|(position, (department, ask))| (d.id, *department, position, *ask))
        })
        .collect();
    sqlx::query!(
        "insert into duty_assists (tenant_id, duty_item_id, department_id, position, ask)
         select $1, item, department, position, ask
           from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[]) as r(item, department, position, ask)",
        tenant,
        &column(&assists, |r| r.0),
        &column(&assists, |r| r.1),
        &column(&assists, |r| r.2),
        &column(&assists, |r| r.3) as _,
    )
    .execute(&mut *db)
    .await?;
    let classes: Vec<(Uuid, &str)> = town
        .duties
        .iter()
        .flat_map(|d| d.classes.iter().map(|c| (d.id, *c)))
        .collect();
    sqlx::query!(
        "insert into duty_classes (tenant_id, duty_item_id, class_code)
         select $1, item, class from unnest($2::uuid[], $3::text[]) as r(item, class)",
        tenant,
        &column(&classes, |r| r.0),
        &column(&classes, |r| r.1) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_precedents(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    let rows = &town.precedents;
    sqlx::query!(
        "insert into precedents (tenant_id, id, duty_item_id, at, ruling, lead_department_id, level, decided_by)
         select $1, id, item, at, ruling, lead, level, decided_by
           from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::uuid[], $7::smallint[], $8::uuid[])
                as r(id, item, at, ruling, lead, level, decided_by)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.duty),
        &column(rows, |r| r.at),
        &column(rows, |r| r.ruling) as _,
        &column(rows, |r| r.lead),
        &column(rows, |r| r.level),
        &column(rows, |r| r.decided_by),
    )
    .execute(db)
    .await?;
    Ok(())
}
