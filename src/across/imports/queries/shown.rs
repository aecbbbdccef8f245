//! Imports as pages show them and as the checked table leaves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;

use super::super::by::By;
use super::super::model::{Counts, Mark, Register, Stage};
use super::stored::opened;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, PAGE, Paged};
use crate::base::reading::Cell;
use crate::org::ImportId;
use crate::org::access::Viewer;

/// An import in the list of a register.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Past {
    pub(in super::super) id: ImportId,
    pub(in super::super) stage: Stage,
    pub(in super::super) name: String,
    pub(in super::super) person: String,
    pub(in super::super) at: DateTime<Utc>,
    pub(in super::super) creates: i32,
    pub(in super::super) changes: i32,
    pub(in super::super) refuses: i32,
}

/// The last imports of a register: one round trip.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    register: Register,
) -> Result<Vec<Past>> {
    Ok(sqlx::query_as!(
        Past,
        r#"select i.id as "id: ImportId", i.stage as "stage: Stage", i.file_name as name, p.name as person,
                  i.uploaded_at as at, i.creates, i.changes, i.refuses
             from imports i
             join people p on p.tenant_id = $1 and p.id = i.uploaded_by
            where i.tenant_id = $1 and i.register = $2
            order by i.uploaded_at desc, i.id desc limit 10"#,
        me.tenant.0,
        register as Register
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A row as the page shows it.
#[derive(Clone, Debug)]
pub(in super::super) struct ShownRow {
    pub(in super::super) line: i32,
    pub(in super::super) mark: Mark,
    pub(in super::super) cells: Vec<Cell>,
    pub(in super::super) says: Vec<String>,
}

/// A row as it is kept.
#[derive(Clone, Debug, Deserialize)]
struct SealedRow {
    line: i32,
    mark: Mark,
    key_name: String,
    /// In base64, broken into lines.
    cells: String,
    says: Vec<String>,
}

impl SealedRow {
    fn opened(self, me: &By<'_>, id: ImportId) -> Result<ShownRow> {
        let packed: String = self.cells.split_whitespace().collect();
        let bytes = STANDARD.decode(packed).map_err(anyhow::Error::from)?;
        Ok(ShownRow {
            line: self.line,
            mark: self.mark,
            cells: opened(me, (id, self.line), self.key_name, bytes)?,
            says: self.says,
        })
    }
}

/// An import as the page shows it.
pub(in super::super) struct Shown {
    pub(in super::super) stage: Stage,
    pub(in super::super) name: String,
    pub(in super::super) places: Vec<Option<usize>>,
    pub(in super::super) remarks: Vec<String>,
    pub(in super::super) counts: Counts,
    /// The digest of the check.
    pub(in super::super) seen: String,
    pub(in super::super) word: String,
    pub(in super::super) person: String,
    pub(in super::super) uploaded_at: DateTime<Utc>,
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
    /// Who ended it; nobody, if its time was over.
    pub(in super::super) ender: Option<String>,
    pub(in super::super) percent: i16,
    pub(in super::super) step: String,
    pub(in super::super) page: Paged<ShownRow, i32>,
}

/// An import with a page of its rows, of one mark or of all: one round trip.
pub(in super::super) async fn show(
    tx: &mut Tx,
    me: &By<'_>,
    (register, id): (Register, ImportId),
    (mark, after, from): (Option<Mark>, i32, i64),
) -> Result<Shown> {
    let row = sqlx::query!(
        r#"
        select i.stage as "stage: Stage", i.file_name, i.places as "places: Json<Vec<Option<usize>>>",
               i.remarks as "remarks: Json<Vec<String>>", i.creates, i.changes, i.sames, i.refuses, i.seen, i.word,
               p.name as person, i.uploaded_at, i.ended_at, e.name as "ender?",
               g.percent as "percent?", g.step as "step?",
               coalesce((select json_agg(json_build_object('line', r.line, 'mark', r.mark, 'key_name', r.key_name,
                                             'cells', encode(r.cells, 'base64'), 'says', r.says) order by r.line)
                  from (select x.* from import_rows x
                         where x.tenant_id = $1 and x.import_id = $2 and x.line > $5
                           and ($4::import_mark is null or x.mark = $4)
                         order by x.line limit $6) r), '[]') as "rows!: Json<Vec<SealedRow>>"
          from imports i
          join people p on p.tenant_id = $1 and p.id = i.uploaded_by
          left join people e on e.tenant_id = $1 and e.id = i.ended_by
          left join import_progress g on g.tenant_id = $1 and g.import_id = i.id
         where i.tenant_id = $1 and i.id = $2 and i.register = $3
        "#,
        me.tenant.0,
        id.0,
        register as Register,
        mark as Option<Mark>,
        after,
        PAGE + 1
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let counts = Counts {
        creates: row.creates,
        changes: row.changes,
        sames: row.sames,
        refuses: row.refuses,
    };
    let rows = row.rows.0.into_iter().map(|row| row.opened(me, id));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let total = mark.map_or_else(|| counts.all(), |mark| counts.of(&mark));
    Ok(Shown {
        stage: row.stage,
        name: row.file_name,
        places: row.places.0,
        remarks: row.remarks.0,
        counts,
        seen: row.seen,
        word: row.word,
        person: row.person,
        uploaded_at: row.uploaded_at,
        ended_at: row.ended_at,
        ender: row.ender,
        percent: row.percent.unwrap_or_default(),
        step: row.step.unwrap_or_else(|| "等待写入".to_owned()),
        page: Paged::new(rows, total.into(), from, |r| r.line),
    })
}

/// The part of the checked table after the given row.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &By<'_>,
    id: ImportId,
    after: i32,
) -> Result<Paged<ShownRow, i32>> {
    let rows = sqlx::query!(
        r#"select line, mark as "mark: Mark", key_name, cells, says as "says: Json<Vec<String>>"
             from import_rows
            where tenant_id = $1 and import_id = $2 and line > $3
            order by line limit $4"#,
        me.tenant.0,
        id.0,
        after,
        BATCH + 1
    )
    .fetch_all(&mut **tx)
    .await?;
    let rows = rows.into_iter().map(|row| {
        Ok(ShownRow {
            line: row.line,
            mark: row.mark,
            cells: opened(me, (id, row.line), row.key_name, row.cells)?,
            says: row.says.0,
        })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(Paged::sized(rows, BATCH, (0, 1), |r| r.line))
}
