//! The list of whistles, and exactly the same list as a file.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Kind, Stage};
use super::super::queries::{self, Choice, Filter, Row};
use crate::base::error::Result;
use crate::base::form::FieldErrors;
use crate::base::paging::{Key, PAGE, Paged};
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

    /// How an ended whistle ended: in time or late.
    fn ended(row: &Row) -> &'static str {
        match (row.stage, row.late) {
            (Stage::Withdrawn, _) => "已撤哨",
            (_, true) => "超期办结",
            (_, false) => "按时办结",
        }
    }
}

impl Asked {
    /// The checked filter; a day that is none gets a sentence.
    fn filter(&self) -> (Filter, FieldErrors) {
        let mut errors = FieldErrors::new();
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
            words: some(&self.q),
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
        };
        (filter, errors)
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

/// The list as CSV.
pub(super) async fn export(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (filter, errors) = asked.filter();
    errors.or(()).map_err(crate::base::error::Error::Invalid)?;
    let rows = queries::export(&mut visit.tx, &visit.me, &filter).await?;
    let head = [
        "编号",
        "标题",
        "种类",
        "街道",
        "地点",
        "主办部门",
        "协办部门数",
        "环节",
        "截止时间",
        "起草时间",
        "吹响时间",
        "结束时间",
    ];
    let rows = rows.into_iter().map(|r| {
        vec![
            r.number.unwrap_or_default(),
            r.title,
            r.kind.label().to_owned(),
            r.street,
            r.place,
            r.lead.unwrap_or_default(),
            r.assists.to_string(),
            r.stage.label().to_owned(),
            r.nearest
                .and_then(|n| n.due_at)
                .map(words::minute)
                .unwrap_or_default(),
            words::minute(r.drafted_at),
            r.sounded_at.map(words::minute).unwrap_or_default(),
            r.ended_at.map(words::minute).unwrap_or_default(),
        ]
    });
    events::sheet(visit, ("哨单", "whistles"), &head, rows).await
}
