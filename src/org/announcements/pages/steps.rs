//! The steps of those who write: the preview with whom it reaches, putting out, withdrawing.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::model::{Announcement, Reached, Version, changes, seen};
use super::super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Template)]
#[template(path = "announcements/preview.html")]
struct Preview {
    chrome: Chrome,
    found: Announcement,
    draft: Version,
    /// Both sides of what the next version changes.
    changes: Option<String>,
    once: String,
    refused: String,
    now: DateTime<Utc>,
}

impl Preview {
    fn seen(&self) -> String {
        seen(&self.draft)
    }

    /// All whom it reaches, each once.
    fn all(&self) -> Option<&Reached> {
        self.found.reached.iter().find(|r| r.audience.is_none())
    }

    /// By audience.
    fn each(&self) -> Vec<(&'static str, &Reached)> {
        let each = self.found.reached.iter();
        each.filter_map(|r| Some((r.audience?.label(), r)))
            .collect()
    }
}

/// The draft as it will look; without a draft, what was put out.
pub(super) async fn preview(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let found = queries::one(&mut visit.tx, &visit.me, id).await?;
    if found.draft().is_none() || found.withdrawn_at.is_some() {
        return Ok(Redirect::to(&format!("/announcements/{id}")).into_response());
    }
    Ok(Page(drawn(&visit, found)?).into_response())
}

fn drawn(visit: &Visit, found: Announcement) -> Result<Preview> {
    let draft = found.versions.first().cloned().ok_or(Error::NotFound)?;
    Ok(Preview {
        chrome: visit.chrome(Section::Announcements),
        changes: found.in_force().and_then(|before| changes(before, &draft)),
        found,
        draft,
        once: visit.once(),
        refused: String::new(),
        now: visit.tx.now,
    })
}

/// What the steps send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    once: String,
    /// The draft that was previewed.
    version: String,
    reason: String,
}

/// Puts it out.
pub(super) async fn put_out(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(step): Form<Step>,
) -> Result<Response> {
    let location = format!("/announcements/{id}?done=out");
    if let Some(answer) = visit.claim(&step.once, &location).await? {
        return Ok(answer);
    }
    let error = match actions::put_out(&mut visit.tx, &visit.me, id, &step.version).await {
        Ok(()) => return visit.done(&location).await,
        Err(error) => error,
    };
    let why = error.again()?;
    let status = why.status();
    let mut visit = visit.afresh(&db).await?;
    let found = queries::one(&mut visit.tx, &visit.me, id).await?;
    let mut page = drawn(&visit, found)?;
    page.refused = match why {
        Again::Invalid(errors) => errors.sentences(),
        Again::Refused(sentence) => sentence,
        Again::Stale => "草稿刚被别人改过，没有发布。下面是改过的，请核对后再发布。".to_owned(),
    };
    Ok((status, Page(page)).into_response())
}

#[derive(Template)]
#[template(path = "announcements/withdraw.html")]
struct Withdraw {
    chrome: Chrome,
    found: Announcement,
    once: String,
    reason: String,
    errors: FieldErrors,
    refused: String,
}

impl Withdraw {
    /// How many have read what is in force.
    fn readers(&self) -> Option<i64> {
        self.found.in_force().map(|v| v.readers)
    }
}

fn asking(visit: &Visit, found: Announcement) -> Withdraw {
    Withdraw {
        chrome: visit.chrome(Section::Announcements),
        found,
        once: visit.once(),
        reason: String::new(),
        errors: FieldErrors::new(),
        refused: String::new(),
    }
}

/// Asks why it is withdrawn.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let found = queries::one(&mut visit.tx, &visit.me, id).await?;
    Ok(Page(asking(&visit, found)).into_response())
}

/// Withdraws it.
pub(super) async fn withdraw(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(step): Form<Step>,
) -> Result<Response> {
    const LOCATION: &str = "/announcements?tab=past&done=withdrawn";
    if let Some(answer) = visit.claim(&step.once, LOCATION).await? {
        return Ok(answer);
    }
    let error = match actions::withdraw(&mut visit.tx, &visit.me, id, &step.reason).await {
        Ok(()) => return visit.done(LOCATION).await,
        Err(error) => error,
    };
    let why = error.again()?;
    let status = why.status();
    let mut visit = visit.afresh(&db).await?;
    let found = queries::one(&mut visit.tx, &visit.me, id).await?;
    let mut page = asking(&visit, found);
    page.reason = step.reason;
    (page.errors, page.refused) = why.said("刚有人改过，没有撤回。请核对后再撤回。");
    Ok((status, Page(page)).into_response())
}
