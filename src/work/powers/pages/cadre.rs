//! Cadre records (干部考评): the form that begins one, and the reading of what is sealed. Whatever is
//! said later is said on the page of the record, with the forms of every power.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions::{asking, sealing};
use super::super::model::{
    Ask, CADRE_TITLE, CadreEvent, CadreSubject, Content, Origin, Power, side, speaks,
};
use super::super::queries::form::{self, Grant, Plan};
use super::show::Show;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path};
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::ExerciseId;

/// What the form sends. No `Debug`: it shall not come into a log.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CadreForm {
    once: String,
    department: String,
    street: String,
    name: String,
    position: String,
    event: String,
    proposal: String,
    facts: String,
    basis: String,
    decide_on: String,
}

#[derive(Template)]
#[template(path = "powers/cadre.html")]
struct CadrePage {
    chrome: Chrome,
    origin: Origin,
    /// The plan in force, narrowed to what the viewer may begin.
    plan: Option<Plan>,
    form: CadreForm,
    errors: FieldErrors,
    refused: String,
}

impl CadrePage {
    fn title(&self) -> &'static str {
        Power::Cadre.record(self.origin)
    }

    fn asks(&self) -> bool {
        self.origin == Origin::Department
    }

    fn grants(&self) -> &[Grant] {
        self.plan.as_ref().map_or(&[], |p| &p.grants)
    }

    fn streets(&self) -> &[(String, String)] {
        self.plan.as_ref().map_or(&[], |p| &p.streets)
    }

    fn is_chosen(&self, department: &DepartmentId) -> bool {
        self.form.department == department.to_string()
    }
}

/// The side that begins a cadre record: the head of a department, the secretary of a street.
fn begins(visit: &Visit) -> Result<Origin> {
    let speaks = speaks(&visit.me, Power::Cadre);
    let origin = side(&visit.me).filter(|_| speaks);
    origin.ok_or(Error::Forbidden)
}

/// A blank form.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let form = CadreForm {
        once: visit.once(),
        ..CadreForm::default()
    };
    let page = page(&mut visit, form).await?;
    Ok(Page(page).into_response())
}

async fn page(visit: &mut Visit, form: CadreForm) -> Result<CadrePage> {
    let origin = begins(visit)?;
    let today = visit.tx.today();
    let mut plan = form::plan(&mut visit.tx, &visit.me, today).await?;
    let own = visit.me.department();
    if let Some(plan) = &mut plan {
        let is_own = |g: &Grant| own.is_none_or(|own| g.department == own);
        plan.grants.retain(|g| g.power == Power::Cadre && is_own(g));
    }
    Ok(CadrePage {
        chrome: visit.chrome(Section::Exercises),
        origin,
        plan,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Begins it.
pub(super) async fn create(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<CadreForm>,
) -> Result<Response> {
    let location = "/powers/records?tab=open";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match begin(&mut visit, &keys, &form).await {
        Ok(id) => visit.done(&format!("/powers/{id}?done=begun")).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            Ok(again(page(&mut visit, form).await?, why))
        }
    }
}

async fn begin(visit: &mut Visit, keys: &Keys, form: &CadreForm) -> Result<ExerciseId> {
    let origin = begins(visit)?;
    let mut errors = FieldErrors::new();
    let ask = checked(visit, (form, origin), &mut errors);
    match ask {
        Some(ask) if errors.is_empty() => asking::begin(&mut visit.tx, &visit.me, keys, &ask).await,
        _ => Err(Error::Invalid(errors)),
    }
}

/// What a record must say to begin.
fn checked(
    visit: &Visit,
    (form, origin): (&CadreForm, Origin),
    errors: &mut FieldErrors,
) -> Option<Ask> {
    let department = match visit.me.department() {
        Some(own) => Some(own),
        None => errors.choice("department", "部门", &form.department),
    };
    let street = match origin {
        Origin::Street => visit.me.node_code().to_owned(),
        Origin::Department => {
            if form.street.is_empty() {
                errors.add("street", "请选择街道。");
            }
            form.street.clone()
        }
    };
    let name = errors.text("name", "姓名", &form.name, (2, 30));
    let position = errors.text("position", "职务", &form.position, (2, 60));
    let event = errors.choice::<CadreEvent>("event", "事项", &form.event);
    let proposal = errors.text("proposal", "拟定意见", &form.proposal, (2, 200));
    let facts = errors.text("facts", "情况说明", &form.facts, (2, 1000));
    let basis = errors.text("basis", "来文依据", &form.basis, (0, 120));
    let decide_on = decide_on(origin, form, errors);
    Some(Ask {
        origin,
        department: department?,
        streets: vec![street],
        title: CADRE_TITLE.to_owned(),
        matter: String::new(),
        basis: String::new(),
        whistle: None,
        matters: Vec::new(),
        decide_on,
        content: Content::Cadre(CadreSubject {
            name,
            position,
            event: event?,
            proposal,
            facts,
            basis,
        }),
    })
}

/// When the department means to decide; a street that proposes does not say.
fn decide_on(origin: Origin, form: &CadreForm, errors: &mut FieldErrors) -> Option<NaiveDate> {
    match origin {
        Origin::Department => errors.day("decide_on", "拟决定日期", &form.decide_on),
        Origin::Street => None,
    }
}

/// The form again with everything that was typed.
fn again(mut page: CadrePage, why: Again) -> Response {
    let status = why.status();
    (page.errors, page.refused) = why.said("赋权方案刚有变动，请核对后再提交。");
    (status, Page(page)).into_response()
}

/// The record with what was sealed in the clear; that it was read is on record. It is nowhere kept:
/// the next page does not show it.
pub(super) async fn read(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<ExerciseId>,
) -> Result<Response> {
    match sealing::read(&mut visit.tx, &visit.me, &keys, id).await {
        Ok(opened) => {
            let page = Show::of(&mut visit, id).await?;
            visit.tx.commit().await?;
            Ok(page.reading(opened))
        }
        Err(Error::Refused(sentence)) => {
            let mut visit = visit.afresh(&db).await?;
            Ok(Show::of(&mut visit, id).await?.refusing(sentence))
        }
        Err(error) => Err(error),
    }
}
