//! The duty list, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::Named;
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
    department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    class: String,
    /// Empty: in force.
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
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
            state: self.state(),
        }
    }

    fn state(&self) -> State {
        State::read(&self.state)
    }

    /// The same filter with another state.
    fn with_state(&self, state: &State) -> String {
        let asked = Self {
            state: state.code().to_owned(),
            ..self.clone()
        };
        format!("/duties?{}", asked.query())
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

impl List {
    /// When the version is in force, where the list does not say so already: from when it will be,
    /// until when it was, or what comes after it.
    fn when(&self, row: &Row) -> String {
        match self.asked.state() {
            State::InForce => match later(row) {
                later if later.is_empty() => later,
                later => format!("自 {later}"),
            },
            State::Coming => {
                let from = words::day(row.from_day);
                format!("自 {from} 起，第 {} 版", row.version)
            }
            State::Ended => row
                .to_day
                .map_or_else(String::new, |to| format!("{} 停用", words::day(to))),
        }
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
            match asked.state() {
                State::InForce => "现行清单",
                State::Coming => "有改动等着施行的项",
                State::Ended => "已停用的项",
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
        Column::day("施行日期"),
        Column::text("以后", 24),
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
    let (assists, later) = (assists(&r), later(&r));
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
        r.from_day.into(),
        later.into(),
    ]
}

/// What comes after the version: `2026-12-01 起有改动`; empty if nothing is known.
fn later(row: &Row) -> String {
    match (row.next_day, row.end_day) {
        (Some(day), _) => format!("{} 起有改动", words::day(day)),
        (None, Some(day)) => format!("{} 起停用", words::day(day)),
        (None, None) => String::new(),
    }
}
