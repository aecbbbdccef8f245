//! The pages of supervision: the list, the form by hand, the answer, and what reached nobody.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::actions::{self, ByHand};
use super::model::Level;
use super::queries::{self, About, Row, Unreached};
use super::reached::Lack;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{PAGE, Paged};
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::work::WhistleId;
use crate::work::clocks::Rule;
use crate::work::phrases;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeSupervision);
    let issue = Access::Can(Permission::Supervise);
    let clear = Access::Can(Permission::ClearUnreached);
    Routes::new()
        .get("/supervision", see, list)
        .get("/supervision/unreached", clear, unreached)
        .post("/supervision/unreached/{id}", clear, cleared)
        .get("/whistles/{id}/supervision", issue, blank)
        .post("/whistles/{id}/supervision", issue, issued)
        .post(
            "/supervision/{id}/reply",
            Access::Can(Permission::AnswerSupervision),
            replied,
        )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    level: String,
    after: String,
    n: String,
}

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct List {
    chrome: Chrome,
    page: Paged<Row>,
    counts: Vec<(Level, i64)>,
    level: Option<Level>,
    unreached: Option<i64>,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    fn count(&self, level: &Level) -> i64 {
        self.counts
            .iter()
            .find(|c| c.0 == *level)
            .map_or(0, |c| c.1)
    }

    fn is_level(&self, level: &Level) -> bool {
        self.level == Some(*level)
    }

    fn all(&self) -> i64 {
        self.counts.iter().map(|c| c.1).sum()
    }

    fn query(&self) -> String {
        self.level
            .map_or(String::new(), |l| format!("level={}&", l.code()))
    }

    /// Whether the answer is late or still to come; nothing if none is asked for.
    fn answer(&self, row: &Row) -> Option<(&'static str, String)> {
        if row.level != Level::City {
            return None;
        }
        Some(match (row.replied_at, row.reply_due_at) {
            (Some(at), _) => ("", format!("{} 已回复", words::short_minute(at, self.now))),
            (None, Some(due)) if due < self.now => (
                "red",
                format!("{} 到期未回复", words::short_minute(due, self.now)),
            ),
            (None, Some(due)) => ("", format!("{} 前回复", words::short_minute(due, self.now))),
            (None, None) => ("", "等回复".to_owned()),
        })
    }
}

