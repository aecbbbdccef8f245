//! Writing the policy documents.

use sqlx::PgConnection;
use uuid::Uuid;

use super::documents::{Row, day};
use super::queries::column;
use super::town::Town;
use crate::base::clock::midnight;

/// Writes the documents with their clauses.
pub(super) async fn insert_documents(
    db: &mut PgConnection,
    tenant: Uuid,
    (town, rows): (&Town, &[Row]),
) -> Result<(), sqlx::Error> {
    let office = town.holder(town.city_post("city_office"));
    sqlx::query!(
        "insert into documents (tenant_id, id, series, version, code, title, issuer, issued_on, from_day, to_day,
                                entered_by, entered_at, change_note)
         select $1, id, series, version, code, title, issuer, issued, from_day, to_day, $2, entered, note
           from unnest($3::uuid[], $4::uuid[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::date[],
                       $10::date[], $11::date[], $12::timestamptz[], $13::text[])
                as r(id, series, version, code, title, issuer, issued, from_day, to_day, entered, note)",
        tenant,
        office,
        &column(rows, |r| r.id),
        &column(rows, |r| r.series),
        &column(rows, |r| r.version),
        &column(rows, |r| r.paper.code) as _,
        &column(rows, |r| r.paper.title) as _,
        &column(rows, |r| r.paper.issuer) as _,
        &column(rows, |r| day(r.paper.issued)),
        &column(rows, |r| day(r.paper.from)),
        &column(rows, |r| r.paper.to.map(day)) as _,
        &column(rows, |r| midnight(r.entered) + chrono::TimeDelta::hours(9)),
        &column(rows, |r| r.paper.note) as _,
    )
    .execute(&mut *db)
    .await?;
    let clauses: Vec<(Uuid, i32, &str)> = rows
        .iter()
        .flat_map(|r| {
            let numbered = (1_i32..).zip(r.paper.clauses);
            numbered.map(|(number, words)| (r.id, number, *words))
        })
        .collect();
    sqlx::query!(
        "insert into document_clauses (tenant_id, document_id, number, words)
         select $1, document, number, words
           from unnest($2::uuid[], $3::integer[], $4::text[]) as r(document, number, words)",
        tenant,
        &column(&clauses, |c| c.0),
        &column(&clauses, |c| c.1),
        &column(&clauses, |c| c.2) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
