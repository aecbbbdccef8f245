//! Not taking up what is proposed, for now and with a reason.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::Proposal;
use super::super::queries::options as queries;
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

const MEANWHILE: &str = "刚又有新的事项，您填的还没有保存。看过最新的件数后再办。";

/// What the form sends; class and place also stand in its address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AsideForm {
    once: String,
    class: String,
    place: String,
    /// How many matters there were when the form was drawn.
    seen: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "topics/aside.html")]
struct Aside {
    chrome: Chrome,
    proposal: Proposal,
    form: AsideForm,
    errors: FieldErrors,
    refused: String,
    today: NaiveDate,
}

impl Aside {
    /// The matters that are meant.
    fn href(&self) -> String {
        self.proposal.href(self.today)
    }

    fn day_of(at: &DateTime<Utc>) -> String {
        words::day(day_of(*at))
    }
}

async fn page(visit: &mut Visit, form: AsideForm) -> Result<Aside> {
    let about = (form.class.as_str(), form.place.as_str());
    let proposal = queries::proposal(&mut visit.tx, &visit.me, about).await?;
    Ok(Aside {
        chrome: visit.chrome(Section::Topics),
        proposal,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        today: visit.tx.today(),
    })
}

/// The form.
pub(super) async fn blank(mut visit: Visit, Query(mut form): Query<AsideForm>) -> Result<Response> {
    form.once = visit.once();
    form.reason.clear();
    Ok(Page(page(&mut visit, form).await?).into_response())
}

/// Keeps it.
pub(super) async fn create(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<AsideForm>,
) -> Result<Response> {
    let location = "/topics?done=aside";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match store(&mut visit, &form).await {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let mut page = page(&mut visit, form).await?;
            (page.errors, page.refused) = why.said(MEANWHILE);
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn store(visit: &mut Visit, form: &AsideForm) -> Result<()> {
    let about = (form.class.as_str(), form.place.as_str());
    let proposal = queries::proposal(&mut visit.tx, &visit.me, about).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "理由", &form.reason, (2, 300));
    errors.or(()).map_err(Error::Invalid)?;
    if form.seen != proposal.n.to_string() {
        return Err(Error::Stale);
    }
    actions::set_aside(&mut visit.tx, &visit.me, &proposal, &reason).await
}
