//! The verbs of a whistle: load and lock, let the model decide, store, record one event. None
//! commits; the page does.

mod others;

pub use others::{hold, look, reassign, reopen, wait_for_turn};

use chrono::{DateTime, Utc};

use super::model::{
    Assignment, AssignmentStage, Case, Kind, MoveKind, Outcome, ReportWay, Role, Side,
    choice_lacks, meeting_lacks,
};
use super::queries::{self, Draft, Marks, Report, Verdict};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::TrayId;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::photos::{self, Step};
use crate::work::clocks::{self, Limits, Of, Stage as Timed};
use crate::work::duties::Proposal;
use crate::work::numbers::{self, Series};
use crate::work::{AssignmentId, WhistleId, matters, requests, told, visits};

/// Which whistle, and the state its form was drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) id: WhistleId,
    pub(super) version: i32,
}

/// The whistle, locked, if the move is open to the viewer and nobody was first.
async fn opened(tx: &mut Tx, me: &Viewer, seen: Seen, mv: MoveKind) -> Result<Case> {
    let case = queries::hold(tx, me, seen.id).await?;
    if case.version != seen.version {
        return Err(Error::Stale);
    }
    case.may(mv, me)?;
    Ok(case)
}

/// The whistle and the viewer's own assignment on it. Assignments have versions of their own:
/// what one department does does not make another's form stale.
async fn opened_own(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    mv: MoveKind,
) -> Result<(Case, Assignment)> {
    let case = queries::hold(tx, me, seen.id).await?;
    let mine = case.mine(me).cloned().ok_or(Error::Forbidden)?;
    if mine.version != seen.version {
        return Err(Error::Stale);
    }
    case.may(mv, me)?;
    Ok((case, mine))
}

/// Records the act and tells whom it concerns; the last thing an act does.
async fn note(tx: &mut Tx, me: &Viewer, id: WhistleId, verb: Verb, sentence: &str) -> Result<()> {
    events::record(tx, me, (Subject::Whistle, id.0), verb, sentence).await?;
    told::tell(tx, By::Post(me), id, verb, sentence).await
}

/// Records a step with what was photographed.
async fn note_shown(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    (verb, sentence): (Verb, &str),
    (step, tray): (Step, Option<TrayId>),
) -> Result<()> {
    let subject = (Subject::Whistle, id.0);
    let event = events::record_step(tx, me, subject, verb, sentence).await?;
    photos::attach(tx, me, tray, (event, step)).await?;
    told::tell(tx, By::Post(me), id, verb, sentence).await
}

/// The limits of a whistle: those it sounded under, or today's.
async fn limits(tx: &mut Tx, me: &Viewer, case: &Case) -> Result<Limits> {
    clocks::limits_of(tx, me.tenant, (case.id.0, case.kind, case.limits_id)).await
}

/// Starts a clock of the whole whistle.
async fn time(tx: &mut Tx, me: &Viewer, case: &Case, stage: Timed) -> Result<()> {
    let limits = limits(tx, me, case).await?;
    clocks::start(tx, me.tenant, Of::Whistle(case.id.0), &limits, &[stage]).await
}

/// Stops a clock of the whole whistle.
async fn in_time(tx: &mut Tx, me: &Viewer, id: WhistleId, stage: Timed) -> Result<()> {
    clocks::stop(tx, me.tenant, Of::Whistle(id.0), &[stage], stage.label()).await
}

/// Stops clocks of one assignment.
async fn department_in_time(
    tx: &mut Tx,
    me: &Viewer,
    (id, assignment): (WhistleId, AssignmentId),
    stages: &[Timed],
    reason: &str,
) -> Result<()> {
    let of = Of::Assignment(id.0, assignment.0);
    clocks::stop(tx, me.tenant, of, stages, reason).await
}

