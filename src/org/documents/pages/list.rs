//! The register of documents, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::Standing;
use super::super::queries::{self, Filter, Row};
use crate::base::error::Result;
use crate::base::paging::{PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::DocumentId;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    /// `1`: those no longer in force.
    #[serde(skip_serializing_if = "String::is_empty")]
    past: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let words = self.q.trim();
        Filter {
            words: (!words.is_empty()).then(|| words.chars().take(60).collect()),
            past: self.past == "1",
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row, DocumentId>,
    scope: String,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_change: bool,
}

impl List {
    fn standing(&self, row: &Row) -> Standing {
        Standing::on(self.today, (row.from_day, row.to_day), row.is_repealed)
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let page = queries::list(&mut visit.tx, &visit.me, &asked.filter(), part).await?;
    let page = List {
        chrome: visit.chrome(Section::Documents),
        page,
        scope: format!(
            "范围：{}{}，{}。",
            visit.me.city,
            if asked.past == "1" {
                "已不施行的文件"
            } else {
                "现行和即将施行的文件"
            },
            words::minute(visit.tx.now)
        ),
        today: visit.tx.today(),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangeDocuments),
        asked,
    };
    Ok(Page(page).into_response())
}

/// The list as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (filter, today) = (asked.filter(), visit.tx.today());
    let mut sheet = Sheet::new(format, ("documents", "制度文件"), columns())?;
    let mut after = None;
    loop {
        let page = queries::export(&mut visit.tx, &visit.me, &filter, after).await?;
        after = sheet.add(page, |r| cells(r, today))?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("文号", 26),
        Column::text("标题", 50),
        Column::text("发文机关", 26),
        Column::day("发文日期"),
        Column::day("施行日期"),
        Column::day("停止施行日期"),
        Column::number("版本"),
        Column::number("条数").summed(),
        Column::text("情况", 12),
    ]
}

fn cells(r: Row, today: NaiveDate) -> Vec<Cell> {
    let standing = Standing::on(today, (r.from_day, r.to_day), r.is_repealed);
    vec![
        r.code.into(),
        r.title.into(),
        r.issuer.into(),
        r.issued_on.into(),
        r.from_day.into(),
        r.to_day.into(),
        r.version.into(),
        r.clauses.into(),
        standing.label().into(),
    ]
}
