//! The pool, and the transaction that carries one tenant and one instant.

use std::ops::{Deref, DerefMut};

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::clock::{Clock, day_of};
use super::error::{Error, Result};

/// How many connections one process holds. A page needs one; more only queue inside PostgreSQL.
const CONNECTIONS: u32 = 16;
/// How many statements each connection keeps prepared: those of a whole life cycle with its pages, so
/// that none is sent and understood anew each time.
const STATEMENTS: usize = 256;

/// The database as the program's own role sees it: nothing without a tenant.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
    clock: Clock,
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
        // The pages' queries carry optional filters; planned anew each time, an absent one vanishes.
        let options = options
            .options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")])
            .statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(std::time::Duration::from_secs(10))
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

    /// Begins a transaction of one tenant that shows a page: what each page asks first, who looks and
    /// what waits, has plans that are kept. Counting what waits then turns to planning anew, which the
    /// page's own statement needs.
    pub async fn begin_looking(&self, tenant: Uuid) -> Result<Tx> {
        let looking = of_tenant(tenant) + "; set local plan_cache_mode = force_generic_plan";
        begin_with(&self.pool, looking, self.clock.now()).await
    }

    /// Begins a transaction of one tenant that acts: its statements name single rows, so that their
    /// plans are kept.
    pub async fn begin_acting(&self, tenant: Uuid) -> Result<Tx> {
        let acting = of_tenant(tenant) + "; set local plan_cache_mode = auto";
        begin_with(&self.pool, acting, self.clock.now()).await
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
