//! The files of a version: attached, handed out, removed. All forms stand on the version's page.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::model::owner;
use super::super::{actions, queries};
use super::show;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Page, Path};
use crate::org::access::{Section, Visit};
use crate::org::files::{self, Came, Place};
use crate::org::{DocumentId, FileId};

/// Keeps a file.
pub(super) async fn attach(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path(id): Path<DocumentId>,
    upload: Upload,
) -> Result<Response> {
    queries::document(&mut visit.tx, &visit.me, id).await?;
    let (mut visit, came) = files::received(&db, &store, visit, (owner(id), upload)).await?;
    let location = format!("/documents/{id}?done=attached#files");
    if let Some(answer) = visit.claim(&came.once, &location).await? {
        return Ok(answer);
    }
    match attaches(&mut visit, id, came).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, None, why).await
        }
    }
}

async fn attaches(visit: &mut Visit, id: DocumentId, came: Came) -> Result<()> {
    let content = came.content.map_err(Error::Invalid)?;
    actions::attach(&mut visit.tx, &visit.me, id, &content).await
}

/// Hands a file out.
pub(super) async fn download(
    Extension(store): Extension<Store>,
    visit: Visit,
    Path((id, file)): Path<(DocumentId, FileId)>,
) -> Result<Response> {
    let place = Place {
        section: Section::Documents,
        back: format!("/documents/{id}"),
    };
    files::download(visit, &store, (owner(id), file), place).await
}

/// What the form that removes sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RemovalForm {
    once: String,
    reason: String,
}

/// Removes a file.
pub(super) async fn remove(
    State(db): State<Db>,
    mut visit: Visit,
    Path((id, file)): Path<(DocumentId, FileId)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let location = format!("/documents/{id}?done=removed#files");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    match actions::detach(tx, me, (id, file), &form.reason).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let typed = Some((file, form.reason.as_str()));
            again(visit.afresh(&db).await?, id, typed, why).await
        }
    }
}

/// The version's page again, with what is wrong beside its field.
async fn again(
    mut visit: Visit,
    id: DocumentId,
    typed: Option<(FileId, &str)>,
    why: Again,
) -> Result<Response> {
    let mut page = show::page(&mut visit, id).await?;
    let status = why.status();
    match why {
        Again::Invalid(errors) => match typed {
            Some((file, reason)) => page.files = page.files.keeping(file, reason, &errors),
            None => page.files.errors = errors,
        },
        Again::Refused(sentence) => page.refused = sentence,
        // The page has looked anew and says so itself.
        Again::Stale => {}
    }
    Ok((status, Page(page)).into_response())
}
