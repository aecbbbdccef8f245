//! The forms of a station.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::super::model::{Ground, StationForm, StationKind};
use super::super::{actions, queries};
use super::Wish;
use crate::base::db::Db;
use crate::base::error::{Again, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::events::Entry;

/// The station that a form is about.
struct Of {
    id: Uuid,
    name: String,
    /// Since when it is closed, or will be.
    closed: Option<String>,
    events: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "places/station.html")]
struct Write {
    chrome: Chrome,
    of: Option<Of>,
    form: StationForm,
    grounds: Vec<Ground>,
    /// The day typed for closing.
    closed_on: String,
    errors: FieldErrors,
    refused: String,
}

impl Write {
    fn title(&self) -> &'static str {
        if self.of.is_some() {
            "修改服务站点"
        } else {
            "登记服务站点"
        }
    }

    fn action(&self) -> String {
        let of = self.of.as_ref();
        of.map_or_else(
            || "/circle/stations".to_owned(),
            |of| format!("/circle/stations/{}/edit", of.id),
        )
    }

    fn kinds(&self) -> &'static [StationKind] {
        StationKind::ALL
    }

    fn is_chosen(&self, ground: &Ground) -> bool {
        self.form.community == ground.id.to_string()
    }

    fn is_closed(&self) -> bool {
        self.of.as_ref().is_some_and(|of| of.closed.is_some())
    }
}

/// The form of a new station.
pub(super) async fn blank(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let mut page = fresh(&mut visit, StationForm::default()).await?;
    StationKind::Station.code().clone_into(&mut page.form.kind);
    page.form.opened_on = words::day(visit.tx.today());
    let place = wish.place.get(..12).unwrap_or_default();
    let ground = page.grounds.iter().find(|g| g.code == place);
    page.form.community = ground.map(|g| g.id.to_string()).unwrap_or_default();
    Ok(Page(page).into_response())
}

async fn fresh(visit: &mut Visit, mut form: StationForm) -> Result<Write> {
    if form.once.is_empty() {
        form.once = visit.once();
    }
    Ok(Write {
        chrome: visit.chrome(Section::Circle),
        of: None,
        form,
        grounds: queries::grounds(&mut visit.tx, &visit.me).await?,
        closed_on: String::new(),
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Registers it.
pub(super) async fn add(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<StationForm>,
) -> Result<Response> {
    const LOCATION: &str = "/circle?done=added";
    if let Some(answer) = visit.claim(&form.once, LOCATION).await? {
        return Ok(answer);
    }
    let id = uuid_at(visit.tx.now);
    match actions::add(&mut visit.tx, &visit.me, id, &form).await {
        Ok(()) => visit.done(LOCATION).await,
        Err(error) => {
            let why = error.again()?;
            let page = fresh(&mut visit.afresh(&db).await?, form).await?;
            Ok(again(page, why))
        }
    }
}

/// The form of a station as it is.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    Ok(Page(known(&mut visit, id, None).await?).into_response())
}

/// The form of a station: as it is, or with what was typed and the version of now.
async fn known(visit: &mut Visit, id: Uuid, typed: Option<StationForm>) -> Result<Write> {
    let found = queries::station(&mut visit.tx, &visit.me, id).await?;
    let mut form = typed.unwrap_or_else(|| StationForm::of(&found.station, found.version));
    form.version = found.version.to_string();
    let mut page = fresh(visit, form).await?;
    page.closed_on = words::day(visit.tx.today());
    page.of = Some(Of {
        id,
        name: found.station.name,
        closed: found.closed_on.map(words::day),
        events: found.events,
    });
    Ok(page)
}

/// Changes it.
pub(super) async fn amend(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<StationForm>,
) -> Result<Response> {
    const LOCATION: &str = "/circle?done=amended";
    if let Some(answer) = visit.claim(&form.once, LOCATION).await? {
        return Ok(answer);
    }
    match actions::amend(&mut visit.tx, &visit.me, id, &form).await {
        Ok(()) => visit.done(LOCATION).await,
        Err(error) => {
            let why = error.again()?;
            let page = known(&mut visit.afresh(&db).await?, id, Some(form)).await?;
            Ok(again(page, why))
        }
    }
}

/// What the form of closing sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CloseForm {
    once: String,
    version: String,
    closed_on: String,
}

/// Closes it from a day on.
pub(super) async fn close(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<CloseForm>,
) -> Result<Response> {
    const LOCATION: &str = "/circle?done=closed";
    if let Some(answer) = visit.claim(&form.once, LOCATION).await? {
        return Ok(answer);
    }
    let asked = (form.version.as_str(), form.closed_on.as_str());
    match actions::close(&mut visit.tx, &visit.me, id, asked).await {
        Ok(()) => visit.done(LOCATION).await,
        Err(error) => {
            let why = error.again()?;
            let mut page = known(&mut visit.afresh(&db).await?, id, None).await?;
            page.closed_on = form.closed_on;
            Ok(again(page, why))
        }
    }
}

fn again(mut page: Write, why: Again) -> Response {
    let status: StatusCode = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            let last = page.of.as_ref().and_then(|of| of.events.first());
            let last = last.map(|e| format!("最近一次：{}", e.sentence));
            page.refused = format!(
                "您打开这一页以后，别人改过这个站点，没有保存。{}您填的还在，核对后再保存一次就以您填的为准。",
                last.unwrap_or_default()
            );
        }
    }
    (status, Page(page)).into_response()
}
