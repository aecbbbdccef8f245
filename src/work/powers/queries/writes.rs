//! The SQL that keeps what is asked and said.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::model::{
    AnswerKind, Award, Exercise, OpinionKind, Origin, Phase, Planning, Pool, Power, Project,
    ReactionKind, RulingKind, Stage,
};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::{DepartmentId, TenantId};
use crate::work::{ExerciseId, MatterId, PlanId, TaskId, ViolationId, WhistleId};

/// A new record.
#[derive(Clone, Debug)]
pub(in super::super) struct New<'a> {
    pub(in super::super) id: ExerciseId,
    pub(in super::super) number: &'a str,
    pub(in super::super) plan: PlanId,
    pub(in super::super) department: DepartmentId,
    pub(in super::super) power: Power,
    pub(in super::super) street: &'a str,
    pub(in super::super) origin: Origin,
    pub(in super::super) stage: Stage,
    pub(in super::super) title: &'a str,
    pub(in super::super) matter: &'a str,
    pub(in super::super) basis: &'a str,
    pub(in super::super) whistle: Option<WhistleId>,
    pub(in super::super) decide_on: Option<NaiveDate>,
    pub(in super::super) meets: Option<(DateTime<Utc>, &'a str)>,
}

/// The sentence for a power that the plan does not give.
pub(in super::super) fn not_granted(power: Power) -> Error {
    Error::Refused(format!(
        "现行赋权方案没有赋予这个街道对这个部门的{}。请核对赋权方案。",
        power.label()
    ))
}

/// Keeps a new record. What the plan does not grant the database refuses.
pub(in super::super) async fn insert(tx: &mut Tx, me: &Viewer, new: &New<'_>) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into power_exercises (tenant_id, id, number, plan_id, department_id, power, street_code, origin, stage,
                                      title, matter, basis, whistle_id, decide_on, meets_at, place, asked_at, asked_by,
                                      asked_post, waiting_since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $17)",
        me.tenant.0,
        new.id.0,
        new.number,
        new.plan.0,
        new.department.0,
        new.power as Power,
        new.street,
        new.origin as Origin,
        new.stage as Stage,
        new.title,
        new.matter,
        new.basis,
        new.whistle.map(|w| w.0),
        new.decide_on,
        new.meets.map(|m| m.0),
        new.meets.map(|m| m.1),
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "power_exercises_grant", || not_granted(new.power))?;
    Ok(())
}

