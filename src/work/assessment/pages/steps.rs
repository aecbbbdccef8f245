//! The two steps of a period, each asked once more: to show it, to freeze it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Book, Period};
use super::super::queries::book;
use super::ranking::next_step;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::web::{Form, Page, Path};
use crate::org::access::{Chrome, Section, Visit};

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    once: String,
    version: String,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Show,
    Freeze,
}

#[derive(Template)]
#[template(path = "assessment/step.html")]
struct StepPage {
    chrome: Chrome,
    which: Which,
    book: Book,
    once: String,
    /// How many scores there are.
    scored: usize,
    refused: String,
    open: bool,
}

impl StepPage {
    fn version(&self) -> i32 {
        self.book.life.as_ref().map_or(0, |l| l.version)
    }

    fn verb(&self) -> &'static str {
        match self.which {
            Which::Show => "公示",
            Which::Freeze => "封存",
        }
    }
}

async fn page(visit: &mut Visit, period: Period, which: Which) -> Result<StepPage> {
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let now = visit.tx.now;
    let wanted = match which {
        Which::Show => "公示",
        Which::Freeze => "封存",
    };
    let refused = match next_step(&book, now) {
        Some(step) if step.label == wanted => step.not_yet,
        Some(_) if which == Which::Show => format!("{}已在公示，不用再公示。", period.title()),
        Some(_) => format!("{}还没有公示，公示期满后再封存。", period.title()),
        None => format!("{}已经封存，不再改动。", period.title()),
    };
    let assessed = book.assessed(now);
    Ok(StepPage {
        chrome: visit.chrome(Section::Assessment),
        which,
        once: visit.once(),
        scored: assessed
            .standings
            .iter()
            .filter(|s| s.score.total.is_some())
            .count(),
        open: refused.is_empty(),
        refused,
        book,
    })
}

/// Asks whether to show it.
pub(super) async fn ask_show(mut visit: Visit, Path(period): Path<Period>) -> Result<Response> {
    Ok(Page(page(&mut visit, period, Which::Show).await?).into_response())
}

/// Asks whether to freeze it.
pub(super) async fn ask_freeze(mut visit: Visit, Path(period): Path<Period>) -> Result<Response> {
    Ok(Page(page(&mut visit, period, Which::Freeze).await?).into_response())
}

/// Shows it.
pub(super) async fn show(
    State(db): State<Db>,
    visit: Visit,
    Path(period): Path<Period>,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    step(&db, visit, (period, Which::Show), form).await
}

/// Freezes it.
pub(super) async fn freeze(
    State(db): State<Db>,
    visit: Visit,
    Path(period): Path<Period>,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    step(&db, visit, (period, Which::Freeze), form).await
}

async fn step(
    db: &Db,
    mut visit: Visit,
    (period, which): (Period, Which),
    form: StepForm,
) -> Result<Response> {
    let done = match which {
        Which::Show => "shown",
        Which::Freeze => "frozen",
    };
    let location = format!("{}?done={done}", period.path());
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    let kept = match which {
        Which::Show => actions::show(tx, me, period).await,
        Which::Freeze => actions::freeze(tx, me, (period, form.version.parse().ok())).await,
    };
    let why = match kept {
        Ok(()) => return visit.done(&location).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(db).await?;
    let mut page = page(&mut visit, period, which).await?;
    let status = why.status();
    match why {
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => "刚有人动过这个时期，请看清最新情况再办。".clone_into(&mut page.refused),
        Again::Invalid(errors) => return Err(Error::Invalid(errors)),
    }
    Ok((status, Page(page)).into_response())
}