/// The list, newest first.
async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let level = asked.level.parse().ok();
    let after = asked.after.parse().ok();
    let listed = queries::list(&mut visit.tx, &visit.me, level, after).await?;
    let counted = |c: &&(Level, i64)| level.is_none_or(|l| l == c.0);
    let total = listed.counts.iter().filter(counted).map(|c| c.1).sum();
    let from = asked.n.parse().unwrap_or(1);
    let clears = visit.me.kind.may(Permission::ClearUnreached);
    Ok(Page(List {
        chrome: visit.chrome(Section::Supervision),
        page: Paged::new(listed.rows, total, from, |r| r.id),
        counts: listed.counts,
        level,
        unreached: clears.then_some(listed.unreached),
        scope: format!(
            "范围：{}，{}。",
            visit.me.seat_name(),
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
    })
    .into_response())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct IssueForm {
    once: String,
    level: String,
    assignment: String,
    words: String,
    /// The phrase to be put before the words.
    phrase: String,
}

#[derive(Template)]
#[template(path = "supervision/new.html")]
struct New {
    chrome: Chrome,
    about: About,
    levels: Vec<Level>,
    form: IssueForm,
    errors: FieldErrors,
    refused: String,
    once: String,
    now: DateTime<Utc>,
}

impl New {
    /// The phrases that the form offers.
    fn phrases(&self) -> &[String] {
        self.about.phrases.of(Some(phrases::Step::Supervise))
    }

    fn wrong(&self) -> String {
        format!("没有发出，有 {} 处要改。", self.errors.len())
    }

    fn hint(&self) -> String {
        let reply = self.about.rules.words(Rule::Reply);
        format!("写明到什么时候办到什么程度。市级督办要求 {reply}内回复。")
    }

    /// A whole line for the choice of a department: name, liaison, what it owes.
    fn line(&self, open: &queries::Open) -> String {
        let liaison = open.liaison.as_deref().unwrap_or("空缺");
        let owes = open.nearest.map_or(String::new(), |n| {
            format!(
                "，{}{}",
                n.stage.label(),
                n.words(&self.about.calendar, &self.now)
            )
        });
        format!("{}（联络员 {liaison}{owes}）", open.department)
    }
}

async fn drawn(visit: &mut Visit, id: WhistleId, form: IssueForm) -> Result<New> {
    let about = queries::about(&mut visit.tx, &visit.me, id).await?;
    let kind = visit.me.kind;
    Ok(New {
        chrome: visit.chrome(Section::Whistles),
        about,
        levels: Level::ALL
            .iter()
            .copied()
            .filter(|l| l.may_issue(kind))
            .collect(),
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        once: visit.once(),
        now: visit.tx.now,
    })
}

async fn blank(mut visit: Visit, Path(id): Path<WhistleId>) -> Result<Response> {
    let page = drawn(&mut visit, id, IssueForm::default()).await?;
    Ok(Page(page).into_response())
}

fn checked(form: &IssueForm) -> Result<ByHand> {
    let mut errors = FieldErrors::new();
    let level = errors.choice::<Level>("level", "督办级别", &form.level);
    let assignment = errors.choice::<Uuid>("assignment", "发给哪个部门", &form.assignment);
    let words = errors.text("words", "内容", &form.words, (2, 500));
    match (level, assignment) {
        (Some(level), Some(assignment)) if errors.is_empty() => Ok(ByHand {
            level,
            assignment,
            words,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

async fn issued(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<WhistleId>,
    Form(mut form): Form<IssueForm>,
) -> Result<Response> {
    phrases::put_before(&mut form.phrase, &mut form.words);
    let location = format!("/whistles/{id}");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let acted = match checked(&form) {
        Ok(asked) => actions::issue_by_hand(&mut visit.tx, &visit.me, id, &asked).await,
        Err(error) => Err(error),
    };
    match acted {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = drawn(&mut visit, id, form).await?;
            let status = why.status();
            (page.errors, page.refused) = why.said("别人刚刚办过。请核对后再发。");
            Ok((status, Page(page)).into_response())
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    once: String,
    words: String,
}

/// The department's answer; a wrong one is told on a page of its own, nothing is lost with it.
async fn replied(
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<Words>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let words = errors.text("words", "回复", &form.words, (2, 1000));
    let words = errors.or(words).map_err(Error::Invalid)?;
    if let Some(answer) = visit.claim(&form.once, "/supervision").await? {
        return Ok(answer);
    }
    let whistle = actions::reply(&mut visit.tx, &visit.me, id, &words).await?;
    visit.done(&format!("/whistles/{whistle}")).await
}

#[derive(Template)]
#[template(path = "supervision/unreached.html")]
struct Nobody {
    chrome: Chrome,
    rows: Vec<Unreached>,
    next: Option<Uuid>,
    once: String,
    errors: FieldErrors,
    wrong_row: Option<Uuid>,
    typed: String,
    now: DateTime<Utc>,
}

impl Nobody {
    /// Where the leader can be named whose lack the row tells of.
    fn remedy(&self, row: &Unreached) -> Option<String> {
        let lacks = row.reason == Lack::NoLeader.words();
        let department = row.department_id.filter(|_| lacks)?;
        Some(format!("/departments/{department}"))
    }

    fn error_at(&self, id: &Uuid) -> &str {
        if self.wrong_row == Some(*id) {
            self.errors.of("words")
        } else {
            ""
        }
    }

    /// Each row has a form of its own, and an id stands once on a page.
    fn field_id(&self, id: &Uuid) -> String {
        format!("words-{id}")
    }

    /// The wrong field; empty if its row is not among those shown.
    fn wrong_field(&self) -> String {
        let shown = self.rows.iter().find(|r| Some(r.id) == self.wrong_row);
        shown.map_or_else(String::new, |r| self.field_id(&r.id))
    }

    fn typed_at(&self, id: &Uuid) -> &str {
        if self.wrong_row == Some(*id) {
            &self.typed
        } else {
            ""
        }
    }
}

async fn nobody(visit: &mut Visit, after: Option<Uuid>) -> Result<Nobody> {
    let mut rows = queries::unreached_open(&mut visit.tx, &visit.me, after).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    Ok(Nobody {
        chrome: visit.chrome(Section::Supervision),
        next: rows.last().filter(|_| more).map(|r| r.id),
        rows,
        once: visit.once(),
        errors: FieldErrors::new(),
        wrong_row: None,
        typed: String::new(),
        now: visit.tx.now,
    })
}

async fn unreached(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let page = nobody(&mut visit, asked.after.parse().ok()).await?;
    Ok(Page(page).into_response())
}

async fn cleared(
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<Words>,
) -> Result<Response> {
    let location = "/supervision/unreached";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    if !queries::is_known(&mut visit.tx, &visit.me, id).await? {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::new();
    let words = errors.text("words", "怎么处理的", &form.words, (2, 300));
    if !errors.is_empty() {
        let mut page = nobody(&mut visit, None).await?;
        page.errors = errors;
        page.wrong_row = Some(id);
        page.typed = form.words;
        return Ok(Page(page).unprocessable());
    }
    actions::clear(&mut visit.tx, &visit.me, id, &words).await?;
    visit.done(location).await
}
