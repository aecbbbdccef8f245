//! The register, and exactly the same list as a file that can come back filled in.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::Family;
use super::super::queries::{self, Filter, Row, State};
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
    family: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    major: String,
    /// Empty: in use.
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Filter {
            words: some(&self.q),
            family: self.family.parse().ok(),
            major: some(&self.major),
            state: self.state(),
        }
    }

    fn state(&self) -> State {
        State::read(&self.state)
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The same filter with another major class.
    fn with_major(&self, major: &str) -> String {
        let asked = Self {
            major: major.to_owned(),
            ..self.clone()
        };
        format!("/classes?{}", asked.query())
    }
}

#[derive(Template)]
#[template(path = "classes/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row, String>,
    majors: Vec<(String, String, i64)>,
    scope: String,
    now: DateTime<Utc>,
    may_change: bool,
}

impl List {
    /// Whether a major class begins with this row.
    fn begins(&self, row: &Row, at: &usize) -> bool {
        let before = at
            .checked_sub(1)
            .and_then(|before| self.page.rows.get(before));
        before.is_none_or(|b| (b.family, &b.major) != (row.family, &row.major))
    }

    /// The major classes of the family that is asked for.
    fn shown_majors(&self) -> Vec<&(String, String, i64)> {
        let asked: Option<Family> = self.asked.family.parse().ok();
        let meant = |m: &&(String, String, i64)| asked.is_none_or(|f| f == family(&m.0));
        self.majors.iter().filter(meant).collect()
    }

    /// The first condition, and how many there are besides.
    fn first(row: &Row) -> String {
        match row.conditions.as_slice() {
            [] => String::new(),
            [one] => one.filing.clone(),
            [one, rest @ ..] => format!("{}；另 {} 条", one.filing, rest.len()),
        }
    }

    /// The conditions, each on a line, for whoever points at them.
    fn whole(row: &Row) -> String {
        let all = row.conditions.iter();
        let lines: Vec<String> = all
            .map(|c| format!("{}. {}（结案：{}）", c.position, c.filing, c.closing))
            .collect();
        lines.join("\n")
    }

    fn state(&self, row: &Row) -> &'static str {
        if row.in_use {
            "在用"
        } else if row.from_day > crate::base::clock::day_of(self.now) {
            "未启用"
        } else {
            "停用"
        }
    }
}

fn family(key: &str) -> Family {
    if key.starts_with('B') {
        Family::Component
    } else {
        Family::Event
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let from = asked.n.parse().unwrap_or(1);
    let after = (!asked.after.is_empty()).then(|| asked.after.clone());
    let listed = queries::list(&mut visit.tx, &visit.me, &asked.filter(), (after, from)).await?;
    let page = List {
        chrome: visit.chrome(Section::Classes),
        page: listed.page,
        majors: listed.majors,
        scope: format!(
            "范围：{}{}的类别，{}。",
            visit.me.city,
            asked.state().label(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangeClasses),
        asked,
    };
    Ok(Page(page).into_response())
}

/// The list as a file: a row for each condition, as the import reads it.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let filter = asked.filter();
    let mut sheet = Sheet::new(format, ("classes", "类别登记"), columns())?;
    let mut after = None;
    loop {
        let page = queries::export(&mut visit.tx, &visit.me, &filter, after).await?;
        for row in &page.rows {
            for cells in cells(row) {
                sheet.row(&cells)?;
            }
        }
        after = page.next;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("编码", 10),
        Column::text("大类", 24),
        Column::text("小类名称", 30),
        Column::text("基层叫法", 18),
        Column::number("常用位次"),
        Column::text("是否在用", 10),
        Column::text("立案条件", 44),
        Column::text("结案条件", 44),
        Column::day("施行日期"),
        Column::text("承诺时限", 16),
    ]
}

/// A row for each condition; one without them for a class that has none.
fn cells(row: &Row) -> Vec<Vec<Cell>> {
    let cells = |filing: &str, closing: &str| {
        let key = row.code.split('-').next().unwrap_or_default();
        vec![
            row.code.as_str().into(),
            format!("{} {key} {}", row.family.label(), row.major).into(),
            row.name.as_str().into(),
            row.quick_name.clone().into(),
            row.quick_order.map(i32::from).into(),
            if row.in_use { "是" } else { "否" }.into(),
            filing.into(),
            closing.into(),
            row.from_day.into(),
            row.limit.map(crate::org::calendar::Limit::words).into(),
        ]
    };
    if row.conditions.is_empty() {
        return vec![cells("", "")];
    }
    let all = row.conditions.iter();
    all.map(|c| cells(&c.filing, &c.closing)).collect()
}
