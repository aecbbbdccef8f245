//! The list of objections, of one period or of all, and the same as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::super::model::{Item, Objection, Period, Reason, lamp};
use super::super::super::queries::objections::{self as queries, Listed, Tab};
use crate::base::error::Result;
use crate::base::paging::{BATCH, PAGE};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    /// `mine`, `open` or `ended`.
    #[serde(skip_serializing_if = "String::is_empty")]
    tab: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

#[derive(Template)]
#[template(path = "assessment/objections.html")]
struct List {
    chrome: Chrome,
    period: Option<Period>,
    tab: Tab,
    listed: Listed,
    decides: bool,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    /// The tabs: code, words, how many, whether it is the one that is open.
    fn tabs(&self) -> Vec<(&'static str, &'static str, i64, bool)> {
        let tab = |tab: Tab, label, count| (tab.code(), label, count, self.tab == tab);
        let mut tabs = Vec::new();
        if self.decides {
            tabs.push(tab(Tab::Mine, "待我办", self.listed.mine));
        }
        tabs.push(tab(Tab::Open, "未决", self.listed.open));
        tabs.push(tab(Tab::Ended, "已决", self.listed.ended));
        tabs
    }

    fn path(&self) -> String {
        self.period.map_or_else(
            || "/assessment/objections".to_owned(),
            |p| format!("{}/objections", p.path()),
        )
    }

    fn whole(&self) -> String {
        self.period
            .map_or_else(|| "全部时期".to_owned(), Period::title)
    }

    fn back(&self) -> (String, String) {
        self.period.map_or_else(
            || ("/assessment".to_owned(), "专项考核".to_owned()),
            |p| (p.path(), p.title()),
        )
    }

    fn is_mine(&self, row: &Objection) -> bool {
        self.listed.waiting.contains(&row.id.0)
    }

    /// The lamp of an open one, as colour and words.
    fn lamp(&self, row: &Objection) -> Option<(&'static str, String)> {
        if !row.is_open() {
            return None;
        }
        let lamp = lamp((row.soon_at, row.due_at), &self.listed.calendar, self.now);
        lamp.map(|(lamp, words)| (lamp.code(), words))
    }

    fn empty(&self) -> &'static str {
        match self.tab {
            Tab::Mine => "没有等您办的申诉",
            Tab::Open => "没有未决的申诉",
            Tab::Ended => "没有已决的申诉",
        }
    }
}

/// All objections that the viewer sees.
pub(in super::super) async fn all(visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    page(visit, None, asked).await
}

/// Those of one period.
pub(in super::super) async fn of(
    visit: Visit,
    Path(period): Path<Period>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(visit, Some(period), asked).await
}

/// The tab that is asked for; without one, what waits for the viewer, or what is open.
fn tab(asked: &Asked, decides: bool) -> Tab {
    match asked.tab.as_str() {
        "ended" => Tab::Ended,
        "open" => Tab::Open,
        _ if decides => Tab::Mine,
        _ => Tab::Open,
    }
}

async fn page(mut visit: Visit, period: Option<Period>, asked: Asked) -> Result<Response> {
    let decides = visit.me.kind.may(Permission::JudgeObjections);
    let tab = tab(&asked, decides);
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1), PAGE);
    let listed = queries::list(&mut visit.tx, &visit.me, (tab, period), part).await?;
    let page = List {
        chrome: visit.chrome(Section::Assessment),
        period,
        tab,
        listed,
        decides,
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

/// The list of a period as a file.
pub(in super::super) async fn export(
    mut visit: Visit,
    format: Format,
    Path(period): Path<Period>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let tab = tab(&asked, visit.me.kind.may(Permission::JudgeObjections));
    let names = (
        format!("objections-{period}"),
        format!("考核申诉-{}", period.title()),
    );
    let mut sheet = Sheet::new(format, names, columns())?;
    let mut after = None;
    loop {
        let part = (after, 1, BATCH);
        let listed = queries::list(&mut visit.tx, &visit.me, (tab, Some(period)), part).await?;
        after = sheet.add(listed.page, cells)?.map(|next| next.0);
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("编号", 20),
        Column::text("哨单、行权记录", 40),
        Column::text("街道", 14),
        Column::text("部门", 26),
        Column::text("项目", 14).of(Item::ALL.iter().map(|i| i.label())),
        Column::text("理由", 22).of(Reason::ALL.iter().map(|r| r.label())),
        Column::text("说明", 44),
        Column::text("证据", 44),
        Column::minute("提出时间"),
        Column::text("情况", 14),
        Column::minute("评议时限"),
        Column::minute("决定时间"),
        Column::text("决定", 44),
    ]
}

fn cells(o: Objection) -> Vec<Cell> {
    let standing = o.standing().to_owned();
    vec![
        o.number.into(),
        o.title.into(),
        o.street.into(),
        o.department.into(),
        o.item.label().into(),
        o.reason.label().into(),
        o.words.into(),
        o.evidence.into(),
        o.asked_at.into(),
        standing.into(),
        o.due_at.into(),
        o.decided_at.into(),
        o.decided_words.into(),
    ]
}
