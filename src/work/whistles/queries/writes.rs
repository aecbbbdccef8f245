//! The writes of whistles, each one statement that carries what the model decided.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::model::{Case, Kind, Outcome, ReportWay, Side, Stage};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::access::{PostKind, Viewer};
use crate::work::{AssignmentId, WhistleId};

/// What the database says when one who took part would judge, or one who judged would handle.
fn took_part() -> Error {
    Error::Refused(
        "办理过这件事的人不能核查、评价或办结，核查评价过的人不能办理。请由他人办理。".to_owned(),
    )
}

/// Moves the whistle to a stage. Waiting begins anew only if the stage changes.
pub(in super::super) async fn stage(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    to: Stage,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update whistles set stage = $3, version = version + 1,
                waiting_since = case when stage = $3 then waiting_since else $4 end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        to as Stage,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Back to the drafter with a reason, or onward without one.
pub(in super::super) async fn refuse(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update whistles set stage = 'draft', refusal = $3, version = version + 1, waiting_since = $4
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        reason,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It sounds: number, approval if its kind needs one, and every planned assignment is sent.
pub(in super::super) async fn sound(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    number: &str,
    approved: bool,
    limits: Uuid,
) -> Result<()> {
    let now = tx.now;
    let sounded = sqlx::query!(
        "update whistles set stage = 'sounded', number = $3, sounded_at = $4, sounded_by = $5, waiting_since = $4,
                approved_at = case when $6 then $4::timestamptz end, approved_by = case when $6 then $5::uuid end,
                approved_post = case when $6 then $7::uuid end, refusal = null, version = version + 1,
                limits_id = $8
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        case.id.0,
        number,
        now,
        me.person.0,
        approved,
        me.post.0,
        limits
    )
    .execute(&mut **tx)
    .await;
    on_constraint(sounded, "whistles_need_lead", || {
        Error::Refused("还没有主办部门，不能吹哨。请先选定一个主办部门。".to_owned())
    })?;
    sqlx::query!(
        "update assignments set stage = 'sent', sent_at = $3, waiting_since = $3, version = version + 1
          where tenant_id = $1 and whistle_id = $2 and stage = 'planned'",
        me.tenant.0,
        case.id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Called back: the assignments end with it, its matters are free again.
pub(in super::super) async fn withdraw(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update whistles set stage = 'withdrawn', withdrawn_at = $3, withdraw_reason = $4, waiting_since = $3,
                version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update assignments set stage = 'withdrawn', waiting_since = $3, version = version + 1
          where tenant_id = $1 and whistle_id = $2 and stage <> 'relieved'",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update whistle_matters set live = false where tenant_id = $1 and whistle_id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An emergency is verified afterwards.
pub(in super::super) async fn verify(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    is_one: bool,
    words: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update whistles set verified_at = $3, verified_by = $4, verified_post = $5, verified_true = $6,
                verified_words = $7, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        me.post.0,
        is_one,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A step of a department: who did what on its assignment.
pub(in super::super) async fn step(
    tx: &mut Tx,
    me: &Viewer,
    (whistle, assignment): (WhistleId, AssignmentId),
    kind: &str,
    words: &str,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into assignment_steps (tenant_id, id, whistle_id, assignment_id, kind, person_id, post_id, at, words)
         values ($1, $2, $3, $4, $5::text::step_kind, $6, $7, $8, $9)",
        me.tenant.0,
        uuid_at(now),
        whistle.0,
        assignment.0,
        kind,
        me.person.0,
        me.post.0,
        now,
        words
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "handler_never_judges", took_part)?;
    Ok(())
}

/// The department signs.
pub(in super::super) async fn sign(tx: &mut Tx, me: &Viewer, id: AssignmentId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'signed', signed_at = $3, waiting_since = $3, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How a department reported in.
#[derive(Clone, Debug)]
pub(in super::super) struct Report {
    pub(in super::super) way: ReportWay,
    pub(in super::super) at: DateTime<Utc>,
    pub(in super::super) who: String,
    pub(in super::super) agreed: String,
}

/// The department reports in.
pub(in super::super) async fn report(
    tx: &mut Tx,
    me: &Viewer,
    id: AssignmentId,
    report: &Report,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'reported', reported_at = $3, report_way = $4, arrived_at = $5,
                report_who = $6, report_agreed = $7, waiting_since = $3, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        report.way as ReportWay,
        report.at,
        report.who,
        report.agreed
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Work was done; the assignment stays where it is, its version moves on.
pub(in super::super) async fn touch(tx: &mut Tx, me: &Viewer, id: AssignmentId) -> Result<()> {
    sqlx::query!(
        "update assignments set version = version + 1 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The department says the result.
pub(in super::super) async fn feed_back(
    tx: &mut Tx,
    me: &Viewer,
    id: AssignmentId,
    result: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'fed_back', fed_back_at = $3, result = $4, waiting_since = $3,
                version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        result
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The lead marks an assisting department.
pub(in super::super) async fn mark_uncooperative(
    tx: &mut Tx,
    me: &Viewer,
    id: AssignmentId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'uncooperative', uncooperative_reason = $3, waiting_since = $4,
                version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        reason,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A look on the spot. A passed one passes all that fed back; a failed one sends the named
/// assignments back to work with everything kept.
pub(in super::super) async fn check(
    tx: &mut Tx,
    me: &Viewer,
    case: &Case,
    words: &str,
    rework: Option<&[AssignmentId]>,
) -> Result<()> {
    let now = tx.now;
    let id = uuid_at(now);
    let kept = sqlx::query!(
        "insert into checks (tenant_id, id, whistle_id, round, passed, words, person_id, post_id, post_kind, at)
         values ($1, $2, $3, (select coalesce(max(c.round), 0) + 1 from checks c
                               where c.tenant_id = $1 and c.whistle_id = $3), $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        id,
        case.id.0,
        rework.is_none(),
        words,
        me.person.0,
        me.post.0,
        me.kind as PostKind,
        now
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "handler_never_judges", took_part)?;
    match rework {
        None => pass(tx, me, case.id).await,
        Some(named) => send_back_to_work(tx, me, case.id, id, named).await,
    }
}

async fn pass(tx: &mut Tx, me: &Viewer, id: WhistleId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'passed', waiting_since = $3, version = version + 1
          where tenant_id = $1 and whistle_id = $2 and stage = 'fed_back'",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn send_back_to_work(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    check: Uuid,
    named: &[AssignmentId],
) -> Result<()> {
    let now = tx.now;
    let named: Vec<Uuid> = named.iter().map(|a| a.0).collect();
    for assignment in &named {
        sqlx::query!(
            "insert into check_reworks (tenant_id, whistle_id, check_id, assignment_id) values ($1, $2, $3, $4)",
            me.tenant.0,
            id.0,
            check,
            assignment
        )
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query!(
        "update assignments set stage = 'reported', rework_count = rework_count + 1, waiting_since = $4,
                version = version + 1
          where tenant_id = $1 and whistle_id = $2 and id = any($3) and stage = 'fed_back'",
        me.tenant.0,
        id.0,
        &named,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Five marks from 1 to 5, and words.
#[derive(Clone, Debug)]
pub(in super::super) struct Marks {
    pub(in super::super) assignment: AssignmentId,
    /// Speed, attendance, result, attitude, co-operation.
    pub(in super::super) marks: [i16; 5],
    pub(in super::super) words: String,
}

/// One side's marks for one department.
pub(in super::super) async fn rate(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    side: Side,
    marks: &Marks,
) -> Result<()> {
    let now = tx.now;
    let [speed, attendance, result, attitude, cooperation] = marks.marks;
    let kept = sqlx::query!(
        "insert into ratings (tenant_id, id, whistle_id, assignment_id, side, speed, attendance, result, attitude,
                              cooperation, words, person_id, post_id, post_kind, at, round)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                 (select w.reopened from whistles w where w.tenant_id = $1 and w.id = $3))",
        me.tenant.0,
        uuid_at(now),
        id.0,
        marks.assignment.0,
        side as Side,
        speed,
        attendance,
        result,
        attitude,
        cooperation,
        marks.words,
        me.person.0,
        me.post.0,
        me.kind as PostKind,
        now
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "handler_never_judges", took_part)?;
    Ok(())
}

/// What a department says of the whistle.
#[derive(Clone, Debug)]
pub(in super::super) struct Verdict {
    pub(in super::super) kind_right: bool,
    pub(in super::super) facts_right: bool,
    pub(in super::super) cooperation: i16,
    pub(in super::super) words: String,
}

/// A department rates the whistle.
pub(in super::super) async fn review(
    tx: &mut Tx,
    me: &Viewer,
    (whistle, assignment): (WhistleId, AssignmentId),
    verdict: &Verdict,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into reviews (tenant_id, id, whistle_id, assignment_id, kind_right, facts_right, cooperation, words,
                              person_id, post_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        me.tenant.0,
        uuid_at(now),
        whistle.0,
        assignment.0,
        verdict.kind_right,
        verdict.facts_right,
        verdict.cooperation,
        verdict.words,
        me.person.0,
        me.post.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The street closes.
pub(in super::super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    id: WhistleId,
    outcome: Outcome,
    words: &str,
) -> Result<()> {
    let now = tx.now;
    let closed = sqlx::query!(
        "update whistles set stage = 'closed', closed_at = $3, closed_by = $4, closed_post = $5, closed_post_kind = $6,
                outcome = $7, closing_words = $8, waiting_since = $3, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        me.post.0,
        me.kind as PostKind,
        outcome as Outcome,
        words
    )
    .execute(&mut **tx)
    .await;
    on_constraint(closed, "handler_never_judges", took_part)?;
    Ok(())
}

/// A whistle that has sounded, locked.
#[derive(Debug)]
pub(in super::super) struct Held {
    pub(in super::super) stage: Stage,
    pub(in super::super) number: String,
    pub(in super::super) kind: Kind,
    pub(in super::super) limits_id: Option<Uuid>,
}

/// Locks a whistle that has sounded, for whoever may speak of it without seeing it.
pub(in super::super) async fn hold_sounded(
    tx: &mut Tx,
    tenant: TenantId,
    id: WhistleId,
) -> Result<Held> {
    let row = sqlx::query!(
        r#"select stage as "stage: Stage", number, kind as "kind: Kind", limits_id from whistles
            where tenant_id = $1 and id = $2 and sounded_at is not null for update"#,
        tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Held {
        stage: row.stage,
        number: row.number.unwrap_or_default(),
        kind: row.kind,
        limits_id: row.limits_id,
    })
}

/// Back to the check: the closing moves from the row to the record of reopenings, and the
/// departments that had passed stand where the check finds them.
pub(in super::super) async fn reopen(
    tx: &mut Tx,
    tenant: TenantId,
    id: WhistleId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query_scalar!(
        "insert into reopenings (tenant_id, id, whistle_id, number, at, reason, stage, closed_at, closed_by, outcome,
                                 closing_words)
         select $1, $3, w.id, w.reopened + 1, $4, $5, w.stage, w.closed_at, w.closed_by, w.outcome, w.closing_words
           from whistles w where w.tenant_id = $1 and w.id = $2
         returning id",
        tenant.0,
        id.0,
        uuid_at(now),
        now,
        reason
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "update whistles set stage = 'checking', reopened = reopened + 1, waiting_since = $3, version = version + 1,
                outcome = null, closing_words = null, closed_at = null, closed_by = null, closed_post = null,
                closed_post_kind = null
          where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update assignments set stage = 'fed_back', waiting_since = $3, version = version + 1
          where tenant_id = $1 and whistle_id = $2 and stage = 'passed'",
        tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
