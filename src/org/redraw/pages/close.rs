//! A node is closed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::actions::{self, Close};
use super::super::model::{Root, Sight};
use super::{Wrong, shown, sight};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::web::{Form, Path};
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Chrome, Level, Section, Visit};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CloseForm {
    once: String,
    seen: String,
    heir: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "redraw/close.html")]
struct Step {
    chrome: Chrome,
    sight: Sight,
    root: Root,
    today: String,
    form: CloseForm,
    wrong: Wrong,
}

impl Step {
    /// Why it cannot be closed at all now.
    fn barred(&self) -> Option<String> {
        let open = self.sight.open() > 0;
        self.sight.stands_in_the_way().or_else(|| {
            (self.root.level == Level::Street && open).then(|| {
                format!(
                    "{}还有{}，街道不能直接撤销。请用“合并”，社区和在办工作随之转入新的街道。",
                    self.root.name,
                    self.sight.open_words()
                )
            })
        })
    }
}

/// What will happen, and the form.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<NodeId>) -> Result<Response> {
    let form = CloseForm {
        once: visit.once(),
        ..CloseForm::default()
    };
    Ok(shown(step(&mut visit, id, form).await?, None))
}

async fn step(visit: &mut Visit, id: NodeId, form: CloseForm) -> Result<Step> {
    let sight = sight(visit, &[id.0]).await?;
    let root = sight.first(id).cloned().ok_or(Error::NotFound)?;
    Ok(Step {
        chrome: visit.chrome(Section::Chain),
        today: words::day(visit.tx.today()),
        form,
        root,
        sight,
        wrong: Wrong::default(),
    })
}

/// Closes it.
pub(super) async fn close(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<NodeId>,
    Form(form): Form<CloseForm>,
) -> Result<Response> {
    let location = format!("/chain/{id}?done=closed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let asked = Close {
        seen: form.seen.clone(),
        heir: form.heir.clone(),
        reason: form.reason.clone(),
    };
    match actions::close(&mut visit.tx, &visit.me, id, &asked).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = step(&mut visit, id, form).await?;
            let status = why.status();
            page.wrong = Wrong::of(why);
            Ok(shown(page, Some(status)))
        }
    }
}
