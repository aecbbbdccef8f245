//! The POSTs of a case: one form for all moves, checked by what the move asks for.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

use super::super::actions::{self, Seen};
use super::super::model::{Case, MoveKind, Outcome, ReportWay, Story};
use super::super::queries::{self, Marks, Report, Verdict};
use super::show::Show;
use crate::base::clock::instant;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::store::Store;
use crate::base::upload::Upload;
use crate::base::web::{Page, Path};
use crate::base::words;
use crate::org::TrayId;
use crate::org::access::Visit;
use crate::org::photos::{self, Step};
use crate::work::{AssignmentId, WhistleId, phrases};

/// What any move may carry; each move reads its own part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    pub(super) version: String,
    pub(super) once: String,
    /// The tray in which its photos stand.
    pub(super) tray: String,
    pub(super) words: String,
    /// The phrase to be put before the words.
    pub(super) phrase: String,
    pub(super) way: String,
    pub(super) at: String,
    pub(super) who: String,
    pub(super) whom: String,
    pub(super) passed: String,
    pub(super) rework: Vec<String>,
    pub(super) outcome: String,
    pub(super) is_one: String,
    pub(super) kind_right: String,
    pub(super) facts_right: String,
    pub(super) cooperation: String,
    pub(super) assignment: Vec<String>,
    pub(super) speed: Vec<String>,
    pub(super) attendance: Vec<String>,
    pub(super) result: Vec<String>,
    pub(super) attitude: Vec<String>,
    pub(super) helped: Vec<String>,
    pub(super) comment: Vec<String>,
}

impl MoveForm {
    /// An empty form; the time of a report begins as now.
    pub(super) fn for_today(now: DateTime<Utc>) -> Self {
        Self {
            at: words::minute(now),
            ..Self::default()
        }
    }

    /// Name, label and typed value of the five marks at a row.
    pub(super) fn marks_at(&self, row: &usize) -> [(&'static str, &'static str, String); 5] {
        let at = |values: &[String]| values.get(*row).cloned().unwrap_or_default();
        [
            ("speed", "速度", at(&self.speed)),
            ("attendance", "到场", at(&self.attendance)),
            ("result", "结果", at(&self.result)),
            ("attitude", "态度", at(&self.attitude)),
            ("helped", "配合", at(&self.helped)),
        ]
    }

    /// The comment typed at a row.
    pub(super) fn comment_at(&self, row: &usize) -> &str {
        self.comment.get(*row).map_or("", String::as_str)
    }

    /// What was typed, for the page that shows both versions.
    fn typed(&self) -> Vec<(&'static str, String)> {
        let plain = [
            ("说明", &self.words),
            ("谁来的", &self.who),
            ("报到时间", &self.at),
        ];
        let mut typed: Vec<_> = plain
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| (label, value.clone()))
            .collect();
        typed.extend(
            self.comment
                .iter()
                .filter(|c| !c.is_empty())
                .map(|c| ("评语", c.clone())),
        );
        typed
    }
}

/// Does one move, or shows the page again with what was typed.
pub(super) async fn perform(
    State(db): State<Db>,
    Extension(store): Extension<Store>,
    visit: Visit,
    Path((id, path)): Path<(WhistleId, String)>,
    upload: Upload,
) -> Result<Response> {
    let mv = MoveKind::read(&path)
        .filter(|mv| *mv != MoveKind::Edit)
        .ok_or(Error::NotFound)?;
    let (mut visit, came) = photos::taken(&db, &store, visit, upload).await?;
    let mut form: MoveForm = came.typed.into_form()?;
    form.tray = came.tray.map_or_else(String::new, |t| t.to_string());
    if mv == MoveKind::Check && form.passed == "yes" && !form.phrase.is_empty() {
        let mut errors = FieldErrors::new();
        errors.add("phrase", "这是不通过时用的。核查通过的请选“不套用”。");
        return again(visit, id, mv, form, Again::Invalid(errors)).await;
    }
    if phrased(mv).is_some() {
        phrases::put_before(&mut form.phrase, &mut form.words);
    }
    if !came.errors.is_empty() {
        let why = Again::Invalid(came.errors);
        return again(visit, id, mv, form, why).await;
    }
    // A draft that the community has back is its own again; the street sees it no more.
    let location = if mv == MoveKind::SendBack {
        "/".to_owned()
    } else {
        format!("/whistles/{id}?done={path}")
    };
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match act(&mut visit, (id, mv), &form, came.tray).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, id, mv, form, why).await
        }
    }
}