/// Keeps a new draft.
pub(super) async fn draft(tx: &mut Tx, me: &Viewer, id: WhistleId, draft: &Draft) -> Result<()> {
    queries::keep_draft(tx, me, id, draft, true).await?;
    note(
        tx,
        me,
        id,
        Verb::Draft,
        &format!("{}：{}。", draft.kind.label(), draft.title),
    )
    .await
}

/// Changes a draft.
pub(super) async fn edit(tx: &mut Tx, me: &Viewer, seen: Seen, draft: &Draft) -> Result<()> {
    opened(tx, me, seen, MoveKind::Edit).await?;
    queries::keep_draft(tx, me, seen.id, draft, false).await
}

/// What a draft still lacks before it can go anywhere. `cited` is what the duty list proposes. A
/// community may leave the meeting to its street, which names it.
pub(super) fn lacks(
    draft: &Draft,
    cited: Option<&Proposal>,
    (now, by_street): (DateTime<Utc>, bool),
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let named = by_street || draft.meets_at.is_some();
    if let Some(lack) = meeting_lacks(draft.kind, draft.meets_at, now).filter(|_| named) {
        errors.add("meets_at", lack);
    }
    if draft.kind != Kind::Emergency {
        if draft.matters.is_empty() {
            errors.add("matters", "请勾选这张哨单来自哪件事项。");
        }
        if draft.own_measures.is_empty() {
            errors.add(
                "own_measures",
                "请写明街道、社区自己做了什么；自己能办的不吹哨。",
            );
        }
    }
    if draft.problem.is_empty() {
        errors.add("problem", "请写明问题。");
    }
    if draft.closing_condition.is_empty() {
        errors.add(
            "closing_condition",
            "请写明办到什么程度算办结，核查时照此看。",
        );
    }
    if draft
        .asks
        .first()
        .is_none_or(|(role, _, _)| *role != Role::Lead)
    {
        errors.add("lead", "请选定一个主办部门。");
    }
    if draft.asks.iter().any(|(_, _, ask)| ask.is_empty()) {
        errors.add("lead", "请给每个部门写明请它办什么。");
    }
    let lead = draft.asks.first().map(|(_, department, _)| *department);
    let proposed = cited.map(|p| p.lead_id);
    // Without a matter there is nothing to look up; that is said already.
    if let Some(lack) = choice_lacks(draft.kind, proposed, lead, &draft.choice_reason)
        && !draft.matters.is_empty()
    {
        errors.add("choice_reason", lack);
    }
    errors
}

/// Whether a kept draft says why this department leads; its own page also sends it on.
fn founded(case: &Case) -> Result<()> {
    match case.choice_lacks() {
        Some(lack) => Err(Error::Refused(format!("{lack}{AMEND}"))),
        None => Ok(()),
    }
}

/// Whether a kept draft names a meeting that is still ahead, if its kind has one; its own page also
/// sends it on, and its approval can come too late.
fn meets(case: &Case, now: DateTime<Utc>, first: &str) -> Result<()> {
    match case.meeting_lacks(now) {
        Some(lack) => Err(Error::Refused(format!("{lack}{first}"))),
        None => Ok(()),
    }
}

/// What is to be done about a draft before it is sent.
const AMEND: &str = "请先改草稿，再送出。";

/// A community asks its street to blow the whistle.
pub(super) async fn request(tx: &mut Tx, me: &Viewer, seen: Seen) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Request).await?;
    founded(&case)?;
    if case.meets_at.is_some() {
        meets(&case, tx.now, AMEND)?;
    }
    queries::stage(tx, me, seen.id, case.leads_to(MoveKind::Request, true)).await?;
    time(tx, me, &case, Timed::Approve).await?;
    matters::raised_with(tx, me, seen.id).await?;
    note(
        tx,
        me,
        seen.id,
        Verb::Request,
        &format!("请{}吹哨。", case.street),
    )
    .await
}

