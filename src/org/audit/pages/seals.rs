//! The chain of seals, and one batch looked at on the spot.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::Batch;
use super::super::queries::{self, Checked, Line, Standing};
use crate::base::assets::hex;
use crate::base::error::{Error, Result};
use crate::base::paging::{PAGE, Paged};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

/// Where in the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    after: String,
    n: String,
}

#[derive(Template)]
#[template(path = "audit/seals.html")]
struct List {
    chrome: Chrome,
    page: Paged<Line, i32>,
    standing: Standing,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    /// Whether the last walk over the chain found something wrong in this batch.
    fn is_broken(&self, line: &Line) -> bool {
        let checked = self.standing.checked.as_ref();
        checked.is_some_and(|c| c.broken.contains(&line.number))
    }

    /// Whether the last walk came as far as this batch.
    fn is_checked(&self, line: &Line) -> bool {
        let checked = self.standing.checked.as_ref();
        checked.is_some_and(|c: &Checked| line.sealed_at <= c.checked_at)
    }
}

/// The batches, newest first.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let (page, standing) = queries::batches(&mut visit.tx, &visit.me, part).await?;
    let now = visit.tx.now;
    Ok(Page(List {
        chrome: visit.chrome(Section::Audit),
        page,
        standing,
        scope: format!(
            "范围：{}，{}。新的操作 1 分钟内封存。",
            visit.me.city,
            words::minute(now)
        ),
        now,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "audit/seal.html")]
struct Show {
    chrome: Chrome,
    batch: Batch,
    before: String,
    digest: String,
    faults: Vec<String>,
    now: DateTime<Utc>,
}

/// One batch, compared with the record now.
pub(super) async fn show(mut visit: Visit, Path(number): Path<i32>) -> Result<Response> {
    let before = number.checked_sub(1).ok_or(Error::NotFound)?;
    let kept = queries::after(&mut visit.tx, visit.me.tenant, before).await?;
    let kept = kept.filter(|k| k.batch.number == number);
    let kept = kept.ok_or(Error::NotFound)?;
    Ok(Page(Show {
        chrome: visit.chrome(Section::Audit),
        faults: kept.faults(visit.me.tenant),
        before: kept.before.as_deref().map(hex).unwrap_or_default(),
        digest: hex(&kept.batch.digest),
        batch: kept.batch,
        now: visit.tx.now,
    })
    .into_response())
}
