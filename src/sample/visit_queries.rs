//! Writing what residents said: asked, called, answered, and what that sent back.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::rows::VisitRow;
use super::story::Rows;
use crate::work::visits::window_ends;

/// Writes the visits the way they go, then what they led to.
pub(super) async fn insert_visits(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    ask(db, tenant, &rows.visits).await?;
    insert_tries(db, tenant, &rows.visits).await?;
    end(db, tenant, &rows.visits).await?;
    for (id, whistle, at, reason) in &rows.reopened {
        reopen(db, tenant, (*id, *whistle), (*at, reason)).await?;
    }
    insert_proposals(db, tenant, rows).await
}

async fn ask(db: &mut PgConnection, tenant: Uuid, rows: &[VisitRow]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into visits (tenant_id, id, whistle_id, matter_id, round, state, asked_at, window_ends_at)
         select $1, id, whistle_id, matter_id, 1, 'waiting', asked_at, window_ends_at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
                as r(id, whistle_id, matter_id, asked_at, window_ends_at)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.whistle),
        &column(rows, |r| r.matter),
        &column(rows, |r| r.asked_at),
        &column(rows, |r| window_ends(r.asked_at)),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_tries(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[VisitRow],
) -> Result<(), sqlx::Error> {
    let tries = rows.iter().flat_map(|v| {
        let numbered = (1_i16..).zip(&v.tries);
        numbered.map(move |(number, (act, words))| (v, number, *act, *words))
    });
    let rows: Vec<_> = tries.collect();
    let ids: Vec<Uuid> = rows
        .iter()
        .map(|r| crate::base::id::uuid_at(r.2.at))
        .collect();
    sqlx::query!(
        "insert into visit_tries (tenant_id, id, whistle_id, visit_id, number, reached, words, person_id, post_id,
                                  post_kind, at)
         select $1, id, whistle_id, visit_id, number, false, words, person_id, post_id, 'city_office', at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::text[], $7::uuid[], $8::uuid[],
                       $9::timestamptz[])
                as r(id, whistle_id, visit_id, number, words, person_id, post_id, at)",
        tenant,
        &ids,
        &column(&rows, |r| r.0.whistle),
        &column(&rows, |r| r.0.id),
        &column(&rows, |r| r.1),
        &column(&rows, |r| r.3) as _,
        &column(&rows, |r| r.2.person),
        &column(&rows, |r| r.2.post),
        &column(&rows, |r| r.2.at),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn end(db: &mut PgConnection, tenant: Uuid, rows: &[VisitRow]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update visits v
            set state = r.state::visit_state, ended_at = r.ended_at, version = 2,
                answer = r.answer::visit_answer, feeling = r.feeling::visit_feeling, words = r.words,
                way = case when r.answer is null then null when r.person_id is null then 'link'
                           else 'desk' end::visit_way,
                person_id = r.person_id, post_id = r.post_id,
                post_kind = case when r.person_id is not null then 'city_office' end::post_kind
           from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                       $9::uuid[])
                as r(id, state, ended_at, answer, feeling, words, person_id, post_id)
          where v.tenant_id = $1 and v.id = r.id and r.state <> 'waiting'",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.state) as _,
        &column(rows, |r| r.ended_at) as _,
        &column(rows, |r| r.said.map(|s| s.0)) as _,
        &column(rows, |r| r.said.map(|s| s.1)) as _,
        &column(rows, |r| r.said.map(|s| s.2)) as _,
        &column(rows, |r| r.recorder.map(|a| a.person)) as _,
        &column(rows, |r| r.recorder.map(|a| a.post)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Back to the check, as the program does it.
async fn reopen(
    db: &mut PgConnection,
    tenant: Uuid,
    (id, whistle): (Uuid, Uuid),
    (at, reason): (chrono::DateTime<chrono::Utc>, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(
        "insert into reopenings (tenant_id, id, whistle_id, number, at, reason, stage, closed_at, closed_by, outcome,
                                 closing_words)
         select $1, $2, w.id, 1, $4, $5, w.stage, w.closed_at, w.closed_by, w.outcome, w.closing_words
           from whistles w where w.tenant_id = $1 and w.id = $3
         returning id",
        tenant,
        id,
        whistle,
        at,
        reason
    )
    .fetch_all(&mut *db)
    .await?;
    sqlx::query!(
        "update whistles set stage = 'checking', reopened = 1, waiting_since = $3, outcome = null, closing_words = null,
                closed_at = null, closed_by = null, closed_post = null, closed_post_kind = null
          where tenant_id = $1 and id = $2",
        tenant,
        whistle,
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update assignments set stage = 'fed_back', waiting_since = $3
          where tenant_id = $1 and whistle_id = $2 and stage = 'passed'",
        tenant,
        whistle,
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update matters set stage = 'whistled', waiting_since = $3, ended_at = null, solved_level = null, solution = null
          where tenant_id = $1 and stage = 'solved' and solved_level = 'whistle'
            and id in (select b.matter_id from whistle_matters b where b.tenant_id = $1 and b.whistle_id = $2)",
        tenant,
        whistle,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_proposals(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.proposals;
    sqlx::query!(
        "insert into reopen_proposals (tenant_id, id, whistle_id, matter_id, at)
         select $1, id, whistle_id, matter_id, at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) as r(id, whistle_id, matter_id, at)",
        tenant,
        &column(rows, |r| r.0),
        &column(rows, |r| r.1),
        &column(rows, |r| r.2),
        &column(rows, |r| r.3),
    )
    .execute(db)
    .await?;
    Ok(())
}
