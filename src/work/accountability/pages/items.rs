//! The list of rectification items, and exactly the same list as a file.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Body, Narrow, Stage, lamp, left};
use super::super::queries::items::{self as queries, Filter, Row};
use super::searched;
use crate::base::error::Result;
use crate::base::paging::{Key, PAGE, Paged};
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
    body: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    stage: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            words: searched(&self.q),
            body: Narrow::read(&self.body),
            stage: self.stage.parse().ok(),
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The same filter with another tab.
    fn with_stage(&self, stage: &str) -> String {
        let other = Self {
            stage: stage.to_owned(),
            ..self.clone()
        };
        other.query()
    }
}

#[derive(Template)]
#[template(path = "accountability/items.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row, Key>,
    counts: HashMap<Stage, i64>,
    bodies: Vec<Body>,
    scope: String,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_change: bool,
}

impl List {
    /// The tabs: code, word, length, whether it is open.
    fn tabs(&self) -> Vec<(&'static str, &'static str, i64, bool)> {
        let here = self.asked.filter().stage;
        let all = ("", "全部", self.counts.values().sum(), here.is_none());
        let each = Stage::ALL.iter().map(|s| {
            let count = self.counts.get(s).copied().unwrap_or(0);
            (s.code(), s.label(), count, here == Some(*s))
        });
        std::iter::once(all).chain(each).collect()
    }

    fn lamp(&self, row: &Row) -> &'static str {
        lamp(row.due_day, self.today).code()
    }

    fn left(&self, row: &Row) -> String {
        left(row.due_day, self.today)
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = queries::list(&mut visit.tx, &visit.me, &asked.filter(), part).await?;
    let page = List {
        chrome: visit.chrome(Section::Rectifications),
        page: listed.page,
        counts: listed.counts,
        bodies: listed.bodies,
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        today: visit.tx.today(),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangeAccountability),
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
    let mut sheet = Sheet::new(format, ("rectifications", "整改事项"), columns())?;
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
        Column::text("编号", 18),
        Column::text("来源", 14),
        Column::text("来源名称", 30),
        Column::text("问题", 50),
        Column::text("整改措施", 50),
        Column::text("责任单位", 26),
        Column::day("整改期限"),
        Column::text("时限", 18),
        Column::text("情况", 12).of(Stage::ALL.iter().map(|s| s.label())),
        Column::minute("报整改时间"),
        Column::number("佐证附件数").summed(),
        Column::text("核实人", 12),
        Column::minute("核实时间"),
    ]
}

fn cells(r: Row, today: NaiveDate) -> Vec<Cell> {
    let time = (r.stage != Stage::Verified).then(|| left(r.due_day, today));
    vec![
        r.number.into(),
        r.source.label().into(),
        r.source_name.into(),
        r.problem.into(),
        r.measure.into(),
        r.body.name.into(),
        r.due_day.into(),
        time.into(),
        r.stage.label().into(),
        r.reported_at.into(),
        r.files.into(),
        r.verifier.into(),
        r.verified_at.into(),
    ]
}
