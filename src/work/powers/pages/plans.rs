//! The plans: which there are, one of them, and the step that ends one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions::plans as acts;
use super::super::model::{PlanCase, Standing};
use super::super::queries::plans::{self, Row};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{Key, PAGE, Paged, Total};
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events::Entry;
use crate::work::PlanId;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
    after: String,
    n: String,
}

#[derive(Template)]
#[template(path = "powers/plans.html")]
struct List {
    chrome: Chrome,
    page: Paged<Row, Key>,
    scope: String,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_change: bool,
}

impl List {
    fn standing(&self, row: &Row) -> Standing {
        Standing::on(self.today, (row.from_day, row.to_day))
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let part = (wish.after.parse().ok(), wish.n.parse().unwrap_or(1));
    let page = plans::list(&mut visit.tx, &visit.me, part).await?;
    let page = List {
        chrome: visit.chrome(Section::Powers),
        page,
        scope: format!("范围：{}，{}。", visit.me.city, words::minute(visit.tx.now)),
        today: visit.tx.today(),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangePlans),
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "powers/plan.html")]
struct Show {
    chrome: Chrome,
    plan: PlanCase,
    standing: Standing,
    flash: &'static str,
    may_change: bool,
    now: DateTime<Utc>,
}

impl Show {
    fn records(&self) -> String {
        Total(self.plan.records).to_string()
    }

    fn who(&self, entry: &Entry) -> String {
        format!("{} {}", entry.seat, entry.person_name)
            .trim()
            .to_owned()
    }
}

/// One plan.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<PlanId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let plan = plans::plan(&mut visit.tx, &visit.me, id).await?;
    let standing = plan.standing(visit.tx.today());
    let page = Show {
        chrome: visit.chrome(Section::Powers),
        may_change: visit.me.kind.may(Permission::ChangePlans) && standing != Standing::Ended,
        standing,
        plan,
        flash: match wish.done.as_str() {
            "made" => "已制定。上一方案到新方案施行那天为止，已有的行权记录不变。",
            "ended" => "已登记终止。已有的行权记录照原方案办完。",
            _ => "",
        },
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

/// What the step sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    once: String,
    day: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "powers/plan_end.html")]
struct EndPage {
    chrome: Chrome,
    plan: PlanCase,
    /// Whether it still can be.
    open: bool,
    form: EndForm,
    errors: FieldErrors,
    refused: String,
}

/// The question.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<PlanId>) -> Result<Response> {
    let form = EndForm {
        once: visit.once(),
        day: words::day(visit.tx.today()),
        ..EndForm::default()
    };
    Ok(Page(end_page(&mut visit, id, form).await?).into_response())
}

async fn end_page(visit: &mut Visit, id: PlanId, form: EndForm) -> Result<EndPage> {
    let plan = plans::plan(&mut visit.tx, &visit.me, id).await?;
    let open = plan.standing(visit.tx.today()) != Standing::Ended;
    let refused = if open {
        ""
    } else {
        "这个方案已经终止。"
    };
    Ok(EndPage {
        chrome: visit.chrome(Section::Powers),
        plan,
        open,
        form,
        errors: FieldErrors::new(),
        refused: refused.to_owned(),
    })
}

/// The answer.
pub(super) async fn end(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PlanId>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let location = format!("/powers/plans/{id}?done=ended");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match ends(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut page = end_page(&mut visit.afresh(&db).await?, id, form).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                // The page has looked anew and says so itself.
                Again::Stale => {}
            }
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn ends(visit: &mut Visit, id: PlanId, form: &EndForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    let day = errors.day("day", "终止日期", &form.day);
    let reason = errors.text("reason", "终止理由", &form.reason, (2, 300));
    match day {
        Some(day) if errors.is_empty() => {
            acts::end(&mut visit.tx, &visit.me, id, (day, &reason)).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}
