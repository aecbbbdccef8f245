//! The form of a document: a new one, or the next version of one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Content, Document, read_clauses, written};
use super::super::queries;
use super::day;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::org::DocumentId;
use crate::org::access::{Chrome, Section, Visit};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocumentForm {
    once: String,
    code: String,
    title: String,
    issuer: String,
    issued_on: String,
    from_day: String,
    clauses: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "documents/write.html")]
struct WritePage {
    chrome: Chrome,
    /// The version before; none for a new document.
    before: Option<Document>,
    form: DocumentForm,
    errors: FieldErrors,
    refused: String,
}

impl WritePage {
    fn action(&self) -> String {
        self.before.as_ref().map_or_else(
            || "/documents".to_owned(),
            |d| format!("/documents/{}/revision", d.id),
        )
    }

    fn back(&self) -> String {
        self.before.as_ref().map_or_else(
            || "/documents".to_owned(),
            |d| format!("/documents/{}", d.id),
        )
    }

    fn hint_of_from(&self) -> &'static str {
        if self.before.is_some() {
            "从这一天起施行，上一版同日停止。"
        } else {
            "从这一天起施行。"
        }
    }

    fn title(&self) -> String {
        self.before
            .as_ref()
            .map_or_else(|| "登记文件".to_owned(), |d| format!("修订《{}》", d.title))
    }
}

/// A blank document.
pub(super) async fn blank(visit: Visit) -> Result<Response> {
    let form = DocumentForm {
        once: visit.once(),
        ..DocumentForm::default()
    };
    Ok(Page(page(&visit, None, form)).into_response())
}

/// The next version, filled in with what stands.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<DocumentId>) -> Result<Response> {
    let before = queries::document(&mut visit.tx, &visit.me, id).await?;
    if before.newest() != id || before.to_day.is_some() {
        return Err(Error::Refused(
            "只能修订最新一版，且没有废止的文件。请从制度文件里打开最新一版。".to_owned(),
        ));
    }
    let form = DocumentForm {
        once: visit.once(),
        title: before.title.clone(),
        issuer: before.issuer.clone(),
        clauses: written(&before.clauses),
        ..DocumentForm::default()
    };
    Ok(Page(page(&visit, Some(before), form)).into_response())
}

fn page(visit: &Visit, before: Option<Document>, form: DocumentForm) -> WritePage {
    WritePage {
        chrome: visit.chrome(Section::Documents),
        before,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    }
}

/// Keeps a new document.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    keep(&db, visit, None, form).await
}

/// Keeps the next version.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<DocumentId>,
    Form(form): Form<DocumentForm>,
) -> Result<Response> {
    keep(&db, visit, Some(id), form).await
}

async fn keep(
    db: &Db,
    mut visit: Visit,
    old: Option<DocumentId>,
    form: DocumentForm,
) -> Result<Response> {
    let new = DocumentId::at(visit.tx.now);
    let done = if old.is_some() { "revised" } else { "new" };
    let location = format!("/documents/{new}?done={done}");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, (old, new), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, old, form, why).await
        }
    }
}

async fn store(
    visit: &mut Visit,
    (old, new): (Option<DocumentId>, DocumentId),
    form: &DocumentForm,
) -> Result<()> {
    let (content, reason) = checked(form, old.is_some())?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    match old {
        Some(old) => actions::revise(tx, me, (old, new), &content, &reason).await,
        None => actions::register(tx, me, new, &content).await,
    }
}

/// What a document must be to be kept.
fn checked(form: &DocumentForm, is_revision: bool) -> Result<(Content, String)> {
    let mut errors = FieldErrors::new();
    let code = errors.text("code", "文号", &form.code, (2, 60));
    let title = errors.text("title", "标题", &form.title, (2, 120));
    let issuer = errors.text("issuer", "发文机关", &form.issuer, (2, 60));
    let issued_on = day(&mut errors, "issued_on", "发文日期", &form.issued_on);
    let from_day = day(&mut errors, "from_day", "施行日期", &form.from_day);
    if let (Some(issued), Some(from)) = (issued_on, from_day)
        && from < issued
    {
        errors.add("from_day", "施行日期不能早于发文日期。");
    }
    let clauses = read_clauses(&form.clauses).unwrap_or_else(|sentence| {
        errors.add("clauses", sentence);
        Vec::new()
    });
    let reason = if is_revision {
        errors.text("reason", "修订说明", &form.reason, (2, 300))
    } else {
        String::new()
    };
    match (issued_on, from_day) {
        (Some(issued_on), Some(from_day)) if errors.is_empty() => {
            let content = Content {
                code,
                title,
                issuer,
                issued_on,
                from_day,
                clauses,
            };
            Ok((content, reason))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// The form again with everything that was typed.
async fn again(
    mut visit: Visit,
    old: Option<DocumentId>,
    form: DocumentForm,
    why: Again,
) -> Result<Response> {
    let before = match old {
        Some(id) => {
            let seen = queries::document(&mut visit.tx, &visit.me, id).await?;
            let newest = seen.newest();
            if newest == id {
                Some(seen)
            } else {
                Some(queries::document(&mut visit.tx, &visit.me, newest).await?)
            }
        }
        None => None,
    };
    let mut page = page(&visit, before, form);
    let status = why.status();
    (page.errors, page.refused) = why
        .said("这份文件刚被别人修订过，您的还没有保存。表单里是您填的，再存一次就在最新一版之后。");
    Ok((status, Page(page)).into_response())
}