/// The street gives a request back.
pub(super) async fn send_back(tx: &mut Tx, me: &Viewer, seen: Seen, reason: &str) -> Result<()> {
    opened(tx, me, seen, MoveKind::SendBack).await?;
    in_time(tx, me, seen.id, Timed::Approve).await?;
    queries::refuse(tx, me, seen.id, reason).await?;
    note(tx, me, seen.id, Verb::SendBack, reason).await
}

/// Sends a draft for approval.
pub(super) async fn submit(tx: &mut Tx, me: &Viewer, seen: Seen) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Submit).await?;
    founded(&case)?;
    meets(&case, tx.now, AMEND)?;
    queries::stage(tx, me, seen.id, case.leads_to(MoveKind::Submit, true)).await?;
    in_time(tx, me, seen.id, Timed::Approve).await?;
    time(tx, me, &case, Timed::Approve).await?;
    note(
        tx,
        me,
        seen.id,
        Verb::Submit,
        &format!("{}。", case.kind.approval()),
    )
    .await
}

/// Blows a whistle that needs no approval.
pub(super) async fn sound(tx: &mut Tx, me: &Viewer, seen: Seen) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Sound).await?;
    founded(&case)?;
    sounds(tx, me, &case, false).await
}

/// Approves; the whistle sounds.
pub(super) async fn approve(tx: &mut Tx, me: &Viewer, seen: Seen, words: &str) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Approve).await?;
    let back = "请写明理由退回，由起草人改草稿后重新送审。";
    meets(&case, tx.now, back)?;
    note(tx, me, seen.id, Verb::Approve, words).await?;
    sounds(tx, me, &case, true).await
}

/// Starts what is timed of a called department. Who is called to a meeting that is still ahead
/// reports in there, whatever the limit; and the first word on a joint enforcement is asked for
/// once its department has reported in, because before the meeting there is nothing to tell.
async fn start_clocks_of(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    (assignment, limits): (AssignmentId, &Limits),
) -> Result<()> {
    let of = Of::Assignment(case.id.0, assignment.0);
    let meeting = case.meeting_ahead(tx.now);
    let stages: &[Timed] = match (case.kind, meeting) {
        (Kind::JointEnforcement, Some(_)) => &[Timed::Sign, Timed::Close],
        (Kind::JointEnforcement, None) => &[Timed::Sign, Timed::Report, Timed::Close],
        (Kind::Routine | Kind::Express | Kind::Tough | Kind::Emergency, _) => &[
            Timed::Sign,
            Timed::Report,
            Timed::FirstFeedback,
            Timed::Close,
        ],
    };
    clocks::start(tx, me.tenant, of, limits, stages).await?;
    match meeting {
        Some(at) => clocks::start_until(tx, me.tenant, of, None, (Timed::Report, at)).await,
        None => Ok(()),
    }
}

/// Every called department is timed from now on, and so is the verification of an emergency.
async fn start_clocks(tx: &mut Tx, me: &Viewer, case: &Case, limits: &Limits) -> Result<()> {
    for assignment in &case.assignments {
        start_clocks_of(tx, me, case, (assignment.id, limits)).await?;
    }
    if case.kind == Kind::Emergency {
        let of = Of::Whistle(case.id.0);
        clocks::start(tx, me.tenant, of, limits, &[Timed::Verify]).await?;
    }
    Ok(())
}

/// It gets its number and every named department its assignment.
async fn sounds(tx: &mut Tx, me: &Viewer, case: &Case, approved: bool) -> Result<()> {
    in_time(tx, me, case.id, Timed::Approve).await?;
    let limits = limits(tx, me, case).await?;
    let number = numbers::take(tx, me, Series::Whistle, case.kind.letter()).await?;
    queries::sound(tx, me, case, &number, approved, limits.version()).await?;
    start_clocks(tx, me, case, &limits).await?;
    let sentence = format!("{}{}", whom(case), case.grounds());
    note(tx, me, case.id, Verb::Sound, &sentence).await?;
    matters::sounded(tx, me, case.id, &number).await
}