/// The page again: typed words kept, the reason beside the field or on top.
async fn again(
    mut visit: Visit,
    id: WhistleId,
    mv: MoveKind,
    form: MoveForm,
    why: Again,
) -> Result<Response> {
    let (case, story) = queries::told(&mut visit.tx, &visit.me, id).await?;
    let mut page = Show::of(&visit, case, story);
    page.doing = page.moves.contains(&mv).then_some(mv).or(page.doing);
    let status = why.status();
    if let Some(step) = page.doing.and_then(photographed) {
        let tray = form.tray.parse().ok();
        page.tray = photos::tray(&mut visit.tx, &visit.me, tray, step).await?;
    }
    match why {
        Again::Invalid(errors) => {
            page.tray = page.tray.wrong(&errors);
            page.errors = errors;
        }
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            page.conflict = both_versions((&page.case, &page.story), mv, &form, visit.tx.now);
        }
    }
    page.form = form;
    Ok((status, Page(page)).into_response())
}

/// How the whistle stands now, and what was to be done to it.
fn both_versions(
    (case, story): (&Case, &Story),
    mv: MoveKind,
    form: &MoveForm,
    now: DateTime<Utc>,
) -> Vec<(&'static str, String)> {
    let last = story.timeline.first().map_or(String::new(), |e| {
        let at = words::short_minute(e.at, now);
        format!(
            "{at} {} {} {}。{}",
            e.seat,
            e.person_name,
            e.label(),
            e.sentence
        )
    });
    let mut both = vec![
        ("现在", case.stage_label().to_owned()),
        ("最近一步", last),
        ("您要办", mv.label().to_owned()),
    ];
    both.extend(form.typed());
    both
}

/// The step whose phrases a move's form offers.
pub(super) fn phrased(mv: MoveKind) -> Option<phrases::Step> {
    match mv {
        MoveKind::SendBack | MoveKind::Refuse => Some(phrases::Step::Refuse),
        MoveKind::FeedBack => Some(phrases::Step::FeedBack),
        MoveKind::Check => Some(phrases::Step::CheckFailed),
        MoveKind::Close => Some(phrases::Step::Close),
        MoveKind::Edit
        | MoveKind::Request
        | MoveKind::Submit
        | MoveKind::Sound
        | MoveKind::Approve
        | MoveKind::Verify
        | MoveKind::Sign
        | MoveKind::Report
        | MoveKind::Handle
        | MoveKind::MarkUncooperative
        | MoveKind::Rate
        | MoveKind::Review
        | MoveKind::Withdraw => None,
    }
}

/// The step whose photos a move's form takes.
pub(super) fn photographed(mv: MoveKind) -> Option<Step> {
    match mv {
        MoveKind::Report => Some(Step::OnSite),
        MoveKind::Handle => Some(Step::Progress),
        MoveKind::FeedBack => Some(Step::Finished),
        MoveKind::Check => Some(Step::Check),
        MoveKind::Edit
        | MoveKind::Request
        | MoveKind::SendBack
        | MoveKind::Submit
        | MoveKind::Sound
        | MoveKind::Approve
        | MoveKind::Refuse
        | MoveKind::Verify
        | MoveKind::Sign
        | MoveKind::MarkUncooperative
        | MoveKind::Rate
        | MoveKind::Review
        | MoveKind::Close
        | MoveKind::Withdraw => None,
    }
}

