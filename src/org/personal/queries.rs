//! The SQL of personal data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Field, Kept, Purpose, Rules};
use crate::base::db::{Tx, one_changed};
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::seal::Sealed;
use crate::org::TenantId;
use crate::org::access::Viewer;

/// Writes sealed values, over what was there.
pub(super) async fn keep(
    db: &mut PgConnection,
    tenant: Uuid,
    kept: &[Kept],
) -> Result<(), sqlx::Error> {
    let owners: Vec<Uuid> = kept.iter().map(|k| k.owner).collect();
    let fields: Vec<&str> = kept.iter().map(|k| k.field.code()).collect();
    let keys: Vec<&str> = kept.iter().map(|k| k.key_name.as_str()).collect();
    let sealed: Vec<&[u8]> = kept.iter().map(|k| k.sealed.as_slice()).collect();
    let digests: Vec<&[u8]> = kept.iter().map(|k| k.digest.as_slice()).collect();
    sqlx::query!(
        "insert into personal_values (tenant_id, owner_id, field, key_name, sealed, digest)
         select $1, v.owner_id, v.field, v.key_name, v.sealed, v.digest
           from unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])
                as v (owner_id, field, key_name, sealed, digest)
         on conflict (tenant_id, owner_id, field) do update
         set key_name = excluded.key_name, sealed = excluded.sealed, digest = excluded.digest",
        tenant,
        &owners,
        &fields as _,
        &keys as _,
        &sealed as _,
        &digests as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Drops one value, also where it still waits to be sealed.