/// Who is called, and to which meeting.
fn whom(case: &Case) -> String {
    let lead = case.lead().map_or("", |a| a.department.as_str());
    let assists: Vec<&str> = case
        .assignments
        .iter()
        .filter(|a| a.role == Role::Assist)
        .map(|a| a.department.as_str())
        .collect();
    let whom = if assists.is_empty() {
        format!("主办{lead}。")
    } else {
        format!("主办{lead}，协办{}。", assists.join("、"))
    };
    match case.meets_at {
        Some(at) => format!("{whom}{} 集合。", words::minute(at)),
        None => whom,
    }
}

/// Refuses; the draft goes back to its drafter.
pub(super) async fn refuse(tx: &mut Tx, me: &Viewer, seen: Seen, reason: &str) -> Result<()> {
    opened(tx, me, seen, MoveKind::Refuse).await?;
    in_time(tx, me, seen.id, Timed::Approve).await?;
    queries::refuse(tx, me, seen.id, reason).await?;
    note(tx, me, seen.id, Verb::Refuse, reason).await
}

/// Says afterwards whether an emergency was one.
pub(super) async fn verify(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    is_one: bool,
    words: &str,
) -> Result<()> {
    opened(tx, me, seen, MoveKind::Verify).await?;
    queries::verify(tx, me, seen.id, is_one, words).await?;
    in_time(tx, me, seen.id, Timed::Verify).await?;
    let verdict = if is_one {
        "属于应急。"
    } else {
        "不属于应急，计入哨单质量。"
    };
    note(tx, me, seen.id, Verb::Verify, &format!("{verdict}{words}")).await
}

/// The department takes its assignment.
pub(super) async fn sign(tx: &mut Tx, me: &Viewer, seen: Seen) -> Result<()> {
    let (_, mine) = opened_own(tx, me, seen, MoveKind::Sign).await?;
    queries::step(tx, me, (seen.id, mine.id), "sign", "").await?;
    queries::sign(tx, me, mine.id).await?;
    department_in_time(tx, me, (seen.id, mine.id), &[Timed::Sign], "签收").await?;
    note(tx, me, seen.id, Verb::Sign, "").await
}

/// The department reports in; it cannot have come before it was called, nor in the future.
pub(super) async fn report(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    report: &Report,
    tray: Option<TrayId>,
) -> Result<()> {
    let (case, mine) = opened_own(tx, me, seen, MoveKind::Report).await?;
    let mut errors = FieldErrors::new();
    if report.at > tx.now + chrono::Duration::minutes(1) {
        errors.add("at", "报到时间不能晚于现在。");
    } else if mine
        .sent_at
        .is_some_and(|sent| before_minute(report.at, sent))
    {
        errors.add("at", "报到时间不能早于吹哨时间。");
    }
    errors.or(()).map_err(Error::Invalid)?;
    let sentence = format!("{}，{}。{}", report.way.label(), report.who, report.agreed);
    queries::step(tx, me, (seen.id, mine.id), "report", &sentence).await?;
    queries::report(tx, me, mine.id, report).await?;
    // What sounded before there were meetings has been asked for its first word already.
    let own = case
        .clocks
        .iter()
        .filter(|c| c.assignment_id == Some(mine.id.0));
    let is_asked = own.into_iter().any(|c| c.stage == Timed::FirstFeedback);
    if case.kind == Kind::JointEnforcement && !is_asked {
        let limits = limits(tx, me, &case).await?;
        let of = Of::Assignment(seen.id.0, mine.id.0);
        clocks::start(tx, me.tenant, of, &limits, &[Timed::FirstFeedback]).await?;
    }
    // What was agreed on the spot is the first word on the work.
    let stages: &[Timed] = if report.agreed.is_empty() {
        &[Timed::Report]
    } else {
        &[Timed::Report, Timed::FirstFeedback]
    };
    department_in_time(tx, me, (seen.id, mine.id), stages, "报到").await?;
    // Who calls from afar has nothing to photograph.
    let step = match report.way {
        ReportWay::OnSite => Step::OnSite,
        ReportWay::Contact => Step::Progress,
    };
    note_shown(tx, me, seen.id, (Verb::Report, &sentence), (step, tray)).await
}

