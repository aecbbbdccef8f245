//! The duty list, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::Named;
use super::super::queries::{self, Filter, Row};
use crate::base::error::Result;
use crate::base::paging::{PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    class: String,
    /// `1`: items that ended.
    #[serde(skip_serializing_if = "String::is_empty")]
    ended: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
    /// What was done just now.
    #[serde(skip_serializing)]
    done: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Filter {
            words: some(&self.q),
            department: self.department.parse().ok(),
            class: some(&self.class),
            ended: self.ended == "1",
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "duties/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row>,
    departments: Vec<Named>,
    classes: Vec<(String, String)>,
    scope: String,
    now: DateTime<Utc>,
    may_change: bool,
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let from = asked.n.parse().unwrap_or(1);
    let listed = queries::list(
        &mut visit.tx,
        &visit.me,
        &asked.filter(),
        (asked.after.parse().ok(), from),
    )
    .await?;
    let page = List {
        chrome: visit.chrome(Section::Duties),
        page: listed.page,
        departments: listed.departments,
        classes: listed.classes,
        scope: format!(
            "范围：{}{}，{}。",
            visit.me.city,
            if asked.ended == "1" {
                "已停用的项"
            } else {
                "现行清单"
            },
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangeDuties),
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
    let filter = asked.filter();
    let mut sheet = Sheet::new(format, ("duties", "权责清单"), columns())?;
    let mut after = None;
    loop {
        let page = queries::export(&mut visit.tx, &visit.me, &filter, after).await?;
        after = sheet.add(page, cells)?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::number("项号"),
        Column::number("版本"),
        Column::text("名称", 36),
        Column::text("主办部门", 24),
        Column::text("协办部门", 36),
        Column::text("依据", 44),
        Column::text("界限", 44),
        Column::text("适用类别", 36),
        Column::number("先例数").summed(),
    ]
}

/// The departments that assist as an import reads them again.
fn assists(r: &Row) -> String {
    if r.assists.is_empty() {
        return "无".to_owned();
    }
    let each = r.assists.iter().zip(&r.asks).map(|(department, ask)| {
        if ask.is_empty() {
            department.clone()
        } else {
            format!("{department}：{ask}")
        }
    });
    each.collect::<Vec<_>>().join("；")
}

fn cells(r: Row) -> Vec<Cell> {
    let assists = assists(&r);
    vec![
        r.number.into(),
        r.version.into(),
        r.name.into(),
        r.lead.into(),
        assists.into(),
        r.law.into(),
        r.boundary.into(),
        r.classes.join("、").into(),
        r.precedents.into(),
    ]
}
