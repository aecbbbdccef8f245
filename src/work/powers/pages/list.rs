//! The ledger of records, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{AnswerKind, OpinionKind, Origin, Power};
use super::super::queries::list::{self, Filter, Listed, Row, Tab};
use crate::base::error::Result;
use crate::base::paging::PAGE;
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
    /// `mine`, `open`, `ended` or `all`.
    #[serde(skip_serializing_if = "String::is_empty")]
    tab: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    power: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    origin: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    /// `answered`, `adopted`, `late` or `in_time`: those behind a figure.
    #[serde(skip_serializing_if = "String::is_empty")]
    only: String,
    /// `1`: no cadre records, which only few may read.
    #[serde(skip_serializing_if = "String::is_empty")]
    without_cadre: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

/// What `only` can be, with its words.
const ONLY: [(&str, &str); 4] = [
    ("answered", "已答复"),
    ("adopted", "采纳或部分采纳"),
    ("late", "部门逾期"),
    ("in_time", "按时答复"),
];

impl Asked {
    pub(super) fn filter(&self, acts: bool) -> Filter {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        Filter {
            tab: match self.tab.as_str() {
                "mine" => Tab::Mine,
                "open" => Tab::Open,
                "ended" => Tab::Ended,
                "all" => Tab::All,
                _ if acts => Tab::Mine,
                _ => Tab::Open,
            },
            words: some(&self.q).map(|q| q.chars().take(60).collect()),
            power: self.power.parse().ok(),
            origin: self.origin.parse().ok(),
            department: self.department.parse().ok(),
            street: some(&self.street),
            from: day(&self.from),
            to: day(&self.to),
            answered: self.only == "answered",
            adopted: self.only == "adopted",
            late: self.only == "late",
            in_time: self.only == "in_time",
            without_cadre: self.without_cadre == "1",
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    fn with_tab(&self, tab: &str) -> String {
        let other = Self {
            tab: tab.to_owned(),
            ..self.clone()
        };
        other.query()
    }
}

#[derive(Template)]
#[template(path = "powers/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    filter: Filter,
    listed: Listed,
    acts: bool,
    begins: &'static str,
    is_city: bool,
    is_street: bool,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    /// The tabs: code, words, how many, whether it is the one that is open.
    fn tabs(&self) -> Vec<(&'static str, &'static str, Option<i64>, bool)> {
        let tab = |code, label, count, tab| (code, label, count, self.filter.tab == tab);
        let mut tabs = Vec::new();
        if self.acts {
            tabs.push(tab("mine", "待我办", Some(self.listed.mine), Tab::Mine));
        }
        tabs.push(tab("open", "在办", Some(self.listed.open), Tab::Open));
        tabs.push(tab("ended", "已结", Some(self.listed.ended), Tab::Ended));
        tabs.push(tab("all", "全部", None, Tab::All));
        tabs
    }

    fn tab(&self) -> &'static str {
        match self.filter.tab {
            Tab::Mine => "mine",
            Tab::Open => "open",
            Tab::Ended => "ended",
            Tab::All => "all",
        }
    }

    fn empty(&self) -> &'static str {
        match self.filter.tab {
            Tab::Mine => "没有等您办的行权记录",
            Tab::Open => "没有在办的行权记录",
            Tab::Ended => "没有已结的行权记录",
            Tab::All => "没有符合条件的行权记录",
        }
    }
}

impl Row {
    /// What the row's answer says: `03-20 采纳`, `未到`.
    pub(super) fn answered(&self, now: DateTime<Utc>) -> String {
        match (self.answer, self.answered_at) {
            (Some(answer), Some(at)) => {
                let objected = if self.objected { "，街道异议" } else { "" };
                let day = words::short_minute(at, now);
                let day = day.rsplit_once(' ').map_or(day.as_str(), |(day, _)| day);
                let answer = match self.power {
                    // What became of an opinion on a cadre is read on its page, and the reading noted.
                    Power::Cadre => "已答复",
                    Power::Planning | Power::Coordination | Power::Project | Power::Award => {
                        answer.word(self.power)
                    }
                };
                format!("{day} {answer}{objected}")
            }
            _ => "未到".to_owned(),
        }
    }

