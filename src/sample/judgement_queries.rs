//! Writing checks, ratings and reviews.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::story::Rows;

/// Writes everything that was said about the departments' work.
pub(super) async fn insert_judgements(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    insert_checks(db, tenant, rows).await?;
    insert_check_reworks(db, tenant, rows).await?;
    insert_ratings(db, tenant, rows).await?;
    insert_reviews(db, tenant, rows).await
}

async fn insert_checks(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.checks;
    sqlx::query!(
        "insert into checks (tenant_id, id, whistle_id, round, passed, words, person_id, post_id,
                             post_kind, at)
         select $1, id, whistle_id, round, passed, words, person_id, post_id,
                post_kind::post_kind, at
           from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::boolean[], $6::text[],
                       $7::uuid[], $8::uuid[], $9::text[], $10::timestamptz[])
                as r(id, whistle_id, round, passed, words, person_id, post_id, post_kind, at)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.round),
        &column(rows, |r| r.passed),
        &column(rows, |r| r.words) as _,
        &column(rows, |r| r.act.person),
        &column(rows, |r| r.act.post),
        &column(rows, |r| r.act.kind) as _,
        &column(rows, |r| r.act.at),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_check_reworks(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let checks = rows.checks.iter();
    let reworks = checks.flat_map(|c| c.reworks.iter().map(|a| (c.whistle, c.id, *a)));
    let rows: Vec<(Uuid, Uuid, Uuid)> = reworks.collect();
    sqlx::query!(
        "insert into check_reworks (tenant_id, whistle_id, check_id, assignment_id)
         select $1, whistle_id, check_id, assignment_id
           from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as r(whistle_id, check_id, assignment_id)",
        tenant,
        &column(&rows, |r| r.0),
        &column(&rows, |r| r.1),
        &column(&rows, |r| r.2),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_ratings(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.ratings;
    sqlx::query!(
        "insert into ratings (tenant_id, id, whistle_id, assignment_id, side, speed, attendance,
                              result, attitude, cooperation, words, person_id, post_id, post_kind,
                              at)
         select $1, id, whistle_id, assignment_id, side::asking_side, speed, attendance, result,
                attitude, cooperation, words, person_id, post_id, post_kind::post_kind, at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::smallint[],
                       $7::smallint[], $8::smallint[], $9::smallint[], $10::smallint[],
                       $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::timestamptz[])
                as r(id, whistle_id, assignment_id, side, speed, attendance, result, attitude,
                     cooperation, words, person_id, post_id, post_kind, at)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.assignment),
        &column(rows, |r| r.side) as _,
        &column(rows, |r| r.marks[0]),
        &column(rows, |r| r.marks[1]),
        &column(rows, |r| r.marks[2]),
        &column(rows, |r| r.marks[3]),
        &column(rows, |r| r.marks[4]),
        &column(rows, |r| r.words) as _,
        &column(rows, |r| r.act.person),
        &column(rows, |r| r.act.post),
        &column(rows, |r| r.act.kind) as _,
        &column(rows, |r| r.act.at),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_reviews(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.reviews;
    sqlx::query!(
        "insert into reviews (tenant_id, id, whistle_id, assignment_id, kind_right, facts_right,
                              cooperation, words, person_id, post_id, at)
         select $1, id, whistle_id, assignment_id, kind_right, facts_right, cooperation, words,
                person_id, post_id, at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[], $6::boolean[],
                       $7::smallint[], $8::text[], $9::uuid[], $10::uuid[], $11::timestamptz[])
                as r(id, whistle_id, assignment_id, kind_right, facts_right, cooperation, words,
                     person_id, post_id, at)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.assignment),
        &column(rows, |r| r.kind_right),
        &column(rows, |r| r.facts_right),
        &column(rows, |r| r.cooperation),
        &column(rows, |r| r.words) as _,
        &column(rows, |r| r.act.person),
        &column(rows, |r| r.act.post),
        &column(rows, |r| r.act.at),
    )
    .execute(db)
    .await?;
    Ok(())
}
