//! The files of a record: attached by either side, handed out, removed. All forms stand on its page.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::actions::files as actions;
use super::super::model::owner;
use super::super::queries::case;
use super::show::Show;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Path};
use crate::org::FileId;
use crate::org::access::{Section, Visit};
use crate::org::files::{self, Came, Place};
use crate::work::ExerciseId;

/// Keeps a file.
pub(super) async fn attach(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
    upload: Upload,
) -> Result<Response> {
    let of = case::exercise(&mut visit.tx, &visit.me, id).await?;
    if !of.takes_files_of(&visit.me) {
        return Err(Error::Forbidden);
    }
    let (mut visit, came) = files::received(&db, &store, visit, (owner(id), upload)).await?;
    let location = format!("/powers/{id}?done=attached#files");
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

async fn attaches(visit: &mut Visit, id: ExerciseId, came: Came) -> Result<()> {
    let content = came.content.map_err(Error::Invalid)?;
    actions::attach(&mut visit.tx, &visit.me, id, &content).await
}

/// Hands a file out.
pub(super) async fn download(
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path((id, file)): Path<(ExerciseId, FileId)>,
) -> Result<Response> {
    case::exercise(&mut visit.tx, &visit.me, id).await?;
    let place = Place {
        section: Section::Exercises,
        back: format!("/powers/{id}"),
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
    Path((id, file)): Path<(ExerciseId, FileId)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let location = format!("/powers/{id}?done=removed#files");
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

/// The record's page again, with what is wrong beside its field.
async fn again(
    mut visit: Visit,
    id: ExerciseId,
    typed: Option<(FileId, &str)>,
    why: Again,
) -> Result<Response> {
    Ok(Show::of(&mut visit, id).await?.with_files(typed, why))
}