async fn act(
    visit: &mut Visit,
    (id, mv): (WhistleId, MoveKind),
    form: &MoveForm,
    tray: Option<TrayId>,
) -> Result<()> {
    let version = form
        .version
        .parse()
        .map_err(|_| Error::Unreadable("表单不完整。请返回哨单，刷新后重新填写。"))?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    let seen = Seen { id, version };
    match mv {
        MoveKind::Edit => Err(Error::NotFound),
        MoveKind::Request => actions::request(tx, me, seen).await,
        MoveKind::SendBack => actions::send_back(tx, me, seen, &needed(form, "退回理由")?).await,
        MoveKind::Submit => actions::submit(tx, me, seen).await,
        MoveKind::Sound => actions::sound(tx, me, seen).await,
        MoveKind::Approve => actions::approve(tx, me, seen, &optional(form, "意见")?).await,
        MoveKind::Refuse => actions::refuse(tx, me, seen, &needed(form, "不同意的理由")?).await,
        MoveKind::Verify => {
            let (is_one, words) = verification(form)?;
            actions::verify(tx, me, seen, is_one, &words).await
        }
        MoveKind::Sign => actions::sign(tx, me, seen).await,
        MoveKind::Report => actions::report(tx, me, seen, &report(form)?, tray).await,
        MoveKind::Handle => actions::handle(tx, me, seen, &needed(form, "处置情况")?, tray).await,
        MoveKind::FeedBack => {
            actions::feed_back(tx, me, seen, &needed(form, "处理结果")?, tray).await
        }
        MoveKind::MarkUncooperative => {
            let (whom, reason) = uncooperative(form)?;
            actions::mark_uncooperative(tx, me, seen, whom, &reason).await
        }
        MoveKind::Check => {
            let (words, rework) = check(form)?;
            actions::check(tx, me, seen, (&words, rework.as_deref()), tray).await
        }
        MoveKind::Rate => actions::rate(tx, me, seen, |case| marks(form, case)).await,
        MoveKind::Review => actions::review(tx, me, seen, &verdict(form)?).await,
        MoveKind::Close => {
            let (outcome, words) = closing(form)?;
            actions::close(tx, me, seen, outcome, &words).await
        }
        MoveKind::Withdraw => actions::withdraw(tx, me, seen, &needed(form, "撤回理由")?).await,
    }
}

/// Words that must be there.
fn needed(form: &MoveForm, label: &str) -> Result<String> {
    let mut errors = FieldErrors::new();
    let words = errors.text("words", label, &form.words, (2, 500));
    errors.or(words).map_err(Error::Invalid)
}

/// Words that may be there.
fn optional(form: &MoveForm, label: &str) -> Result<String> {
    let mut errors = FieldErrors::new();
    let words = errors.text("words", label, &form.words, (0, 500));
    errors.or(words).map_err(Error::Invalid)
}

fn verification(form: &MoveForm) -> Result<(bool, String)> {
    let mut errors = FieldErrors::new();
    let is_one = yes_or_no(&mut errors, "is_one", "是否属于应急", &form.is_one);
    let words = errors.text("words", "核实情况", &form.words, (2, 500));
    errors.or((is_one, words)).map_err(Error::Invalid)
}

fn yes_or_no(errors: &mut FieldErrors, field: &str, label: &str, typed: &str) -> bool {
    if typed != "yes" && typed != "no" {
        errors.add(field, format!("请选择{label}。"));
    }
    typed == "yes"
}

fn report(form: &MoveForm) -> Result<Report> {
    let mut errors = FieldErrors::new();
    let way = errors
        .choice("way", "报到方式", &form.way)
        .unwrap_or(ReportWay::OnSite);
    let at = minute(&form.at);
    if at.is_none() {
        errors.add("at", "报到时间写成 2026-11-23 14:05 的样子。");
    }
    let who = errors.text("who", "谁来的", &form.who, (1, 100));
    let agreed = errors.text("words", "商定事项", &form.words, (0, 500));
    let at = at.unwrap_or_default();
    errors
        .or(Report {
            way,
            at,
            who,
            agreed,
        })
        .map_err(Error::Invalid)
}

