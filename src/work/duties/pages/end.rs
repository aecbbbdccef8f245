//! The step that asks again before an item ends.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::model::{Item, Standing};
use super::super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::org::access::{Chrome, Section, Visit};
use crate::work::DutyItemId;

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    once: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "duties/end.html")]
struct EndPage {
    chrome: Chrome,
    item: Item,
    form: EndForm,
    errors: FieldErrors,
    refused: String,
}

/// The question.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<DutyItemId>) -> Result<Response> {
    let form = EndForm {
        once: visit.once(),
        ..EndForm::default()
    };
    Ok(Page(page(&mut visit, id, form).await?).into_response())
}

async fn page(visit: &mut Visit, id: DutyItemId, form: EndForm) -> Result<EndPage> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let refused = match item.standing() {
        Standing::InForce => "",
        Standing::Replaced => "这一项刚被别人改过，这里是旧版本。请看现行版本，再决定停不停用。",
        Standing::Ended => "这一项已经停用。",
    };
    Ok(EndPage {
        chrome: visit.chrome(Section::Duties),
        refused: refused.to_owned(),
        errors: FieldErrors::new(),
        item,
        form,
    })
}

/// The answer.
pub(super) async fn end(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DutyItemId>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let location = format!("/duties/{id}?done=end");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match ends(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, form, why).await
        }
    }
}

async fn ends(visit: &mut Visit, id: DutyItemId, form: &EndForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "停用理由", &form.reason, (2, 300));
    errors.or(()).map_err(Error::Invalid)?;
    actions::end(&mut visit.tx, &visit.me, id, &reason).await
}

/// The question again, with what was typed.
async fn again(mut visit: Visit, id: DutyItemId, form: EndForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, id, form).await?;
    let status: StatusCode = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        // The page has looked anew and says so itself.
        Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}
