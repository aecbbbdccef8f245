//! SQL by hand, as only tests write it: to prepare, to look behind the pages, and to try what no
//! page would.

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use super::server;

/// A connection to the database of the tests.
#[derive(Debug)]
pub(crate) struct Sql(pub(crate) PgConnection);

impl Sql {
    /// As the owner of everything.
    pub(crate) async fn owner() -> Self {
        Self::connect(server().owner()).await
    }

    /// As the program's own role.
    pub(crate) async fn app() -> Self {
        Self::connect(server().login("street_whistle_app")).await
    }

    /// To any database.
    pub(crate) async fn connect(options: PgConnectOptions) -> Self {
        Self(options.connect().await.unwrap())
    }

    /// Begins a transaction of a tenant, as the program does.
    pub(crate) async fn begin(&mut self, tenant: Uuid) {
        self.run(&format!("begin; set local app.tenant = '{tenant}'"))
            .await
            .unwrap();
    }

    /// Runs statements that answer nothing.
    pub(crate) async fn run(&mut self, statements: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
            .execute(&mut self.0)
            .await
            .map(|_| ())
    }

    /// The rows of a query, each column as text.
    pub(crate) async fn rows(&mut self, query: &str) -> Vec<PgRow> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the tests look at the catalogue and at what no page shows; here and nowhere else"
        )]
        let query = sqlx::query(AssertSqlSafe(query.to_owned()));
        query.fetch_all(&mut self.0).await.unwrap()
    }

    /// The first column of each row.
    pub(crate) async fn column(&mut self, query: &str) -> Vec<String> {
        let rows = self.rows(query).await;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// One number.
    pub(crate) async fn number(&mut self, query: &str) -> i64 {
        self.rows(query).await[0].get(0)
    }

    /// The name of the constraint that refuses these statements; the transaction is over then.
    pub(crate) async fn refused(&mut self, statements: &str) -> String {
        let Err(error) = self.run(statements).await else {
            panic!("the database took what it must refuse:\n{statements}");
        };
        self.run("rollback").await.unwrap();
        street_whistle::base::db::refused_by(&error).unwrap_or_else(|| error.to_string())
    }

    /// Ends the connection.
    pub(crate) async fn close(self) {
        self.0.close().await.unwrap();
    }
}
