//! A year's notice, pasted as it stands: read, shown as months with what it moves, then entered.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::Datelike;
use serde::Deserialize;

use super::months::{Month, months};
use super::preview::Preview;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page};
use crate::org::access::{Chrome, Section, Visit};
use crate::org::calendar::{self, Change, read_notice};
use crate::work::clocks::actions::changing;

/// What the form carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoticeForm {
    year: String,
    source: String,
    text: String,
    version: String,
    once: String,
    /// Set by the button that goes back to the text.
    again: String,
}

#[derive(Template)]
#[template(path = "clocks/notice.html")]
pub(super) struct NoticePage {
    chrome: Chrome,
    form: NoticeForm,
    errors: FieldErrors,
    /// The lines that cannot be read, each with its reason.
    lines: Vec<String>,
    refused: String,
    stale: bool,
    months: Vec<Month>,
    length: usize,
    preview: Option<Preview>,
    version: i32,
    once: String,
}

impl NoticePage {
    fn of(visit: &Visit, form: NoticeForm) -> Self {
        Self {
            chrome: visit.chrome(Section::Calendar),
            form,
            errors: FieldErrors::new(),
            lines: Vec::new(),
            refused: String::new(),
            stale: false,
            months: Vec::new(),
            length: 0,
            preview: None,
            version: 0,
            once: visit.once(),
        }
    }

    /// How many things are wrong.
    fn wrong_count(&self) -> usize {
        self.errors.len() + self.lines.len()
    }
}

impl NoticeForm {
    /// The notice as a change; lines that cannot be read stand under `text`, one each.
    fn read(&self) -> Result<Change, (FieldErrors, Vec<String>)> {
        let mut errors = FieldErrors::new();
        let year = self.year.trim().parse::<i32>().ok();
        let year = year.filter(|y| (2020..=2100).contains(y));
        if year.is_none() {
            errors.add("year", "年份写四位数字，例如 2027。");
        }
        let source = errors.text("source", "依据", &self.source, (2, 200));
        let text = errors.text("text", "通知原文", &self.text, (1, 8_000));
        let (true, Some(year)) = (errors.is_empty(), year) else {
            return Err((errors, Vec::new()));
        };
        match read_notice(year, &text) {
            Ok(days) => Ok(Change::Year { year, days, source }),
            Err(wrong) => {
                let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
                Err((errors, lines))
            }
        }
    }
}

/// The empty form.
pub(super) async fn paste(visit: Visit) -> Page<NoticePage> {
    let next = visit.tx.today().year() + 1;
    let form = NoticeForm {
        year: next.to_string(),
        source: format!("国务院办公厅关于 {next} 年部分节假日安排的通知"),
        ..NoticeForm::default()
    };
    Page(NoticePage::of(&visit, form))
}

/// Reads what was pasted and shows it.
pub(super) async fn read(mut visit: Visit, Form(form): Form<NoticeForm>) -> Result<Response> {
    if !form.again.is_empty() {
        return Ok(Page(NoticePage::of(&visit, form)).into_response());
    }
    let (status, page) = shown(&mut visit, form).await?;
    Ok((status, Page(page)).into_response())
}

async fn shown(visit: &mut Visit, form: NoticeForm) -> Result<(StatusCode, NoticePage)> {
    let today = visit.tx.today();
    let read = form.read();
    let mut page = NoticePage::of(visit, form);
    let change = match read {
        Ok(change) => change,
        Err((errors, lines)) => {
            (page.errors, page.lines) = (errors, lines);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page));
        }
    };
    let Change::Year { year, .. } = change else {
        return Err(Error::NotFound);
    };
    let standing = calendar::standing(&mut visit.tx, visit.me.tenant).await?;
    page.version = standing.version;
    let after = match standing.changed(&change, today) {
        Ok(after) => after,
        Err(refused) => {
            page.refused = refused.to_string();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page));
        }
    };
    let mut preview = Preview::of(visit, &standing, &after, (&change, year)).await?;
    preview.action = "/calendar/notice/entry";
    preview.other = (String::new(), "改原文");
    preview.hidden = vec![
        ("year", page.form.year.clone()),
        ("source", page.form.source.clone()),
        ("text", page.form.text.clone()),
    ];
    page.months = months(&after, year, today, &BTreeSet::new());
    page.length = after.year_length(year).unwrap_or_default();
    page.preview = Some(preview);
    Ok((StatusCode::OK, page))
}

/// Enters the notice, once.
pub(super) async fn enter(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<NoticeForm>,
) -> Result<Response> {
    let there = format!("/calendar?year={}&done=1", form.year.trim());
    let made = match form.read() {
        Err((errors, _)) => Err(Error::Invalid(errors)),
        Ok(change) => {
            if let Some(earlier) = visit.claim(&form.once, &there).await? {
                return Ok(earlier);
            }
            let version = form.version.parse().unwrap_or(0);
            changing::change(&mut visit.tx, &visit.me, &change, version).await
        }
    };
    let why = match made {
        Ok(_) => return visit.done(&there).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let (status, mut page) = shown(&mut visit, form).await?;
    let status = match why {
        Again::Stale => {
            page.stale = true;
            StatusCode::CONFLICT
        }
        Again::Refused(_) | Again::Invalid(_) => status,
    };
    Ok((status, Page(page)).into_response())
}
