//! Writing matters, and what is known of all acts: events and numbers.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::rows::EventRow;
use super::story::Rows;
use crate::base::words;

/// Writes the matters and what grid, community and street did about them.
pub(super) async fn insert_matters(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    insert_matter_rows(db, tenant, rows).await?;
    insert_matter_steps(db, tenant, rows).await
}

/// Writes the events and the last number of each day.
pub(super) async fn insert_record(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    insert_events(db, tenant, &rows.events).await?;
    insert_numbers(db, tenant, &rows.numbers).await
}

/// Whoever accepted a matter chose a condition of filing: the one whose signs its words have most of.
pub(super) async fn choose_conditions(
    db: &mut PgConnection,
    tenant: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with chosen as (
             select distinct on (o.id) o.id, c.version, c.position
               from events e
               join matters o on o.tenant_id = $1 and o.id = e.subject_id
               join class_conditions c on c.tenant_id = $1 and c.class_code = o.class_code and c.version = 1
              where e.tenant_id = $1 and e.subject = 'matter' and e.verb = 'accept'
              order by o.id, (select count(*) from regexp_split_to_table(c.filing, '') as sign
                               where position(sign in o.title || o.detail) > 0)::numeric / char_length(c.filing) desc,
                       c.position)
         update matters m set class_version = k.version, condition = k.position
           from chosen k
          where m.tenant_id = $1 and m.id = k.id",
        tenant
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_matter_rows(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.matters;
    sqlx::query!(
        "insert into matters (tenant_id, id, number, class_code, title, detail, place_id,
                              place_level, place_code, spot, urgent, teller_name_mask, teller_phone_mask,
                              filed_at, filed_by, filed_post, stage, waiting_since, ended_at,
                              solved_level, solution, reject_reason, merged_into, merged_from)
         select $1, id, number, class_code, title, detail, place_id, place_level, place_code, spot,
                urgent, teller_name_mask, teller_phone_mask, filed_at, filed_by, filed_post,
                stage::matter_stage, waiting_since, ended_at, solved_level::solved_level, solution,
                reject_reason, merged_into, merged_from::matter_stage
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],
                       $8::smallint[], $9::text[], $10::text[], $11::boolean[], $12::text[],
                       $13::text[], $14::timestamptz[], $15::uuid[], $16::uuid[], $17::text[],
                       $18::timestamptz[], $19::timestamptz[], $20::text[], $21::text[],
                       $22::text[], $23::uuid[], $24::text[])
                as r(id, number, class_code, title, detail, place_id, place_level, place_code,
                     spot, urgent, teller_name_mask, teller_phone_mask, filed_at, filed_by, filed_post,
                     stage, waiting_since, ended_at, solved_level, solution, reject_reason,
                     merged_into, merged_from)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.number.as_str()) as _,
        &column(rows, |r| r.class) as _,
        &column(rows, |r| r.title.as_str()) as _,
        &column(rows, |r| r.detail.as_str()) as _,
        &column(rows, |r| r.place.id),
        &column(rows, |r| r.place.level),
        &column(rows, |r| r.place.code.as_str()) as _,
        &column(rows, |r| r.spot.as_str()) as _,
        &column(rows, |r| r.urgent),
        &column(rows, |r| r.teller.as_ref().map(|t| words::masked_name(&t.0))) as _,
        &column(rows, |r| r.teller.as_ref().map(|t| words::masked_phone(&t.1))) as _,
        &column(rows, |r| r.filed_at),
        &column(rows, |r| r.filed_by),
        &column(rows, |r| r.filed_post),
        &column(rows, |r| r.stage) as _,
        &column(rows, |r| r.waiting_since),
        &column(rows, |r| r.ended_at) as _,
        &column(rows, |r| r.solved_level) as _,
        &column(rows, |r| r.solution.as_deref()) as _,
        &column(rows, |r| r.reject_reason) as _,
        &column(rows, |r| r.merged.map(|m| m.0)) as _,
        &column(rows, |r| r.merged.map(|m| m.1)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_matter_steps(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &Rows,
) -> Result<(), sqlx::Error> {
    let rows = &rows.matter_steps;
    sqlx::query!(
        "insert into matter_steps (tenant_id, id, matter_id, person_id, post_id, at, words)
         select $1, id, matter_id, person_id, post_id, at, words
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[],
                       $7::text[])
                as r(id, matter_id, person_id, post_id, at, words)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.matter),
        &column(rows, |r| r.person),
        &column(rows, |r| r.post),
        &column(rows, |r| r.at),
        &column(rows, |r| r.words.as_str()) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes events.
pub(super) async fn insert_events(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[EventRow],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name,
                             post_id, seat, department_id, sentence)
         select $1, id, at, subject::event_subject, subject_id, verb, person_id, person_name,
                post_id, seat, department_id, sentence
           from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::text[],
                       $7::uuid[], $8::text[], $9::uuid[], $10::text[], $11::uuid[], $12::text[])
                as r(id, at, subject, subject_id, verb, person_id, person_name, post_id, seat,
                     department_id, sentence)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.at),
        &column(rows, |r| r.subject) as _,
        &column(rows, |r| r.subject_id),
        &column(rows, |r| r.verb) as _,
        &column(rows, |r| r.person) as _,
        &column(rows, |r| r.person_name.as_str()) as _,
        &column(rows, |r| r.post) as _,
        &column(rows, |r| r.seat.as_str()) as _,
        &column(rows, |r| r.department) as _,
        &column(rows, |r| r.sentence.as_str()) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes the last number of each day.
pub(super) async fn insert_numbers(
    db: &mut PgConnection,
    tenant: Uuid,
    rows: &[(&'static str, NaiveDate, i32)],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into number_series (tenant_id, series, day, last)
         select $1, series, day, last
           from unnest($2::text[], $3::date[], $4::integer[]) as r(series, day, last)",
        tenant,
        &column(rows, |r| r.0) as _,
        &column(rows, |r| r.1),
        &column(rows, |r| r.2),
    )
    .execute(db)
    .await?;
    Ok(())
}
