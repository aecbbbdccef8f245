//! The form of a task: goal, who answers, days, milestones, and the figures that prove it.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Body, Measure, NewTask, Plan, Target};
use super::super::queries::{self, Options};
use super::{STALE, body, day};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Typed};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::PlanTaskId;

/// How many rows of milestones the form offers.
const ROWS: usize = 4;
/// How many helpers it offers.
const HELPERS: usize = 3;

/// What the form sends; the fields that come by rows and by measures are read by name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskForm {
    once: String,
    plan: String,
    goal: String,
    body: String,
    due_day: String,
    counts_from: String,
    counts_to: String,
    #[serde(skip)]
    typed: Typed,
}

impl TaskForm {
    fn read(typed: Typed) -> Result<Self> {
        let typed = typed.single()?;
        let mut form: Self = typed.into_form()?;
        form.typed = typed;
        Ok(form)
    }

    /// A field by its name.
    fn field(&self, name: &str) -> &str {
        self.typed.field(name).unwrap_or_default()
    }

    fn target(&self, measure: &Measure) -> &str {
        self.field(&format!("target-{}", measure.code()))
    }

    fn is_at_most(&self, measure: &Measure) -> bool {
        let typed = self.field(&format!("most-{}", measure.code()));
        // At first, vacant posts are to be few, and everything else much.
        typed == "1" || typed.is_empty() && *measure == Measure::VacantPosts
    }
}

#[derive(Template)]
#[template(path = "accountability/new_task.html")]
struct TaskPage {
    chrome: Chrome,
    options: Options,
    form: TaskForm,
    errors: FieldErrors,
    refused: String,
}

impl TaskPage {
    fn rows() -> std::ops::RangeInclusive<usize> {
        1..=ROWS
    }

    fn helpers() -> std::ops::RangeInclusive<usize> {
        1..=HELPERS
    }

    fn typed(&self, name: &str, row: &usize) -> &str {
        self.form.field(&format!("{name}-{row}"))
    }

    fn error(&self, name: &str, row: &usize) -> &str {
        self.errors.of(&format!("{name}-{row}"))
    }

    fn target_error(&self, measure: &Measure) -> &str {
        self.errors.of(&format!("target-{}", measure.code()))
    }
}

async fn page(visit: &mut Visit, form: TaskForm) -> Result<TaskPage> {
    Ok(TaskPage {
        chrome: visit.chrome(Section::Tasks),
        options: queries::options(&mut visit.tx, &visit.me).await?,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// A blank task.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let form = TaskForm {
        once: visit.once(),
        ..TaskForm::default()
    };
    Ok(Page(page(&mut visit, form).await?).into_response())
}

/// Keeps it.
pub(super) async fn create(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    typed: Typed,
) -> Result<Response> {
    let form = TaskForm::read(typed)?;
    let id = PlanTaskId::at(visit.tx.now);
    let location = format!("/tasks/{id}?done=new");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, form, why).await
        }
    }
}

async fn store(visit: &mut Visit, id: PlanTaskId, form: &TaskForm) -> Result<()> {
    let options = queries::options(&mut visit.tx, &visit.me).await?;
    let new = checked(form, &options)?;
    actions::task(&mut visit.tx, &visit.me, id, &new).await
}

