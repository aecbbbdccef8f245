//! Writing what was told.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::column;
use super::telling::Telling;
use crate::base::words;

/// Writes notices and mails.
pub(super) async fn insert_telling(
    db: &mut PgConnection,
    tenant: Uuid,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    insert_notices(db, tenant, telling).await?;
    insert_deliveries(db, tenant, telling).await
}

async fn insert_notices(
    db: &mut PgConnection,
    tenant: Uuid,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    let rows = &telling.notices;
    sqlx::query!(
        "insert into notices (tenant_id, id, post_id, at, class, verb, title, words, link, ask, read_at, read_by)
         select $1, id, post_id, at, class::notice_class, verb, title, words, link, ask, read_at, read_by
           from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
                       $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::uuid[])
                as r(id, post_id, at, class, verb, title, words, link, ask, read_at, read_by)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.post),
        &column(rows, |r| r.at),
        &column(rows, |r| r.class) as _,
        &column(rows, |r| r.verb) as _,
        &column(rows, |r| r.title.as_str()) as _,
        &column(rows, |r| r.words.as_str()) as _,
        &column(rows, |r| r.link.as_str()) as _,
        &column(rows, |r| r.ask) as _,
        &column(rows, |r| r.read.map(|read| read.0)) as _,
        &column(rows, |r| r.read.map(|read| read.1)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_deliveries(
    db: &mut PgConnection,
    tenant: Uuid,
    telling: &Telling,
) -> Result<(), sqlx::Error> {
    let rows = &telling.deliveries;
    sqlx::query!(
        "insert into deliveries (tenant_id, id, person_id, kind, subject, body, at, due_at,
                                 state, tries, last_error, ended_at)
         select $1, id, person_id, 'digest', subject, subject, at, at,
                case when error is null then 'sent' else 'failed' end::delivery_state, 0, error, at
           from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[])
                as r(id, person_id, subject, at, error)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.person),
        &column(rows, |r| r.subject.as_str()) as _,
        &column(rows, |r| r.at),
        &column(rows, |r| r.error) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes the masks of addresses.
pub(super) async fn insert_masks(
    db: &mut PgConnection,
    tenant: Uuid,
    addresses: &[(Uuid, String)],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update people p set mail_mask = a.mask
           from unnest($2::uuid[], $3::text[]) as a (person_id, mask)
          where p.tenant_id = $1 and p.id = a.person_id",
        tenant,
        &column(addresses, |a| a.0),
        &column(addresses, |a| words::masked_mail(&a.1)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
