//! Writing the policy documents.

use sqlx::PgConnection;
use uuid::Uuid;

use super::documents::{PAPERS, Row, day};
use super::paper::pdf;
use super::queries::column;
use super::town::Town;
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::id::uuid_at;
use crate::base::store::Store;

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

/// Attaches its original to each document that is in force, and keeps the contents as the program
/// does: first in the store, then as a row.
pub(super) async fn attach_originals(
    tx: &mut Tx,
    tenant: Uuid,
    store: &Store,
) -> crate::base::error::Result<()> {
    for paper in PAPERS.iter().filter(|paper| paper.to.is_none()) {
        let entered = midnight(day(paper.issued)) + chrono::TimeDelta::hours(9);
        let id = uuid_at(entered);
        let (bytes, sha256) = keep(store, (tenant, id), pdf(paper)).await?;
        sqlx::query_scalar!(
            "insert into files (tenant_id, id, owner_kind, owner_id, name, media_type, bytes, sha256, added_by,
                                added_post, added_at)
             select $1, $2, 'document', d.id, $4, 'application/pdf', $5, $6, d.entered_by, m.post_id, $7
               from documents d
               join lateral (select a.post_id from appointments a
                              where a.tenant_id = $1 and a.person_id = d.entered_by
                              order by a.from_day, a.id limit 1) m on true
              where d.tenant_id = $1 and d.code = $3
             returning id",
            tenant,
            id,
            paper.code,
            format!("{}（正式文件）.pdf", paper.title),
            bytes,
            sha256,
            entered,
        )
        .fetch_one(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Keeps a content in the store; answers its length and its digest.
pub(super) async fn keep(
    store: &Store,
    (tenant, id): (Uuid, Uuid),
    content: Vec<u8>,
) -> crate::base::error::Result<(i64, Vec<u8>)> {
    let mut arriving = store.expect(id).await?;
    arriving.add(content.into()).await?;
    let arrived = arriving.end().await?;
    let bytes = i64::try_from(arrived.bytes).map_err(anyhow::Error::from)?;
    let sha256 = arrived.sha256.clone();
    arrived.keep(tenant).await?;
    Ok((bytes, sha256))
}
