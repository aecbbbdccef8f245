//! The list of whistles, and exactly the same list as a file.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Kind, Stage};
use super::super::queries::{self, Choice, Filter, Row};
use crate::base::error::{Error, Result};
use crate::base::finding;
use crate::base::form::FieldErrors;
use crate::base::paging::{Key, PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::calendar::Calendar;
use crate::org::events;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    place: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    /// A stage, or `open` (not over) or `over`.
    #[serde(skip_serializing_if = "String::is_empty")]
    stage: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    /// `open` or `over`: how far the named department is.
    #[serde(skip_serializing_if = "String::is_empty")]
    task: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    /// `1`: only what waits for this post.
    #[serde(skip_serializing_if = "String::is_empty")]
    waiting: String,
    /// `1`: only whistles that have sounded.
    #[serde(skip_serializing_if = "String::is_empty")]
    sounded: String,
    /// A lamp: `red` `yellow` `green` `grey` `none` `ended`.
    #[serde(skip_serializing_if = "String::is_empty")]
    lamp: String,
    /// Closed from this day to that.
    #[serde(skip_serializing_if = "String::is_empty")]
    closed_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    closed_to: String,
    /// Closed or withdrawn from this day to that.
    #[serde(skip_serializing_if = "String::is_empty")]
    ended_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    ended_to: String,
    /// Under way when this day was over.
    #[serde(skip_serializing_if = "String::is_empty")]
    on: String,
    /// `1`: no limit was passed.
    #[serde(skip_serializing_if = "String::is_empty")]
    in_time: String,
    /// `1`: no check failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    first_pass: String,
    /// The trouble was first seen again from this day to that.
    #[serde(skip_serializing_if = "String::is_empty")]
    recurred_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    recurred_to: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

#[derive(Template)]
#[template(path = "whistles/list.html")]
pub(super) struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<Row, Key>,
    lamps: HashMap<String, i64>,
    calendar: Calendar,
    streets: Vec<Choice>,
    departments: Vec<Choice>,
    errors: FieldErrors,
    scope: String,
    now: DateTime<Utc>,
    may_draft: bool,
    is_street: bool,
    /// Whether more have the words than are listed.
    cut: bool,
}

/// The lamps by which the total is split, with their words.
const LAMPS: [(&str, &str); 6] = [
    ("red", "超期"),
    ("yellow", "临期"),
    ("green", "正常"),
    ("grey", "挂账"),
    ("none", "未计时"),
    ("ended", "已结束"),
];

impl List {
    /// How many of each lamp, those that there are.
    fn split(&self) -> Vec<(&'static str, &'static str, i64)> {
        let counted = LAMPS.iter().filter_map(|(code, label)| {
            let count = *self.lamps.get(*code)?;
            Some((*code, *label, count))
        });
        counted.collect()
    }
}

impl Asked {
    /// The checked filter; a day that is none gets a sentence.
    fn filter(&self) -> (Filter, FieldErrors) {
        let mut errors = FieldErrors::new();
        let words = finding::words(&mut errors, "f-q", &self.q);
        let mut day = |field: &str, typed: &str| {
            if typed.trim().is_empty() {
                return None;
            }
            let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok();
            if day.is_none() {
                errors.add(field, "日期写成 2026-11-23 的样子。");
            }
            day
        };
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let filter = Filter {
            words,
            street: some(&self.street),
            place: self.place.parse().ok(),
            kind: self.kind.parse().ok(),
            stages: stages(&self.stage),
            department: self.department.parse().ok(),
            department_open: match self.task.as_str() {
                "open" => Some(true),
                "over" => Some(false),
                _ => None,
            },
            from: day("from", &self.from),
            to: day("to", &self.to),
            waiting: self.waiting == "1",
            sounded: self.sounded == "1",
            lamp: LAMPS
                .iter()
                .map(|(code, _)| *code)
                .find(|code| *code == self.lamp)
                .map(str::to_owned),
            closed_from: day("from", &self.closed_from),
            closed_to: day("to", &self.closed_to),
            ended_from: day("from", &self.ended_from),
            ended_to: day("to", &self.ended_to),
            on: day("to", &self.on),
            in_time: self.in_time == "1",
            first_pass: self.first_pass == "1",
            recurred_from: day("from", &self.recurred_from),
            recurred_to: day("to", &self.recurred_to),
        };
        (filter, errors)
    }

