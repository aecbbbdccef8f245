//! The record as its readers see it, and exactly the same list as a file.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::lately;
use super::super::queries::{self, Filter, Row, Standing};
use crate::base::clock::midnight;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{Key, PAGE, Paged};
use crate::base::sheet::{Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, PostKind, Section, Visit};
use crate::org::events::{self, Subject, Verb};

/// What an auditor looks for first: at the door, in the clear, out of the house.
const FIRST: [Verb; 17] = [
    Verb::SignIn,
    Verb::SignInFail,
    Verb::Lock,
    Verb::SignOut,
    Verb::EndSession,
    Verb::Password,
    Verb::Switch,
    Verb::Unmask,
    Verb::AskPersonal,
    Verb::LetPersonal,
    Verb::DenyPersonal,
    Verb::TakePersonal,
    Verb::Read,
    Verb::Export,
    Verb::Print,
    Verb::Download,
    Verb::MakePack,
];

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    verb: String,
    /// `1`: only what is not sealed yet.
    #[serde(skip_serializing_if = "String::is_empty")]
    waiting: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    /// Without any day it is the last seven days; what waits has no days.
    fn with_days(mut self, today: NaiveDate) -> Self {
        if self.from.is_empty() && self.to.is_empty() && self.waiting.is_empty() {
            self.from = words::day(lately(today).1);
            self.to = words::day(today);
        }
        self
    }

    /// What the list is narrowed to, and what is wrong with the days or the name.
    fn filter(&self, kind: PostKind) -> Result<(Filter, FieldErrors)> {
        const WRONG: Error =
            Error::Unreadable("网址里的查询条件不对。请回到列表，重新选择条件后查询。");
        let mut errors = FieldErrors::new();
        let mut day = |field: &str, label: &str, typed: &str| {
            let typed = typed.trim();
            (!typed.is_empty())
                .then(|| errors.day(field, label, typed))
                .flatten()
        };
        let from = day("f-from", "开始日期", &self.from);
        let to = day("f-to", "结束日期", &self.to);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            errors.add("f-from", "开始日期在结束日期之后，请调换。");
        }
        let name = errors.text("f-name", "人员姓名", &self.name, (0, 30));
        let subject = Subject::ALL.iter().copied().find(|s| s.code() == self.kind);
        let verb = Verb::read(&self.verb).map(Verb::code);
        let is_known =
            (subject.is_some() || self.kind.is_empty()) && (verb.is_some() || self.verb.is_empty());
        if !is_known {
            return Err(WRONG);
        }
        let filter = Filter {
            from: from.map(midnight),
            to: to.map(|day| midnight(day + Duration::days(1))),
            name: (!name.is_empty()).then_some(name),
            subject,
            verb,
            waiting: !self.waiting.is_empty(),
            all: kind == PostKind::AuditAdmin,
        };
        Ok((filter, errors))
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    errors: FieldErrors,
    page: Paged<Row, Key>,
    standing: Standing,
    scope: String,
    /// Whether all events are shown, or only what administrators did.
    all: bool,
    now: DateTime<Utc>,
}

impl List {
    /// The verbs that are not among the first ones.
    fn others() -> impl Iterator<Item = Verb> {
        Verb::ALL.iter().copied().filter(|v| !FIRST.contains(v))
    }

    /// Where the page of a person or a post is.
    fn place(row: &Row) -> Option<String> {
        let folder = if row.subject == Subject::Post {
            "staffing"
        } else if row.subject == Subject::Person
            || row.subject == Subject::Account && row.person_id.is_some()
        {
            "people"
        } else {
            return None;
        };
        Some(format!("/{folder}/{}", row.subject_id))
    }

    /// The address of the page after this one.
    fn next(&self) -> Option<String> {
        let next = self.page.next.as_ref()?;
        let part = [
            ("after", next.to_string()),
            ("n", self.page.next_from().to_string()),
        ];
        let part = serde_html_form::to_string(part).ok()?;
        Some(format!("/audit?{}&{part}", self.asked.query()))
    }
}

/// The record, newest first.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let kind = visit.me.kind;
    let asked = asked.with_days(visit.tx.today());
    let (filter, errors) = asked.filter(kind)?;
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let (page, standing) = queries::list(&mut visit.tx, &visit.me, &filter, part).await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let what = if filter.all {
        "全部操作"
    } else {
        "三员的操作"
    };
    let page = List {
        chrome: visit.chrome(Section::Audit),
        page,
        standing,
        scope: format!(
            "范围：{}{what}，{}。",
            visit.me.city,
            words::minute(visit.tx.now)
        ),
        all: filter.all,
        now: visit.tx.now,
        errors,
        asked,
    };
    Ok((status, Page(page)).into_response())
}

/// The record as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let asked = asked.with_days(visit.tx.today());
    let (filter, errors) = asked.filter(visit.me.kind)?;
    errors.or(()).map_err(Error::Invalid)?;
    let rows = queries::export(&mut visit.tx, &visit.me, &filter).await?;
    let columns = vec![
        Column::text("时间", 20),
        Column::text("谁", 12),
        Column::text("以什么职务", 26),
        Column::text("做了什么", 16),
        Column::text("对象", 14),
        Column::text("内容", 60),
        Column::text("编号", 38),
    ];
    let mut sheet = Sheet::new(format, ("audit", "审计记录"), columns)?;
    for r in rows {
        sheet.row(&[
            words::second(r.at).into(),
            r.who().into(),
            r.post().into(),
            r.done().into(),
            r.subject.label().into(),
            r.sentence.clone().into(),
            r.id.to_string().into(),
        ])?;
    }
    events::sheet(visit, sheet).await
}
