//! Filing in three steps (是什么, 在哪里, 核对), each a page of its own. The draft travels in
//! the forms, so every way back keeps it, and who told it never stands in an address.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::draft::{Draft, NUMBER_APART, checked_words, report};
use super::places::{self, chosen, offered, opens_more, settle};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Level, Section, Viewer, Visit};
use crate::org::photos::{self, Step, Tray};
use crate::work::MatterId;
use crate::work::matters::actions::filing as actions;
use crate::work::matters::queries::case::Other;
use crate::work::matters::queries::filing::{self as queries, Chosen, Class, Ground};

/// Draws a page whole: 200, or 422 if something is wrong.
fn answer<T: Template>(page: T, errors: &FieldErrors) -> Response {
    if errors.is_empty() {
        Page(page).into_response()
    } else {
        Page(page).unprocessable()
    }
}

#[derive(Template)]
#[template(path = "matters/what.html")]
struct What {
    chrome: Chrome,
    draft: Draft,
    errors: FieldErrors,
    classes: Vec<Class>,
    tray: Tray,
}

/// Step 1, fresh.
pub(super) async fn what(visit: Visit, Query(draft): Query<Draft>) -> Result<Response> {
    let fresh = Draft {
        class: draft.class,
        urgent: draft.urgent,
        ..Draft::default()
    };
    step_what(visit, fresh, FieldErrors::new()).await
}

/// Step 1 again, with everything kept.
pub(super) async fn what_again(visit: Visit, Form(draft): Form<Draft>) -> Result<Response> {
    step_what(visit, draft, FieldErrors::new()).await
}

async fn step_what(mut visit: Visit, draft: Draft, errors: FieldErrors) -> Result<Response> {
    let classes = queries::classes(&mut visit.tx, &visit.me).await?;
    let tray = tray(&mut visit, &draft).await?;
    let page = What {
        chrome: visit.chrome(Section::Matters),
        tray: tray.wrong(&errors),
        draft,
        errors: errors.clone(),
        classes,
    };
    Ok(answer(page, &errors))
}

#[derive(Template)]
#[template(path = "matters/where.html")]
struct Where {
    chrome: Chrome,
    me: Viewer,
    draft: Draft,
    errors: FieldErrors,
    ground: Ground,
}

impl Where {
    fn level(&self) -> Level {
        places::level(&self.me)
    }
}

/// The draft's tray, with what stands in it.
async fn tray(visit: &mut Visit, draft: &Draft) -> Result<Tray> {
    photos::tray(&mut visit.tx, &visit.me, draft.tray(), Step::Found).await
}

/// Step 2: where. Step 1 must be whole; its photos are taken in whatever else it lacks.
pub(super) async fn place(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    visit: Visit,
    upload: Upload,
) -> Result<Response> {
    let (mut visit, came) = photos::taken(&db, &store, visit, upload).await?;
    let mut draft: Draft = came.typed.into_form()?;
    draft.tray = came.tray.map_or_else(String::new, |t| t.to_string());
    if !came.errors.is_empty() {
        return step_what(visit, draft, came.errors).await;
    }
    let errors = checked_what(&mut visit, &draft).await?;
    if errors.is_empty() {
        step_where(visit, draft, errors).await
    } else {
        step_what(visit, draft, errors).await
    }
}

async fn step_where(mut visit: Visit, mut draft: Draft, errors: FieldErrors) -> Result<Response> {
    settle(&visit.me, &mut draft);
    let ground = offered(&mut visit, &draft).await?;
    let page = Where {
        chrome: visit.chrome(Section::Matters),
        me: visit.me.clone(),
        draft,
        errors: errors.clone(),
        ground,
    };
    Ok(answer(page, &errors))
}

async fn checked_what(visit: &mut Visit, draft: &Draft) -> Result<FieldErrors> {
    let mut errors = FieldErrors::new();
    let classes = queries::classes(&mut visit.tx, &visit.me).await?;
    draft.class(&classes, &mut errors);
    errors.text("detail", "说明", &draft.detail, (0, 1000));
    if words::holds_number(&draft.detail) {
        errors.add("detail", NUMBER_APART);
    }
    Ok(errors)
}

