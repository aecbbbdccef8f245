//! What was taken up in a year and what is proposed, and the year's topics as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Proposal, Stage};
use super::super::queries::list::{self as queries, Filter, Listed, Row};
use super::Wish;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::paging::{Key, Paged};
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
    year: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    stage: String,
}

impl Asked {
    /// What is meant; what is no year means this one.
    fn filter(&self, today: NaiveDate) -> Filter {
        let year = self.year.parse().ok();
        let year = year.filter(|year| (1949..=2100).contains(year));
        Filter {
            year: year.unwrap_or(today.year()),
            stage: self.stage.parse().ok(),
        }
    }

    /// The same filter as a query.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "topics/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    filter: Filter,
    listed: Listed,
    scope: String,
    flash: &'static str,
    may_change: bool,
    /// Whether the viewer sees matters, and so what is proposed.
    sees_matters: bool,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl List {
    /// The years to choose from: this one, and those of which there are topics.
    fn years(&self) -> Vec<i32> {
        let mut years = self.listed.years.clone();
        years.extend([self.today.year(), self.filter.year]);
        years.sort_unstable_by(|a, b| b.cmp(a));
        years.dedup();
        years
    }

    fn is_year(&self, year: &i32) -> bool {
        self.filter.year == *year
    }

    fn is_of(&self, stage: &Stage) -> bool {
        self.filter.stage == Some(*stage)
    }

    fn month(row: &Row) -> String {
        words::month_code(row.month)
    }

    /// The matters behind a proposal.
    fn href(&self, proposal: &Proposal) -> String {
        proposal.href(self.today)
    }

    fn day_of(at: &DateTime<Utc>) -> String {
        words::day(day_of(*at))
    }

    /// How many proposals are not shown.
    fn hidden(&self) -> bool {
        self.listed.proposed > queries::SHOWN
    }
}

/// The first place, and how many there are.
fn places(row: &Row) -> String {
    match row.places {
        ..=1 => row.place.clone(),
        more => format!("{}等 {more} 处", row.place),
    }
}

/// The page.
pub(super) async fn list(
    mut visit: Visit,
    Query(asked): Query<Asked>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let today = visit.tx.today();
    let filter = asked.filter(today);
    let listed = queries::list(&mut visit.tx, &visit.me, filter).await?;
    let state = filter.stage.map_or("全部情况", Stage::label);
    let page = List {
        chrome: visit.chrome(Section::Topics),
        scope: format!(
            "范围：{}，{} 年，{state}，{}。",
            visit.me.seat_name(),
            filter.year,
            words::minute(visit.tx.now)
        ),
        flash: match wish.done.as_str() {
            "aside" => "已记录暂不立题。再有新的事项，会重新列出。",
            _ => "",
        },
        may_change: visit.me.kind.may(Permission::ChangeTopics),
        sees_matters: visit.me.kind.may(Permission::SeeMatters),
        asked,
        filter,
        listed,
        today,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

/// The year's topics as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let filter = asked.filter(visit.tx.today());
    let listed = queries::list(&mut visit.tx, &visit.me, filter).await?;
    let mut sheet = Sheet::new(format, ("topics", "每月一题"), columns())?;
    let key = |row: &Row| Key {
        order: 0,
        id: row.id.0,
    };
    let all = i64::try_from(listed.rows.len()).unwrap_or(i64::MAX);
    sheet.add(Paged::sized(listed.rows, all, (all, 1), key), cells)?;
    events::sheet(visit, sheet).await
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("月份", 10),
        Column::text("题目", 40),
        Column::text("类别", 22),
        Column::text("地点", 36),
        Column::text("牵头部门", 26),
        Column::text("情况", 12).of(Stage::ALL.iter().map(|s| s.label())),
        Column::number("清单事项").summed(),
        Column::number("已办完").summed(),
        Column::number("已逾期").summed(),
    ]
}

fn cells(row: Row) -> Vec<Cell> {
    let (month, place) = (words::month_code(row.month), places(&row));
    vec![
        month.into(),
        row.title.into(),
        row.class.into(),
        place.into(),
        row.lead.into(),
        row.stage.label().into(),
        row.items.into(),
        row.done.into(),
        row.late.into(),
    ]
}
