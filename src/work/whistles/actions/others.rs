//! What other areas do to a whistle: send it back to the check, give a part to another department,
//! look at it, wait for their turn.

use super::{department_in_time, limits, queries, start_clocks_of, time};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::work::clocks::{self, Of, Stage as Timed};
use crate::work::whistles::model::{Assignment, Case, Role, Stage};
use crate::work::{AssignmentId, WhistleId, matters, requests, told};

/// A word of the residents sends the whistle back to the check, with the reason; the matters that
/// its closing solved go with it. Says whether it did: one that is at the check or at work again
/// stays where it is. The whistle's number comes with the answer.
pub async fn reopen(
    tx: &mut Tx,
    by: By<'_>,
    id: WhistleId,
    reason: &str,
) -> Result<(bool, String)> {
    let held = queries::hold_sounded(tx, by.tenant(), id).await?;
    if !held.stage.may_reopen() {
        return Ok((false, held.number));
    }
    queries::reopen(tx, by.tenant(), id, reason).await?;
    let tenant = by.tenant();
    let of = Of::Whistle(id.0);
    clocks::stop(tx, tenant, of, &[], "重启").await?;
    let limits = clocks::limits_of(tx, tenant, (id.0, held.kind, held.limits_id)).await?;
    clocks::start(tx, tenant, of, &limits, &[Timed::Check]).await?;
    told::tell(tx, by, id, Verb::Reopen, reason).await?;
    events::record_by(tx, by, (Subject::Whistle, id.0), Verb::Reopen, reason).await?;
    matters::reopened(tx, by, id, &held.number, reason).await?;
    Ok((true, held.number))
}

/// Locks a whistle that has sounded, so that whoever acts on it at the same time comes after.
pub async fn wait_for_turn(tx: &mut Tx, by: By<'_>, id: WhistleId) -> Result<()> {
    queries::hold_sounded(tx, by.tenant(), id).await.map(drop)
}

/// The whistle, if the viewer may see it.
pub async fn look(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<Case> {
    queries::case(tx, me, id).await
}

/// The same, locked.
pub async fn hold(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<Case> {
    queries::hold(tx, me, id).await
}

/// Gives a department's part to another, or to nobody if it only assisted. The caller has locked
/// the whistle and asked whether the viewer may.
pub async fn reassign(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    from: &Assignment,
    to: Option<DepartmentId>,
) -> Result<()> {
    requests::drop_open(tx, By::Post(me), case.id, Some(from.id), "已改派").await?;
    department_in_time(tx, me, (case.id, from.id), &[], "改派").await?;
    queries::relieve(tx, me, from.id).await?;
    // A helper who leaves may have been the last at work: then the check is due.
    let known = to.and_then(|to| case.assignments.iter().find(|a| a.department_id == to));
    let is_at_work = |a: &Assignment| a.id != from.id && a.stage.is_open();
    let nobody_comes = from.role == Role::Assist && (to.is_none() || known.is_some());
    if nobody_comes && !case.assignments.iter().any(is_at_work) {
        queries::stage(tx, me, case.id, Stage::Checking).await?;
        return time(tx, me, case, Timed::Check).await;
    }
    queries::stage(tx, me, case.id, case.stage).await?;
    let Some(to) = to else { return Ok(()) };
    let Some(known) = known else {
        let id = AssignmentId::at(tx.now);
        queries::call(tx, me, (id, case.id), to, from).await?;
        let limits = limits(tx, me, case).await?;
        return start_clocks_of(tx, me, case, (id, &limits)).await;
    };
    if from.role == Role::Lead {
        queries::make_lead(tx, me, known.id.0, from).await?;
        let of = Of::Assignment(case.id.0, known.id.0);
        clocks::run_on(tx, me.tenant, of, Timed::Close, "改派").await?;
    }
    Ok(())
}
