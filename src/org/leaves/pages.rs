//! Leaves (请假代班), and for whom somebody stands in: one's own, and those of others for the security
//! administrator.

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
use crate::org::PersonId;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};

const APPOINT: Access = Access::Can(Permission::Appoint);

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/leave", Access::SignedIn, leave)
        .post("/leave", Access::SignedIn, enter)
        .post("/leave/{id}/end", Access::SignedIn, end)
        .get("/people/{id}/leave", APPOINT, leave_of)
        .post("/people/{id}/leave", APPOINT, enter_of)
        .post("/people/{id}/leave/{leave}/end", APPOINT, end_of)
}

#[derive(Template)]
#[template(path = "leaves/leave.html")]
struct LeavePage {
    chrome: Chrome,
    whose: Whose,
    name: String,
    form: LeaveForm,
    errors: FieldErrors,
    flash: &'static str,
    today: NaiveDate,
    once: String,
    candidates: Vec<Candidate>,
    own: Vec<Entry>,
    others: Vec<Entry>,
}

/// Whose leaves a page is about.
#[derive(Clone, Copy, Debug)]
enum Whose {
    /// The viewer's own.
    Own(PersonId),
    /// Those of somebody else.
    Of(PersonId),
}

impl Whose {
    fn person(self) -> PersonId {
        match self {
            Self::Own(person) | Self::Of(person) => person,
        }
    }

    fn is_own(self) -> bool {
        match self {
            Self::Own(_) => true,
            Self::Of(_) => false,
        }
    }

    fn path(self) -> String {
        match self {
            Self::Own(_) => "/leave".to_owned(),
            Self::Of(person) => format!("/people/{person}/leave"),
        }
    }

    fn section(self) -> Section {
        match self {
            Self::Own(_) => Section::Leave,
            Self::Of(_) => Section::People,
        }
    }
}

impl LeavePage {
    fn of(
        visit: &Visit,
        whose: Whose,
        (form, errors): (LeaveForm, FieldErrors),
        shown: Shown,
    ) -> Self {
        Self {
            chrome: visit.chrome(whose.section()),
            whose,
            name: shown.name,
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

async fn leave(visit: Visit, done: Query<Done>) -> Result<Page<LeavePage>> {
    let whose = Whose::Own(visit.me.person);
    page(visit, whose, done).await
}

async fn leave_of(
    visit: Visit,
    Path(id): Path<PersonId>,
    done: Query<Done>,
) -> Result<Page<LeavePage>> {
    page(visit, Whose::Of(id), done).await
}

async fn page(mut visit: Visit, whose: Whose, Query(done): Query<Done>) -> Result<Page<LeavePage>> {
    let shown = queries::shown(&mut visit.tx, &visit.me, whose.person()).await?;
    let blank = (LeaveForm::default(), FieldErrors::new());
    let mut page = LeavePage::of(&visit, whose, blank, shown);
    page.flash = match done.done.as_str() {
        "entered" => "已登记请假，到时消息转给代班人。",
        "ended" => "已结束请假，消息不再转给代班人。",
        _ => "",
    };
    Ok(Page(page))
}

async fn enter(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<LeaveForm>,
) -> Result<Response> {
    let whose = Whose::Own(visit.me.person);
    entered(&db, visit, whose, form).await
}

async fn enter_of(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<PersonId>,
    Form(form): Form<LeaveForm>,
) -> Result<Response> {
    entered(&db, visit, Whose::Of(id), form).await
}

async fn entered(db: &Db, mut visit: Visit, whose: Whose, form: LeaveForm) -> Result<Response> {
    let done = format!("{}?done=entered", whose.path());
    if let Some(earlier) = visit.claim(&form.once, &done).await? {
        return Ok(earlier);
    }
    let today = visit.tx.today();
    let entered = match form.read(whose.person().0, today) {
        Ok(new) => actions::enter(&mut visit.tx, &visit.me, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let again = match entered {
        Ok(()) => return visit.done(&done).await,
        Err(error) => error.again()?,
    };
    let status = again.status();
    let errors = match again {
        Again::Invalid(errors) => errors,
        Again::Refused(sentence) => return Err(Error::Refused(sentence)),
        Again::Stale => return Err(Error::Stale),
    };
    let mut visit = visit.afresh(db).await?;
    let shown = queries::shown(&mut visit.tx, &visit.me, whose.person()).await?;
    let page = LeavePage::of(&visit, whose, (form, errors), shown);
    Ok((status, Page(page)).into_response())
}

async fn end(visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let whose = Whose::Own(visit.me.person);
    ended(visit, whose, id).await
}

async fn end_of(visit: Visit, Path((person, id)): Path<(PersonId, Uuid)>) -> Result<Response> {
    ended(visit, Whose::Of(person), id).await
}

async fn ended(mut visit: Visit, whose: Whose, id: Uuid) -> Result<Response> {
    actions::end(&mut visit.tx, &visit.me, whose.person(), id).await?;
    visit.done(&format!("{}?done=ended", whose.path())).await
}
