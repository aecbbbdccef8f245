//! Writing whistles the way they go: drafted, answered, sounded, judged, settled. The
//! database lets none be written in a later stage at once.

use sqlx::PgConnection;
use uuid::Uuid;

use super::judgement_queries::insert_judgements;
use super::queries::column;
use super::rows::WhistleRow;
use super::story::Rows;

/// Writes the whistles with everything that belongs to them.
pub(super) async fn insert_whistles(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    insert_drafts(db, tenant, &rows.whistles).await?;
    insert_whistle_matters(db, tenant, rows).await?;
    insert_assignments(db, tenant, rows).await?;
    insert_assignment_steps(db, tenant, rows).await?;
    sound(db, tenant, &rows.whistles).await?;
    insert_judgements(db, tenant, rows).await?;
    settle(db, tenant, &rows.whistles).await
}

async fn insert_drafts(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[WhistleRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into whistles (tenant_id, id, kind, title, problem, own_measures, closing_condition,
                               place_id, place_level, place_code, from_community, stage,
                               waiting_since, drafted_at, drafted_by, drafted_post, duty_item_id, choice_reason,
                               meets_at)
         select $1, id, kind::whistle_kind, title, problem, own_measures, closing_condition,
                place_id, place_level, place_code, from_community,
                case when from_community then 'requested' else 'draft' end::whistle_stage,
                drafted_at, drafted_at, drafted_by, drafted_post, duty, choice_reason, meets_at
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::uuid[], $9::smallint[], $10::text[], $11::boolean[],
                       $12::timestamptz[], $13::uuid[], $14::uuid[], $15::uuid[], $16::text[],
                       $17::timestamptz[])
                as r(id, kind, title, problem, own_measures, closing_condition, place_id,
                     place_level, place_code, from_community, drafted_at, drafted_by, drafted_post,
                     duty, choice_reason, meets_at)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.kind) as _,
        &column(rows, |r| r.title.as_str()) as _,
        &column(rows, |r| r.problem.as_str()) as _,
        &column(rows, |r| r.own_measures.as_str()) as _,
        &column(rows, |r| r.closing_condition) as _,
        &column(rows, |r| r.place.id),
        &column(rows, |r| r.place.level),
        &column(rows, |r| r.place.code.as_str()) as _,
        &column(rows, |r| r.from_community),
        &column(rows, |r| r.drafted.at),
        &column(rows, |r| r.drafted.person),
        &column(rows, |r| r.drafted.post),
        &column(rows, |r| r.duty) as _,
        &column(rows, |r| r.choice_reason.as_deref()) as _,
        &column(rows, |r| r.meets_at) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_whistle_matters(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.whistle_matters;
    sqlx::query!(
        "insert into whistle_matters (tenant_id, whistle_id, matter_id, live)
         select $1, whistle_id, matter_id, live
           from unnest($2::uuid[], $3::uuid[], $4::boolean[]) as r(whistle_id, matter_id, live)",
        tenant,
        &column(rows, |r| r.0),
        &column(rows, |r| r.1),
        &column(rows, |r| r.2),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_assignments(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.assignments;
    sqlx::query!(
        "insert into assignments (tenant_id, id, whistle_id, department_id, role, position, ask,
                                  stage, waiting_since, sent_at, signed_at, reported_at,
                                  report_way, arrived_at, report_who, report_agreed, fed_back_at,
                                  result, rework_count, uncooperative_reason)
         select $1, id, whistle_id, department_id, role::assignment_role, position, ask,
                stage::assignment_stage, waiting_since, sent_at, signed_at, reported_at,
                report_way::report_way, arrived_at, report_who, report_agreed, fed_back_at,
                result, rework_count, uncooperative_reason
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::smallint[], $7::text[],
                       $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[],
                       $12::timestamptz[], $13::text[], $14::timestamptz[], $15::text[],
                       $16::text[], $17::timestamptz[], $18::text[], $19::smallint[], $20::text[])
                as r(id, whistle_id, department_id, role, position, ask, stage, waiting_since,
                     sent_at, signed_at, reported_at, report_way, arrived_at, report_who,
                     report_agreed, fed_back_at, result, rework_count, uncooperative_reason)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.department),
        &column(rows, |r| r.role) as _,
        &column(rows, |r| r.position),
        &column(rows, |r| r.ask) as _,
        &column(rows, |r| r.stage) as _,
        &column(rows, |r| r.waiting_since),
        &column(rows, |r| r.sent_at) as _,
        &column(rows, |r| r.signed_at) as _,
        &column(rows, |r| r.reported.as_ref().map(|x| x.at)) as _,
        &column(rows, |r| r.reported.as_ref().map(|x| x.way)) as _,
        &column(rows, |r| r.reported.as_ref().map(|x| x.arrived_at)) as _,
        &column(rows, |r| r.reported.as_ref().map(|x| x.who.as_str())) as _,
        &column(rows, |r| r.reported.as_ref().map(|x| x.agreed)) as _,
        &column(rows, |r| r.fed_back.as_ref().map(|x| x.0)) as _,
        &column(rows, |r| r.fed_back.as_ref().map(|x| x.1.as_str())) as _,
        &column(rows, |r| r.rework_count),
        &column(rows, |r| r.uncooperative) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_assignment_steps(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.assignment_steps;
    sqlx::query!(
        "insert into assignment_steps (tenant_id, id, whistle_id, assignment_id, kind, person_id,
                                       post_id, at, words)
         select $1, id, whistle_id, assignment_id, kind::step_kind, person_id, post_id, at, words
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[],
                       $8::timestamptz[], $9::text[])
                as r(id, whistle_id, assignment_id, kind, person_id, post_id, at, words)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.assignment),
        &column(rows, |r| r.kind) as _,
        &column(rows, |r| r.act.person),
        &column(rows, |r| r.act.post),
        &column(rows, |r| r.act.at),
        &column(rows, |r| r.words.as_str()) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn sound(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[WhistleRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whistles w
            set stage = 'sounded', waiting_since = r.sounded_at, number = r.number,
                sounded_at = r.sounded_at, sounded_by = r.sounded_by, approved_at = r.approved_at,
                approved_by = r.approved_by, approved_post = r.approved_post
           from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::timestamptz[],
                       $7::uuid[], $8::uuid[])
                as r(id, number, sounded_at, sounded_by, approved_at, approved_by, approved_post)
          where w.tenant_id = $1 and w.id = r.id and r.sounded_at is not null",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.number.as_deref()) as _,
        &column(rows, |r| r.sounded.map(|x| x.at)) as _,
        &column(rows, |r| r.sounded.map(|x| x.person)) as _,
        &column(rows, |r| r.approved.map(|x| x.at)) as _,
        &column(rows, |r| r.approved.map(|x| x.person)) as _,
        &column(rows, |r| r.approved.map(|x| x.post)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn settle(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[WhistleRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whistles w
            set stage = r.stage::whistle_stage, waiting_since = r.waiting_since,
                verified_at = r.verified_at, verified_by = r.verified_by,
                verified_post = r.verified_post,
                verified_true = case when r.verified_at is not null then true end,
                verified_words = case when r.verified_at is not null then '到现场核实，情况属实。' end,
                outcome = r.outcome::whistle_outcome, closing_words = r.closing_words,
                closed_at = r.closed_at, closed_by = r.closed_by, closed_post = r.closed_post,
                closed_post_kind = r.closed_post_kind::post_kind,
                withdrawn_at = r.withdrawn_at, withdraw_reason = r.withdraw_reason
           from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::uuid[],
                       $7::uuid[], $8::text[], $9::text[], $10::timestamptz[], $11::uuid[],
                       $12::uuid[], $13::text[], $14::timestamptz[], $15::text[])
                as r(id, stage, waiting_since, verified_at, verified_by, verified_post, outcome,
                     closing_words, closed_at, closed_by, closed_post, closed_post_kind,
                     withdrawn_at, withdraw_reason)
          where w.tenant_id = $1 and w.id = r.id",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.stage) as _,
        &column(rows, |r| r.waiting_since),
        &column(rows, |r| r.verified.map(|x| x.at)) as _,
        &column(rows, |r| r.verified.map(|x| x.person)) as _,
        &column(rows, |r| r.verified.map(|x| x.post)) as _,
        &column(rows, |r| r.outcome) as _,
        &column(rows, |r| r.closing_words) as _,
        &column(rows, |r| r.closed.map(|x| x.at)) as _,
        &column(rows, |r| r.closed.map(|x| x.person)) as _,
        &column(rows, |r| r.closed.map(|x| x.post)) as _,
        &column(rows, |r| r.closed.map(|x| x.kind)) as _,
        &column(rows, |r| r.withdrawn.map(|x| x.0)) as _,
        &column(rows, |r| r.withdrawn.map(|x| x.1)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
