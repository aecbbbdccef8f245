//! One task: its milestones, the figures that prove it, and the forms of whoever's turn it is.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Body, Figure, Milestone, Proven, Task, TaskMove, lamp, left};
use super::super::queries::tasks as queries;
use super::{STALE, Wish, day, version};
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::FileId;
use crate::org::access::{Chrome, Permission, Section, Viewer, Visit};
use crate::org::files::Shown;
use crate::work::PlanTaskId;

/// What any form of the page carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskMoveForm {
    once: String,
    version: String,
    milestone: String,
    day: String,
    words: String,
}

#[derive(Template)]
#[template(path = "accountability/task.html")]
pub(super) struct Show {
    chrome: Chrome,
    me: Viewer,
    task: Task,
    open: Vec<TaskMove>,
    not_yet: Vec<(TaskMove, &'static str)>,
    /// The form that was sent and is wrong, if any.
    doing: Option<TaskMove>,
    form: TaskMoveForm,
    errors: FieldErrors,
    refused: String,
    flash: &'static str,
    once: String,
    files: Shown,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Show {
    pub(super) async fn of(visit: &mut Visit, id: PlanTaskId) -> Result<Self> {
        let mut task = queries::task(&mut visit.tx, &visit.me, id).await?;
        let files = Shown::of(
            std::mem::take(&mut task.files),
            ("佐证附件", format!("{}/files", Proven::Task(id).page())),
            task.may(TaskMove::Progress, &visit.me).is_ok(),
            || visit.once(),
        );
        Ok(Self {
            chrome: visit.chrome(Section::Tasks),
            me: visit.me.clone(),
            open: task.open_to(&visit.me),
            not_yet: task.not_yet(&visit.me),
            task,
            doing: None,
            form: TaskMoveForm::default(),
            errors: FieldErrors::new(),
            refused: String::new(),
            flash: "",
            once: visit.once(),
            files,
            today: visit.tx.today(),
            now: visit.tx.now,
        })
    }

    /// The page again, with what is wrong about its files.
    pub(super) fn with_files(mut self, typed: Option<(FileId, &str)>, why: Again) -> Response {
        let status = why.status();
        match why {
            Again::Invalid(errors) => match typed {
                Some((file, reason)) => self.files = self.files.keeping(file, reason, &errors),
                None => self.files.errors = errors,
            },
            Again::Refused(sentence) => self.refused = sentence,
            // The page has looked anew and says so itself.
            Again::Stale => {}
        }
        (status, Page(self)).into_response()
    }

    fn is_doing(&self, mv: &TaskMove) -> bool {
        self.doing == Some(*mv)
    }

    fn lamp(&self, day: &NaiveDate) -> &'static str {
        lamp(*day, self.today).code()
    }

    fn left(&self, day: &NaiveDate) -> String {
        left(*day, self.today)
    }

    /// When a milestone was reached.
    fn day_of(at: &DateTime<Utc>) -> String {
        words::day(day_of(*at))
    }

    /// What was typed into a form's words, or nothing.
    fn words(&self, mv: &TaskMove) -> &str {
        if self.is_doing(mv) {
            &self.form.words
        } else {
            ""
        }
    }

    /// What was typed as a form's day, or nothing.
    fn day(&self, mv: &TaskMove) -> &str {
        if self.is_doing(mv) {
            &self.form.day
        } else {
            ""
        }
    }

    fn error(&self, mv: &TaskMove, field: &str) -> &str {
        if self.is_doing(mv) {
            self.errors.of(field)
        } else {
            ""
        }
    }

    /// The id of a field: the same name stands in several forms.
    fn id(mv: &TaskMove, field: &str) -> String {
        format!("{}-{field}", mv.code())
    }

    /// The name of the field that a form has besides its words.
    fn other(mv: &TaskMove) -> &'static str {
        match mv {
            TaskMove::AddMilestone => "day",
            TaskMove::Reach | TaskMove::Progress | TaskMove::Confirm | TaskMove::End => "milestone",
        }
    }

    /// The id of the first wrong field.
    fn first_wrong(&self) -> String {
        self.doing
            .map_or_else(String::new, |mv| Self::id(&mv, self.errors.first()))
    }

