//! One request: what is asked, how it was decided at each level, and the form of whoever's turn it is.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::actions::{self, Verdict};
use super::super::model::{Kind, Milestone, Request, State, Turn, until};
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::clocks::{Clock, Nearest, Told};
use crate::work::whistles::{self, Assignment, Case, Refusal, Role};
use crate::work::{MilestoneId, RequestId, WhistleId};

/// What any form of the page carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestForm {
    version: String,
    once: String,
    decision: String,
    department: String,
    words: String,
}

#[derive(Template)]
#[template(path = "requests/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a form of its own that the page offers or not"
)]
struct Show {
    chrome: Chrome,
    case: Case,
    request: Request,
    /// The other levels of the same request, the newest first.
    chain: Vec<Request>,
    own: Option<Assignment>,
    decides: bool,
    contests: bool,
    contest_ends: String,
    takes_back: bool,
    resumes: bool,
    /// Why the viewer, who decides such things, does not decide this one.
    why_not: &'static str,
    nearest: Option<Nearest>,
    timed: Vec<Told>,
    form: RequestForm,
    errors: FieldErrors,
    flash: &'static str,
    refused: String,
    once: String,
    now: DateTime<Utc>,
}

impl Show {
    async fn of(visit: &mut Visit, (whistle, id): (WhistleId, RequestId)) -> Result<Self> {
        let case = whistles::look(&mut visit.tx, &visit.me, whistle).await?;
        let case = case.seen_by(&visit.me);
        let found = case.requests.iter().find(|r| r.id == id).cloned();
        let request = found.ok_or(Error::NotFound)?;
        let now = visit.tx.now;
        let turn = Turn {
            case: &case,
            me: &visit.me,
            now,
        };
        let may = turn.may_decide(&request);
        let why_not = match may {
            Err(Refusal::NotYet(why) | Refusal::TookPart(why)) => why,
            Err(Refusal::Over(why)) if request.state == State::Open => why,
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => "",
        };
        let clock = turn.decide_clock(&request);
        let nearest = clock.filter(|c| c.is_running()).map(Clock::nearest);
        let timed = clock.map(|c| c.told(request.by_whom(), &case.calendar, &now));
        let ends = turn.contest_ends(&request).map(words::minute);
        let kin = |r: &&Request| {
            r.assignment_id == request.assignment_id && r.kind == request.kind && r.id != id
        };
        let chain = case.requests.iter().rev().filter(kin).cloned().collect();
        let own = |a: &&Assignment| a.id == request.assignment_id;
        Ok(Self {
            chrome: visit.chrome(Section::Requests),
            chain,
            own: case.assignments.iter().find(own).cloned(),
            decides: may.is_ok(),
            contests: turn.may_contest(&request).is_ok(),
            contest_ends: ends.unwrap_or_default(),
            takes_back: turn.may_take_back(&request).is_ok(),
            resumes: request.kind == Kind::Suspension && turn.may_resume().is_ok(),
            why_not,
            nearest,
            timed: timed.into_iter().collect(),
            form: RequestForm::default(),
            errors: FieldErrors::new(),
            flash: "",
            refused: String::new(),
            once: visit.once(),
            now,
            request,
            case,
        })
    }

    fn address(&self) -> String {
        format!("/whistles/{}/requests/{}", self.case.id, self.request.id)
    }

    /// When the suspension until a day is over; one that was granted keeps what it was granted.
    fn until(&self, day: &NaiveDate) -> DateTime<Utc> {
        let granted = self.case.suspension.as_ref();
        match granted.filter(|s| s.request_id == self.request.id) {
            Some(suspension) => suspension.until_at,
            None => until(&self.case.calendar, *day),
        }
    }

    /// The milestones of this request.
    fn milestones(&self) -> Vec<&Milestone> {
        let all = self.case.milestones.iter();
        all.filter(|m| m.request_id == self.request.id).collect()
    }

