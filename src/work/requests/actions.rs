//! The verbs of requests: load and lock, let the model decide, store, record one event, tell. None
//! commits; the page or the sweep does.

use uuid::Uuid;

use super::model::{self, Ask, Kind, Request, State, Turn, breaches_of, latest, soonest, until};
use super::queries::{self, New, Open};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::{DepartmentId, TenantId};
use crate::work::clocks::{self, Of, Rules, Stage as Timed};
use crate::work::duties::{self, Ruling, RulingLevel as Level};
use crate::work::whistles::{self, Assignment, AssignmentStage, Case, Role};
use crate::work::{AssignmentId, MilestoneId, RequestId, WhistleId, told};

/// How many silences one sweep answers at most; the next goes on.
const SWEPT: i64 = 200;

/// Records the act and tells whom it concerns; the last thing an act does.
async fn note(tx: &mut Tx, by: By<'_>, id: WhistleId, verb: Verb, sentence: &str) -> Result<()> {
    events::record_by(tx, by, (Subject::Whistle, id.0), verb, sentence).await?;
    told::tell(tx, by, id, verb, sentence).await
}

/// The decider's time begins.
async fn time(
    tx: &mut Tx,
    tenant: TenantId,
    (whistle, assignment, request): (Uuid, Uuid, RequestId),
    (kind, level, rules): (Kind, Level, &Rules),
) -> Result<()> {
    let limit = kind
        .limit(level, rules)
        .map_err(|refused| Error::Refused(refused.to_string()))?;
    let of = Of::Assignment(whistle, assignment);
    clocks::start_one(tx, tenant, of, Some(request.0), (Timed::Decide, limit)).await
}

/// The decider's time ends, whatever came of it.
async fn in_time(tx: &mut Tx, tenant: TenantId, of: (Uuid, Uuid), reason: &str) -> Result<()> {
    let of = Of::Assignment(of.0, of.1);
    clocks::stop(tx, tenant, of, &[Timed::Decide], reason).await
}

/// One field that is wrong.
fn wrong(field: &str, sentence: impl Into<String>) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

/// Asks for something; answers the request.
pub(super) async fn ask(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    ask: &Ask,
    reason: &str,
) -> Result<RequestId> {
    let case = whistles::hold(tx, me, whistle).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_ask(ask.kind())?;
    let mine = case.mine(me).ok_or(Error::Forbidden)?;
    let level = turn.first_level(ask.kind());
    let (verb, words) = checked(tx, me, &case, ask).await?;
    let id = RequestId::at(now);
    let new = New {
        proposed: match ask {
            Ask::Return(department, _) => Some(department.0),
            Ask::Extension | Ask::Suspension(..) | Ask::Appeal(_) => None,
        },
        duty: match ask {
            Ask::Return(_, item) => Some(item.0),
            Ask::Extension | Ask::Suspension(..) | Ask::Appeal(_) => None,
        },
        until: match ask {
            Ask::Suspension(day, _) => Some(*day),
            Ask::Return(..) | Ask::Extension | Ask::Appeal(_) => None,
        },
        cause: match ask {
            Ask::Appeal(cause) => Some(*cause),
            Ask::Return(..) | Ask::Extension | Ask::Suspension(..) => None,
        },
        ..asked(id, &case, mine, (ask.kind(), level), reason)
    };
    queries::insert(tx, me, &new).await?;
    if let Ask::Suspension(_, milestones) = ask {
        for (day, words) in milestones {
            queries::add_milestone(tx, me, (id, whistle), (*day, words)).await?;
        }
    }
    let of = (whistle.0, mine.id.0, id);
    time(tx, me.tenant, of, (ask.kind(), level, &case.rules)).await?;
    let sentence = format!("{words}理由：{reason}");
    note(tx, By::Post(me), whistle, verb, &sentence).await?;
    Ok(id)
}

/// The plain part of a new request.
fn asked<'a>(
    id: RequestId,
    case: &Case,
    mine: &Assignment,
    (kind, level): (Kind, Level),
    reason: &'a str,
) -> New<'a> {
    New {
        id,
        whistle: case.id,
        assignment: mine.id,
        kind,
        level: level.into(),
        reason,
        proposed: None,
        duty: None,
        until: None,
        cause: None,
    }
}