    fn words_label(mv: &TaskMove) -> &'static str {
        match mv {
            TaskMove::Progress => "进展",
            TaskMove::Reach => "达到的情况",
            TaskMove::AddMilestone => "达到什么",
            TaskMove::Confirm => "确认意见",
            TaskMove::End => "终止理由",
        }
    }

    fn hint(mv: &TaskMove) -> &'static str {
        match mv {
            TaskMove::Progress | TaskMove::Reach => "照片和文件在“佐证附件”里添加。",
            TaskMove::AddMilestone | TaskMove::Confirm | TaskMove::End => "",
        }
    }

    fn is_chosen(&self, milestone: &Milestone) -> bool {
        self.form.milestone == milestone.id.to_string()
    }

    /// The names of those who help.
    fn helpers(&self) -> String {
        let names: Vec<&str> = self
            .task
            .helpers
            .iter()
            .map(|b: &Body| b.name.as_str())
            .collect();
        names.join("、")
    }

    /// The list behind a figure, if the viewer sees all of it.
    fn href(&self, figure: &Figure) -> Option<String> {
        let sees = self.me.kind.may(Permission::SeeFigures) || self.task.body.is_of(&self.me);
        figure
            .href(&self.task.body, self.task.counts)
            .filter(|_| sees)
    }
}

/// The task.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<PlanTaskId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已下达任务。",
        "progress" => "已报进展。",
        "reached" => "已记录节点达到。",
        "milestones" => "已增设节点。",
        "confirmation" => "已确认完成。",
        "end" => "已终止任务。",
        "attached" => "已添加附件。",
        "removed" => "已移除附件，登记保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// Reports progress.
pub(super) async fn progress(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    Form(form): Form<TaskMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, TaskMove::Progress), form).await
}

/// Says that a milestone is reached.
pub(super) async fn reach(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    Form(form): Form<TaskMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, TaskMove::Reach), form).await
}

/// Adds a milestone.
pub(super) async fn add_milestone(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    Form(form): Form<TaskMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, TaskMove::AddMilestone), form).await
}

/// Confirms it.
pub(super) async fn confirm(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    Form(form): Form<TaskMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, TaskMove::Confirm), form).await
}

/// Ends it.
pub(super) async fn end(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<PlanTaskId>,
    Form(form): Form<TaskMoveForm>,
) -> Result<Response> {
    act(&db, visit, (id, TaskMove::End), form).await
}

async fn act(
    db: &Db,
    mut visit: Visit,
    (id, mv): (PlanTaskId, TaskMove),
    form: TaskMoveForm,
) -> Result<Response> {
    let location = format!("/tasks/{id}?done={}", mv.code());
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match acts(&mut visit, (id, mv), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, (id, mv), form, why).await
        }
    }
}

async fn acts(
    visit: &mut Visit,
    (id, mv): (PlanTaskId, TaskMove),
    form: &TaskMoveForm,
) -> Result<()> {
    let seen = (id, version(&form.version)?);
    let mut errors = FieldErrors::new();
    let most = match mv {
        TaskMove::AddMilestone => 100,
        TaskMove::End => 300,
        TaskMove::Progress | TaskMove::Reach | TaskMove::Confirm => 500,
    };
    let label = Show::words_label(&mv);
    let text = errors.text("words", label, &form.words, (2, most));
    let (tx, me) = (&mut visit.tx, &visit.me);
    match mv {
        TaskMove::Reach => {
            let milestone = errors.choice("milestone", "节点", &form.milestone);
            let Some(milestone) = milestone.filter(|_| errors.is_empty()) else {
                return Err(Error::Invalid(errors));
            };
            actions::reach(tx, me, seen, (milestone, &text)).await
        }
        TaskMove::AddMilestone => {
            let day = day(&mut errors, "day", "节点日期", &form.day);
            let Some(day) = day.filter(|_| errors.is_empty()) else {
                return Err(Error::Invalid(errors));
            };
            actions::add_milestone(tx, me, seen, (day, &text)).await
        }
        TaskMove::Progress | TaskMove::Confirm | TaskMove::End => {
            errors.or(()).map_err(Error::Invalid)?;
            match mv {
                TaskMove::Progress => actions::progress(tx, me, seen, &text).await,
                TaskMove::End => actions::end(tx, me, seen, &text).await,
                TaskMove::Confirm | TaskMove::Reach | TaskMove::AddMilestone => {
                    actions::confirm(tx, me, seen, &text).await
                }
            }
        }
    }
}

/// The page again with everything that was typed.
async fn again(
    mut visit: Visit,
    (id, mv): (PlanTaskId, TaskMove),
    form: TaskMoveForm,
    why: Again,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, id).await?;
    page.doing = Some(mv);
    page.form = form;
    let status = why.status();
    (page.errors, page.refused) = why.said(STALE);
    Ok((status, Page(page)).into_response())
}
