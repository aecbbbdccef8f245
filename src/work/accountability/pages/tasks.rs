//! The list of tasks, and exactly the same list as a file.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Body, Narrow, Plan, State, lamp, left};
use super::super::queries::tasks::{self as queries, Filter, Row};
use super::{Wish, searched};
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
    state: String,
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
            state: State::ALL.into_iter().find(|s| s.code() == self.state),
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The same filter with another tab.
    fn with_state(&self, state: &str) -> String {
        let other = Self {
            state: state.to_owned(),
            ..self.clone()
        };
        other.query()
    }
}

#[derive(Template)]
#[template(path = "accountability/tasks.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row, Key>,
    counts: HashMap<State, i64>,
    bodies: Vec<Body>,
    plan: Option<Plan>,
    scope: String,
    flash: &'static str,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_change: bool,
}

impl List {
    /// The tabs: code, word, length, whether it is open.
    fn tabs(&self) -> Vec<(&'static str, &'static str, i64, bool)> {
        let here = self.asked.filter().state;
        let all = ("", "全部", self.counts.values().sum(), here.is_none());
        let each = State::ALL.into_iter().map(|s| {
            let count = self.counts.get(&s).copied().unwrap_or(0);
            (s.code(), s.label(), count, here == Some(s))
        });
        std::iter::once(all).chain(each).collect()
    }

    fn lamp(&self, row: &Row) -> &'static str {
        lamp(row.next_day, self.today).code()
    }

    fn left(&self, row: &Row) -> String {
        left(row.next_day, self.today)
    }

    /// What is due next, in words.
    fn next(row: &Row) -> &str {
        row.next_words.as_deref().unwrap_or("全部完成")
    }
}

/// The list.
pub(super) async fn list(
    mut visit: Visit,
    Query(asked): Query<Asked>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = queries::list(&mut visit.tx, &visit.me, &asked.filter(), part).await?;
    let page = List {
        chrome: visit.chrome(Section::Tasks),
        page: listed.page,
        counts: listed.counts,
        bodies: listed.bodies,
        plan: listed.plan,
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        flash: match wish.done.as_str() {
            "plan" => "已制定三年工作计划。下一步：下达任务。",
            _ => "",
        },
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
    let mut sheet = Sheet::new(format, ("tasks", "三年计划任务"), columns())?;
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
        Column::number("序号"),
        Column::text("目标", 50),
        Column::text("责任单位", 26),
        Column::day("完成期限"),
        Column::text("下一节点", 36),
        Column::day("节点日期"),
        Column::text("时限", 18),
        Column::number("已达到节点").summed(),
        Column::number("全部节点").summed(),
        Column::text("情况", 12).of(State::ALL.map(State::label)),
    ]
}

fn cells(r: Row, today: NaiveDate) -> Vec<Cell> {
    let time = (!r.state.is_over()).then(|| left(r.next_day, today));
    let next = List::next(&r).to_owned();
    vec![
        r.number.into(),
        r.goal.into(),
        r.body.name.into(),
        r.due_day.into(),
        next.into(),
        r.next_day.into(),
        time.into(),
        r.reached.into(),
        r.milestones.into(),
        r.state.label().into(),
    ]
}
