//! The form of a new plan, filled in with the one that stands.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions::plans as acts;
use super::super::model::{Draft, Meeting, PlanCase, Power, read_others};
use super::super::queries::plans::{self, Offered};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page};
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::documents::{self, Basis};
use crate::work::PlanId;

/// Rows of the form for symposiums.
const MEETINGS: usize = 6;

/// What the form sends. Names that repeat come row by row, in the order of the powers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlanForm {
    once: String,
    /// The plan that the form was drawn from.
    before: String,
    name: String,
    basis: String,
    from_day: String,
    to_day: String,
    street: Vec<String>,
    /// `department.power` of each tick.
    grant: Vec<String>,
    /// The scope of each power.
    scope: Vec<String>,
    /// The departments whose scope differs, a line each.
    other: Vec<String>,
    held_on: Vec<String>,
    place: Vec<String>,
    present: Vec<String>,
    words: Vec<String>,
}

#[derive(Template)]
#[template(path = "powers/plan_new.html")]
struct PlanPage {
    chrome: Chrome,
    offered: Offered,
    citable: Vec<Basis>,
    /// The plan that begins last.
    last: Option<PlanCase>,
    form: PlanForm,
    errors: FieldErrors,
    refused: String,
}

impl PlanPage {
    fn is_street(&self, code: &str) -> bool {
        self.form.street.iter().any(|s| s == code)
    }

    fn key(department: &DepartmentId, power: &Power) -> String {
        format!("{department}.{}", power.code())
    }

    fn is_granted(&self, department: &DepartmentId, power: &Power) -> bool {
        self.form.grant.contains(&Self::key(department, power))
    }

    fn typed(list: &[String], row: &usize) -> String {
        list.get(*row).cloned().unwrap_or_default()
    }

    /// How high the field for other scopes is: a row for each line of it, within reason.
    fn height_of(typed: &str) -> usize {
        typed.lines().count().clamp(3, 10)
    }

    fn error_of(&self, field: &str, row: &usize) -> &str {
        self.errors.of(&format!("{field}-{row}"))
    }

    fn name_of(field: &str, row: &usize) -> String {
        format!("{field}-{row}")
    }

    /// The first rows of symposiums stand open.
    fn first_meetings() -> std::ops::Range<usize> {
        0..2
    }

    fn more_meetings() -> std::ops::Range<usize> {
        2..MEETINGS
    }

    /// Whether the folded rows hold something.
    fn has_more(&self) -> bool {
        Self::more_meetings().any(|row| !is_blank(&self.form, row))
    }

    /// From when a new plan may begin.
    fn hint_of_from(&self) -> String {
        match &self.last {
            Some(last) => format!("写成 2027-01-01。“{}”到这一天为止。", last.name),
            None => "写成 2027-01-01。".to_owned(),
        }
    }
}

/// Whether nothing is typed in a row of symposiums.
fn is_blank(form: &PlanForm, row: usize) -> bool {
    let all = [&form.held_on, &form.place, &form.present, &form.words];
    all.iter()
        .all(|list| list.get(row).is_none_or(|typed| typed.trim().is_empty()))
}

/// A new plan, filled in with what stands.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let last = plans::newest(&mut visit.tx, &visit.me).await?;
    let mut form = PlanForm {
        once: visit.once(),
        ..PlanForm::default()
    };
    if let Some(last) = &last {
        form.before = last.id.to_string();
        form.street = last.streets.iter().map(|(code, _)| code.clone()).collect();
        let key = |(department, power): (DepartmentId, Power)| PlanPage::key(&department, &power);
        let grants = last.grants.iter().map(|g| (g.department, g.power));
        form.grant = grants.map(key).collect();
        (form.scope, form.other) = Power::ALL.iter().map(|p| last.written(*p)).unzip();
        form.basis = last.basis.key();
    }
    let page = page(&mut visit, last, form).await?;
    Ok(Page(page).into_response())
}