/// What only the whistle and the list can say about what is asked; its verb and its words.
async fn checked(tx: &mut Tx, me: &Viewer, case: &Case, ask: &Ask) -> Result<(Verb, String)> {
    match ask {
        Ask::Return(department, item) => {
            if me.department() == Some(*department) {
                return Err(wrong("department", "应负责的部门不能是本部门，请另选。"));
            }
            let name = takes(tx, me, case, *department).await?;
            if !queries::in_force(tx, me, item.0).await? {
                return Err(wrong("item", "请选择现行权责清单中的一项作依据。"));
            }
            Ok((Verb::AskReturn, format!("认为应由{name}负责。")))
        }
        Ask::Extension => Ok((Verb::AskExtension, String::new())),
        Ask::Suspension(day, milestones) => {
            let today = tx.today();
            if *day < soonest(today) || *day > latest(today) {
                return Err(wrong(
                    "until",
                    format!(
                        "挂账日期写 {} 至 {}。",
                        words::day(soonest(today)),
                        words::day(latest(today))
                    ),
                ));
            }
            if milestones.is_empty() {
                return Err(wrong(
                    "milestone-0",
                    "至少写一个节点：到哪天，办到什么程度。",
                ));
            }
            if milestones.iter().any(|(at, _)| at > day || *at < today) {
                return Err(wrong(
                    "milestone-0",
                    "节点日期不能早于今天，也不能晚于挂账日期。",
                ));
            }
            let words = format!("挂账至 {}，{} 个节点。", words::day(*day), milestones.len());
            Ok((Verb::AskSuspension, words))
        }
        Ask::Appeal(cause) => Ok((Verb::Appeal, format!("{}。", cause.label()))),
    }
}

/// The name of a department that can take a part of the whistle.
async fn takes(tx: &mut Tx, me: &Viewer, case: &Case, id: DepartmentId) -> Result<String> {
    let name = queries::department(tx, me, id.0).await?;
    let name = name.ok_or_else(|| wrong("department", "请选择应负责的部门。"))?;
    let known = case.assignments.iter().find(|a| a.department_id == id);
    match known.map(|a| a.stage) {
        Some(AssignmentStage::Relieved) => Err(wrong(
            "department",
            format!("{name}已从这张哨单改派出去，不能再派回，请另选。"),
        )),
        Some(AssignmentStage::Uncooperative) => Err(wrong(
            "department",
            format!("{name}已被标记未配合，不能接办，请另选。"),
        )),
        _ => Ok(name),
    }
}

/// A decision as it is typed.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) grants: bool,
    pub(super) words: String,
    /// Who has it from now on, for a return.
    pub(super) to: Option<DepartmentId>,
}

/// The whistle, locked, and the request, if the viewer saw its present state.
async fn opened(
    tx: &mut Tx,
    me: &Viewer,
    (whistle, id): (WhistleId, RequestId),
    version: i32,
) -> Result<(Case, Request)> {
    let case = whistles::hold(tx, me, whistle).await?;
    let found = case.requests.iter().find(|r| r.id == id).cloned();
    let request = found.ok_or(Error::NotFound)?;
    if request.version != version {
        return Err(Error::Stale);
    }
    Ok((case, request))
}

/// Decides.
pub(super) async fn decide(
    tx: &mut Tx,
    me: &Viewer,
    of: (WhistleId, RequestId),
    version: i32,
    verdict: &Verdict,
) -> Result<()> {
    let (case, request) = opened(tx, me, of, version).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_decide(&request)?;
    let state = if verdict.grants {
        State::Granted
    } else {
        State::Denied
    };
    in_time(tx, me.tenant, (case.id.0, request.assignment_id.0), "答复").await?;
    queries::end(tx, By::Post(me), request.id, state, &verdict.words).await?;
    let (verb, sentence) = if verdict.grants {
        granted(tx, me, &case, &request, verdict).await?
    } else {
        let verb = match request.kind {
            Kind::Return => Verb::DenyReturn,
            Kind::Extension => Verb::DenyExtension,
            Kind::Suspension => Verb::DenySuspension,
            Kind::Appeal => Verb::DenyAppeal,
        };
        (verb, format!("{}：{}", request.department, verdict.words))
    };
    note(tx, By::Post(me), case.id, verb, &sentence).await
}

/// What a granted request does; the verb and the sentence of it.
async fn granted(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    request: &Request,
    verdict: &Verdict,
) -> Result<(Verb, String)> {
    let words = &verdict.words;
    let own = |a: &&Assignment| a.id == request.assignment_id;
    let own = case.assignments.iter().find(own).ok_or(Error::NotFound)?;
    match request.kind {
        Kind::Return => {
            let whom = give(tx, me, case, (own, request), verdict).await?;
            Ok((Verb::Reassign, format!("{whom}{words}")))
        }
        Kind::Extension => {
            let due = extend(tx, me, case, own).await?;
            let sentence = format!("{}反馈期限延至 {due}。{words}", own.department);
            Ok((Verb::GrantExtension, sentence))
        }
        Kind::Suspension => {
            let day = request.until_day.ok_or(Error::NotFound)?;
            put_aside(tx, me, case, request.id, day).await?;
            let sentence = format!("挂账至 {}，其间停办停表。{words}", words::day(day));
            Ok((Verb::Suspend, sentence))
        }
        Kind::Appeal => {
            let breaches = breaches_of(case, own.id);
            for clock in &breaches {
                queries::exempt(tx, me, clock.id, request.id).await?;
            }
            let sentence = format!("{} {} 次超期。{words}", own.department, breaches.len());
            Ok((Verb::Exempt, sentence))
        }
    }
}

