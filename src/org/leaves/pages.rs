//! One's own leave (请假代班), and for whom one stands in.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::actions;
use super::model::LeaveForm;
use super::queries::{self, Candidate, Entry, Shown};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Routes, Section, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/leave", Access::SignedIn, leave)
        .post("/leave", Access::SignedIn, enter)
        .post("/leave/{id}/end", Access::SignedIn, end)
}

#[derive(Template)]
#[template(path = "leaves/leave.html")]
struct LeavePage {
    chrome: Chrome,
    form: LeaveForm,
    errors: FieldErrors,
    flash: &'static str,
    today: NaiveDate,
    once: String,
    candidates: Vec<Candidate>,
    own: Vec<Entry>,
    others: Vec<Entry>,
}

impl LeavePage {
    fn of(visit: &Visit, form: LeaveForm, errors: FieldErrors, shown: Shown) -> Self {
        Self {
            chrome: visit.chrome(Section::Leave),
            form,
            errors,
            flash: "",
            today: visit.tx.today(),
            once: visit.once(),
            candidates: shown.candidates,
            own: shown.own,
            others: shown.others,
        }
    }

    /// How a leave stands, in a word.
    fn stands(&self, entry: &Entry) -> &'static str {
        if entry.ended_at.is_some() {
            "已提前结束"
        } else if entry.to_day < self.today {
            "已结束"
        } else if entry.from_day > self.today {
            "未开始"
        } else {
            "代班中"
        }
    }

    fn is_open(&self, entry: &Entry) -> bool {
        entry.ended_at.is_none() && entry.to_day >= self.today
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn leave(mut visit: Visit, Query(done): Query<Done>) -> Result<Page<LeavePage>> {
    let shown = queries::shown(&mut visit.tx, &visit.me).await?;
    let mut page = LeavePage::of(&visit, LeaveForm::default(), FieldErrors::new(), shown);
    page.flash = match done.done.as_str() {
        "entered" => "已登记请假，到时消息转给代班人。",
        "ended" => "已结束请假，消息不再转给代班人。",
        _ => "",
    };
    Ok(Page(page))
}

async fn enter(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<LeaveForm>,
) -> Result<Response> {
    const DONE: &str = "/leave?done=entered";
    if let Some(earlier) = visit.claim(&form.once, DONE).await? {
        return Ok(earlier);
    }
    let today = visit.tx.today();
    let entered = match form.read(visit.me.person.0, today) {
        Ok(new) => actions::enter(&mut visit.tx, &visit.me, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let again = match entered {
        Ok(()) => return visit.done(DONE).await,
        Err(error) => error.again()?,
    };
    let status = again.status();
    let errors = match again {
        Again::Invalid(errors) => errors,
        Again::Refused(sentence) => return Err(Error::Refused(sentence)),
        Again::Stale => return Err(Error::Stale),
    };
    let mut visit = visit.afresh(&db).await?;
    let shown = queries::shown(&mut visit.tx, &visit.me).await?;
    let page = LeavePage::of(&visit, form, errors, shown);
    Ok((status, Page(page)).into_response())
}

async fn end(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    actions::end(&mut visit.tx, &visit.me, id).await?;
    visit.done("/leave?done=ended").await
}
