//! The form in which a department asks.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Ask, Cause, Kind, Turn};
use super::super::queries::{self, Options};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::calendar::Limit;
use crate::work::duties::RulingLevel as Level;
use crate::work::whistles::{self, Case, Role};
use crate::work::{DutyItemId, WhistleId};

/// How many milestones a form takes.
const ROWS: usize = 3;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    kind: String,
    once: String,
    reason: String,
    department: String,
    item: String,
    until: String,
    day: Vec<String>,
    milestone: Vec<String>,
    cause: String,
}

impl AskForm {
    /// The rows of milestones as they are typed.
    fn rows(&self) -> Vec<(usize, String, String)> {
        let at = |values: &[String], row: usize| values.get(row).cloned().unwrap_or_default();
        let row = |row| (row, at(&self.day, row), at(&self.milestone, row));
        (0..ROWS).map(row).collect()
    }
}

#[derive(Template)]
#[template(path = "requests/ask.html")]
struct AskPage {
    chrome: Chrome,
    case: Case,
    kind: Kind,
    level: Level,
    limit: String,
    /// Until when it must be asked, or what it would change.
    until: String,
    department: Option<DepartmentId>,
    options: Options,
    form: AskForm,
    errors: FieldErrors,
    refused: String,
    once: String,
}

impl AskPage {
    /// Whether a department can be held responsible: not one's own, and not one that is out of it.
    fn offers(&self, id: &DepartmentId) -> bool {
        Some(*id) != self.department
    }

    /// What happens if nobody decides in time.
    fn silence(&self) -> &'static str {
        let mut parts = self.case.assignments.iter();
        let mine = parts.find(|a| Some(a.department_id) == self.department);
        let role = mine.map_or(Role::Assist, |a| a.role);
        self.kind.silence(self.level, role)
    }

    fn by_whom(&self) -> &'static str {
        super::super::model::seat_of(self.kind, self.level)
    }

    fn wrong_count(&self) -> String {
        format!("没有保存，有 {} 处要改。", self.errors.len())
    }

    fn milestone_error(&self, row: &usize) -> &str {
        self.errors.of(&format!("milestone-{row}"))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    kind: String,
}

/// The empty form.
pub(super) async fn blank(
    mut visit: Visit,
    Path(id): Path<WhistleId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let kind = wish.kind.parse().map_err(|()| Error::NotFound)?;
    let page = of(&mut visit, id, kind).await?;
    Ok(Page(page).into_response())
}

async fn of(visit: &mut Visit, id: WhistleId, kind: Kind) -> Result<AskPage> {
    let case = whistles::look(&mut visit.tx, &visit.me, id).await?;
    let now = visit.tx.now;
    let turn = Turn {
        case: &case,
        me: &visit.me,
        now,
    };
    let mut refused = String::new();
    if let Err(refusal) = turn.may_ask(kind) {
        refusal.sentence().clone_into(&mut refused);
    }
    let level = turn.first_level(kind);
    let limit = kind
        .limit(level, &case.rules)
        .map(Limit::words)
        .unwrap_or_default();
    let until = told(turn, kind).unwrap_or_default();
    let options = if kind == Kind::Return {
        queries::options(&mut visit.tx, &visit.me).await?
    } else {
        Options::default()
    };
    Ok(AskPage {
        chrome: visit.chrome(Section::Whistles),
        kind,
        level,
        limit,
        until,
        department: visit.me.department(),
        options,
        form: AskForm::default(),
        errors: FieldErrors::new(),
        refused,
        once: visit.once(),
        case,
    })
}

/// Until when it can be asked, or what it is about.
fn told(turn: Turn<'_>, kind: Kind) -> Option<String> {
    match kind {
        Kind::Return => {
            let mine = turn.case.mine(turn.me)?;
            let end = turn.return_ends(mine)?;
            Some(format!(
                "须在 {} 前提出，其间各时限照常计时。",
                words::minute(end)
            ))
        }
        Kind::Extension => {
            let clock = turn.close_clock()?;
            let amount = Limit::new(i64::from(clock.amount), clock.unit).ok()?;
            let due = clock.due_at.map(words::minute)?;
            Some(format!(
                "现在 {due} 到期，同意后再加 {}；请同时告诉诉求人。",
                amount.words()
            ))
        }
        Kind::Suspension => Some("同意后停办停表，到期自动复办；不算办结。".to_owned()),
        Kind::Appeal => {
            let stages: Vec<&str> = turn.breaches().iter().map(|c| c.stage.label()).collect();
            Some(format!(
                "超期 {} 次：{}。超期记录保留，同意后不计入考核。",
                stages.len(),
                stages.join("、")
            ))
        }
    }
}

/// Asks, or shows the form again.
pub(super) async fn create(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(id): Path<WhistleId>,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    let location = format!("/whistles/{id}?done=asked");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match keep(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let kind = form.kind.parse().map_err(|()| Error::NotFound)?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = of(&mut visit, id, kind).await?;
            let status = why.status();
            (page.errors, page.refused) = why.said("这张哨单刚被别人办过，请刷新看最新情况。");
            page.form = form;
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn keep(visit: &mut Visit, id: WhistleId, form: &AskForm) -> Result<()> {
    let kind: Kind = form
        .kind
        .parse()
        .map_err(|()| Error::Unreadable("表单不完整。请返回哨单，刷新后重新填写。"))?;
    // What cannot be asked at all is said before what is wrong in the form.
    let case = whistles::look(&mut visit.tx, &visit.me, id).await?;
    let now = visit.tx.now;
    let turn = Turn {
        case: &case,
        me: &visit.me,
        now,
    };
    turn.may_ask(kind)?;
    let (ask, reason) = read(kind, form)?;
    actions::ask(&mut visit.tx, &visit.me, id, &ask, &reason).await?;
    Ok(())
}

fn read(kind: Kind, form: &AskForm) -> Result<(Ask, String)> {
    let mut errors = FieldErrors::new();
    let ask = match kind {
        Kind::Return => {
            let department = errors.choice("department", "应负责的部门", &form.department);
            let item = errors.choice::<DutyItemId>("item", "权责清单依据", &form.item);
            department.zip(item).map(|(d, i)| Ask::Return(d, i))
        }
        Kind::Extension => Some(Ask::Extension),
        Kind::Suspension => suspension(&mut errors, form),
        Kind::Appeal => {
            let cause = errors.choice::<Cause>("cause", "超时原因", &form.cause);
            cause.map(Ask::Appeal)
        }
    };
    let reason = errors.text("reason", "理由", &form.reason, (2, 500));
    match ask {
        Some(ask) if errors.is_empty() => Ok((ask, reason)),
        _ => Err(Error::Invalid(errors)),
    }
}

fn suspension(errors: &mut FieldErrors, form: &AskForm) -> Option<Ask> {
    let until = day(&form.until);
    if until.is_none() {
        errors.add("until", "日期写成 2027-05-10 的样子。");
    }
    let mut milestones = Vec::new();
    for (row, at, what) in form.rows() {
        if at.trim().is_empty() && what.trim().is_empty() {
            continue;
        }
        let field = format!("milestone-{row}");
        let words = errors.text(&field, "节点内容", &what, (2, 100));
        match day(&at) {
            Some(at) => milestones.push((at, words)),
            None => errors.add(field, "节点日期写成 2027-03-31 的样子。"),
        }
    }
    until.map(|until| Ask::Suspension(until, milestones))
}

fn day(typed: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok()
}
