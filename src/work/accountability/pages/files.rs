//! The files that prove a task or an item: kept and removed by whoever reports, handed out to whoever
//! sees the thing. All forms stand on its page.

use axum::Extension;
use axum::extract::State as Shared;
use axum::response::Response;
use serde::Deserialize;

use super::super::actions;
use super::super::model::Proven;
use super::super::queries::{items, tasks};
use super::{item, task};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Path};
use crate::org::FileId;
use crate::org::access::{Section, Visit};
use crate::org::files::{self, Came, Place};
use crate::work::{PlanTaskId, RectificationId};

/// Keeps a file of a task.
pub(super) async fn attach_to_task(
    Shared(db): Shared<Db>,
    Extension(store): Extension<Store>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    upload: Upload,
) -> Result<Response> {
    attach((&db, &store), visit, Proven::Task(id), upload).await
}

/// Keeps a file of an item.
pub(super) async fn attach_to_item(
    Shared(db): Shared<Db>,
    Extension(store): Extension<Store>,
    visit: Visit,
    Path(id): Path<RectificationId>,
    upload: Upload,
) -> Result<Response> {
    attach((&db, &store), visit, Proven::Item(id), upload).await
}

/// Hands a file of a task out.
pub(super) async fn download_of_task(
    Extension(store): Extension<Store>,
    visit: Visit,
    Path((id, file)): Path<(PlanTaskId, FileId)>,
) -> Result<Response> {
    download(&store, visit, (Proven::Task(id), file)).await
}

/// Hands a file of an item out.
pub(super) async fn download_of_item(
    Extension(store): Extension<Store>,
    visit: Visit,
    Path((id, file)): Path<(RectificationId, FileId)>,
) -> Result<Response> {
    download(&store, visit, (Proven::Item(id), file)).await
}

/// What the form that removes sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RemovalForm {
    once: String,
    reason: String,
}

/// Removes a file of a task.
pub(super) async fn remove_of_task(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path((id, file)): Path<(PlanTaskId, FileId)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    remove(&db, visit, (Proven::Task(id), file), form).await
}

/// Removes a file of an item.
pub(super) async fn remove_of_item(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path((id, file)): Path<(RectificationId, FileId)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response> {
    remove(&db, visit, (Proven::Item(id), file), form).await
}

async fn attach(
    (db, store): (&Db, &Store),
    mut visit: Visit,
    of: Proven,
    upload: Upload,
) -> Result<Response> {
    if let Err(error) = actions::may_prove(&mut visit.tx, &visit.me, of).await {
        let why = error.again()?;
        return again(visit, of, None, why).await;
    }
    let (mut visit, came) = files::received(db, store, visit, (of.owner(), upload)).await?;
    let location = format!("{}?done=attached#files", of.page());
    if let Some(answer) = visit.claim(&came.once, &location).await? {
        return Ok(answer);
    }
    match attaches(&mut visit, of, came).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, of, None, why).await
        }
    }
}

async fn attaches(visit: &mut Visit, of: Proven, came: Came) -> Result<()> {
    let content = came.content.map_err(Error::Invalid)?;
    actions::attach(&mut visit.tx, &visit.me, of, &content).await
}

async fn download(
    store: &Store,
    mut visit: Visit,
    (of, file): (Proven, FileId),
) -> Result<Response> {
    let section = match of {
        Proven::Task(id) => {
            tasks::task(&mut visit.tx, &visit.me, id).await?;
            Section::Tasks
        }
        Proven::Item(id) => {
            items::item(&mut visit.tx, &visit.me, id).await?;
            Section::Rectifications
        }
    };
    let back = of.page();
    files::download(visit, store, (of.owner(), file), Place { section, back }).await
}

async fn remove(
    db: &Db,
    mut visit: Visit,
    (of, file): (Proven, FileId),
    form: RemovalForm,
) -> Result<Response> {
    let location = format!("{}?done=removed#files", of.page());
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    match actions::detach(tx, me, (of, file), &form.reason).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let typed = Some((file, form.reason.as_str()));
            again(visit.afresh(db).await?, of, typed, why).await
        }
    }
}

/// The thing's page again, with what is wrong beside its field.
async fn again(
    mut visit: Visit,
    of: Proven,
    typed: Option<(FileId, &str)>,
    why: Again,
) -> Result<Response> {
    Ok(match of {
        Proven::Task(id) => task::Show::of(&mut visit, id).await?.with_files(typed, why),
        Proven::Item(id) => item::Show::of(&mut visit, id).await?.with_files(typed, why),
    })
}