    /// What the row's opinion says: `03-09 同意，加无障碍坡道 2 处`, `街道提请`.
    pub(super) fn opined(&self, now: DateTime<Utc>) -> String {
        match (self.opinion, self.opined_at) {
            (Some(kind), Some(at)) => {
                let day = words::short_minute(at, now);
                let day = day.rsplit_once(' ').map_or(day.as_str(), |(day, _)| day);
                let said = self.opinion_words.as_deref().unwrap_or_default();
                let said = said.lines().next().unwrap_or_default();
                let comma = if said.is_empty() { "" } else { "，" };
                let kind = match kind {
                    OpinionKind::Silent => "逾期，视为无意见",
                    OpinionKind::Agree
                    | OpinionKind::Suggest
                    | OpinionKind::Disagree
                    | OpinionKind::Sealed => kind.label(),
                };
                format!("{day} {kind}{comma}{said}")
            }
            _ if self.origin == Origin::Street => self.origin.label().to_owned(),
            _ => "未填".to_owned(),
        }
    }

    /// How late the department was, or is: `逾期 1 个工作日`; empty: in time.
    pub(super) fn lateness(&self, calendar: &Calendar, now: DateTime<Utc>) -> String {
        match (self.late_from, self.late_unit) {
            (Some(due), Some(unit)) => {
                let until = self.answered_at.unwrap_or(now).max(due);
                calendar.left(unit, until, due).replace("超期", "逾期")
            }
            _ => String::new(),
        }
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let may = |permission| visit.me.kind.may(permission);
    let acts = may(Permission::ExercisePowers) || may(Permission::RulePowers);
    let begins = if !may(Permission::ExercisePowers) {
        ""
    } else if visit.me.kind.is_department() {
        "征求街道意见"
    } else {
        "提建议、召集协调"
    };
    let filter = asked.filter(acts);
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = list::list(&mut visit.tx, &visit.me, &filter, part).await?;
    let page = List {
        chrome: visit.chrome(Section::Exercises),
        listed,
        filter,
        acts,
        begins,
        is_city: visit.me.department().is_none() && !visit.me.kind.is_street(),
        is_street: visit.me.kind.is_street(),
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        asked,
    };
    Ok(Page(page).into_response())
}

/// The list as a file, without cadre records.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let may = |permission| visit.me.kind.may(permission);
    let acts = may(Permission::ExercisePowers) || may(Permission::RulePowers);
    let (filter, now) = (asked.filter(acts), visit.tx.now);
    let mut sheet = Sheet::new(format, ("powers", "行权记录"), columns())?;
    let mut after = None;
    loop {
        let listed = list::export(&mut visit.tx, &visit.me, &filter, after).await?;
        let calendar = listed.calendar;
        after = sheet.add(listed.page, |r| cells(r, &calendar, now))?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("编号", 20),
        Column::text("权力", 22).of(Power::ALL.iter().map(|p| p.label())),
        Column::text("方式", 14).of(Origin::ALL.iter().map(|o| o.label())),
        Column::text("标题", 44),
        Column::text("街道", 14),
        Column::text("部门", 26),
        Column::text("环节", 14),
        Column::minute("提出时间"),
        Column::text("街道意见", 16),
        Column::minute("意见时间"),
        Column::text("部门答复", 14),
        Column::minute("答复时间"),
        Column::text("逾期", 20),
        Column::text("街道异议", 10),
        Column::number("街道评分"),
        Column::minute("办结时间"),
    ]
}

fn cells(r: Row, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Cell> {
    let late = r.lateness(calendar, now);
    let answer = r.answer.map(|a: AnswerKind| a.word(r.power));
    vec![
        r.number.into(),
        r.power.label().into(),
        r.origin.label().into(),
        r.title.into(),
        r.street.into(),
        r.department.into(),
        r.stage.label().into(),
        r.asked_at.into(),
        r.opinion.map(OpinionKind::label).into(),
        r.opined_at.into(),
        answer.into(),
        r.answered_at.into(),
        late.into(),
        if r.objected { "是" } else { "" }.into(),
        r.score.map(i32::from).into(),
        r.ended_at.into(),
    ]
}