async fn page(visit: &mut Visit, last: Option<PlanCase>, form: PlanForm) -> Result<PlanPage> {
    Ok(PlanPage {
        chrome: visit.chrome(Section::Powers),
        offered: plans::offered(&mut visit.tx, &visit.me).await?,
        citable: documents::citable(&mut visit.tx, &visit.me).await?,
        last,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Keeps it.
pub(super) async fn create(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<PlanForm>,
) -> Result<Response> {
    let id = PlanId::at(visit.tx.now);
    let location = format!("/powers/plans/{id}?done=made");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match make(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn make(visit: &mut Visit, id: PlanId, form: &PlanForm) -> Result<()> {
    let draft = checked(visit, form).await?;
    let before = form.before.parse().ok();
    acts::make(&mut visit.tx, &visit.me, (id, before), &draft).await
}

/// What a plan must say to be kept.
async fn checked(visit: &mut Visit, form: &PlanForm) -> Result<Draft> {
    let offered = plans::offered(&mut visit.tx, &visit.me).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    let mut errors = FieldErrors::new();
    let name = errors.text("name", "名称", &form.name, (2, 60));
    let basis = citable.into_iter().find(|b| b.key() == form.basis);
    if basis.is_none() {
        errors.add("basis", "请选择方案依据哪份文件的哪一条。");
    }
    let from_day = errors.day("from_day", "施行日期", &form.from_day);
    let to_day = match form.to_day.trim() {
        "" => None,
        typed => errors.day("to_day", "终止日期", typed),
    };
    if let (Some(from), Some(to)) = (from_day, to_day)
        && to <= from
    {
        errors.add("to_day", "终止日期要晚于施行日期。");
    }
    let mut streets = form.street.clone();
    streets.sort_unstable();
    streets.dedup();
    streets.retain(|code| offered.streets.iter().any(|(c, _)| c == code));
    if streets.is_empty() {
        errors.add("street", "请至少选择一个街道。");
    }
    let grants = granted(form, &offered, &mut errors);
    let meetings = meetings(form, visit.tx.today(), &mut errors);
    match (basis, from_day) {
        (Some(basis), Some(from_day)) if errors.is_empty() => Ok(Draft {
            name,
            basis,
            from_day,
            to_day,
            streets,
            grants,
            meetings,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Which department grants which power, and over what.
fn granted(
    form: &PlanForm,
    offered: &Offered,
    errors: &mut FieldErrors,
) -> Vec<(DepartmentId, Power, String)> {
    let mut grants = Vec::new();
    for (row, power) in Power::ALL.iter().enumerate() {
        let ticked = offered.departments.iter();
        let ticked = ticked.filter(|(id, _)| form.grant.contains(&PlanPage::key(id, power)));
        let ticked: Vec<(DepartmentId, String)> = ticked.cloned().collect();
        let typed = |list: &[String]| list.get(row).cloned().unwrap_or_default();
        let others = read_others(&typed(&form.other), &ticked).unwrap_or_else(|sentence| {
            errors.add(format!("other-{row}"), sentence);
            Vec::new()
        });
        // Where every department has a scope of its own, the common one may be left out.
        let least = if ticked.len() > others.len() { 2 } else { 0 };
        let label = format!("{}的赋权范围", power.label());
        let field = format!("scope-{row}");
        let common = errors.text(&field, &label, &typed(&form.scope), (least, 300));
        for (id, _) in ticked {
            let own = others.iter().find(|(other, _)| *other == id);
            let scope = own.map_or_else(|| common.clone(), |(_, scope)| scope.clone());
            grants.push((id, *power, scope));
        }
    }
    if grants.is_empty() {
        errors.add("grant", "请至少勾选一个部门的一项权力。");
    }
    grants
}

/// The symposiums; a row in which nothing is typed is none.
fn meetings(form: &PlanForm, today: NaiveDate, errors: &mut FieldErrors) -> Vec<Meeting> {
    let mut meetings = Vec::new();
    for row in (0..MEETINGS).filter(|row| !is_blank(form, *row)) {
        let field = format!("meeting-{row}");
        let typed = |list: &[String]| list.get(row).cloned().unwrap_or_default();
        let held_on = errors.day(&field, "座谈会日期", &typed(&form.held_on));
        if held_on.is_some_and(|day| day > today) {
            errors.add(&field, "座谈会还没有开，开过再登记。");
        }
        let place = errors.text(&field, "座谈会地点", &typed(&form.place), (2, 60));
        let present = errors.text(&field, "参加人员", &typed(&form.present), (2, 300));
        let words = errors.text(&field, "座谈会内容", &typed(&form.words), (2, 1000));
        if let Some(held_on) = held_on {
            meetings.push(Meeting {
                held_on,
                place,
                present,
                words,
            });
        }
    }
    meetings
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, mut form: PlanForm, why: Again) -> Result<Response> {
    let last = plans::newest(&mut visit.tx, &visit.me).await?;
    let status = why.status();
    if matches!(why, Again::Stale) {
        form.before = last.as_ref().map(|l| l.id.to_string()).unwrap_or_default();
    }
    let mut page = page(&mut visit, last, form).await?;
    (page.errors, page.refused) = why.said(
        "刚有别人制定了新方案，这一份还没有保存。表单里是已填的内容，再存一次就接在最新方案之后。",
    );
    Ok((status, Page(page)).into_response())
}
