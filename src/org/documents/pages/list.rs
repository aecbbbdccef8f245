//! The register of documents, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::Standing;
use super::super::queries::{self, Filter, Row};
use crate::base::error::Result;
use crate::base::paging::{PAGE, Paged};
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

/// The list as CSV.
pub(super) async fn export(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let rows = queries::export(&mut visit.tx, &visit.me, &asked.filter()).await?;
    let today = visit.tx.today();
    let head = [
        "文号",
        "标题",
        "发文机关",
        "发文日期",
        "施行日期",
        "停止施行日期",
        "版本",
        "条数",
        "情况",
    ];
    let rows = rows.into_iter().map(|r| {
        let standing = Standing::on(today, (r.from_day, r.to_day), r.is_repealed);
        vec![
            r.code,
            r.title,
            r.issuer,
            words::day(r.issued_on),
            words::day(r.from_day),
            r.to_day.map(words::day).unwrap_or_default(),
            r.version.to_string(),
            r.clauses.to_string(),
            standing.label().to_owned(),
        ]
    });
    events::sheet(visit, ("制度文件", "documents"), &head, rows).await
}
