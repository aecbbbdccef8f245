//! The street decides whether a closed whistle is reopened because the same trouble came again.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::RecurrenceId;
use crate::work::visits::actions::recurrence as actions;
use crate::work::visits::queries::recurrence::{self as queries, Proposal};
use crate::work::whistles::Stage;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecideForm {
    once: String,
    decision: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "visits/recurrence.html")]
struct Show {
    chrome: Chrome,
    proposal: Proposal,
    form: DecideForm,
    errors: FieldErrors,
    refused: String,
    once: String,
    now: DateTime<Utc>,
}

impl Show {
    async fn of(visit: &mut Visit, id: RecurrenceId) -> Result<Self> {
        let proposal = queries::proposal(&mut visit.tx, &visit.me, id).await?;
        Ok(Self {
            chrome: visit.chrome(Section::Whistles),
            proposal,
            form: DecideForm::default(),
            errors: FieldErrors::new(),
            refused: String::new(),
            once: visit.once(),
            now: visit.tx.now,
        })
    }

    fn is_closed(&self) -> bool {
        self.proposal.stage == Stage::Closed
    }

    /// How the proposal was decided.
    fn decided(&self) -> String {
        let at = self.proposal.decided_at;
        let at = at.map_or(String::new(), |at| words::short_minute(at, self.now));
        match (self.proposal.accepted, &self.proposal.reason) {
            (Some(true), _) => format!("{at} 已决定重启，新报事项并入哨单。"),
            (Some(false), reason) => {
                format!(
                    "{at} 已决定不重启：{}",
                    reason.as_deref().unwrap_or_default()
                )
            }
            (None, _) => String::new(),
        }
    }
}

/// The proposal, with both things it compares.
pub(super) async fn show(mut visit: Visit, Path(id): Path<RecurrenceId>) -> Result<Response> {
    Ok(Page(Show::of(&mut visit, id).await?).into_response())
}

/// Reopens, or not.
pub(super) async fn decide(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(id): Path<RecurrenceId>,
    Form(form): Form<DecideForm>,
) -> Result<Response> {
    let location = format!("/recurrences/{id}");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match keep(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = Show::of(&mut visit, id).await?;
            let status = why.status();
            (page.errors, page.refused) = why.said("这件提议刚被别人决定过，请看最新情况。");
            page.form = form;
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn keep(visit: &mut Visit, id: RecurrenceId, form: &DecideForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let declined = match form.decision.as_str() {
        "reopen" => None,
        "decline" => Some(errors.text("reason", "不重启的理由", &form.reason, (2, 500))),
        _ => {
            errors.add("decision", "请选择重启还是不重启。");
            None
        }
    };
    errors.or(()).map_err(Error::Invalid)?;
    actions::decide(&mut visit.tx, &visit.me, id, declined.as_deref()).await?;
    Ok(())
}
