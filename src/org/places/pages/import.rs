//! The import from `GeoJSON`: uploaded, looked at, kept.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{Feature, LARGEST, Plan, check, read};
use super::super::queries::{self, Past};
use super::super::{actions, model};
use crate::base::db::Db;
use crate::base::error::{Again, Result};
use crate::base::store::Store;
use crate::base::upload::{File, Upload};
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::ImportId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::files::named;

/// So many changes are listed; the others are counted.
const LISTED: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

#[derive(Template)]
#[template(path = "places/import.html")]
struct Start {
    chrome: Chrome,
    once: String,
    /// What is wrong with what was uploaded.
    wrong: Vec<String>,
    past: Vec<Past>,
    was_dropped: bool,
}

async fn page(visit: &mut Visit, wrong: Vec<String>) -> Result<Start> {
    Ok(Start {
        chrome: visit.chrome(Section::Chain),
        once: visit.once(),
        wrong,
        past: queries::past(&mut visit.tx, &visit.me).await?,
        was_dropped: false,
    })
}

/// What an import does, the form, and the imports before.
pub(super) async fn start(mut visit: Visit, Query(done): Query<Done>) -> Result<Response> {
    let mut page = page(&mut visit, Vec::new()).await?;
    page.was_dropped = done.done == "dropped";
    Ok(Page(page).into_response())
}

/// Reads what was uploaded, checks it, and keeps it until it is confirmed if nothing is wrong with it.
pub(super) async fn upload(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    visit: Visit,
    upload: Upload,
) -> Result<Response> {
    let now = visit.tx.now;
    let coming = async {
        let received = upload.receive(&store, now, LARGEST).await?;
        let fields = received.fields.0.into_iter();
        let mut once = fields.filter(|(name, _)| name == "once").map(|(_, v)| v);
        Ok((
            once.next_back().unwrap_or_default(),
            looked_at(received.file).await?,
        ))
    };
    let (mut visit, (once, came)) = visit.meanwhile(&db, coming).await?;
    let id = ImportId::at(visit.tx.now);
    let location = format!("/map/import/{id}");
    let (name, features) = match came {
        Ok(read) => read,
        Err(wrong) => return Ok(Page(page(&mut visit, wrong).await?).unprocessable()),
    };
    if let Some(answer) = visit.claim(&once, &location).await? {
        return Ok(answer);
    }
    let asked = queries::facts(&mut visit.tx, &visit.me, features).await?;
    if let Err(remarks) = check(&asked.features, &asked.facts) {
        let mut visit = visit.afresh(&db).await?;
        let page = page(&mut visit, remarks.sentences()).await?;
        return Ok(Page(page).unprocessable());
    }
    actions::take_in(&mut visit.tx, &visit.me, (id, &name), &asked.features).await?;
    visit.done(&location).await
}

/// The name and the features of a file, or what is wrong with it.
async fn looked_at(file: Option<File>) -> Result<Result<(String, Vec<Feature>), Vec<String>>> {
    let Some(file) = file else {
        return Ok(Err(vec!["请选择要上传的 GeoJSON 文件。".to_owned()]));
    };
    let Some(arrived) = file.content else {
        return Ok(Err(vec![
            "文件超过 5 MB，没有读取。请在地图软件里简化图形，或者按街道分成几份再传。".to_owned(),
        ]));
    };
    let read = match named(&file.name) {
        Ok(name) => {
            let features = arrived.worked_on(read).await?;
            features
                .map(|features| (name, features))
                .map_err(|remarks| remarks.sentences())
        }
        Err(sentence) => Err(vec![sentence.replace("添加", "上传")]),
    };
    arrived.give_up().await?;
    Ok(read)
}

/// What the form of confirming sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    once: String,
    seen: String,
    act: String,
}

#[derive(Template)]
#[template(path = "places/import_check.html")]
struct Check {
    chrome: Chrome,
    id: ImportId,
    name: String,
    once: String,
    plan: Plan,
    /// What is wrong with it by now.
    wrong: Vec<String>,
    refused: &'static str,
    now: DateTime<Utc>,
    drawn: Option<Preview>,
}

/// The outlines and points of the file as they would be drawn.
struct Preview {
    frame: model::Frame,
    lines: Vec<(i16, String)>,
    dots: String,
    ruler: (String, f64),
}

impl Check {
    fn listed(&self) -> &[model::Holds] {
        let most = self.plan.changes.len().min(LISTED);
        self.plan.changes.get(..most).unwrap_or_default()
    }

    fn unlisted(&self) -> usize {
        self.plan.changes.len().saturating_sub(LISTED)
    }

    fn action(&self) -> String {
        format!("/map/import/{}", self.id)
    }
}

fn preview(plan: &Plan) -> Option<Preview> {
    let (mut outlines, mut points) = (Vec::new(), Vec::new());
    for change in &plan.changes {
        match change {
            model::Holds::Outline { node, shape } => outlines.push(model::Outline {
                level: node.level.into(),
                name: node.name.clone(),
                code: node.code.clone(),
                shape: shape.clone(),
            }),
            model::Holds::Point { at, .. } | model::Holds::Station { at, .. } => points.push(*at),
        }
    }
    let of_points = model::Bounds::of(points.iter().copied());
    let of_outlines = model::Bounds::of_outlines(&outlines);
    let frame = model::Frame::around(model::Bounds::both(of_points, of_outlines)?);
    Some(Preview {
        lines: outlines.iter().map(|o| (o.level, frame.line(o))).collect(),
        dots: frame.dots(points),
        ruler: frame.ruler(),
        frame,
    })
}

async fn looked(visit: &mut Visit, id: ImportId) -> Result<Check> {
    let upload = queries::upload(&mut visit.tx, &visit.me, id).await?;
    let (plan, wrong) = match check(&upload.features, &upload.facts) {
        Ok(plan) => (plan, Vec::new()),
        Err(remarks) => (Plan::default(), remarks.sentences()),
    };
    Ok(Check {
        chrome: visit.chrome(Section::Chain),
        id,
        name: upload.name,
        once: visit.once(),
        drawn: preview(&plan),
        plan,
        wrong,
        refused: "",
        now: visit.tx.now,
    })
}

/// What would change.
pub(super) async fn show(mut visit: Visit, Path(id): Path<ImportId>) -> Result<Response> {
    Ok(Page(looked(&mut visit, id).await?).into_response())
}

/// Keeps it, or drops it.
pub(super) async fn confirm(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<ImportId>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    const KEPT: &str = "/circle?done=imported";
    const DROPPED: &str = "/map/import?done=dropped";
    if form.act == "drop" {
        if let Some(answer) = visit.claim(&form.once, DROPPED).await? {
            return Ok(answer);
        }
        actions::give_up(&mut visit.tx, &visit.me, id).await?;
        return visit.done(DROPPED).await;
    }
    if let Some(answer) = visit.claim(&form.once, KEPT).await? {
        return Ok(answer);
    }
    match actions::keep(&mut visit.tx, &visit.me, id, &form.seen).await {
        Ok(()) => visit.done(KEPT).await,
        Err(error) => {
            let why = error.again()?;
            let mut page = looked(&mut visit.afresh(&db).await?, id).await?;
            page.refused = match why {
                Again::Refused(_) => "文件里说的都和现在一样，没有要写入的。请放弃这次导入。",
                Again::Invalid(_) | Again::Stale => {
                    "您看过以后，组织、边界或站点有变动，没有写入。下面是按现在的情况重新核对的，请再看一遍。"
                }
            };
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
    }
}
