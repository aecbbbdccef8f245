//! The step that asks again before a document is repealed.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::model::Document;
use super::super::{actions, queries};
use super::day;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::DocumentId;
use crate::org::access::{Chrome, Section, Visit};

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RepealForm {
    once: String,
    day: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "documents/repeal.html")]
struct RepealPage {
    chrome: Chrome,
    document: Document,
    /// Whether it still can be.
    open: bool,
    form: RepealForm,
    errors: FieldErrors,
    refused: String,
}

/// The question.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<DocumentId>) -> Result<Response> {
    let form = RepealForm {
        once: visit.once(),
        day: words::day(visit.tx.today()),
        ..RepealForm::default()
    };
    Ok(Page(page(&mut visit, id, form).await?).into_response())
}

async fn page(visit: &mut Visit, id: DocumentId, form: RepealForm) -> Result<RepealPage> {
    let document = queries::document(&mut visit.tx, &visit.me, id).await?;
    let open = document.newest() == id && document.to_day.is_none();
    let refused = if open {
        ""
    } else {
        "这一版已经停止施行。请从制度文件里打开最新一版。"
    };
    Ok(RepealPage {
        chrome: visit.chrome(Section::Documents),
        open,
        refused: refused.to_owned(),
        errors: FieldErrors::new(),
        document,
        form,
    })
}

/// The answer.
pub(super) async fn repeal(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DocumentId>,
    Form(form): Form<RepealForm>,
) -> Result<Response> {
    let location = format!("/documents/{id}?done=repealed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match repeals(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, form, why).await
        }
    }
}

async fn repeals(visit: &mut Visit, id: DocumentId, form: &RepealForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let day = day(&mut errors, "day", "废止日期", &form.day);
    let reason = errors.text("reason", "废止理由", &form.reason, (2, 300));
    match day {
        Some(day) if errors.is_empty() => {
            actions::repeal(&mut visit.tx, &visit.me, id, (day, &reason)).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// The question again, with what was typed.
async fn again(mut visit: Visit, id: DocumentId, form: RepealForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, id, form).await?;
    let status = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        // The page has looked anew and says so itself.
        Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}