pub(super) async fn drop_one(
    tx: &mut Tx,
    tenant: TenantId,
    owner: Uuid,
    field: Field,
) -> Result<()> {
    for_backlog(tx, tenant, &[owner], Some(field)).await?;
    sqlx::query!(
        "delete from personal_values where tenant_id = $1 and owner_id = $2 and field = $3",
        tenant.0,
        owner,
        field.code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Drops everything that is kept of these owners.
pub(super) async fn drop_all(tx: &mut Tx, tenant: TenantId, owners: &[Uuid]) -> Result<()> {
    for_backlog(tx, tenant, owners, None).await?;
    sqlx::query!(
        "delete from personal_values where tenant_id = $1 and owner_id = any($2)",
        tenant.0,
        owners
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn for_backlog(
    tx: &mut Tx,
    tenant: TenantId,
    owners: &[Uuid],
    field: Option<Field>,
) -> Result<()> {
    sqlx::query!(
        "delete from personal_backlog
          where tenant_id = $1 and owner_id = any($2) and ($3::text is null or field = $3)",
        tenant.0,
        owners,
        field.map(Field::code)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A sealed value with its place.
#[derive(Clone, Debug)]
pub(super) struct SealedRow {
    /// Whose it is.
    pub(super) owner: Uuid,
    /// What it is.
    pub(super) field: Field,
    /// The value.
    pub(super) sealed: Sealed,
}

fn row(owner: Uuid, field: &str, key_name: String, bytes: Vec<u8>) -> Result<SealedRow> {
    let field = field
        .parse()
        .map_err(|()| anyhow::anyhow!("no personal field “{field}”"))?;
    let sealed = Sealed { key_name, bytes };
    Ok(SealedRow {
        owner,
        field,
        sealed,
    })
}

/// Sealed values of some owners, of these kinds alone: what is not asked for is not opened.
pub(super) async fn of(
    tx: &mut Tx,
    (tenant, owners): (TenantId, &[Uuid]),
    fields: &[Field],
) -> Result<Vec<SealedRow>> {
    let fields: Vec<&str> = fields.iter().map(|field| field.code()).collect();
    let rows = sqlx::query!(
        "select owner_id, field, key_name, sealed from personal_values
          where tenant_id = $1 and owner_id = any($2) and field = any($3) order by owner_id, field",
        tenant.0,
        owners,
        &fields as _
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|r| row(r.owner_id, &r.field, r.key_name, r.sealed))
        .collect()
}

/// The digest of one value, and under which key.
pub(super) async fn digest(
    tx: &mut Tx,
    tenant: TenantId,
    owner: Uuid,
    field: Field,
) -> Result<Option<(String, Vec<u8>)>> {
    let row = sqlx::query!(
        "select key_name, digest from personal_values where tenant_id = $1 and owner_id = $2 and field = $3",
        tenant.0,
        owner,
        field.code()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|r| (r.key_name, r.digest)))
}

/// Takes some values that an older program left in the clear; they are gone with this transaction.
pub(super) async fn take_backlog(
    tx: &mut Tx,
    tenant: TenantId,
    most: i64,
) -> Result<Vec<(Uuid, Field, String)>> {
    let rows = sqlx::query!(
        "delete from personal_backlog b
          using (select owner_id, field from personal_backlog where tenant_id = $1
                  order by owner_id, field limit $2) x
          where b.tenant_id = $1 and b.owner_id = x.owner_id and b.field = x.field
         returning b.owner_id, b.field, b.value",
        tenant.0,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|r| {
            let field = r
                .field
                .parse()
                .map_err(|()| anyhow::anyhow!("no personal field"))?;
            Ok((r.owner_id, field, r.value))
        })
        .collect()
}

/// Some values under one key, locked.
pub(super) async fn under(
    tx: &mut Tx,
    tenant: TenantId,
    key_name: &str,
    most: i64,
) -> Result<Vec<SealedRow>> {
    let rows = sqlx::query!(
        "select owner_id, field, key_name, sealed from personal_values
          where tenant_id = $1 and key_name = $2
          order by owner_id, field limit $3 for update skip locked",
        tenant.0,
        key_name,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|r| row(r.owner_id, &r.field, r.key_name, r.sealed))
        .collect()
}

/// What the tenant decided, or what holds where it decided nothing.
pub async fn rules(tx: &mut Tx, tenant: TenantId) -> Result<Rules> {
    let row = sqlx::query!(
        "select sights_a_day, teller_months, people_months, version from personal_rules where tenant_id = $1",
        tenant.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or_else(Rules::default, |r| Rules {
        sights: r.sights_a_day,
        teller_months: r.teller_months,
        people_months: r.people_months,
        version: r.version,
    }))
}

/// Writes the rules, if nobody did meanwhile.
pub(super) async fn set_rules(tx: &mut Tx, me: &Viewer, rules: &Rules) -> Result<()> {
    let set = sqlx::query!(
        "insert into personal_rules (tenant_id, sights_a_day, teller_months, people_months)
         values ($1, $2, $3, $4)
         on conflict (tenant_id) do update
         set sights_a_day = $2, teller_months = $3, people_months = $4, version = personal_rules.version + 1
         where personal_rules.version = $5",
        me.tenant.0,
        rules.sights,
        rules.teller_months,
        rules.people_months,
        rules.version
    )
    .execute(&mut **tx)
    .await?;
    one_changed(set.rows_affected())
}

/// How many others the viewer has looked at today, whether this one is among them, and the limit.
/// The viewer's own row is locked, so that two looks at once are counted one by one.
pub(super) async fn seen(tx: &mut Tx, me: &Viewer, owner: Uuid) -> Result<(i64, bool)> {
    let today = tx.today();
    sqlx::query_scalar!(
        "select id from people where tenant_id = $1 and id = $2 for no key update",
        me.tenant.0,
        me.person.0
    )
    .fetch_one(&mut **tx)
    .await?;
    let row = sqlx::query!(
        r#"select count(distinct s.owner_id) filter (where s.owner_id <> $4 and not s.is_task) as "others!",
                  coalesce(bool_or(s.owner_id = $4 and not s.is_task), false) as "before!"
             from personal_sights s
            where s.tenant_id = $1 and s.seen_by = $2 and s.day = $3"#,
        me.tenant.0,
        me.person.0,
        today,
        owner
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.others, row.before))
}

/// Keeps that the viewer looked.
pub(super) async fn add_sight(
    tx: &mut Tx,
    me: &Viewer,
    owner: Uuid,
    (purpose, words): (Purpose, &str),
    is_task: bool,
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    sqlx::query!(
        "insert into personal_sights (tenant_id, id, owner_id, seen_by, seen_at, day, purpose, words, is_task)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        uuid_at(now),
        owner,
        me.person.0,
        now,
        today,
        purpose.code(),
        words,
        is_task
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps that a walk of the retention is over.
pub(super) async fn add_run(
    tx: &mut Tx,
    tenant: TenantId,
    (matters, people): (i32, i32),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into personal_runs (tenant_id, id, ran_at, matters, people) values ($1, $2, $3, $4, $5)",
        tenant.0,
        uuid_at(now),
        now,
        matters,
        people
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One walk of the retention.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Run {
    pub(super) ran_at: DateTime<Utc>,
    pub(super) matters: i32,
    pub(super) people: i32,
}

/// Who looked at how many people lately.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Looker {
    pub(super) name: String,
    pub(super) today: i64,
    pub(super) month: i64,
    pub(super) tasks: i64,
}

/// What the page of personal data shows.
pub(super) struct Shown {
    pub(super) rules: Rules,
    pub(super) tellers: i64,
    pub(super) numbers: i64,
    pub(super) waiting: i64,
    pub(super) runs: Vec<Run>,
    pub(super) lookers: Vec<Looker>,
}

/// The page in one round trip; `since` is the first of the last thirty days.
pub(super) async fn shown(tx: &mut Tx, me: &Viewer, since: NaiveDate) -> Result<Shown> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select (select json_build_array(r.sights_a_day, r.teller_months, r.people_months, r.version)
                  from personal_rules r where r.tenant_id = $1) as "rules: Json<(i16, i16, i16, i32)>",
               (select count(distinct v.owner_id) from personal_values v
                 where v.tenant_id = $1 and v.field in ('teller_name', 'teller_phone')) as "tellers!",
               (select count(*) from personal_values v where v.tenant_id = $1 and v.field = 'phone') as "numbers!",
               (select count(*) from personal_backlog b where b.tenant_id = $1) as "waiting!",
               coalesce((select json_agg(x) from (
                   select r.ran_at, r.matters, r.people from personal_runs r
                    where r.tenant_id = $1 order by r.ran_at desc limit 10) x), '[]') as "runs!: Json<Vec<Run>>",
               coalesce((select json_agg(x) from (
                   select p.name,
                          count(distinct s.owner_id) filter (where s.day = $2 and not s.is_task) as today,
                          count(*) filter (where not s.is_task) as month,
                          count(*) filter (where s.is_task) as tasks
                     from personal_sights s
                     join people p on p.tenant_id = $1 and p.id = s.seen_by
                    where s.tenant_id = $1 and s.day >= $3
                    group by p.id, p.name order by count(*) desc, p.name limit 20) x), '[]')
                  as "lookers!: Json<Vec<Looker>>"
        "#,
        me.tenant.0,
        today,
        since
    )
    .fetch_one(&mut **tx)
    .await?;
    let rules = row.rules.map_or_else(Rules::default, |r| Rules {
        sights: r.0.0,
        teller_months: r.0.1,
        people_months: r.0.2,
        version: r.0.3,
    });
    Ok(Shown {
        rules,
        tellers: row.tellers,
        numbers: row.numbers,
        waiting: row.waiting,
        runs: row.runs.0,
        lookers: row.lookers.0,
    })
}

/// How much is sealed under a key: personal data, cadre opinions, second factors.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Count {
    pub(super) kind: String,
    pub(super) key_name: String,
    pub(super) amount: i64,
}

/// How much of the tenant is sealed under which key.
pub(super) async fn counts(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Count>> {
    Ok(sqlx::query_as!(
        Count,
        r#"select kind as "kind!", key_name as "key_name!", amount as "amount!" from sealed_counts($1)"#,
        tenant.0
    )
    .fetch_all(&mut **tx)
    .await?)
}
