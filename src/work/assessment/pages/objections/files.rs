//! The evidence of an objection: attached by its department, handed out to whoever sees it, removed
//! before a panel is called. All forms stand on the page of the objection.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::super::actions::objections as actions;
use super::super::super::model::{Objection, Period, owner, path};
use super::super::super::queries::objections as queries;
use super::show::again_with_files;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Path};
use crate::org::FileId;
use crate::org::access::{Section, Visit};
use crate::org::files::{self, Came, Place};
use crate::work::ObjectionId;

/// The objection, if the visitor sees it.
async fn seen(visit: &mut Visit, (period, id): (Period, ObjectionId)) -> Result<Objection> {
    let objection = queries::find(&mut visit.tx, visit.me.tenant, id).await?;
    if objection.period != period || !objection.is_seen_by(&visit.me) {
        return Err(Error::NotFound);
    }
    Ok(objection)
}

/// Keeps a file.
pub(in super::super) async fn attach(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path(of): Path<(Period, ObjectionId)>,
    upload: Upload,
) -> Result<Response> {
    let objection = seen(&mut visit, of).await?;
    if let Err(error) = objection.may_take_files(&visit.me) {
        return again_with_files(&db, visit, of, None, error).await;
    }
    let (mut visit, came) = files::received(&db, &store, visit, (owner(of.1), upload)).await?;
    let location = format!("{}?done=attached#files", path(of.0, of.1));
    if let Some(answer) = visit.claim(&came.once, &location).await? {
        return Ok(answer);
    }
    match attaches(&mut visit, of, came).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => again_with_files(&db, visit, of, None, error).await,
    }
}

async fn attaches(visit: &mut Visit, of: (Period, ObjectionId), came: Came) -> Result<()> {
    let content = came.content.map_err(Error::Invalid)?;
    actions::attach(&mut visit.tx, &visit.me, of, &content).await
}

/// Hands a file out.
pub(in super::super) async fn download(
    Extension(store): Extension<Store>,
    mut visit: Visit,
    Path((period, id, file)): Path<(Period, ObjectionId, FileId)>,
) -> Result<Response> {
    seen(&mut visit, (period, id)).await?;
    let place = Place {
        section: Section::Assessment,
        back: path(period, id),
    };
    files::download(visit, &store, (owner(id), file), place).await
}

/// What the form that removes sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct RemovalForm {
    once: String,
    reason: String,
}

/// Removes a file.
pub(in super::super) async fn remove(
    State(db): State<Db>,
    mut visit: Visit,
    Path((period, id, file)): Path<(Period, ObjectionId, FileId)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    let of = (period, id);
    let location = format!("{}?done=removed#files", path(period, id));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    match actions::detach(tx, me, of, (file, &form.reason)).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let typed = Some((file, form.reason.as_str()));
            again_with_files(&db, visit, of, typed, error).await
        }
    }
}
