//! Writing the plan of the five powers and what was done with it: one statement for each table.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::exercise_rows::Uses;
use super::granting::GRANTS;
use super::powers::{PlanRow, meetings};
use super::queries::column;
use super::story_queries;
use super::town::Town;
use crate::org::calendar::{Limit, Unit};
use crate::work::clocks::Rule;
use crate::work::powers::Power;

/// The rules that are limits, of the tenant's newest version.
pub(super) async fn limits(
    db: &mut PgConnection,
    tenant: Uuid,
) -> Result<Vec<(Rule, Limit)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select l.rule as "rule: Rule", l.amount, l.unit as "unit!: Unit"
             from limit_rules l
             join limit_versions v on v.tenant_id = $1 and v.id = l.version_id
            where l.tenant_id = $1 and l.unit is not null
              and v.number = (select max(n.number) from limit_versions n where n.tenant_id = $1)"#,
        tenant
    )
    .fetch_all(db)
    .await?;
    let limits = rows.into_iter().filter_map(|row| {
        let limit = Limit::new(i64::from(row.amount), row.unit).ok()?;
        Some((row.rule, limit))
    });
    Ok(limits.collect())
}

/// Writes the plan with its symposiums, its streets and what it grants.
pub(super) async fn insert_plan(
    db: &mut PgConnection,
    tenant: Uuid,
    (plan, town): (&PlanRow, &Town),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into empowerment_plans (tenant_id, id, number, name, document_id, clause, from_day, made_at, made_by)
         values ($1, $2, 1, $3, $4, 1, $5, $6, $7)",
        tenant,
        plan.id,
        plan.name,
        plan.document,
        plan.from,
        plan.made_at,
        plan.made_by
    )
    .execute(&mut *db)
    .await?;
    let held = meetings(plan);
    sqlx::query!(
        "insert into plan_meetings (tenant_id, id, plan_id, held_on, place, present, words)
         select $1, id, $2, held_on, place, present, words
           from unnest($3::uuid[], $4::date[], $5::text[], $6::text[], $7::text[]) as r(id, held_on, place, present, words)",
        tenant,
        plan.id,
        &column(&held, |m| m.0),
        &column(&held, |m| m.1),
        &column(&held, |m| m.2) as _,
        &column(&held, |m| m.3) as _,
        &column(&held, |m| m.4) as _,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into plan_streets (tenant_id, plan_id, street_id, street_code)
         select $1, $2, n.id, n.code from nodes n where n.tenant_id = $1 and n.level = 1 and n.valid_to is null",
        tenant,
        plan.id
    )
    .execute(&mut *db)
    .await?;
    insert_grants(db, tenant, (plan, town)).await
}

