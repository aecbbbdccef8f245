//! What is written about plans and tasks.

use chrono::NaiveDate;

use super::super::model::{Body, Measure, NewPlan, NewTask, Task};
use super::tasks;
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::work::{PlanTaskId, TaskMilestoneId, ThreeYearPlanId};

/// Adds a plan.
pub(crate) async fn insert_plan(
    tx: &mut Tx,
    me: &Viewer,
    id: ThreeYearPlanId,
    new: &NewPlan,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into three_year_plans (tenant_id, id, title, from_year, to_year, document_id, clause, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        id.0,
        new.title,
        new.years.0,
        new.years.1,
        new.basis.map(|b| b.0.0),
        new.basis.map(|b| b.1),
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "three_year_plans_apart", || {
        let mut errors = FieldErrors::new();
        errors.add(
            "from_year",
            "这几年里已有一个三年工作计划，请换起止年份，或在已有的计划里下达任务。",
        );
        Error::Invalid(errors)
    })?;
    Ok(())
}

/// Holds a plan, so that of two tasks one comes after; answers the next number.
pub(crate) async fn next_number(tx: &mut Tx, me: &Viewer, plan: ThreeYearPlanId) -> Result<i32> {
    sqlx::query!(
        "select id from three_year_plans where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        plan.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let next = sqlx::query_scalar!(
        r#"select coalesce(max(t.number), 0) + 1 as "next!" from plan_tasks t
            where t.tenant_id = $1 and t.plan_id = $2"#,
        me.tenant.0,
        plan.0
    );
    Ok(next.fetch_one(&mut **tx).await?)
}

/// Adds a task with its helpers, milestones and targets.
pub(crate) async fn insert_task(
    tx: &mut Tx,
    me: &Viewer,
    (id, number): (PlanTaskId, i32),
    new: &NewTask,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into plan_tasks (tenant_id, id, plan_id, number, goal, department_id, street_id, street_level,
                                 street_code, due_day, counts_from, counts_to, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        me.tenant.0,
        id.0,
        new.plan.0,
        number,
        new.goal,
        new.body.department(),
        new.body.street(),
        new.body.street().map(|_| 1_i16),
        new.body.street_code(),
        new.due_day,
        new.counts.0,
        new.counts.1,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    insert_parts(tx, me, id, new).await
}

async fn insert_parts(tx: &mut Tx, me: &Viewer, id: PlanTaskId, new: &NewTask) -> Result<()> {
    for (position, helper) in (1_i16..).zip(&new.helpers) {
        insert_helper(tx, me, (id, position), helper).await?;
    }
    for (day, words) in &new.milestones {
        insert_milestone(tx, me, id, (*day, words)).await?;
    }
    for target in &new.targets {
        sqlx::query!(
            "insert into task_measures (tenant_id, task_id, measure, at_least, target) values ($1, $2, $3, $4, $5)",
            me.tenant.0,
            id.0,
            target.measure as Measure,
            target.at_least,
            target.target
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn insert_helper(
    tx: &mut Tx,
    me: &Viewer,
    (task, position): (PlanTaskId, i16),
    body: &Body,
) -> Result<()> {
    let id = uuid_at(tx.now);
    sqlx::query!(
        "insert into task_helpers (tenant_id, id, task_id, position, department_id, street_id, street_level, street_code)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        me.tenant.0,
        id,
        task.0,
        position,
        body.department(),
        body.street(),
        body.street().map(|_| 1_i16),
        body.street_code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a milestone.
pub(crate) async fn insert_milestone(
    tx: &mut Tx,
    me: &Viewer,
    task: PlanTaskId,
    (day, words): (NaiveDate, &str),
) -> Result<()> {
    let (id, now) = (TaskMilestoneId::at(tx.now), tx.now);
    sqlx::query!(
        "insert into task_milestones (tenant_id, id, task_id, due_day, words, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        id.0,
        task.0,
        day,
        words,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The task, locked, so that of two acts one comes after, and seen as it was left.
pub(crate) async fn hold(tx: &mut Tx, me: &Viewer, id: PlanTaskId) -> Result<Task> {
    sqlx::query!(
        "select id from plan_tasks where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    tasks::task(tx, me, id).await
}

/// Moves the version on: whoever saw the one before comes too late.
pub(crate) async fn touch(tx: &mut Tx, me: &Viewer, id: PlanTaskId) -> Result<()> {
    sqlx::query!(
        "update plan_tasks set version = version + 1 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a line of progress.
pub(crate) async fn insert_progress(
    tx: &mut Tx,
    me: &Viewer,
    task: PlanTaskId,
    words: &str,
) -> Result<()> {
    let (id, now) = (uuid_at(tx.now), tx.now);
    sqlx::query!(
        "insert into task_progress (tenant_id, id, task_id, person_id, post_id, at, words)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        id,
        task.0,
        me.person.0,
        me.post.0,
        now,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A milestone is reached.
pub(crate) async fn reach(
    tx: &mut Tx,
    me: &Viewer,
    (task, id): (PlanTaskId, TaskMilestoneId),
    words: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update task_milestones set reached_by = $4, reached_at = $5, reached_words = $6
          where tenant_id = $1 and task_id = $2 and id = $3 and reached_at is null",
        me.tenant.0,
        task.0,
        id.0,
        me.person.0,
        now,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The task is confirmed.
pub(crate) async fn confirm(tx: &mut Tx, me: &Viewer, id: PlanTaskId, words: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update plan_tasks set confirmed_at = $3, confirmed_by = $4, confirmed_words = $5
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        words
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The task is ended.
pub(crate) async fn end(tx: &mut Tx, me: &Viewer, id: PlanTaskId, reason: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update plan_tasks set ended_at = $3, ended_by = $4, end_reason = $5 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now,
        me.person.0,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
