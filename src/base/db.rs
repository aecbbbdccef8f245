//! The pool, and the transaction that carries one tenant and one instant.

use std::ops::{Deref, DerefMut};

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::clock::{Clock, day_of};
use super::error::{Error, Result};

/// How many connections one process holds. A page needs one; more only queue inside PostgreSQL.
const CONNECTIONS: u32 = 16;
/// What each connection sets. The pages' queries carry optional filters; planned anew each time, an
/// absent one vanishes. Many pages are asked for at once: a helper of one takes its core from the
/// others, and takes longer to start than a page takes to answer.
pub const SETTINGS: [(&str, &str); 3] = [
    ("plan_cache_mode", Plans::Anew.mode()),
    ("jit", "off"),
    ("max_parallel_workers_per_gather", "0"),
];
/// How long a connection that lay idle is taken to be alive still.
const TRUSTED: std::time::Duration = std::time::Duration::from_secs(1);
/// How many statements each connection keeps prepared: those of a whole life cycle with its pages, so
/// that none is sent and understood anew each time.
const STATEMENTS: usize = 256;

/// The database as the program's own role sees it: nothing without a tenant.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
    clock: Clock,
}

/// How the database plans what a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plans {
    /// Once in a connection: for what names single rows, or one desk. Planning a page of many parts
    /// takes longer than answering it.
    Kept,
    /// Each time: for a list, whose absent filters then vanish.
    Anew,
}

impl Plans {
    /// What `plan_cache_mode` is set to.
    pub const fn mode(self) -> &'static str {
        match self {
            Self::Kept => "force_generic_plan",
            Self::Anew => "force_custom_plan",
        }
    }
}

/// One transaction: its tenant is set for row-level security, its instant stands still.
/// Dropped without [`Tx::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    pool: PgPool,
    /// The one instant of everything this transaction writes.
    pub now: DateTime<Utc>,
}

impl Db {
    /// Opens the pool lazily; the first transaction connects.
    pub fn open(options: PgConnectOptions, clock: Clock) -> Self {
        let options = options
            .options(SETTINGS)
            .statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(std::time::Duration::from_secs(10))
            // Each is asked when it is given back; to ask it anew on the next page is a round trip for
            // nothing, unless the database may have gone meanwhile.
            .test_before_acquire(false)
            .before_acquire(|connection, is| {
                Box::pin(async move {
                    if is.idle_for > TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Self { pool, clock }
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Begins a transaction of one tenant.
    pub async fn begin(&self, tenant: Uuid) -> Result<Tx> {
        begin_with(&self.pool, of_tenant(tenant), self.clock.now()).await
    }

    /// Begins the transaction of a request: what each asks first, who it is and what waits, has plans
    /// that are kept, and so has what an act does. Counting what waits turns to the plans that the
    /// page needs.
    pub async fn begin_kept(&self, tenant: Uuid) -> Result<Tx> {
        let mode = Plans::Kept.mode();
        let kept = format!("{}; set local plan_cache_mode = {mode}", of_tenant(tenant));
        begin_with(&self.pool, kept, self.clock.now()).await
    }

    /// Begins a transaction that sees no tenant's rows: only tenants, hosts and code lists.
    pub async fn begin_outside(&self) -> Result<Tx> {
        begin_with(&self.pool, "begin".to_owned(), self.clock.now()).await
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        match self.begin_outside().await {
            Ok(mut tx) => sqlx::query_scalar!("select 1")
                .fetch_one(&mut *tx)
                .await
                .is_ok(),
            Err(_) => false,
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The pool itself, for tests that look at its connections.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

fn of_tenant(tenant: Uuid) -> String {
    format!("begin; set local app.tenant = '{tenant}'")
}

/// A request that is cancelled while `begin` is on its way would give its connection back inside an
/// open transaction, with the tenant set. So the beginning runs in a task of its own: cancelled, it
/// still ends, and the finished transaction rolls back.
async fn begin_with(pool: &PgPool, statement: String, now: DateTime<Utc>) -> Result<Tx> {
    let pool = pool.clone();
    let begins = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "the task is awaited; see above")]
    let begun =
        tokio::spawn(async move { begins.begin_with(AssertSqlSafe(statement)).await }).await;
    let inner = begun.context("beginning a transaction")??;
    Ok(Tx { inner, pool, now })
}

impl Tx {
    /// Another transaction at the same instant, for what must be seen before this one ends: how far
    /// it is. For jobs alone; a request never holds two connections.
    pub async fn beside(&self, tenant: Uuid) -> Result<Self> {
        begin_with(&self.pool, of_tenant(tenant), self.now).await
    }

    /// Makes everything this transaction wrote true.
    pub async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }

    /// Names the tenant of a transaction that was begun outside any. Cancelled, the statement
    /// falls with its transaction: the tenant is set for that alone.
    pub async fn set_tenant(&mut self, tenant: Uuid) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(format!("set local app.tenant = '{tenant}'")))
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The local calendar day of this transaction's instant.
    pub fn today(&self) -> chrono::NaiveDate {
        day_of(self.now)
    }
}

impl Deref for Tx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// The name of the constraint that refused a statement, also where the server names it only
/// in the message (Citus, which appends the shard's number).
pub fn refused_by(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let quoted = error.message().split('"').nth(1)?;
    Some(
        quoted
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches('_')
            .to_owned(),
    )
}

/// Turns a refusal by the named constraint into the given error; anything else stays what it is.
pub fn on_constraint<T>(
    result: std::result::Result<T, sqlx::Error>,
    name: &str,
    error: impl FnOnce() -> Error,
) -> Result<T> {
    result.map_err(|e| {
        if refused_by(&e).as_deref() == Some(name) {
            error()
        } else {
            e.into()
        }
    })
}

/// Whether a statement about one row as it was seen changed it; else somebody was first.
pub fn one_changed(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// The pattern by which `ilike` finds these words anywhere in a text; `%` and `_` mean themselves.
pub fn anywhere(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::anywhere;

    #[test]
    fn signs_of_a_pattern_mean_themselves() {
        assert_eq!(anywhere("井盖"), "%井盖%");
        assert_eq!(anywhere(r"100%_\"), r"%100\%\_\\%");
    }
}
