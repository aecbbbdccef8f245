//! Writing the town: one statement for each table.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::town::Town;
use crate::base::words;

/// What all accounts of the sample have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account<'a> {
    pub(super) password_hash: &'a str,
    pub(super) set_at: DateTime<Utc>,
}

/// One column of some rows.
pub(super) fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// Tells the server how many rows there are by now, as the owner who connected: without that it plans
/// for empty tables, and reads of the facts written so far once ran for minutes.
pub(super) async fn analyze(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("reset role; analyze; set local role street_whistle_app")
        .execute(db)
        .await?;
    Ok(())
}

/// Writes everything that stands before anything happens.
pub(super) async fn insert_town(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
    account: Account<'_>,
) -> Result<(), sqlx::Error> {
    insert_nodes(db, tenant, town).await?;
    insert_departments(db, tenant, town).await?;
    insert_people(db, tenant, town).await?;
    insert_posts(db, tenant, town).await?;
    insert_appointments(db, tenant, town).await?;
    insert_leaders(db, tenant, town).await?;
    insert_accounts(db, tenant, town, account).await
}

async fn insert_leaders(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    let rows = &town.leaders;
    sqlx::query!(
        "insert into department_leaders (tenant_id, id, department_id, post_id, post_kind, from_day, to_day, named_at,
                                         named_by, named_post)
         select $1, id, department_id, post_id, 'city_leader', from_day, to_day, named_at, named_by, named_post
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[], $7::timestamptz[],
                       $8::uuid[], $9::uuid[])
                as r(id, department_id, post_id, from_day, to_day, named_at, named_by, named_post)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.department),
        &column(rows, |r| r.post),
        &column(rows, |r| r.from),
        &column(rows, |r| r.to) as _,
        &column(rows, |r| r.named_at),
        &column(rows, |r| r.named_by),
        &column(rows, |r| r.named_post),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_nodes(db: &mut PgConnection, tenant: Uuid, town: &Town) -> Result<(), sqlx::Error> {
    let rows = &town.nodes;
    sqlx::query!(
        "insert into nodes (tenant_id, id, level, parent_id, code, name, party_name, households,
                            longitude, latitude, valid_from, valid_to, predecessor_id, is_sample)
         select $1, id, level, parent_id, code, name, party_name, households,
                longitude, latitude, valid_from, valid_to, predecessor_id, level > 2
           from unnest($2::uuid[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                       $8::integer[], $9::double precision[], $10::double precision[], $11::date[], $12::date[],
                       $13::uuid[])
                as r(id, level, parent_id, code, name, party_name, households,
                     longitude, latitude, valid_from, valid_to, predecessor_id)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.level),
        &column(rows, |r| r.parent) as _,
        &column(rows, |r| r.code.as_str()) as _,
        &column(rows, |r| r.name.as_str()) as _,
        &column(rows, |r| r.party_name.as_str()) as _,
        &column(rows, |r| r.households) as _,
        &column(rows, |r| r.position.map(|p| p.0)) as _,
        &column(rows, |r| r.position.map(|p| p.1)) as _,
        &column(rows, |r| r.valid_from),
        &column(rows, |r| r.valid_to) as _,
        &column(rows, |r| r.predecessor) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_departments(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    let rows = &town.departments;
    sqlx::query!(
        "insert into departments (tenant_id, id, code, name, kind, position, valid_from)
         select $1, id, code, name, kind::department_kind, position, valid_from
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::date[])
                as r(id, code, name, kind, position, valid_from)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.code.as_str()) as _,
        &column(rows, |r| r.name) as _,
        &column(rows, |r| r.kind) as _,
        &column(rows, |r| r.position),
        &column(rows, |r| r.valid_from),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_people(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    let rows = &town.people;
    sqlx::query!(
        "insert into people (tenant_id, id, name, identity, home_unit, is_member, phone_mask, is_sample)
         select $1, id, name, identity, home_unit, is_member, phone_mask, true
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[])
                as r(id, name, identity, home_unit, is_member, phone_mask)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.name.as_str()) as _,
        &column(rows, |r| r.identity) as _,
        &column(rows, |r| r.home_unit) as _,
        &column(rows, |r| r.is_member),
        &column(rows, |r| words::masked_phone(&r.phone)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_posts(db: &mut PgConnection, tenant: Uuid, town: &Town) -> Result<(), sqlx::Error> {
    let rows = &town.posts;
    sqlx::query!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code,
                            department_id, valid_from)
         select $1, id, kind::post_kind, title, node_id, node_level, node_code,
                department_id, valid_from
           from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::smallint[], $7::text[],
                       $8::uuid[], $9::date[])
                as r(id, kind, title, node_id, node_level, node_code, department_id, valid_from)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.kind) as _,
        &column(rows, |r| r.title) as _,
        &column(rows, |r| r.node) as _,
        &column(rows, |r| r.node_level) as _,
        &column(rows, |r| r.node_code.as_deref()) as _,
        &column(rows, |r| r.department) as _,
        &column(rows, |r| r.valid_from),
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_appointments(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
) -> Result<(), sqlx::Error> {
    let rows = &town.appointments;
    sqlx::query!(
        "insert into appointments (tenant_id, id, post_id, person_id, from_day, to_day)
         select $1, id, post_id, person_id, from_day, to_day
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[])
                as r(id, post_id, person_id, from_day, to_day)",
        tenant,
        &column(rows, |r| r.id),
        &column(rows, |r| r.post),
        &column(rows, |r| r.person),
        &column(rows, |r| r.from),
        &column(rows, |r| r.to) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_accounts(
    db: &mut PgConnection,
    tenant: Uuid,
    town: &Town,
    account: Account<'_>,
) -> Result<(), sqlx::Error> {
    let rows = &town.accounts;
    sqlx::query!(
        "insert into accounts (tenant_id, person_id, login, password_hash, password_set_at, must_change)
         select $1, person_id, login, $2, $3, false
           from unnest($4::uuid[], $5::text[]) as r(person_id, login)",
        tenant,
        account.password_hash,
        account.set_at,
        &column(rows, |r| r.person),
        &column(rows, |r| r.login.as_str()) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
