//! The form in which the city's office calls the panel.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::super::super::actions::objections as actions;
use super::super::super::model::{Candidate, Objection, PANEL, Period, path};
use super::super::super::queries::{book, objections as queries};
use super::version;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::org::access::{Chrome, Section, Visit};
use crate::work::ObjectionId;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct PanelForm {
    version: String,
    once: String,
    member1: String,
    member2: String,
    member3: String,
}

impl PanelForm {
    fn members(&self) -> [&str; PANEL] {
        [&self.member1, &self.member2, &self.member3]
    }
}

#[derive(Template)]
#[template(path = "assessment/objection_panel.html")]
struct PanelPage {
    chrome: Chrome,
    objection: Objection,
    days: i16,
    candidates: Vec<Candidate>,
    form: PanelForm,
    errors: FieldErrors,
    refused: String,
}

impl PanelPage {
    /// The three fields: name, label, what is chosen, what is wrong.
    fn fields(&self) -> Vec<(String, &'static str, &str, &str)> {
        let labels = ["第一名成员", "第二名成员", "第三名成员"];
        let fields = (1..).zip(labels).zip(self.form.members());
        fields
            .map(|((place, label), chosen)| {
                let name = format!("member{place}");
                let wrong = self.errors.of(&name);
                (name, label, chosen, wrong)
            })
            .collect()
    }

    /// Who may sit.
    fn able(&self) -> Vec<&Candidate> {
        let noun = self.objection.noun();
        let able = self.candidates.iter().filter(|c| c.lacks(noun).is_none());
        able.collect()
    }

    /// Who may not, and why; vacant posts are not worth a line.
    fn unable(&self) -> Vec<(&str, &str, String)> {
        let noun = self.objection.noun();
        let unable = self.candidates.iter().filter_map(|c| {
            let holder = c.holder.as_deref()?;
            Some((c.seat.as_str(), holder, c.lacks(noun)?))
        });
        unable.collect()
    }

    fn named(candidate: &Candidate) -> String {
        let holder = candidate.holder.as_deref().unwrap_or_default();
        format!("{} {holder}", candidate.seat)
    }
}

/// The empty form.
pub(in super::super) async fn blank(
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
) -> Result<Response> {
    let form = PanelForm {
        once: visit.once(),
        ..PanelForm::default()
    };
    Ok(Page(page(&mut visit, of, form).await?).into_response())
}

async fn page(
    visit: &mut Visit,
    (period, id): (Period, ObjectionId),
    form: PanelForm,
) -> Result<PanelPage> {
    let book = book::book_with(&mut visit.tx, visit.me.tenant, period, Some(id)).await?;
    let objection = book.objection.clone().ok_or(Error::NotFound)?;
    let candidates = queries::candidates(&mut visit.tx, &visit.me, &objection).await?;
    let refused = match objection.may_be_sent() {
        Ok(()) => String::new(),
        Err(Error::Refused(sentence)) => sentence,
        Err(error) => return Err(error),
    };
    Ok(PanelPage {
        chrome: visit.chrome(Section::Assessment),
        days: book.scheme.window_days,
        objection,
        candidates,
        form,
        errors: FieldErrors::new(),
        refused,
    })
}

/// Calls the panel.
pub(in super::super) async fn call(
    State(db): State<Db>,
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
    Form(form): Form<PanelForm>,
) -> Result<Response> {
    let location = format!("{}?done=called", path(of.0, of.1));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match calls(&mut visit, of, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = page(&mut visit, of, form).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                Again::Stale if page.refused.is_empty() => {
                    "这件申诉刚被别人办过，请看清最新情况再办。".clone_into(&mut page.refused);
                }
                // The page has looked anew and says so itself.
                Again::Stale => {}
            }
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn calls(visit: &mut Visit, of: (Period, ObjectionId), form: &PanelForm) -> Result<()> {
    // What was not chosen is nobody: the action says so beside the field.
    let posts = form
        .members()
        .map(|typed| typed.parse().unwrap_or(Uuid::nil()));
    let version = version(&form.version)?;
    actions::call(&mut visit.tx, &visit.me, of, version, posts).await
}