/// Keeps what a planning record is about.
pub(in super::super) async fn add_planning(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    planning: &Planning,
) -> Result<()> {
    sqlx::query!(
        "insert into exercise_plannings (tenant_id, exercise_id, phase, area, residents) values ($1, $2, $3, $4, $5)",
        me.tenant.0,
        id.0,
        planning.phase as Phase,
        planning.area,
        planning.residents
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps what a project is.
pub(in super::super) async fn add_project(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    project: &Project,
) -> Result<()> {
    sqlx::query!(
        "insert into exercise_projects (tenant_id, exercise_id, beneficiaries, site, estimate, residents)
         values ($1, $2, $3, $4, $5, $6)",
        me.tenant.0,
        id.0,
        project.beneficiaries,
        project.site,
        project.estimate,
        project.residents
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps whom an award is for.
pub(in super::super) async fn add_award(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    award: &Award,
) -> Result<()> {
    sqlx::query!(
        "insert into exercise_awards (tenant_id, exercise_id, candidate, award) values ($1, $2, $3, $4)",
        me.tenant.0,
        id.0,
        award.candidate,
        award.award
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Calls a department to a co-ordination.
pub(in super::super) async fn add_party(
    tx: &mut Tx,
    me: &Viewer,
    (id, plan): (ExerciseId, PlanId),
    department: DepartmentId,
) -> Result<()> {
    let kept = sqlx::query!(
        "insert into exercise_parties (tenant_id, exercise_id, plan_id, department_id) values ($1, $2, $3, $4)",
        me.tenant.0,
        id.0,
        plan.0,
        department.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "exercise_parties_grant", || {
        not_granted(Power::Coordination)
    })?;
    Ok(())
}

/// Notes the matters that a proposal grew out of.
pub(in super::super) async fn add_matters(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    matters: &[MatterId],
) -> Result<()> {
    let matters: Vec<Uuid> = matters.iter().map(|m| m.0).collect();
    sqlx::query!(
        "insert into exercise_matters (tenant_id, exercise_id, matter_id)
         select $1, $2, m.id from matters m where m.tenant_id = $1 and m.id = any($3) returning matter_id",
        me.tenant.0,
        id.0,
        &matters
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Moves a record on; what stood before is the version that was seen.
pub(in super::super) async fn step(
    tx: &mut Tx,
    tenant: TenantId,
    of: &Exercise,
    stage: Stage,
) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update power_exercises set stage = $3, version = version + 1, waiting_since = $4,
                closed_at = case when $3 = 'closed'::exercise_stage then $4 else closed_at end
          where tenant_id = $1 and id = $2 and version = $5",
        tenant.0,
        of.id.0,
        stage as Stage,
        now,
        of.version
    )
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// The record is called back, in the same step.
pub(in super::super) async fn call_off(
    tx: &mut Tx,
    me: &Viewer,
    of: &Exercise,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update power_exercises set stage = 'withdrawn', version = version + 1, waiting_since = $3, withdrawn_at = $3,
                withdraw_reason = $4
          where tenant_id = $1 and id = $2 and version = $5",
        me.tenant.0,
        of.id.0,
        now,
        reason,
        of.version
    )
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Keeps the street's opinion; without a body nobody gave it.
pub(in super::super) async fn add_opinion(
    tx: &mut Tx,
    (tenant, by): (TenantId, Option<&Viewer>),
    id: ExerciseId,
    (kind, words): (OpinionKind, &str),
    (body, decided_on): (&str, Option<NaiveDate>),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into exercise_opinions (tenant_id, exercise_id, kind, words, body, decided_on, given_at, given_by, given_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        id.0,
        kind as OpinionKind,
        words,
        body,
        decided_on,
        now,
        by.map(|me| me.person.0),
        by.map(|me| me.post.0)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the items of the opinion.
pub(in super::super) async fn add_items(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    items: &[String],
) -> Result<()> {
    for (number, words) in (1_i16..).zip(items) {
        sqlx::query!(
            "insert into exercise_items (tenant_id, exercise_id, number, words) values ($1, $2, $3, $4)",
            me.tenant.0,
            id.0,
            number,
            words
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// What a department says.
#[derive(Clone, Debug)]
pub(in super::super) struct Said<'a> {
    pub(in super::super) kind: AnswerKind,
    pub(in super::super) words: &'a str,
    pub(in super::super) body: &'a str,
    pub(in super::super) decided_on: NaiveDate,
    pub(in super::super) items: &'a [(AnswerKind, String)],
    pub(in super::super) pool: Option<(Pool, Option<i16>)>,
}

/// Keeps the department's answer of this round, in the step that moves the record on.
pub(in super::super) async fn add_answer(
    tx: &mut Tx,
    me: &Viewer,
    (of, stage): (&Exercise, Stage),
    said: &Said<'_>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into exercise_answers (tenant_id, exercise_id, round, kind, words, body, decided_on, given_at, given_by, given_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        of.id.0,
        of.round,
        said.kind as AnswerKind,
        said.words,
        said.body,
        said.decided_on,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    add_item_answers(tx, me, of, said.items).await?;
    if let Some(pool) = said.pool {
        place_in_pool(tx, me, of.id, pool).await?;
    }
    answered(tx, me, (of, stage), said.kind).await
}

/// The record moves on with its answer.
async fn answered(
    tx: &mut Tx,
    me: &Viewer,
    (of, stage): (&Exercise, Stage),
    kind: AnswerKind,
) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update power_exercises set stage = $6, version = version + 1, waiting_since = $4, answer = $3,
                answered_at = coalesce(answered_at, $4)
          where tenant_id = $1 and id = $2 and version = $5",
        me.tenant.0,
        of.id.0,
        kind as AnswerKind,
        now,
        of.version,
        stage as Stage
    )
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Keeps what is done with each item.
async fn add_item_answers(
    tx: &mut Tx,
    me: &Viewer,
    of: &Exercise,
    items: &[(AnswerKind, String)],
) -> Result<()> {
    for (number, (kind, words)) in (1_i16..).zip(items) {
        sqlx::query!(
            "insert into item_answers (tenant_id, exercise_id, number, round, kind, words) values ($1, $2, $3, $4, $5, $6)",
            me.tenant.0,
            of.id.0,
            number,
            of.round,
            *kind as AnswerKind,
            words
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Keeps into which pool a project comes, and in which budget year.
async fn place_in_pool(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    (pool, year): (Pool, Option<i16>),
) -> Result<()> {
    sqlx::query!(
        "update exercise_projects set pool = $3, budget_year = $4 where tenant_id = $1 and exercise_id = $2",
        me.tenant.0,
        id.0,
        pool as Pool,
        year
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps what the street said to the answer of this round; without a viewer its time ran out.
pub(in super::super) async fn add_reaction(
    tx: &mut Tx,
    (tenant, by): (TenantId, Option<&Viewer>),
    of: &Exercise,
    (kind, words): (ReactionKind, &str),
    score: Option<i16>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into exercise_reactions (tenant_id, exercise_id, round, kind, words, score, given_at, given_by, given_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant.0,
        of.id.0,
        of.round,
        kind as ReactionKind,
        words,
        score,
        now,
        by.map(|me| me.person.0),
        by.map(|me| me.post.0)
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update power_exercises set score = coalesce($3, score), objected = objected or $4
          where tenant_id = $1 and id = $2",
        tenant.0,
        of.id.0,
        score,
        kind == ReactionKind::Objected
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the ruling; an upheld objection opens the second round.
pub(in super::super) async fn add_ruling(
    tx: &mut Tx,
    me: &Viewer,
    of: &Exercise,
    (kind, words): (RulingKind, &str),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into exercise_rulings (tenant_id, exercise_id, kind, words, given_at, given_by, given_post)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        of.id.0,
        kind as RulingKind,
        words,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The record's department answers once more, in the same step that moves it on.
pub(in super::super) async fn again(tx: &mut Tx, me: &Viewer, of: &Exercise) -> Result<()> {
    let now = tx.now;
    let moved = sqlx::query!(
        "update power_exercises set stage = 'answering', round = 2, version = version + 1, waiting_since = $3
          where tenant_id = $1 and id = $2 and version = $4",
        me.tenant.0,
        of.id.0,
        now,
        of.version
    )
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// The minutes of a co-ordination.
#[derive(Clone, Debug)]
pub(in super::super) struct Held<'a> {
    pub(in super::super) host: &'a str,
    pub(in super::super) words: &'a str,
    /// Who came for whom: department, name and rank; none: nobody.
    pub(in super::super) came: &'a [(DepartmentId, Option<(String, String)>)],
    pub(in super::super) tasks: &'a [(TaskId, DepartmentId, String, NaiveDate)],
}

/// Keeps the minutes with who came and what was agreed.
pub(in super::super) async fn add_minutes(
    tx: &mut Tx,
    me: &Viewer,
    of: &Exercise,
    held: &Held<'_>,
) -> Result<()> {
    let (now, id) = (tx.now, of.id);
    sqlx::query!(
        "insert into exercise_minutes (tenant_id, exercise_id, held_at, host, words, given_at, given_by, given_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        me.tenant.0,
        id.0,
        of.meets_at.unwrap_or(now),
        held.host,
        held.words,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    add_attendance(tx, me, id, held.came).await?;
    add_tasks(tx, me, id, held.tasks).await
}

/// Keeps who came for whom.
async fn add_attendance(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    came: &[(DepartmentId, Option<(String, String)>)],
) -> Result<()> {
    for (department, who) in came {
        sqlx::query!(
            "update exercise_parties set came = $4, attendee = $5, rank = $6
              where tenant_id = $1 and exercise_id = $2 and department_id = $3",
            me.tenant.0,
            id.0,
            department.0,
            who.is_some(),
            who.as_ref().map(|w| w.0.as_str()),
            who.as_ref().map(|w| w.1.as_str())
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Keeps what was agreed.
async fn add_tasks(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
    tasks: &[(TaskId, DepartmentId, String, NaiveDate)],
) -> Result<()> {
    for (task, department, words, due) in tasks {
        sqlx::query!(
            "insert into exercise_tasks (tenant_id, id, exercise_id, department_id, words, due_day)
             values ($1, $2, $3, $4, $5, $6)",
            me.tenant.0,
            task.0,
            id.0,
            department.0,
            words,
            due
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Something that was agreed is done, if it was not before.
pub(in super::super) async fn perform(
    tx: &mut Tx,
    me: &Viewer,
    task: TaskId,
    words: &str,
) -> Result<()> {
    let now = tx.now;
    let done = sqlx::query!(
        "update exercise_tasks set done_at = $3, done_by = $4, done_words = $5
          where tenant_id = $1 and id = $2 and done_at is null",
        me.tenant.0,
        task.0,
        now,
        me.person.0,
        words
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// What kind of fault a violation is.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Fault {
    /// Asked later before its decision than the rules say.
    AskedLate,
    /// Decided before the street had answered.
    DecidedBefore,
}

/// Notes that a department asked late or decided too early; once for each record and fault.
pub(in super::super) async fn add_fault(
    tx: &mut Tx,
    me: &Viewer,
    (id, violation): (ExerciseId, ViolationId),
    (fault, words): (Fault, &str),
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let kind = match fault {
        Fault::AskedLate => "asked_late",
        Fault::DecidedBefore => "decided_before",
    };
    sqlx::query!(
        "insert into power_violations (tenant_id, id, kind, plan_id, department_id, power, street_code, exercise_id, words,
                                       happened_on, found_at)
         select $1, $2, $3::text::violation_kind, e.plan_id, e.department_id, e.power, e.street_code, e.id, $4, $5, $6
           from power_exercises e where e.tenant_id = $1 and e.id = $7
         on conflict (tenant_id, exercise_id, kind) do nothing",
        me.tenant.0,
        violation.0,
        kind,
        words,
        today,
        now,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
