//! The step that takes back what waits for its day: a version, or an end.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::model::{Item, Said, Standing, Waits, difference};
use super::super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Result};
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::DutyItemId;
use crate::work::classes::Difference;

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BackForm {
    once: String,
}

#[derive(Template)]
#[template(path = "duties/back.html")]
struct BackPage {
    chrome: Chrome,
    item: Item,
    once: String,
    refused: String,
    /// What is asked.
    question: String,
    /// What follows.
    effects: Vec<String>,
    /// What the version would have changed.
    changes: Vec<Difference>,
}

/// The question.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<DutyItemId>) -> Result<Response> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    actions::may_take_back(&item, visit.tx.today())?;
    Ok(Page(page(&visit, item)).into_response())
}

fn page(visit: &Visit, item: Item) -> BackPage {
    let today = visit.tx.today();
    let number = item.number;
    let (question, effects, changes) = match item.waits(today) {
        Some(Waits::Version(v)) => {
            let day = words::day(v.from_day);
            let before = item.before(v);
            let effect = match before {
                Some(before) => format!("撤回后第 {} 版继续施行。", before.version),
                None => format!("撤回后这一项不再列入清单，第 {number} 项的项号不再使用。"),
            };
            let said = before.map(Said::of);
            (
                format!("撤回第 {number} 项原定 {day} 起的第 {} 版？", v.version),
                vec![effect, "历次版本里留着这一版，注明没有施行。".to_owned()],
                difference(said.as_ref(), &Said::of(v)),
            )
        }
        Some(Waits::End(day)) => (
            format!("撤回第 {number} 项原定 {} 起的停用？", words::day(day)),
            vec![format!("撤回后第 {} 版继续施行。", item.own.version)],
            Vec::new(),
        ),
        None => (
            format!("第 {number} 项没有等着施行的改动"),
            Vec::new(),
            Vec::new(),
        ),
    };
    BackPage {
        chrome: visit.chrome(Section::Duties),
        item,
        once: visit.once(),
        refused: String::new(),
        question,
        effects,
        changes,
    }
}

/// The version that holds on once what waits is taken back: the same before and after.
fn stays(item: &Item, today: NaiveDate) -> DutyItemId {
    let own = &item.own;
    let before = item
        .before(own)
        .filter(|_| matches!(own.standing(today), Standing::Coming | Standing::Never));
    before.map_or(own.id, |v| v.id)
}

/// The answer.
pub(super) async fn take_back(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<DutyItemId>,
    Form(form): Form<BackForm>,
) -> Result<Response> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let there = format!("/duties/{}?done=back", stays(&item, visit.tx.today()));
    if let Some(answer) = visit.claim(&form.once, &there).await? {
        return Ok(answer);
    }
    let why = match actions::take_back(&mut visit.tx, &visit.me, id).await {
        Ok(()) => return visit.done(&there).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let mut page = page(&visit, item);
    let status = why.status();
    match why {
        Again::Refused(sentence) => page.refused = sentence,
        Again::Invalid(_) | Again::Stale => {
            "这一项刚被别人改过，没有撤回。请看最后一版，再决定撤不撤回。"
                .clone_into(&mut page.refused);
        }
    }
    Ok((status, Page(page)).into_response())
}