/// Gives the part of a department to another and keeps the ruling as a precedent.
async fn give(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    (own, request): (&Assignment, &Request),
    verdict: &Verdict,
) -> Result<String> {
    let to = match verdict.to {
        Some(to) => {
            if to == own.department_id {
                return Err(wrong("department", "改派须另选一个部门。"));
            }
            Some((to, takes(tx, me, case, to).await?))
        }
        None if own.role == Role::Lead => {
            return Err(wrong("department", "请选择新的主办部门。"));
        }
        None => None,
    };
    whistles::reassign(tx, me, case, own, to.as_ref().map(|t| t.0)).await?;
    if let (Some((lead, _)), Some(duty)) = (&to, &request.duty) {
        let ruling = Ruling {
            item: duty.id,
            whistle: Some(case.id),
            words: verdict.words.clone(),
            lead: *lead,
            level: request.level,
        };
        duties::add_precedent(tx, me, &ruling).await?;
    }
    Ok(match to {
        Some((_, name)) => format!("{}改为{name}{}。", own.department, own.role.label()),
        None => format!("{}不再协办。", own.department),
    })
}

/// One more original limit; answers the new due time.
async fn extend(tx: &mut Tx, me: &Viewer, case: &Case, own: &Assignment) -> Result<String> {
    const STOPPED: &str = "反馈时限已经不在计时，不能延期。";
    let clocks = case.clocks.iter();
    let clock = clocks
        .filter(|c| c.assignment_id == Some(own.id.0) && c.stage == Timed::Close)
        .find(|c| c.is_running())
        .ok_or_else(|| Error::Refused(STOPPED.to_owned()))?;
    let of = Of::Assignment(case.id.0, own.id.0);
    let due = clocks::extend(tx, me.tenant, of, Timed::Close, clock.amount).await?;
    due.map(words::minute)
        .ok_or_else(|| Error::Refused("新的期限算不出来，请先请市治理办录入放假安排。".to_owned()))
}

/// Stands every department's clocks still until that day.
async fn put_aside(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    request: RequestId,
    day: chrono::NaiveDate,
) -> Result<()> {
    let until = until(&case.calendar, day);
    if until <= tx.now {
        return Err(Error::Refused("挂账日期已过，不能再同意。".to_owned()));
    }
    queries::suspend(tx, me, (request, case.id), until).await?;
    for id in queries::at_work(tx, me.tenant, case.id).await? {
        let of = Of::Assignment(case.id.0, id);
        clocks::pause(tx, me.tenant, of).await?;
        clocks::start_until(tx, me.tenant, of, None, (Timed::Suspension, until)).await?;
    }
    Ok(())
}

/// The department goes one level up, with its dissent.
pub(super) async fn contest(
    tx: &mut Tx,
    me: &Viewer,
    of: (WhistleId, RequestId),
    version: i32,
    dissent: &str,
) -> Result<RequestId> {
    let (case, request) = opened(tx, me, of, version).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_contest(&request)?;
    let mine = case.mine(me).ok_or(Error::Forbidden)?;
    let above = request.kind.above(request.level).ok_or(Error::NotFound)?;
    let id = RequestId::at(now);
    let new = New {
        proposed: request.proposed_id.map(|d| d.0),
        duty: request.duty.as_ref().map(|d| d.id.0),
        cause: request.cause,
        ..asked(id, &case, mine, (request.kind, above), dissent)
    };
    queries::insert(tx, me, &new).await?;
    time(
        tx,
        me.tenant,
        (case.id.0, mine.id.0, id),
        (request.kind, above, &case.rules),
    )
    .await?;
    let sentence = format!("请{}裁定。{dissent}", model::seat_of(request.kind, above));
    note(tx, By::Post(me), case.id, Verb::Contest, &sentence).await?;
    Ok(id)
}

/// The department takes its request back.
pub(super) async fn take_back(
    tx: &mut Tx,
    me: &Viewer,
    of: (WhistleId, RequestId),
    version: i32,
) -> Result<()> {
    let (case, request) = opened(tx, me, of, version).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_take_back(&request)?;
    let mine = Some(request.assignment_id);
    drop_open(tx, By::Post(me), case.id, mine, "申请部门撤回").await
}