/// A local minute as people write it.
pub(super) fn minute(typed: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(typed.trim(), "%Y-%m-%d %H:%M");
    local.ok().map(instant)
}

fn uncooperative(form: &MoveForm) -> Result<(AssignmentId, String)> {
    let mut errors = FieldErrors::new();
    let whom = errors.choice::<AssignmentId>("whom", "未配合的部门", &form.whom);
    let reason = errors.text("words", "理由", &form.words, (2, 500));
    match whom {
        Some(whom) if errors.is_empty() => Ok((whom, reason)),
        _ => Err(Error::Invalid(errors)),
    }
}

fn check(form: &MoveForm) -> Result<(String, Option<Vec<AssignmentId>>)> {
    let mut errors = FieldErrors::new();
    let passed = yes_or_no(&mut errors, "passed", "核查结果", &form.passed);
    let least = if passed { 0 } else { 2 };
    let label = if passed {
        "核查情况"
    } else {
        "不通过的理由"
    };
    let words = errors.text("words", label, &form.words, (least, 500));
    let rework: Vec<_> = form
        .rework
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    errors
        .or((words, (!passed).then_some(rework)))
        .map_err(Error::Invalid)
}

/// Each department is rated, all five marks; words at 1 and 5.
fn marks(form: &MoveForm, case: &Case) -> Result<Vec<Marks>> {
    let mut errors = FieldErrors::new();
    let mut all = Vec::new();
    for (row, assignment) in case.bound().enumerate() {
        let at = form
            .assignment
            .iter()
            .position(|id| *id == assignment.id.to_string());
        let typed = |values: &[String]| {
            at.and_then(|at| values.get(at))
                .cloned()
                .unwrap_or_default()
        };
        let fields = [
            ("speed", "速度", &form.speed),
            ("attendance", "到场", &form.attendance),
            ("result", "结果", &form.result),
            ("attitude", "态度", &form.attitude),
            ("helped", "配合", &form.helped),
        ];
        let field = format!("rating-{row}");
        let marks = fields.map(|(_, label, values)| {
            errors.mark(
                &field,
                &format!("{}的{label}", assignment.department),
                &typed(values),
            )
        });
        let extreme = marks.iter().any(|m| *m == 1 || *m == 5);
        let comment = typed(&form.comment);
        if extreme && comment.trim().chars().count() < 2 {
            errors.add(
                &field,
                format!("{}有 1 分或 5 分，请写明理由。", assignment.department),
            );
        }
        let words = errors.text(&field, "评语", &comment, (0, 500));
        all.push(Marks {
            assignment: assignment.id,
            marks,
            words,
        });
    }
    errors.or(all).map_err(Error::Invalid)
}

fn verdict(form: &MoveForm) -> Result<Verdict> {
    let mut errors = FieldErrors::new();
    let kind_right = yes_or_no(&mut errors, "kind_right", "种类是否恰当", &form.kind_right);
    let facts_right = yes_or_no(
        &mut errors,
        "facts_right",
        "情况是否属实",
        &form.facts_right,
    );
    let cooperation = errors.mark("cooperation", "街道配合", &form.cooperation);
    let extreme = cooperation == 1 || cooperation == 5;
    if extreme && form.words.trim().chars().count() < 2 {
        errors.add("words", "打 1 分或 5 分，请写明理由。");
    }
    let words = errors.text("words", "说明", &form.words, (0, 500));
    errors
        .or(Verdict {
            kind_right,
            facts_right,
            cooperation,
            words,
        })
        .map_err(Error::Invalid)
}

fn closing(form: &MoveForm) -> Result<(Outcome, String)> {
    let mut errors = FieldErrors::new();
    let outcome = errors.choice::<Outcome>("outcome", "办结结果", &form.outcome);
    let words = errors.text("words", "办结说明", &form.words, (0, 500));
    match outcome {
        Some(outcome) if errors.is_empty() => Ok((outcome, words)),
        _ => Err(Error::Invalid(errors)),
    }
}