/// What a task must be to be kept.
fn checked(form: &TaskForm, options: &Options) -> Result<NewTask> {
    let mut errors = FieldErrors::new();
    let plan = options.plans.iter().find(|p| p.id.to_string() == form.plan);
    if plan.is_none() {
        errors.add("plan", "请选择三年工作计划；还没有的，先制定计划。");
    }
    let goal = errors.text("goal", "目标", &form.goal, (2, 300));
    let answers = body(&mut errors, &options.bodies, "body", &form.body);
    let helpers = helpers(&mut errors, form, options);
    let due_day = day(&mut errors, "due_day", "完成期限", &form.due_day);
    if let (Some(plan), Some(due)) = (plan, due_day)
        && !plan.has(due)
    {
        errors.add("due_day", format!("完成期限{}", within(plan.days())));
    }
    let milestones = milestones(&mut errors, form, plan.zip(due_day));
    let targets = targets(&mut errors, form, answers.as_ref());
    let counts = plan
        .zip(due_day)
        .and_then(|of| period(&mut errors, form, of));
    match (plan, answers, due_day, counts) {
        (Some(plan), Some(body), Some(due_day), Some(counts)) if errors.is_empty() => Ok(NewTask {
            plan: plan.id,
            goal,
            body,
            helpers,
            due_day,
            counts,
            milestones,
            targets,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

fn within((first, last): (NaiveDate, NaiveDate)) -> String {
    format!("写在 {} 至 {} 之间。", words::day(first), words::day(last))
}

/// Who helps: each once, and not who answers.
fn helpers(errors: &mut FieldErrors, form: &TaskForm, options: &Options) -> Vec<Body> {
    let mut helpers: Vec<Body> = Vec::new();
    for row in TaskPage::helpers() {
        let field = format!("with-{row}");
        let typed = form.field(&field);
        if typed.is_empty() {
            continue;
        }
        let found = options.bodies.iter().find(|b| b.key() == typed);
        let twice = typed == form.body || helpers.iter().any(|h| h.key() == typed);
        match found {
            Some(_) if twice => errors.add(field, "配合单位不能重复，也不能是责任单位。"),
            Some(helper) => helpers.push(helper.clone()),
            None => errors.add(field, "请从列出的单位里选择。"),
        }
    }
    helpers
}

/// The milestones: each by a day of the plan and not after the task's own.
fn milestones(
    errors: &mut FieldErrors,
    form: &TaskForm,
    of: Option<(&Plan, NaiveDate)>,
) -> Vec<(NaiveDate, String)> {
    let mut kept = Vec::new();
    for row in TaskPage::rows() {
        let (typed, what) = (
            form.field(&format!("day-{row}")),
            form.field(&format!("milestone-{row}")),
        );
        if typed.trim().is_empty() && what.trim().is_empty() {
            continue;
        }
        let field = format!("milestone-{row}");
        let words = errors.text(&field, "节点内容", what, (2, 100));
        let Some(at) = day(errors, &field, "节点日期", typed) else {
            continue;
        };
        if let Some((plan, due)) = of
            && (!plan.has(at) || at > due)
        {
            errors.add(&field, format!("节点日期{}", within((plan.days().0, due))));
        }
        kept.push((at, words));
    }
    kept.sort_by_key(|(at, _)| *at);
    kept
}

/// The figures that prove it, with what each shall be.
fn targets(errors: &mut FieldErrors, form: &TaskForm, body: Option<&Body>) -> Vec<Target> {
    let mut targets = Vec::new();
    for measure in Measure::ALL.iter().copied() {
        let typed = form.target(&measure).trim();
        if typed.is_empty() {
            continue;
        }
        let field = format!("target-{}", measure.code());
        let most = if measure.is_share() { 100 } else { 100_000 };
        match typed.parse::<i32>() {
            Ok(target) if (0..=most).contains(&target) => targets.push(Target {
                measure,
                at_least: !form.is_at_most(&measure),
                target,
            }),
            Ok(_) | Err(_) => {
                let label = measure.label();
                errors.add(&field, format!("{label}的目标值写 0 至 {most} 的整数。"));
            }
        }
        if body.is_some_and(|b| !measure.fits(b.kind)) {
            let label = measure.label();
            errors.add(&field, format!("部门没有{label}，请另选指标。"));
        }
    }
    targets
}

/// The period in which is counted: by itself from the plan's first day until the task's own.
fn period(
    errors: &mut FieldErrors,
    form: &TaskForm,
    (plan, due): (&Plan, NaiveDate),
) -> Option<(NaiveDate, NaiveDate)> {
    let mut read = |field: &str, label: &str, typed: &str, otherwise: NaiveDate| {
        if typed.trim().is_empty() {
            return Some(otherwise);
        }
        let read = day(errors, field, label, typed)?;
        if !plan.has(read) {
            errors.add(field, format!("{label}{}", within(plan.days())));
            return None;
        }
        Some(read)
    };
    let from = read("counts_from", "统计起日", &form.counts_from, plan.days().0)?;
    let to = read("counts_to", "统计止日", &form.counts_to, due)?;
    if to < from {
        errors.add("counts_to", "统计止日不能早于统计起日。");
        return None;
    }
    Some((from, to))
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, form: TaskForm, why: Again) -> Result<Response> {
    let mut page = page(&mut visit, form).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