    fn mark(&self, milestone: &Milestone) -> &'static str {
        milestone.mark(day_of(self.now))
    }

    /// The department chosen in the form, at first the one proposed.
    fn chosen(&self, id: &DepartmentId) -> bool {
        if self.form.decision.is_empty() {
            self.request.proposed_id == Some(*id)
        } else {
            self.form.department == id.to_string()
        }
    }

    fn hint_to(&self) -> &'static str {
        if self.is_assist() {
            "改派时填；原部门不再协办。"
        } else {
            "改派时填；新的主办从现在起计时。"
        }
    }

    fn words_hint(&self) -> &'static str {
        match self.request.kind {
            Kind::Return => "改派的意见写入权责清单先例。",
            Kind::Extension | Kind::Suspension | Kind::Appeal => "同意、不同意都写明理由。",
        }
    }

    fn is_assist(&self) -> bool {
        self.own.as_ref().is_some_and(|a| a.role == Role::Assist)
    }

    /// Whether the viewer has nothing to do here.
    fn only_looks(&self) -> bool {
        !(self.decides || self.contests || self.takes_back || self.resumes)
    }

    fn wrong_count(&self) -> String {
        format!("没有保存，有 {} 处要改。", self.errors.len())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// The request.
pub(super) async fn show(
    mut visit: Visit,
    Path(of): Path<(WhistleId, RequestId)>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = Show::of(&mut visit, of).await?;
    page.flash = match wish.done.as_str() {
        "decided" => "已答复，申请部门已收到消息。",
        "contested" => "已提请上一级裁定。",
        "taken-back" => "已撤回申请。",
        "resumed" => "已复办，各时限接着计时。",
        "reached" => "已标记节点完成。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// The page again: what was typed is kept.
async fn again(
    db: &Db,
    visit: Visit,
    of: (WhistleId, RequestId),
    form: RequestForm,
    error: Error,
) -> Result<Response> {
    let why: Again = error.again()?;
    let mut visit = visit.afresh(db).await?;
    let mut page = Show::of(&mut visit, of).await?;
    let status = why.status();
    (page.errors, page.refused) = why.said("这件申请刚被别人办过，您的没有保存。下面是最新情况。");
    page.form = form;
    Ok((status, Page(page)).into_response())
}

fn version(form: &RequestForm) -> Result<i32> {
    form.version
        .parse()
        .map_err(|_| Error::Unreadable("表单不完整。请返回申请，刷新后重新填写。"))
}

fn needed(form: &RequestForm, label: &str) -> Result<String> {
    let mut errors = FieldErrors::new();
    let words = errors.text("words", label, &form.words, (2, 500));
    errors.or(words).map_err(Error::Invalid)
}

fn there((whistle, id): (WhistleId, RequestId), done: &str) -> String {
    format!("/whistles/{whistle}/requests/{id}?done={done}")
}

/// Grants or denies.
pub(super) async fn decide(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(of): Path<(WhistleId, RequestId)>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let location = there(of, "decided");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match verdict(&mut visit, of, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

async fn verdict(visit: &mut Visit, of: (WhistleId, RequestId), form: &RequestForm) -> Result<()> {
    let mut errors = FieldErrors::new();
    if form.decision != "grant" && form.decision != "deny" {
        errors.add("decision", "请选择怎样答复。");
    }
    let words = errors.text("words", "答复意见", &form.words, (2, 500));
    let verdict = Verdict {
        grants: form.decision == "grant",
        words,
        to: form.department.parse().ok(),
    };
    let version = version(form)?;
    errors.or(()).map_err(Error::Invalid)?;
    actions::decide(&mut visit.tx, &visit.me, of, version, &verdict).await
}

/// Goes one level up.
pub(super) async fn contest(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(of): Path<(WhistleId, RequestId)>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let location = format!("/whistles/{}?done=asked", of.0);
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let kept = match (version(&form), needed(&form, "书面异议")) {
        (Ok(version), Ok(words)) => {
            let tx = &mut visit.tx;
            actions::contest(tx, &visit.me, of, version, &words).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match kept {
        Ok(_) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

/// Takes it back.
pub(super) async fn take_back(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(of): Path<(WhistleId, RequestId)>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let location = there(of, "taken-back");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let kept = match version(&form) {
        Ok(version) => actions::take_back(&mut visit.tx, &visit.me, of, version).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

/// Goes on before the day.
pub(super) async fn resume(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(of): Path<(WhistleId, RequestId)>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let location = there(of, "resumed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let kept = match needed(&form, "复办理由") {
        Ok(words) => actions::resume(&mut visit.tx, &visit.me, of.0, &words).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}

/// Notes that a milestone was reached.
pub(super) async fn reach(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path((whistle, id, milestone)): Path<(WhistleId, RequestId, MilestoneId)>,
    Form(form): Form<RequestForm>,
) -> Result<Response> {
    let of = (whistle, id);
    let location = there(of, "reached");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::reach(&mut visit.tx, &visit.me, whistle, milestone).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => again(&db, visit, of, form, error).await,
    }
}
