//! The form of a rectification item.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Body, NewItem, Source};
use super::super::queries;
use super::{STALE, body, day};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page};
use crate::org::access::{Chrome, Section, Visit};
use crate::work::RectificationId;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemForm {
    once: String,
    source: String,
    source_name: String,
    source_day: String,
    problem: String,
    measure: String,
    body: String,
    due_day: String,
}

#[derive(Template)]
#[template(path = "accountability/new_item.html")]
struct ItemPage {
    chrome: Chrome,
    bodies: Vec<Body>,
    form: ItemForm,
    errors: FieldErrors,
    refused: String,
}

async fn page(visit: &mut Visit, form: ItemForm) -> Result<ItemPage> {
    let options = queries::options(&mut visit.tx, &visit.me).await?;
    Ok(ItemPage {
        chrome: visit.chrome(Section::Rectifications),
        bodies: options.bodies,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// A blank item.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let form = ItemForm {
        once: visit.once(),
        ..ItemForm::default()
    };
    Ok(Page(page(&mut visit, form).await?).into_response())
}

/// Keeps it.
pub(super) async fn create(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Form(form): Form<ItemForm>,
) -> Result<Response> {
    let id = RectificationId::at(visit.tx.now);
    let location = format!("/rectifications/{id}?done=new");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn store(visit: &mut Visit, id: RectificationId, form: &ItemForm) -> Result<()> {
    let options = queries::options(&mut visit.tx, &visit.me).await?;
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let source = errors.choice::<Source>("source", "来源", &form.source);
    let source_name = errors.text("source_name", "来源名称", &form.source_name, (2, 60));
    let source_day = day(&mut errors, "source_day", "反馈日期", &form.source_day);
    if source_day.is_some_and(|d| d > today) {
        errors.add("source_day", "反馈日期不能晚于今天。");
    }
    let problem = errors.text("problem", "问题", &form.problem, (2, 500));
    let measure = errors.text("measure", "整改措施", &form.measure, (2, 500));
    let owner = body(&mut errors, &options.bodies, "body", &form.body);
    let due_day = day(&mut errors, "due_day", "整改期限", &form.due_day);
    if source_day
        .zip(due_day)
        .is_some_and(|(from, due)| due < from)
    {
        errors.add("due_day", "整改期限不能早于反馈日期。");
    }
    match (source, source_day, owner, due_day) {
        (Some(source), Some(source_day), Some(body), Some(due_day)) if errors.is_empty() => {
            let new = NewItem {
                source,
                source_name,
                source_day,
                problem,
                measure,
                body,
                due_day,
            };
            actions::item(&mut visit.tx, &visit.me, id, &new).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, form: ItemForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, form).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