/// People write minutes, the database keeps more.
fn before_minute(at: DateTime<Utc>, other: DateTime<Utc>) -> bool {
    at.timestamp() / 60 < other.timestamp() / 60
}

/// The department records work done.
pub(super) async fn handle(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    words: &str,
    tray: Option<TrayId>,
) -> Result<()> {
    let (_, mine) = opened_own(tx, me, seen, MoveKind::Handle).await?;
    queries::step(tx, me, (seen.id, mine.id), "handle", words).await?;
    department_in_time(tx, me, (seen.id, mine.id), &[Timed::FirstFeedback], "处置").await?;
    queries::touch(tx, me, mine.id).await?;
    note_shown(
        tx,
        me,
        seen.id,
        (Verb::Handle, words),
        (Step::Progress, tray),
    )
    .await
}

/// The department says the result. When nobody is at work any more, the check is due.
pub(super) async fn feed_back(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    result: &str,
    tray: Option<TrayId>,
) -> Result<()> {
    let (case, mine) = opened_own(tx, me, seen, MoveKind::FeedBack).await?;
    queries::step(tx, me, (seen.id, mine.id), "feedback", result).await?;
    queries::feed_back(tx, me, mine.id, result).await?;
    requests::drop_open(tx, By::Post(me), seen.id, Some(mine.id), "本部门已反馈").await?;
    department_in_time(tx, me, (seen.id, mine.id), &[], "反馈").await?;
    let others = case.assignments.iter().filter(|a| a.id != mine.id);
    let all = !others.into_iter().any(|a| a.stage.is_open());
    queries::stage(tx, me, seen.id, case.leads_to(MoveKind::FeedBack, all)).await?;
    if all {
        time(tx, me, &case, Timed::Check).await?;
    }
    note_shown(
        tx,
        me,
        seen.id,
        (Verb::Feedback, result),
        (Step::Finished, tray),
    )
    .await
}

/// The lead marks an assisting department that does not co-operate.
pub(super) async fn mark_uncooperative(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    whom: AssignmentId,
    reason: &str,
) -> Result<()> {
    let (case, mine) = opened_own(tx, me, seen, MoveKind::MarkUncooperative).await?;
    let whom = case
        .open_assists()
        .find(|a| a.id == whom)
        .cloned()
        .ok_or_else(|| {
            Error::Refused("这个协办部门已经反馈或已标记，请刷新看最新情况。".to_owned())
        })?;
    queries::step(tx, me, (seen.id, mine.id), "uncooperative", reason).await?;
    queries::mark_uncooperative(tx, me, whom.id, reason).await?;
    requests::drop_open(tx, By::Post(me), seen.id, Some(whom.id), "已标记未配合").await?;
    department_in_time(tx, me, (seen.id, whom.id), &[], "未配合").await?;
    queries::touch(tx, me, mine.id).await?;
    note(
        tx,
        me,
        seen.id,
        Verb::Uncooperative,
        &format!("{}：{reason}", whom.department),
    )
    .await
}

