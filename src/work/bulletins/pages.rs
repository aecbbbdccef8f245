//! The pages of bulletins: the list of months, a month as a letter, and putting it out.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::model::{Content, Issued, LONGEST, month_of, months_over, written};
use super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::work::figures::{self, Asked, ScopeKind, Span};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const READ: Access = Access::Can(Permission::ReadFigures);
    const ISSUE: Access = Access::Can(Permission::IssueBulletins);
    Routes::new()
        .get("/bulletins", READ, list)
        .get("/bulletins/{month}", READ, show)
        .post("/bulletins/{month}", ISSUE, issue)
}

/// A month in the list.
#[derive(Clone, Debug)]
struct Line {
    month: NaiveDate,
    issued: Option<queries::Row>,
}

impl Line {
    /// `2026 年 11 月`
    fn title(&self) -> String {
        words::month_title(self.month)
    }

    /// Where it is shown.
    fn href(&self) -> String {
        format!("/bulletins/{}", words::month_code(self.month))
    }
}

#[derive(Template)]
#[template(path = "bulletins/list.html")]
struct List {
    chrome: Chrome,
    lines: Vec<Line>,
    issues: bool,
    now: DateTime<Utc>,
}

/// The months that were put out; for the office also those that are not yet.
async fn list(mut visit: Visit) -> Result<Response> {
    let rows = queries::list(&mut visit.tx, visit.me.tenant).await?;
    let issues = visit.me.kind.may(Permission::IssueBulletins);
    let mut lines: Vec<Line> = rows
        .into_iter()
        .map(|row| Line {
            month: row.month,
            issued: Some(row),
        })
        .collect();
    if issues {
        for month in months_over(visit.tx.today()) {
            if lines.iter().all(|line| line.month != month) {
                let issued = None;
                lines.push(Line { month, issued });
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.month));
    }
    Ok(Page(List {
        chrome: visit.chrome(Section::Bulletins),
        lines,
        issues,
        now: visit.tx.now,
    })
    .into_response())
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

/// What the form of putting out sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct IssueForm {
    once: String,
    words: String,
}

#[derive(Template)]
#[template(path = "bulletins/show.html")]
struct Show {
    chrome: Chrome,
    month: NaiveDate,
    content: Content,
    issued: Option<Issued>,
    issues: bool,
    done: bool,
    form: IssueForm,
    errors: FieldErrors,
    now: DateTime<Utc>,
}

impl Show {
    fn month_title(&self) -> String {
        words::month_title(self.month)
    }

    /// Where the form goes.
    fn href(&self) -> String {
        format!("/bulletins/{}", words::month_code(self.month))
    }

    /// The number, or where it will stand.
    fn number(&self) -> String {
        let issued = self.issued.as_ref();
        issued.map_or_else(|| "（印发时编号）".to_owned(), Issued::numbered)
    }

    /// The day of putting out, as a letter ends.
    fn day(&self) -> String {
        let at = self.issued.as_ref().map_or(self.now, |i| i.issued_at);
        words::minute(at)[..10].to_owned()
    }
}

/// The month of the address, which must be over.
fn month(visit: &Visit, code: &str) -> Result<NaiveDate> {
    let month = month_of(code).ok_or(Error::NotFound)?;
    let over = Span::month_of(month).last < visit.tx.today();
    over.then_some(month).ok_or(Error::NotFound)
}

/// The letter as it would be put out now.
async fn draft(visit: &mut Visit, month: NaiveDate, office: &str, own: &str) -> Result<Content> {
    let span = Span::month_of(month);
    let asked = Asked::of(("", ScopeKind::City), span);
    let tenant = visit.me.tenant;
    let read = figures::read(&mut visit.tx, tenant, asked).await?;
    let read = read.ok_or(Error::NotFound)?;
    Ok(written(&read, (office, month), own))
}

async fn page(mut visit: Visit, month: NaiveDate, form: IssueForm) -> Result<Show> {
    let issues = visit.me.kind.may(Permission::IssueBulletins);
    let (issued, office) = queries::of_month(&mut visit.tx, visit.me.tenant, month).await?;
    let content = match &issued {
        Some(issued) => issued.content.clone(),
        None if issues => draft(&mut visit, month, &office, form.words.trim()).await?,
        // What is not put out is nobody else's to read.
        None => return Err(Error::NotFound),
    };
    Ok(Show {
        chrome: visit.chrome(Section::Bulletins),
        month,
        content,
        issued,
        issues,
        done: false,
        form,
        errors: FieldErrors::new(),
        now: visit.tx.now,
    })
}

/// A month: what was put out, or for the office what would be.
async fn show(
    visit: Visit,
    Path(code): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response> {
    let month = month(&visit, &code)?;
    let form = IssueForm {
        once: visit.once(),
        ..IssueForm::default()
    };
    let mut page = page(visit, month, form).await?;
    page.done = done == "1";
    Ok(Page(page).into_response())
}

/// Puts it out.
async fn issue(
    State(db): State<Db>,
    mut visit: Visit,
    Path(code): Path<String>,
    Form(form): Form<IssueForm>,
) -> Result<Response> {
    let month = month(&visit, &code)?;
    let location = format!("/bulletins/{}?done=1", words::month_code(month));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match put_out(&mut visit, month, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut page = page(visit.afresh(&db).await?, month, form).await?;
            if let Again::Invalid(errors) = why {
                page.errors = errors;
            }
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn put_out(visit: &mut Visit, month: NaiveDate, form: &IssueForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let own = errors.text("words", "工作要求", &form.words, (0, LONGEST));
    errors.or(()).map_err(Error::Invalid)?;
    let (issued, office) = queries::of_month(&mut visit.tx, visit.me.tenant, month).await?;
    if issued.is_some() {
        return Err(Error::Stale);
    }
    let content = draft(visit, month, &office, &own).await?;
    actions::issue(&mut visit.tx, &visit.me, month, &content).await
}