/// Writes what the plan grants.
async fn insert_grants(
    db: &mut PgConnection,
    tenant: Uuid,
    (plan, town): (&PlanRow, &Town),
) -> Result<(), sqlx::Error> {
    let grants: Vec<(Uuid, Power, String)> = GRANTS
        .iter()
        .flat_map(|g| {
            let scopes = g.scopes().into_iter();
            scopes.map(|(power, scope)| (town.department(g.name), power, scope))
        })
        .collect();
    sqlx::query!(
        "insert into plan_grants (tenant_id, plan_id, department_id, power, scope)
         select $1, $2, department, power, scope
           from unnest($3::uuid[], $4::power_kind[], $5::text[]) as r(department, power, scope)",
        tenant,
        plan.id,
        &column(&grants, |g| g.0),
        &column(&grants, |g| g.1) as _,
        &column(&grants, |g| g.2.as_str()) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes everything but the clocks.
pub(super) async fn insert(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    insert_begun(db, tenant, uses).await?;
    insert_contents(db, tenant, uses).await?;
    insert_meetings(db, tenant, uses).await?;
    insert_opinions(db, tenant, uses).await?;
    insert_answers(db, tenant, uses).await?;
    insert_secrets(db, tenant, uses).await?;
    insert_violations(db, tenant, uses).await?;
    story_queries::insert_events(db, tenant, &uses.events).await?;
    story_queries::insert_numbers(db, tenant, &uses.numbers).await
}

async fn insert_begun(db: &mut PgConnection, tenant: Uuid, uses: &Uses) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into power_exercises (tenant_id, id, number, plan_id, department_id, power, street_code, origin, stage,
                                      version, title, matter, basis, whistle_id, decide_on, meets_at, place, asked_at,
                                      asked_by, asked_post, round, answer, answered_at, score, objected, waiting_since,
                                      closed_at, withdrawn_at, withdraw_reason)
         select $1, r.id, r.number, r.plan_id, r.department_id, r.power, r.street_code, r.origin, r.stage, r.version,
                r.title, r.matter, r.basis, r.whistle_id, r.decide_on, r.meets_at, r.place, r.asked_at, r.asked_by,
                r.asked_post, r.round, r.answer, r.answered_at, r.score, r.objected, r.waiting_since, r.closed_at,
                r.withdrawn_at, r.withdraw_reason
           from jsonb_populate_recordset(null::power_exercises, $2) r",
        tenant,
        Json(&uses.exercises) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_matters (tenant_id, exercise_id, matter_id)
         select $1, r.exercise_id, r.matter_id from jsonb_populate_recordset(null::exercise_matters, $2) r",
        tenant,
        Json(&uses.matters) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_contents(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into exercise_plannings (tenant_id, exercise_id, phase, area, residents)
         select $1, r.exercise_id, r.phase, r.area, r.residents
           from jsonb_populate_recordset(null::exercise_plannings, $2) r",
        tenant,
        Json(&uses.plannings) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_projects (tenant_id, exercise_id, beneficiaries, site, estimate, residents, pool, budget_year)
         select $1, r.exercise_id, r.beneficiaries, r.site, r.estimate, r.residents, r.pool, r.budget_year
           from jsonb_populate_recordset(null::exercise_projects, $2) r",
        tenant,
        Json(&uses.projects) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_awards (tenant_id, exercise_id, candidate, award)
         select $1, r.exercise_id, r.candidate, r.award from jsonb_populate_recordset(null::exercise_awards, $2) r",
        tenant,
        Json(&uses.awards) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_meetings(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into exercise_parties (tenant_id, exercise_id, plan_id, department_id, came, attendee, rank)
         select $1, r.exercise_id, r.plan_id, r.department_id, r.came, r.attendee, r.rank
           from jsonb_populate_recordset(null::exercise_parties, $2) r",
        tenant,
        Json(&uses.parties) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_minutes (tenant_id, exercise_id, held_at, host, words, given_at, given_by, given_post)
         select $1, r.exercise_id, r.held_at, r.host, r.words, r.given_at, r.given_by, r.given_post
           from jsonb_populate_recordset(null::exercise_minutes, $2) r",
        tenant,
        Json(&uses.minutes) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_tasks (tenant_id, id, exercise_id, department_id, words, due_day, done_at, done_by, done_words)
         select $1, r.id, r.exercise_id, r.department_id, r.words, r.due_day, r.done_at, r.done_by, r.done_words
           from jsonb_populate_recordset(null::exercise_tasks, $2) r",
        tenant,
        Json(&uses.tasks) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_opinions(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into exercise_opinions (tenant_id, exercise_id, kind, words, body, decided_on, given_at, given_by, given_post)
         select $1, r.exercise_id, r.kind, r.words, r.body, r.decided_on, r.given_at, r.given_by, r.given_post
           from jsonb_populate_recordset(null::exercise_opinions, $2) r",
        tenant,
        Json(&uses.opinions) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_items (tenant_id, exercise_id, number, words)
         select $1, r.exercise_id, r.number, r.words from jsonb_populate_recordset(null::exercise_items, $2) r",
        tenant,
        Json(&uses.items) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_answers(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into exercise_answers (tenant_id, exercise_id, round, kind, words, body, decided_on, given_at, given_by,
                                       given_post)
         select $1, r.exercise_id, r.round, r.kind, r.words, r.body, r.decided_on, r.given_at, r.given_by, r.given_post
           from jsonb_populate_recordset(null::exercise_answers, $2) r",
        tenant,
        Json(&uses.answers) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into item_answers (tenant_id, exercise_id, number, round, kind, words)
         select $1, r.exercise_id, r.number, r.round, r.kind, r.words
           from jsonb_populate_recordset(null::item_answers, $2) r",
        tenant,
        Json(&uses.item_answers) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_reactions (tenant_id, exercise_id, round, kind, words, score, given_at, given_by, given_post)
         select $1, r.exercise_id, r.round, r.kind, r.words, r.score, r.given_at, r.given_by, r.given_post
           from jsonb_populate_recordset(null::exercise_reactions, $2) r",
        tenant,
        Json(&uses.reactions) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_rulings (tenant_id, exercise_id, kind, words, given_at, given_by, given_post)
         select $1, r.exercise_id, r.kind, r.words, r.given_at, r.given_by, r.given_post
           from jsonb_populate_recordset(null::exercise_rulings, $2) r",
        tenant,
        Json(&uses.rulings) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_secrets(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    let secrets = &uses.secrets;
    sqlx::query!(
        "insert into exercise_secrets (tenant_id, exercise_id, part, key_name, sealed, sealed_at, sealed_by)
         select $1, exercise, part, key_name, sealed, sealed_at, sealed_by
           from unnest($2::uuid[], $3::secret_part[], $4::text[], $5::bytea[], $6::timestamptz[], $7::uuid[])
             as r(exercise, part, key_name, sealed, sealed_at, sealed_by)",
        tenant,
        &column(secrets, |s| s.exercise_id),
        &column(secrets, |s| s.part) as _,
        &column(secrets, |s| s.sealed.key_name.as_str()) as _,
        &column(secrets, |s| s.sealed.bytes.as_slice()) as _,
        &column(secrets, |s| s.sealed_at),
        &column(secrets, |s| s.sealed_by)
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into exercise_readings (tenant_id, id, exercise_id, read_at, read_by, read_post)
         select $1, r.id, r.exercise_id, r.read_at, r.read_by, r.read_post
           from jsonb_populate_recordset(null::exercise_readings, $2) r",
        tenant,
        Json(&uses.readings) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_violations(
    db: &mut PgConnection,
    tenant: Uuid,
    uses: &Uses,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into power_violations (tenant_id, id, kind, plan_id, department_id, power, street_code, exercise_id, words,
                                       happened_on, found_at, found_by, found_post)
         select $1, r.id, r.kind, r.plan_id, r.department_id, r.power, r.street_code, r.exercise_id, r.words,
                r.happened_on, r.found_at, r.found_by, r.found_post
           from jsonb_populate_recordset(null::power_violations, $2) r",
        tenant,
        Json(&uses.violations) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