#[derive(Template)]
#[template(path = "matters/check.html")]
struct Check {
    chrome: Chrome,
    now: DateTime<Utc>,
    draft: Draft,
    errors: FieldErrors,
    class: String,
    place: Chosen,
    same: Vec<(Other, String)>,
    tray: Tray,
}

/// Step 3: check. Steps 1 and 2 must be whole.
pub(super) async fn check(mut visit: Visit, Form(mut draft): Form<Draft>) -> Result<Response> {
    let errors = checked_what(&mut visit, &draft).await?;
    if !errors.is_empty() {
        return step_what(visit, draft, errors).await;
    }
    settle(&visit.me, &mut draft);
    if opens_more(&visit.me, &draft) {
        return step_where(visit, draft, errors).await;
    }
    let mut errors = FieldErrors::new();
    checked_words(&draft, &mut errors);
    match chosen(&mut visit, &draft, &mut errors).await? {
        Some(place) if errors.is_empty() => step_check(visit, draft, place, errors).await,
        _ => step_where(visit, draft, errors).await,
    }
}

async fn step_check(
    mut visit: Visit,
    mut draft: Draft,
    place: Chosen,
    errors: FieldErrors,
) -> Result<Response> {
    let classes = queries::classes(&mut visit.tx, &visit.me).await?;
    let class = draft
        .class(&classes, &mut FieldErrors::new())
        .ok_or(Error::NotFound)?;
    if draft.title == draft.proposed && errors.is_empty() {
        draft.title = draft.proposal(class, &place);
        draft.proposed.clone_from(&draft.title);
    }
    let same = queries::same(&mut visit.tx, &visit.me, &class.code, &place.code).await?;
    if draft.once.is_empty() {
        draft.once = visit.once();
    }
    let tray = tray(&mut visit, &draft).await?;
    let page = Check {
        chrome: visit.chrome(Section::Matters),
        now: visit.tx.now,
        class: class.name.clone(),
        draft,
        errors: errors.clone(),
        place,
        same,
        tray,
    };
    Ok(answer(page, &errors))
}

/// Files it, or shows the first step that is not whole.
pub(super) async fn file(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(mut draft): Form<Draft>,
) -> Result<Response> {
    let errors = checked_what(&mut visit, &draft).await?;
    if !errors.is_empty() {
        return step_what(visit, draft, errors).await;
    }
    settle(&visit.me, &mut draft);
    let mut errors = FieldErrors::new();
    let words = checked_words(&draft, &mut errors);
    let place = match chosen(&mut visit, &draft, &mut errors).await? {
        Some(place) if errors.is_empty() => place,
        _ => return step_where(visit, draft, errors).await,
    };
    let report = match report(&draft, place.clone(), words) {
        Ok(report) => report,
        Err(errors) => return step_check(visit, draft, place, errors).await,
    };
    let id = MatterId::at(visit.tx.now);
    let there = format!("/matters/{id}?done=file");
    if let Some(earlier) = visit.claim(&draft.once, &there).await? {
        return Ok(earlier);
    }
    match actions::file(&mut visit.tx, &visit.me, (&keys, id), &report).await {
        Ok(()) => visit.done(&there).await,
        Err(Error::Invalid(errors)) => {
            let mut visit = visit.afresh(&db).await?;
            if !errors.of("photo").is_empty() || !errors.of("class").is_empty() {
                return step_what(visit, draft, errors).await;
            }
            // The place may have been closed in the same moment.
            let mut gone = FieldErrors::new();
            match chosen(&mut visit, &draft, &mut gone).await? {
                Some(_) => step_check(visit, draft, place, errors).await,
                None => step_where(visit, draft, gone).await,
            }
        }
        Err(error) => Err(error),
    }
}
