//! The form of a three-year plan.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::Datelike;
use serde::Deserialize;

use super::super::actions;
use super::super::model::NewPlan;
use super::STALE;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page};
use crate::org::access::{Chrome, Section, Visit};
use crate::org::documents::{self, Basis};
use crate::work::ThreeYearPlanId;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlanForm {
    once: String,
    title: String,
    from_year: String,
    to_year: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "accountability/new_plan.html")]
struct PlanPage {
    chrome: Chrome,
    citable: Vec<Basis>,
    form: PlanForm,
    errors: FieldErrors,
    refused: String,
}

async fn page(visit: &mut Visit, form: PlanForm) -> Result<PlanPage> {
    Ok(PlanPage {
        chrome: visit.chrome(Section::Tasks),
        citable: documents::citable(&mut visit.tx, &visit.me).await?,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// A blank plan.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let year = visit.tx.today().year();
    let form = PlanForm {
        once: visit.once(),
        from_year: year.to_string(),
        to_year: (year + 2).to_string(),
        ..PlanForm::default()
    };
    Ok(Page(page(&mut visit, form).await?).into_response())
}

/// Keeps it.
pub(super) async fn create(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Form(form): Form<PlanForm>,
) -> Result<Response> {
    let location = "/tasks?done=plan";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match store(&mut visit, &form).await {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn store(visit: &mut Visit, form: &PlanForm) -> Result<()> {
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    let new = checked(form, &citable)?;
    let id = ThreeYearPlanId::at(visit.tx.now);
    actions::plan(&mut visit.tx, &visit.me, id, &new).await
}

/// What a plan must be to be kept.
fn checked(form: &PlanForm, citable: &[Basis]) -> Result<NewPlan> {
    let mut errors = FieldErrors::new();
    let title = errors.text("title", "标题", &form.title, (2, 60));
    let mut year = |field: &str, label: &str, typed: &str| {
        let year = typed.trim().parse::<i16>().ok();
        let year = year.filter(|y| (2000..=2100).contains(y));
        if year.is_none() {
            errors.add(field, format!("{label}写成 2025 这样的四位年份。"));
        }
        year
    };
    let from = year("from_year", "起始年份", &form.from_year);
    let to = year("to_year", "结束年份", &form.to_year);
    if let (Some(from), Some(to)) = (from, to)
        && to != from + 2
    {
        errors.add(
            "to_year",
            format!(
                "三年工作计划正好三年：{from} 年开始的，到 {} 年结束。",
                from + 2
            ),
        );
    }
    let basis = citable.iter().find(|b| b.key() == form.basis);
    if basis.is_none() && !citable.is_empty() {
        errors.add("basis", "请选择计划依据哪份文件的哪一条。");
    }
    match (from, to) {
        (Some(from), Some(to)) if errors.is_empty() => Ok(NewPlan {
            title,
            years: (from, to),
            basis: basis.map(|b| (b.document, b.clause.number)),
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, form: PlanForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, form).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