/// Open requests that have lost their object end: the work was done, the whistle was called back.
pub async fn drop_open(
    tx: &mut Tx,
    by: By<'_>,
    whistle: WhistleId,
    assignment: Option<AssignmentId>,
    why: &str,
) -> Result<()> {
    for open in queries::open(tx, by.tenant(), whistle, assignment).await? {
        in_time(tx, by.tenant(), (open.whistle, open.assignment), "撤回申请").await?;
        queries::end(tx, by, RequestId(open.id), State::TakenBack, why).await?;
        let sentence = format!("{}申请：{why}。", open.kind.label());
        note(tx, by, whistle, Verb::TakeBack, &sentence).await?;
    }
    Ok(())
}

/// What was put aside goes on, before its day.
pub(super) async fn resume(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    reason: &str,
) -> Result<()> {
    let case = whistles::hold(tx, me, whistle).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_resume()?;
    let sentence = format!("提前复办。{reason}");
    go_on(tx, By::Post(me), whistle, &sentence).await.map(drop)
}

/// Ends the suspension of a whistle and lets its clocks run; says whether one ran.
async fn go_on(tx: &mut Tx, by: By<'_>, whistle: WhistleId, sentence: &str) -> Result<bool> {
    if !queries::unsuspend(tx, by, whistle).await? {
        return Ok(false);
    }
    let tenant = by.tenant();
    for id in queries::at_work(tx, tenant, whistle).await? {
        let of = Of::Assignment(whistle.0, id);
        clocks::stop(tx, tenant, of, &[Timed::Suspension], "复办").await?;
        clocks::resume(tx, tenant, of, "挂账").await?;
    }
    note(tx, by, whistle, Verb::Resume, sentence).await?;
    Ok(true)
}

/// The lead notes that a milestone was reached.
pub(super) async fn reach(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    id: MilestoneId,
) -> Result<()> {
    let case = whistles::hold(tx, me, whistle).await?;
    let now = tx.now;
    let turn = Turn {
        case: &case,
        me,
        now,
    };
    turn.may_resume()?;
    let words = queries::reach(tx, me, whistle, id).await?;
    let words = words
        .ok_or_else(|| Error::Refused("这个节点已经标记完成。请刷新看最新情况。".to_owned()))?;
    note(
        tx,
        By::Post(me),
        whistle,
        Verb::Milestone,
        &format!("{words}。"),
    )
    .await
}

/// Applies the effect of silence to every request on which nobody decided in time, in order, each
/// once; answers how many. For the sweep, which commits.
pub async fn lapse_due(tx: &mut Tx, tenant: TenantId) -> Result<usize> {
    let mut count = 0;
    for open in queries::over(tx, tenant, SWEPT).await? {
        whistles::wait_for_turn(tx, By::Program(tenant), WhistleId(open.whistle)).await?;
        if queries::is_open(tx, tenant, open.id).await? {
            lapse(tx, tenant, &open).await?;
            count += 1;
        }
    }
    Ok(count)
}

async fn lapse(tx: &mut Tx, tenant: TenantId, open: &Open) -> Result<()> {
    let by = By::Program(tenant);
    let level = Level::try_from(open.level).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    let silence = open.kind.silence(level, open.role);
    let id = RequestId(open.id);
    in_time(tx, tenant, (open.whistle, open.assignment), "逾期未决").await?;
    queries::end(tx, by, id, State::Lapsed, silence).await?;
    if let (Kind::Return, Some(above)) = (open.kind, open.kind.above(level)) {
        let next = RequestId::at(tx.now);
        queries::rise(tx, tenant, id, next).await?;
        let of = (open.whistle, open.assignment, next);
        let rules = clocks::rules(tx, tenant, Some(open.whistle)).await?;
        time(tx, tenant, of, (open.kind, above, &rules)).await?;
    }
    let who = model::seat_of(open.kind, level);
    let sentence = format!("{}申请：{who}{silence}", open.kind.label());
    note(tx, by, WhistleId(open.whistle), Verb::Lapse, &sentence).await
}

/// Lets every whistle go on whose suspension is over by its day, each once; answers how many. For
/// the sweep, which commits.
pub async fn lift_due(tx: &mut Tx, tenant: TenantId) -> Result<usize> {
    let by = By::Program(tenant);
    let mut count = 0;
    for whistle in queries::due_back(tx, tenant).await? {
        let whistle = WhistleId(whistle);
        whistles::wait_for_turn(tx, by, whistle).await?;
        if go_on(tx, by, whistle, "挂账到期，自动复办。").await? {
            count += 1;
        }
    }
    Ok(count)
}
