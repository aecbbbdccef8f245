//! The writes of requests, each one statement.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::model::{Cause, Kind, State};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::events::By;
use crate::work::whistles::Role;
use crate::work::{AssignmentId, MilestoneId, RequestId, WhistleId};

/// A request at one level, as it is asked.
#[derive(Clone, Debug)]
pub(in super::super) struct New<'a> {
    pub(in super::super) id: RequestId,
    pub(in super::super) whistle: WhistleId,
    pub(in super::super) assignment: AssignmentId,
    pub(in super::super) kind: Kind,
    pub(in super::super) level: i16,
    pub(in super::super) reason: &'a str,
    pub(in super::super) proposed: Option<Uuid>,
    pub(in super::super) duty: Option<Uuid>,
    pub(in super::super) until: Option<NaiveDate>,
    pub(in super::super) cause: Option<Cause>,
}

/// Keeps a new request.
pub(in super::super) async fn insert(tx: &mut Tx, me: &Viewer, new: &New<'_>) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into requests (tenant_id, id, whistle_id, assignment_id, kind, level, reason, asked_at, asked_by,
                               asked_post, proposed_department_id, duty_item_id, until_day, cause)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        me.tenant.0,
        new.id.0,
        new.whistle.0,
        new.assignment.0,
        new.kind as Kind,
        new.level,
        new.reason,
        now,
        me.person.0,
        me.post.0,
        new.proposed,
        new.duty,
        new.until,
        new.cause as Option<Cause>
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "requests_duty", || {
        Error::Refused("这一项权责清单已经不在，请重新选择。".to_owned())
    })?;
    Ok(())
}

/// The same request one level up, because nobody decided at this one.
pub(in super::super) async fn rise(
    tx: &mut Tx,
    tenant: TenantId,
    from: RequestId,
    to: RequestId,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into requests (tenant_id, id, whistle_id, assignment_id, kind, level, reason, asked_at, asked_by,
                               asked_post, proposed_department_id, duty_item_id)
         select $1, $3, r.whistle_id, r.assignment_id, r.kind, r.level + 1, r.reason, $4, r.asked_by, r.asked_post,
                r.proposed_department_id, r.duty_item_id
           from requests r where r.tenant_id = $1 and r.id = $2",
        tenant.0,
        from.0,
        to.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes how a request ended, once.
pub(in super::super) async fn end(
    tx: &mut Tx,
    by: By<'_>,
    id: RequestId,
    state: State,
    words: &str,
) -> Result<()> {
    let now = tx.now;
    let person = match by {
        By::Post(me) => Some(me.person.0),
        By::Resident(_) | By::Program(_) => None,
    };
    let ended = sqlx::query!(
        "update requests set state = $3, decided_at = $4, decided_by = $5, decided_post = $6, decided_words = $7,
                version = version + 1
          where tenant_id = $1 and id = $2",
        by.tenant().0,
        id.0,
        state as State,
        now,
        person,
        by.post(),
        words
    )
    .execute(&mut **tx)
    .await;
    on_constraint(ended, "requests_decided_by_others", || {
        Error::Refused("自己提出的申请须请他人答复。".to_owned())
    })?;
    Ok(())
}

/// A request that is open: which, whose.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Open {
    pub(in super::super) id: Uuid,
    pub(in super::super) whistle: Uuid,
    pub(in super::super) assignment: Uuid,
    pub(in super::super) kind: Kind,
    pub(in super::super) level: i16,
    pub(in super::super) role: Role,
}