    /// The filters that have no control in the row.
    fn kept(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("place", &self.place),
            ("task", &self.task),
            ("lamp", &self.lamp),
            ("sounded", &self.sounded),
            ("closed_from", &self.closed_from),
            ("closed_to", &self.closed_to),
            ("ended_from", &self.ended_from),
            ("ended_to", &self.ended_to),
            ("on", &self.on),
            ("in_time", &self.in_time),
            ("first_pass", &self.first_pass),
            ("recurred_from", &self.recurred_from),
            ("recurred_to", &self.recurred_to),
        ];
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name, value.as_str()));
        fields.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What the list is narrowed to besides the filter row, in words.
    fn narrowed(&self) -> Vec<String> {
        let mut narrowed = Vec::new();
        narrowed.extend(words::span("办结于", &self.closed_from, &self.closed_to));
        narrowed.extend(words::span("结束于", &self.ended_from, &self.ended_to));
        if !self.on.trim().is_empty() {
            narrowed.push(format!("{} 当天结束时在办", self.on.trim()));
        }
        if self.in_time == "1" {
            narrowed.push("没有超过时限".to_owned());
        }
        if self.first_pass == "1" {
            narrowed.push("核查一次通过".to_owned());
        }
        narrowed.extend(words::span(
            "复发于",
            &self.recurred_from,
            &self.recurred_to,
        ));
        narrowed
    }

    /// The same filter without that.
    fn unnarrowed(&self) -> String {
        let mut other = self.clone();
        for field in [
            &mut other.closed_from,
            &mut other.closed_to,
            &mut other.ended_from,
            &mut other.ended_to,
            &mut other.on,
            &mut other.in_time,
            &mut other.first_pass,
            &mut other.recurred_from,
            &mut other.recurred_to,
        ] {
            field.clear();
        }
        other.query()
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The same filter with another lamp.
    fn with_lamp(&self, lamp: &str) -> String {
        let other = Self {
            lamp: lamp.to_owned(),
            ..self.clone()
        };
        other.query()
    }
}

/// The stages a word of the filter means.
fn stages(word: &str) -> Option<Vec<Stage>> {
    let all = Stage::ALL.iter().copied();
    match word {
        "open" => Some(all.filter(|s| !s.is_over()).collect()),
        "over" => Some(all.filter(|s| s.is_over()).collect()),
        word => word.parse().ok().map(|stage| vec![stage]),
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (filter, errors) = asked.filter();
    let from = asked.n.parse().unwrap_or(1);
    let listed = queries::list(
        &mut visit.tx,
        &visit.me,
        &filter,
        (asked.after.parse().ok(), from),
    )
    .await?;
    let wrong = !errors.is_empty();
    let page = Page(List {
        chrome: visit.chrome(Section::Whistles),
        page: listed.page,
        lamps: listed.lamps,
        calendar: listed.calendar,
        streets: listed.streets,
        departments: listed.departments,
        cut: listed.cut,
        errors,
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        may_draft: visit.me.kind.may(Permission::DraftWhistles),
        is_street: visit.me.kind.is_street(),
        asked,
    });
    if wrong {
        Ok(page.unprocessable())
    } else {
        Ok(axum::response::IntoResponse::into_response(page))
    }
}

/// The list as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (filter, errors) = asked.filter();
    errors.or(()).map_err(Error::Invalid)?;
    let mut sheet = Sheet::new(format, ("whistles", "哨单"), columns())?;
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
        Column::text("编号", 20),
        Column::text("标题", 44),
        Column::text("种类", 10).of(Kind::ALL.iter().map(|k| k.label())),
        Column::text("街道", 14),
        Column::text("地点", 24),
        Column::text("主办部门", 26),
        Column::number("协办部门数").summed(),
        Column::text("环节", 12).of(Stage::ALL.iter().map(|s| s.label())),
        Column::minute("截止时间"),
        Column::minute("起草时间"),
        Column::minute("吹响时间"),
        Column::minute("结束时间"),
    ]
}

fn cells(r: Row) -> Vec<Cell> {
    vec![
        r.number.into(),
        r.title.into(),
        r.kind.label().into(),
        r.street.into(),
        r.place.into(),
        r.lead.into(),
        r.assists.into(),
        r.stage.label().into(),
        r.nearest.and_then(|n| n.due_at).into(),
        r.drafted_at.into(),
        r.sounded_at.into(),
        r.ended_at.into(),
    ]
}