/// A look on the spot: passed, or which departments go back to work and why.
pub(super) async fn check(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    (words, rework): (&str, Option<&[AssignmentId]>),
    tray: Option<TrayId>,
) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Check).await?;
    let named: Vec<&Assignment> = case
        .assignments
        .iter()
        .filter(|a| {
            rework.is_some_and(|r| r.contains(&a.id)) && a.stage == AssignmentStage::FedBack
        })
        .collect();
    if rework.is_some() && named.is_empty() {
        let mut errors = FieldErrors::new();
        errors.add("rework", "请勾选要返工的部门。");
        return Err(Error::Invalid(errors));
    }
    queries::check(tx, me, &case, words, rework).await?;
    in_time(tx, me, seen.id, Timed::Check).await?;
    let to = case.leads_to(MoveKind::Check, rework.is_none());
    queries::stage(tx, me, seen.id, to).await?;
    if rework.is_none() {
        let limits = limits(tx, me, &case).await?;
        let of = Of::Whistle(seen.id.0);
        clocks::start(tx, me.tenant, of, &limits, &[Timed::Rating]).await?;
        visits::ask(tx, me, seen.id, case.reopened, &limits).await?;
        let passed = (Verb::CheckPass, words);
        return note_shown(tx, me, seen.id, passed, (Step::Check, tray)).await;
    }
    for assignment in &named {
        let of = Of::Assignment(seen.id.0, assignment.id.0);
        clocks::run_on(tx, me.tenant, of, Timed::Close, "返工").await?;
    }
    let names: Vec<&str> = named.iter().map(|a| a.department.as_str()).collect();
    let sentence = format!("{}返工。{words}", names.join("、"));
    let failed = (Verb::CheckFail, sentence.as_str());
    note_shown(tx, me, seen.id, failed, (Step::Check, tray)).await
}

/// One side rates every department, with the marks that were read from a form about the whistle.
pub(super) async fn rate(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    marks: impl FnOnce(&Case) -> Result<Vec<Marks>>,
) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Rate).await?;
    let side = Case::side_of(me.kind).ok_or(Error::Forbidden)?;
    let marks = marks(&case)?;
    for marks in &marks {
        queries::rate(tx, me, seen.id, side, marks).await?;
    }
    let last = case
        .sides()
        .iter()
        .all(|s| *s == side || case.has_rated(*s));
    queries::stage(tx, me, seen.id, case.leads_to(MoveKind::Rate, last)).await?;
    if last {
        in_time(tx, me, seen.id, Timed::Rating).await?;
        time(tx, me, &case, Timed::Conclude).await?;
    }
    let who = match side {
        Side::Street => "街道",
        Side::Community => "社区",
    };
    note(
        tx,
        me,
        seen.id,
        Verb::Rate,
        &format!("{who}评价了 {} 个部门。", marks.len()),
    )
    .await
}

/// A department rates the whistle.
pub(super) async fn review(tx: &mut Tx, me: &Viewer, seen: Seen, verdict: &Verdict) -> Result<()> {
    let (_, mine) = opened_own(tx, me, seen, MoveKind::Review).await?;
    queries::review(tx, me, (seen.id, mine.id), verdict).await?;
    note(tx, me, seen.id, Verb::Review, "").await
}

/// The street closes; the matters behind are solved.
pub(super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    seen: Seen,
    outcome: Outcome,
    words: &str,
) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Close).await?;
    clocks::stop(tx, me.tenant, Of::Whistle(seen.id.0), &[], "办结").await?;
    queries::close(tx, me, seen.id, outcome, words).await?;
    let sentence = format!("{}。{words}", outcome.label());
    note(tx, me, seen.id, Verb::Close, &sentence).await?;
    matters::closed(tx, me, seen.id, case.shown_number(), &sentence).await
}

/// The street calls it back.
pub(super) async fn withdraw(tx: &mut Tx, me: &Viewer, seen: Seen, reason: &str) -> Result<()> {
    let case = opened(tx, me, seen, MoveKind::Withdraw).await?;
    matters::called_back(tx, me, seen.id, case.shown_number(), reason).await?;
    requests::drop_open(tx, By::Post(me), seen.id, None, "哨单已撤回").await?;
    clocks::stop(tx, me.tenant, Of::Whistle(seen.id.0), &[], "撤哨").await?;
    queries::withdraw(tx, me, seen.id, reason).await?;
    note(tx, me, seen.id, Verb::Withdraw, reason).await
}