/// The open requests of a whistle, or of one assignment.
pub(in super::super) async fn open(
    tx: &mut Tx,
    tenant: TenantId,
    whistle: WhistleId,
    assignment: Option<AssignmentId>,
) -> Result<Vec<Open>> {
    Ok(sqlx::query_as!(
        Open,
        r#"select r.id, r.whistle_id as whistle, r.assignment_id as assignment, r.kind as "kind: Kind", r.level,
                  a.role as "role: Role"
             from requests r
             join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
            where r.tenant_id = $1 and r.whistle_id = $2 and r.state = 'open'
              and ($3::uuid is null or r.assignment_id = $3)"#,
        tenant.0,
        whistle.0,
        assignment.map(|a| a.0)
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The open requests on which nobody decided in time, the earliest first.
pub(in super::super) async fn over(tx: &mut Tx, tenant: TenantId, most: i64) -> Result<Vec<Open>> {
    let now = tx.now;
    Ok(sqlx::query_as!(
        Open,
        r#"select r.id, r.whistle_id as whistle, r.assignment_id as assignment, r.kind as "kind: Kind", r.level,
                  a.role as "role: Role"
             from clocks c
             join requests r on r.tenant_id = $1 and r.id = c.about and r.state = 'open'
             join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
            where c.tenant_id = $1 and c.stage = 'decide' and c.stopped_at is null and c.paused_at is null
              and c.due_at < $2
            order by c.due_at, c.id limit $3"#,
        tenant.0,
        now,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Whether a request is still open, asked after its whistle was locked.
pub(in super::super) async fn is_open(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from requests where tenant_id = $1 and id = $2 and state = 'open') as "open!""#,
        tenant.0,
        id
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Whether a duty item is in force.
pub(in super::super) async fn in_force(tx: &mut Tx, me: &Viewer, item: Uuid) -> Result<bool> {
    let today = tx.today();
    Ok(sqlx::query_scalar!(
        r#"select exists (select from duty_items where tenant_id = $1 and id = $2 and from_day <= $3
                             and (to_day is null or to_day > $3)) as "held!""#,
        me.tenant.0,
        item,
        today
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The name of a department, if there is one.
pub(in super::super) async fn department(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select name from departments where tenant_id = $1 and id = $2",
        me.tenant.0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Keeps a milestone.
pub(in super::super) async fn add_milestone(
    tx: &mut Tx,
    me: &Viewer,
    (request, whistle): (RequestId, WhistleId),
    (day, words): (NaiveDate, &str),
) -> Result<()> {
    let id = uuid_at(tx.now);
    sqlx::query!(
        "insert into milestones (tenant_id, id, request_id, whistle_id, due_day, words) values ($1, $2, $3, $4, $5, $6)",
        me.tenant.0,
        id,
        request.0,
        whistle.0,
        day,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A milestone was reached; answers its words, unless it had been noted before.
pub(in super::super) async fn reach(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    id: MilestoneId,
) -> Result<Option<String>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "update milestones set done_at = $4, done_by = $5
          where tenant_id = $1 and whistle_id = $2 and id = $3 and done_at is null returning words",
        me.tenant.0,
        whistle.0,
        id.0,
        now,
        me.person.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Puts a whistle aside.
pub(in super::super) async fn suspend(
    tx: &mut Tx,
    me: &Viewer,
    (request, whistle): (RequestId, WhistleId),
    until: DateTime<Utc>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into suspensions (tenant_id, request_id, whistle_id, from_at, until_at) values ($1, $2, $3, $4, $5)",
        me.tenant.0,
        request.0,
        whistle.0,
        now,
        until
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends the suspension of a whistle; says whether one ran.
pub(in super::super) async fn unsuspend(
    tx: &mut Tx,
    by: By<'_>,
    whistle: WhistleId,
) -> Result<bool> {
    let now = tx.now;
    let person = match by {
        By::Post(me) => Some(me.person.0),
        By::Resident(_) | By::Program(_) => None,
    };
    let ended = sqlx::query!(
        "update suspensions set ended_at = $3, ended_by = $4
          where tenant_id = $1 and whistle_id = $2 and ended_at is null",
        by.tenant().0,
        whistle.0,
        now,
        person
    )
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected() > 0)
}

/// The whistles whose suspension is over by its day.
pub(in super::super) async fn due_back(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Uuid>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "select whistle_id from suspensions
          where tenant_id = $1 and ended_at is null and until_at <= $2 order by until_at, whistle_id",
        tenant.0,
        now
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The assignments of a whistle that a suspension stands still or lets go on.
pub(in super::super) async fn at_work(
    tx: &mut Tx,
    tenant: TenantId,
    whistle: WhistleId,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from assignments
          where tenant_id = $1 and whistle_id = $2 and stage in ('sent', 'signed', 'reported') order by role, position",
        tenant.0,
        whistle.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A breach is not counted.
pub(in super::super) async fn exempt(
    tx: &mut Tx,
    me: &Viewer,
    clock: Uuid,
    request: RequestId,
) -> Result<()> {
    sqlx::query!(
        "insert into exemptions (tenant_id, clock_id, request_id) values ($1, $2, $3) on conflict do nothing",
        me.tenant.0,
        clock,
        request.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
