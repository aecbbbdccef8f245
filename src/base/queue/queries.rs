//! The SQL of the queue. The table belongs to no tenant's policy; every row names its tenant.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Job, Taken, Wanted};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;

/// Enqueues a job in the caller's transaction. Where the same waits already, nothing happens.
pub async fn enqueue(
    tx: &mut Tx,
    tenant: Uuid,
    (kind, key): (&'static str, &str),
    payload: serde_json::Value,
    run_at: DateTime<Utc>,
) -> Result<()> {
    let wanted = Wanted {
        kind,
        key: key.to_owned(),
        payload,
        run_at,
    };
    enqueue_each(tx, tenant, &[wanted]).await
}

/// Enqueues several jobs in the caller's transaction.
pub async fn enqueue_each(tx: &mut Tx, tenant: Uuid, jobs: &[Wanted]) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    let ids: Vec<Uuid> = jobs.iter().map(|_| uuid_at(now)).collect();
    let kinds: Vec<&str> = jobs.iter().map(|job| job.kind).collect();
    let keys: Vec<&str> = jobs.iter().map(|job| job.key.as_str()).collect();
    let payloads: Vec<serde_json::Value> = jobs.iter().map(|job| job.payload.clone()).collect();
    let at: Vec<DateTime<Utc>> = jobs.iter().map(|job| job.run_at).collect();
    sqlx::query!(
        "insert into jobs (id, tenant_id, kind, key, payload, run_at)
         select j.id, $1, j.kind, j.key, j.payload, j.run_at
           from unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[])
                as j (id, kind, key, payload, run_at)
         on conflict (tenant_id, kind, key) do nothing",
        tenant,
        &ids,
        &kinds as _,
        &keys as _,
        &payloads,
        &at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Enqueues a job with an empty key for every tenant, or for one alone, that lacks one of this
/// kind.
pub async fn fill(
    tx: &mut Tx,
    tenant: Option<Uuid>,
    kind: &'static str,
    run_at: DateTime<Utc>,
) -> Result<()> {
    let lacking = sqlx::query_scalar!(
        "select t.id from tenants t
          where ($2::uuid is null or t.id = $2)
            and not exists (select from jobs j where j.tenant_id = t.id and j.kind = $1 and j.key = '')
          order by t.id",
        kind,
        tenant
    )
    .fetch_all(&mut **tx)
    .await?;
    for tenant in lacking {
        enqueue(tx, tenant, (kind, ""), serde_json::Value::Null, run_at).await?;
    }
    Ok(())
}

/// Takes the job that is due longest out of the table; nobody else sees it until this transaction
/// ends. Who enqueues the same meanwhile waits for that end, so that nothing asked for is missed.
pub(super) async fn take(tx: &mut Tx, taken: &Taken) -> Result<Option<Job>> {
    let now = tx.now;
    Ok(sqlx::query_as!(
        Job,
        r#"delete from jobs
            where id = (select id from jobs
                         where run_at <= $1 and kind = any($2) and ($3::uuid is null or tenant_id = $3)
                         order by run_at, id
                           for update skip locked limit 1)
           returning id, tenant_id as tenant, kind, key, payload, attempts"#,
        now,
        &taken.kinds,
        taken.tenant
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Puts a job back that is wanted once more.
pub(super) async fn put_back(tx: &mut Tx, job: &Job, run_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into jobs (id, tenant_id, kind, key, payload, run_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (tenant_id, kind, key) do nothing",
        job.id,
        job.tenant,
        job.kind,
        job.key,
        job.payload,
        run_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts a job back that did not work.
pub(super) async fn put_back_failed(tx: &mut Tx, job: &Job, words: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into jobs (id, tenant_id, kind, key, payload, run_at, attempts, last_error, failed_at)
         values ($1, $2, $3, $4, $5, $6, $7, left($8, 500), $9)
         on conflict (tenant_id, kind, key) do nothing",
        job.id,
        job.tenant,
        job.kind,
        job.key,
        job.payload,
        job.next_try(now),
        job.attempts + 1,
        words,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts a job off whose transaction was rolled back, and keeps why.
pub(super) async fn put_off(tx: &mut Tx, job: &Job, words: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update jobs set run_at = $3, attempts = $4, last_error = left($5, 500), failed_at = $6
          where id = $1 and tenant_id = $2",
        job.id,
        job.tenant,
        job.next_try(now),
        job.attempts + 1,
        words,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
