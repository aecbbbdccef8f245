//! The SQL of second factors.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::Factor;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::seal::Sealed;
use crate::org::access::Viewer;
use crate::org::people::Lock;
use crate::org::{PersonId, TenantId};

/// The viewer's own factor, if one was begun; its account is locked for this transaction, so that
/// failures are counted one by one.
pub(super) async fn own(tx: &mut Tx, me: &Viewer) -> Result<Factor> {
    let row = sqlx::query!(
        r#"select a.login, f.key_name as "key_name?", f.secret as "secret?", f.confirmed_at,
                  coalesce(f.last_step, 0) as "last_step!", coalesce(f.failures, 0::smallint) as "failures!",
                  f.locked_until,
                  (select count(*) from recovery_codes c
                    where c.tenant_id = $1 and c.person_id = $2 and c.used_at is null) as "codes!"
             from accounts a
             left join second_factors f on f.tenant_id = $1 and f.person_id = $2
            where a.tenant_id = $1 and a.person_id = $2
              for no key update of a"#,
        me.tenant.0,
        me.person.0
    )
    .fetch_one(&mut **tx)
    .await?;
    let sealed = row.key_name.zip(row.secret);
    Ok(Factor {
        login: row.login,
        sealed: sealed.map(|(key_name, bytes)| Sealed { key_name, bytes }),
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
        lock: Lock {
            failures: row.failures,
            until: row.locked_until,
        },
        codes: row.codes,
    })
}

/// Keeps a new secret, which does not count before it is confirmed. One that counts stays.
pub(super) async fn begin(tx: &mut Tx, me: &Viewer, sealed: &Sealed) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into second_factors (tenant_id, person_id, key_name, secret, made_at)
         values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, person_id) do update
         set key_name = excluded.key_name, secret = excluded.secret, made_at = excluded.made_at
         where second_factors.confirmed_at is null",
        me.tenant.0,
        me.person.0,
        sealed.key_name,
        sealed.bytes,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Secrets that are sealed under another key than this one.
pub(super) async fn under_others(
    tx: &mut Tx,
    tenant: TenantId,
    key_name: &str,
) -> Result<Vec<(Uuid, Sealed)>> {
    let rows = sqlx::query!(
        "select person_id, key_name, secret from second_factors
          where tenant_id = $1 and key_name <> $2 order by person_id limit 500 for update skip locked",
        tenant.0,
        key_name
    )
    .fetch_all(&mut **tx)
    .await?;
    let sealed = rows.into_iter().map(|r| {
        let sealed = Sealed {
            key_name: r.key_name,
            bytes: r.secret,
        };
        (r.person_id, sealed)
    });
    Ok(sealed.collect())
}

/// The same secret, sealed anew.
pub(super) async fn reseal(
    tx: &mut Tx,
    tenant: TenantId,
    person: Uuid,
    (before, anew): (&Sealed, &Sealed),
) -> Result<()> {
    sqlx::query!(
        "update second_factors set key_name = $4, secret = $5
          where tenant_id = $1 and person_id = $2 and secret = $3",
        tenant.0,
        person,
        before.bytes,
        anew.key_name,
        anew.bytes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Lets the secret count from now on.
pub(super) async fn confirm(tx: &mut Tx, me: &Viewer) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update second_factors set confirmed_at = $3
          where tenant_id = $1 and person_id = $2 and confirmed_at is null",
        me.tenant.0,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps which step was used last, and forgets failures.
pub(super) async fn used(tx: &mut Tx, me: &Viewer, step: i64) -> Result<()> {
    sqlx::query!(
        "update second_factors set last_step = $3, failures = 0, locked_until = null
          where tenant_id = $1 and person_id = $2",
        me.tenant.0,
        me.person.0,
        step
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps the failures and the lock that may follow.
pub(super) async fn failed(
    tx: &mut Tx,
    me: &Viewer,
    (failures, until): (i16, Option<DateTime<Utc>>),
) -> Result<()> {
    sqlx::query!(
        "update second_factors set failures = $3, locked_until = $4 where tenant_id = $1 and person_id = $2",
        me.tenant.0,
        me.person.0,
        failures,
        until
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses a recovery code up; says whether it was one.
pub(super) async fn use_code(tx: &mut Tx, me: &Viewer, digest: &[u8]) -> Result<bool> {
    let now = tx.now;
    let used = sqlx::query!(
        "update recovery_codes set used_at = $4
          where tenant_id = $1 and person_id = $2 and digest = $3 and used_at is null",
        me.tenant.0,
        me.person.0,
        digest,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Gives new recovery codes; those before are no more.
pub(super) async fn give_codes(tx: &mut Tx, me: &Viewer, digests: &[Vec<u8>]) -> Result<()> {
    sqlx::query!(
        "delete from recovery_codes where tenant_id = $1 and person_id = $2",
        me.tenant.0,
        me.person.0
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into recovery_codes (tenant_id, person_id, digest)
         select $1, $2, d from unnest($3::bytea[]) as d",
        me.tenant.0,
        me.person.0,
        digests
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Lets this browser on.
pub(super) async fn let_on(tx: &mut Tx, me: &Viewer) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update sessions set factor_at = $3 where tenant_id = $1 and id = $2",
        me.tenant.0,
        me.session.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets the factor of a person with its codes; says whether there was one.
pub(super) async fn forget(tx: &mut Tx, tenant: Uuid, person: PersonId) -> Result<bool> {
    let gone = sqlx::query!(
        "delete from second_factors where tenant_id = $1 and person_id = $2",
        tenant,
        person.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() == 1)
}
