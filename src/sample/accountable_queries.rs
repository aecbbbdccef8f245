//! Writing the plan, its tasks and the rectification items, each as the program would: reports first,
//! then what was made of them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::accountable::Accounts;
use super::places::CitySpec;
use super::town::Town;

/// The clause that the plan stands on.
const CITED: (&str, i32) = ("市发〔2025〕3号", 1);

/// Writes all of it.
pub(super) async fn insert_accounts_of(
    db: &mut PgConnection,
    tenant: Uuid,
    (town, spec): (&Town, &CitySpec),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let Some(accounts) = Accounts::of(town, spec, now) else {
        return Ok(());
    };
    insert_plan(db, tenant, &accounts).await?;
    insert_tasks(db, tenant, &accounts).await?;
    insert_parts(db, tenant, &accounts).await?;
    insert_items(db, tenant, &accounts).await?;
    insert_said(db, tenant, &accounts).await?;
    finish(db, tenant, &accounts).await
}

async fn insert_plan(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into three_year_plans (tenant_id, id, title, from_year, to_year, document_id, clause, made_by, made_at)
         select $1::uuid, $2::uuid, '党建引领城乡基层治理三年工作计划', $3::smallint, $4::smallint, d.id, $6::integer,
                $7::uuid, $8::timestamptz
           from documents d where d.tenant_id = $1 and d.code = $5",
        tenant,
        accounts.plan,
        accounts.years.0,
        accounts.years.1,
        CITED.0,
        CITED.1,
        accounts.office.person,
        accounts.made_at
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_tasks(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into plan_tasks (tenant_id, id, plan_id, number, goal, department_id, street_id, street_level,
                                 street_code, due_day, counts_from, counts_to, made_by, made_at)
         select $1, r.id, $2, r.number, r.goal, r.department_id, r.street_id, r.street_level, r.street_code, r.due_day,
                r.counts_from, greatest(r.due_day, r.counts_from), $3, r.made_at
           from jsonb_to_recordset($4) as r (id uuid, number integer, goal text, department_id uuid, street_id uuid,
                street_level smallint, street_code text, due_day date, counts_from date, made_at timestamptz)",
        tenant,
        accounts.plan,
        accounts.office.person,
        Json(&accounts.tasks) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_parts(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into task_helpers (tenant_id, id, task_id, position, department_id, street_id, street_level, street_code)
         select $1, r.id, r.task_id, r.position, r.department_id, r.street_id, r.street_level, r.street_code
           from jsonb_to_recordset($2) as r (id uuid, task_id uuid, position smallint, department_id uuid,
                street_id uuid, street_level smallint, street_code text)",
        tenant,
        Json(&accounts.helpers) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into task_milestones (tenant_id, id, task_id, due_day, words, added_by, added_at, reached_by, reached_at,
                                      reached_words)
         select $1, r.id, r.task_id, r.due_day, r.words, $2, r.added_at, r.reached_by, r.reached_at, r.reached_words
           from jsonb_to_recordset($3) as r (id uuid, task_id uuid, due_day date, words text, added_at timestamptz,
                reached_by uuid, reached_at timestamptz, reached_words text)",
        tenant,
        accounts.office.person,
        Json(&accounts.stones) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into task_measures (tenant_id, task_id, measure, at_least, target)
         select $1, r.task_id, r.measure, r.at_least, r.target
           from jsonb_to_recordset($2) as r (task_id uuid, measure task_measure, at_least boolean, target integer)",
        tenant,
        Json(&accounts.measures) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_items(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into rectifications (tenant_id, id, number, source, source_name, source_day, problem, measure,
                department_id, street_id, street_level, street_code, due_day, stage, version, made_by, made_at,
                reported_by, reported_at, verified_by, verified_at)
         select $1, r.id, r.number, r.source, r.source_name, r.source_day, r.problem, r.measure, r.department_id,
                r.street_id, r.street_level, r.street_code, r.due_day, r.stage, r.version, $2, r.made_at,
                r.reported_by, r.reported_at, r.verified_by, r.verified_at
           from jsonb_to_recordset($3) as r (id uuid, number text, source inspection_kind, source_name text,
                source_day date, problem text, measure text, department_id uuid, street_id uuid, street_level smallint,
                street_code text, due_day date, stage rectification_stage, version integer, made_at timestamptz,
                reported_by uuid, reported_at timestamptz, verified_by uuid, verified_at timestamptz)",
        tenant,
        accounts.office.person,
        Json(&accounts.items) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_said(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                             department_id, sentence)
         select $1, r.id, r.at, r.subject, r.subject_id, r.verb, r.person_id, r.person_name, r.post_id, r.seat,
                r.department_id, r.words
           from jsonb_to_recordset($2) as r (id uuid, at timestamptz, subject event_subject, subject_id uuid, verb text,
                person_id uuid, person_name text, post_id uuid, seat text, department_id uuid, words text)",
        tenant,
        Json(&accounts.said) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into task_progress (tenant_id, id, task_id, person_id, post_id, at, words)
         select $1, r.id, r.subject_id, r.person_id, r.post_id, r.at, r.words
           from jsonb_to_recordset($2) as r (id uuid, subject text, act text, subject_id uuid, person_id uuid,
                post_id uuid, at timestamptz, words text)
          where r.subject = 'task' and r.act = 'progress'",
        tenant,
        Json(&accounts.said) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into rectification_steps (tenant_id, id, rectification_id, act, person_id, post_id, at, words)
         select $1, r.id, r.subject_id, r.act::rectification_act, r.person_id, r.post_id, r.at, r.words
           from jsonb_to_recordset($2) as r (id uuid, subject text, act text, subject_id uuid, person_id uuid,
                post_id uuid, at timestamptz, words text)
          where r.subject = 'rectification' and r.act <> ''",
        tenant,
        Json(&accounts.said) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the city made of the tasks, after everything that was reported.
async fn finish(
    db: &mut PgConnection,
    tenant: Uuid,
    accounts: &Accounts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update plan_tasks t
            set version = 2, confirmed_at = r.confirmed_at, confirmed_words = r.confirmed_words,
                confirmed_by = case when r.confirmed_at is not null then $2::uuid end,
                ended_at = r.ended_at, end_reason = r.end_reason,
                ended_by = case when r.ended_at is not null then $2::uuid end
           from jsonb_to_recordset($3) as r (id uuid, confirmed_at timestamptz, confirmed_words text,
                ended_at timestamptz, end_reason text)
          where t.tenant_id = $1 and t.id = r.id and (r.confirmed_at is not null or r.ended_at is not null)",
        tenant,
        accounts.office.person,
        Json(&accounts.tasks) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
