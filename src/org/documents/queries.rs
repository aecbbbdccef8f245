//! All SQL of policy documents.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;

use super::model::{Basis, Clause, Content, Document, Version};
use crate::base::db::{Tx, anywhere, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::DocumentId;
use crate::org::access::Viewer;
use crate::org::files::FileRow;
use crate::org::photos::Added;

/// One document in the list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) id: DocumentId,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) issuer: String,
    pub(super) issued_on: NaiveDate,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: Option<NaiveDate>,
    pub(super) version: i32,
    pub(super) is_repealed: bool,
    pub(super) clauses: i64,
    /// Whether a file is attached.
    pub(super) has_file: bool,
}

/// What the filter narrows the list to.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) words: Option<String>,
    /// Those no longer in force, instead of those that are or will be.
    pub(super) past: bool,
}

/// One page of the list, the newest in force first, after the given document.
pub(super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<DocumentId>, i64),
) -> Result<Paged<Row, DocumentId>> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<DocumentId>,
) -> Result<Paged<Row, DocumentId>> {
    rows(tx, me, filter, (after, 1), BATCH).await
}

async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<DocumentId>, i64),
    size: i64,
) -> Result<Paged<Row, DocumentId>> {
    let today = tx.today();
    let words = filter.words.as_deref().map(anywhere);
    let row = sqlx::query!(
        r#"
        with kept as (
            select d.* from documents d
             where d.tenant_id = $1 and (d.to_day is not null and d.to_day <= $2) = $3
               and ($4::text is null or d.title ilike $4 or d.code ilike $4 or d.issuer ilike $4
                    or exists (select from document_clauses c where c.tenant_id = $1 and c.document_id = d.id
                                  and c.words ilike $4))
        )
        select (select count(*) from (select from kept limit $5) c) as "total!",
               coalesce((select json_agg(r) from (
                   select k.id, k.code, k.title, k.issuer, k.issued_on, k.from_day, k.to_day, k.version,
                          k.repealed_at is not null as is_repealed,
                          (select count(*) from document_clauses c where c.tenant_id = $1 and c.document_id = k.id)
                             as clauses,
                          exists (select from files f where f.tenant_id = $1 and f.owner_kind = 'document'
                                     and f.owner_id = k.id and f.removed_at is null) as has_file
                     from kept k
                    where $6::uuid is null
                       or (k.from_day, k.id) < (select o.from_day, o.id from documents o
                                                 where o.tenant_id = $1 and o.id = $6)
                    order by k.from_day desc, k.id desc limit $7) r), '[]') as "rows!: Json<Vec<Row>>"
        "#,
        me.tenant.0,
        today,
        filter.past,
        words,
        COUNTED + 1,
        after.map(|a| a.0),
        size + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Paged::sized(row.rows.0, size, (row.total, from), |r| r.id))
}

/// One version with its clauses and all versions of its series.
pub(super) async fn document(tx: &mut Tx, me: &Viewer, id: DocumentId) -> Result<Document> {
    let row = sqlx::query!(
        r#"
        select d.series, d.version, d.code, d.title, d.issuer, d.issued_on, d.from_day, d.to_day, d.repeal_reason,
               coalesce((select json_agg(json_build_object('number', c.number, 'words', c.words) order by c.number)
                  from document_clauses c where c.tenant_id = $1 and c.document_id = d.id), '[]')
                  as "clauses!: Json<Vec<Clause>>",
               coalesce((select json_agg(json_build_object('id', v.id, 'version', v.version, 'code', v.code,
                         'from_day', v.from_day, 'to_day', v.to_day, 'enterer', p.name,
                         'change_note', v.change_note) order by v.version desc)
                  from documents v
                  join people p on p.tenant_id = $1 and p.id = v.entered_by
                 where v.tenant_id = $1 and v.series = d.series), '[]') as "versions!: Json<Vec<Version>>",
               files_json($1, 'document', d.id) as "files!: Json<Vec<FileRow>>",
               photos_added($1, d.id) as "photos!: Json<Vec<Added>>"
          from documents d
         where d.tenant_id = $1 and d.id = $2
        "#,
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Document {
        id,
        series: DocumentId(row.series),
        version: row.version,
        code: row.code,
        title: row.title,
        issuer: row.issuer,
        issued_on: row.issued_on,
        from_day: row.from_day,
        to_day: row.to_day,
        repeal_reason: row.repeal_reason,
        clauses: row.clauses.0,
        versions: row.versions.0,
        files: row.files.0,
        photos: row.photos.0,
    })
}

/// Most clauses that a form offers to cite.
const OFFERED: i64 = 500;

/// The clauses of the documents in force, which a rule may cite, the newest document first.
pub async fn citable(tx: &mut Tx, me: &Viewer) -> Result<Vec<Basis>> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"select coalesce(json_agg(basis_json($1, x.id, x.number) order by x.from_day desc, x.id desc, x.number),
                           '[]') as "found!: Json<Vec<Basis>>"
             from (select d.id, d.from_day, c.number
                     from documents d
                     join document_clauses c on c.tenant_id = $1 and c.document_id = d.id
                    where d.tenant_id = $1 and d.from_day <= $2 and (d.to_day is null or d.to_day > $2)
                    order by d.from_day desc, d.id desc, c.number limit $3) x"#,
        me.tenant.0,
        today,
        OFFERED
    );
    Ok(found.fetch_one(&mut **tx).await?.0)
}

/// The version, locked, so that of two who revise it one comes after.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, id: DocumentId) -> Result<Document> {
    sqlx::query!(
        "select id from documents where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    document(tx, me, id).await
}

/// Adds a version with its clauses.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, series, version): (DocumentId, DocumentId, i32),
    content: &Content,
    note: &str,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into documents (tenant_id, id, series, version, code, title, issuer, issued_on, from_day, entered_by,
                                entered_at, change_note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        me.tenant.0,
        id.0,
        series.0,
        version,
        content.code,
        content.title,
        content.issuer,
        content.issued_on,
        content.from_day,
        me.person.0,
        now,
        note
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "documents_code_key", || taken(&content.code))?;
    for clause in &content.clauses {
        sqlx::query!(
            "insert into document_clauses (tenant_id, document_id, number, words) values ($1, $2, $3, $4)",
            me.tenant.0,
            id.0,
            clause.number,
            clause.words
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// A number is that of one document.
fn taken(code: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add("code", format!("文号“{code}”已经登记过，请核对文号。"));
    Error::Invalid(errors)
}

/// The version ends before a day: the next begins on it.
pub(super) async fn replace(
    tx: &mut Tx,
    me: &Viewer,
    id: DocumentId,
    day: NaiveDate,
) -> Result<()> {
    sqlx::query!(
        "update documents set to_day = $3 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        day
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The document is repealed from a day on.
pub(super) async fn repeal(
    tx: &mut Tx,
    me: &Viewer,
    id: DocumentId,
    (day, reason): (NaiveDate, &str),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update documents set to_day = $3, repealed_by = $4, repealed_at = $5, repeal_reason = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        day,
        me.person.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
