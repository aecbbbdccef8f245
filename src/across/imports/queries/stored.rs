//! Imports themselves: what was uploaded, and how it was checked.

use zeroize::Zeroizing;

use super::super::by::By;
use super::super::model::{Checked, Counts, Layout, Mark, Outcome, Register, Sheet, Stage};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::reading::{Cell, Line};
use crate::base::seal::Sealed;
use crate::org::access::Viewer;
use crate::org::{ImportId, TenantId};

/// An upload that was read and checked.
pub(in super::super) struct New<'a> {
    pub(in super::super) id: ImportId,
    pub(in super::super) register: Register,
    pub(in super::super) name: &'a str,
    pub(in super::super) sheet: &'a Sheet,
    pub(in super::super) outcome: &'a Outcome,
}

/// Keeps an upload with its rows.
pub(in super::super) async fn insert(tx: &mut Tx, me: &By<'_>, new: New<'_>) -> Result<()> {
    let now = tx.now;
    let counts = new.outcome.counts();
    let seen = me.seen(new.outcome)?.into_iter().next();
    let layout = &new.sheet.layout;
    let json = |value: &Vec<String>| serde_json::to_value(value).unwrap_or_default();
    sqlx::query!(
        "insert into imports (tenant_id, id, register, stage, file_name, headings, places, remarks, seen,
                              creates, changes, sames, refuses, word, uploaded_by, uploaded_post, uploaded_at)
         values ($1, $2, $3, 'checked', $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13, $14, $15)",
        me.tenant.0,
        new.id.0,
        new.register as Register,
        new.name,
        json(&layout.headings),
        serde_json::to_value(&layout.places).map_err(anyhow::Error::from)?,
        json(&layout.remarks),
        seen.unwrap_or_default(),
        counts.creates,
        counts.changes,
        counts.sames,
        counts.refuses,
        me.person.0,
        me.post.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    let rows = new.sheet.lines.chunks(PART);
    for (lines, marks) in rows.zip(new.outcome.marks.chunks(PART)) {
        insert_rows(tx, me, new.id, (lines, marks)).await?;
    }
    Ok(())
}

/// So many rows are kept at once: written as text, which takes far less room than values of JSON.
const PART: usize = 1_000;

async fn insert_rows(
    tx: &mut Tx,
    me: &By<'_>,
    id: ImportId,
    (rows, marks): (&[Line], &[Checked]),
) -> Result<()> {
    let (mut names, mut cells) = (Vec::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        let plain = serde_json::to_vec(&row.cells).map_err(anyhow::Error::from)?;
        let place = place(me.tenant, id, i64::from(row.number));
        let sealed = me.keys.seal(&Zeroizing::new(plain), &place)?;
        names.push(sealed.key_name);
        cells.push(sealed.bytes);
    }
    let (lines, kinds, says) = columns(marks)?;
    sqlx::query_scalar!(
        "insert into import_rows (tenant_id, import_id, line, key_name, cells, mark, says)
         select $1, $2, x.line, x.key_name, x.cells, x.mark, x.says::jsonb
           from unnest($3::integer[], $4::text[], $5::bytea[], $6::import_mark[], $7::text[])
                as x (line, key_name, cells, mark, says)
         returning line",
        me.tenant.0,
        id.0,
        &lines,
        &names,
        &cells,
        &kinds as _,
        &says
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

type Columns = (Vec<i32>, Vec<Mark>, Vec<String>);

fn columns(marks: &[Checked]) -> Result<Columns> {
    let mut columns = Columns::default();
    for row in marks {
        columns
            .0
            .push(i32::try_from(row.line).map_err(anyhow::Error::from)?);
        columns.1.push(row.mark);
        columns
            .2
            .push(serde_json::to_string(&row.says).map_err(anyhow::Error::from)?);
    }
    Ok(columns)
}

/// The one place in which the cells of a row open.
fn place(tenant: TenantId, id: ImportId, line: i64) -> String {
    format!("import|{tenant}|{id}|{line}")
}

/// The cells of a row, as they were read.
pub(super) fn opened(
    me: &By<'_>,
    (id, line): (ImportId, i32),
    key_name: String,
    bytes: Vec<u8>,
) -> Result<Vec<Cell>> {
    let place = place(me.tenant, id, i64::from(line));
    let plain = me.keys.open(&Sealed { key_name, bytes }, &place)?;
    Ok(serde_json::from_slice(&plain).map_err(anyhow::Error::from)?)
}

/// Keeps what a new check of the same rows came to, with why there was one.
pub(in super::super) async fn recheck(
    tx: &mut Tx,
    me: &By<'_>,
    id: ImportId,
    (outcome, word): (&Outcome, &str),
) -> Result<()> {
    let counts = outcome.counts();
    let seen = me.seen(outcome)?.into_iter().next();
    sqlx::query!(
        "update imports set stage = 'checked', seen = $3, creates = $4, changes = $5, sames = $6, refuses = $7, word = $8
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        seen.unwrap_or_default(),
        counts.creates,
        counts.changes,
        counts.sames,
        counts.refuses,
        word
    )
    .execute(&mut **tx)
    .await?;
    let (lines, kinds, says) = columns(&outcome.marks)?;
    sqlx::query!(
        "update import_rows r set mark = x.mark, says = x.says::jsonb
           from unnest($3::integer[], $4::import_mark[], $5::text[]) as x (line, mark, says)
          where r.tenant_id = $1 and r.import_id = $2 and r.line = x.line",
        me.tenant.0,
        id.0,
        &lines,
        &kinds as _,
        &says
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An import as it is acted on.
#[derive(Clone, Debug)]
pub(in super::super) struct Found {
    pub(in super::super) register: Register,
    pub(in super::super) stage: Stage,
    pub(in super::super) name: String,
    pub(in super::super) layout: Layout,
    pub(in super::super) seen: String,
    pub(in super::super) counts: Counts,
}

/// An import of a register.
pub(in super::super) async fn found(
    tx: &mut Tx,
    me: &Viewer,
    (register, id): (Register, ImportId),
) -> Result<Found> {
    let row = sqlx::query!(
        r#"select stage as "stage: Stage", file_name, headings, places, remarks, seen, creates, changes, sames, refuses
             from imports where tenant_id = $1 and id = $2 and register = $3"#,
        me.tenant.0,
        id.0,
        register as Register
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let strings = |value| serde_json::from_value::<Vec<String>>(value).map_err(anyhow::Error::from);
    Ok(Found {
        register,
        stage: row.stage,
        name: row.file_name,
        layout: Layout {
            headings: strings(row.headings)?,
            places: serde_json::from_value(row.places).map_err(anyhow::Error::from)?,
            remarks: strings(row.remarks)?,
        },
        seen: row.seen,
        counts: Counts {
            creates: row.creates,
            changes: row.changes,
            sames: row.sames,
            refuses: row.refuses,
        },
    })
}

/// Holds an import, so that it is acted on once.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: ImportId) -> Result<()> {
    sqlx::query_scalar!(
        "select id from imports where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(|_| ())
    .ok_or(Error::NotFound)
}

/// All rows of an import, as they were read.
pub(in super::super) async fn rows(tx: &mut Tx, me: &By<'_>, id: ImportId) -> Result<Vec<Line>> {
    let rows = sqlx::query!(
        "select line, key_name, cells from import_rows
          where tenant_id = $1 and import_id = $2 order by line",
        me.tenant.0,
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.push(Line {
            number: u32::try_from(row.line).map_err(anyhow::Error::from)?,
            cells: opened(me, (id, row.line), row.key_name, row.cells)?,
        });
    }
    Ok(lines)
}
