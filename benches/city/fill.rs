//! Loads the city: the sample, and a history over it that grows from size to size.

use std::path::Path;

use anyhow::{Result, anyhow};
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, Row as _};
use street_whistle::base::clock::Clock;
use street_whistle::base::db::Db;
use street_whistle::base::seal::Keys;
use street_whistle::base::store::Store;
use street_whistle::org::TenantId;
use street_whistle::{MIGRATIONS, cli, sample};
use uuid::Uuid;

use super::database::Database;

/// How many matters are open at every size: what a city works on at once is one thing, what lies behind it another.
const OPEN: i64 = 1_000;
/// From so many rows on it is faster to make the indexes anew than to add to them.
const LARGE: i64 = 50_000;
const TABLES: &str = "matters, matter_steps, clocks, events, whistles, whistle_matters, assignments, assignment_steps, \
                      checks, ratings, visits, search_texts, figure_days, figure_months, figure_runs";

/// The tables, and both sample cities.
pub(crate) async fn sample(database: &Database, keys: &Path) -> Result<()> {
    let mut owner = database.owner().await?;
    MIGRATIONS.run(&mut owner).await?;
    let files = database.dir().join("files").join("files");
    std::fs::create_dir_all(&files)?;
    let (files, keys) = (Store::at(&files)?, Keys::of_file(keys));
    let login = database.url("postgres").parse::<PgConnectOptions>()?;
    let login = login.disable_statement_logging();
    cli::load_sample(&mut owner, login, (&files, &keys), Clock::System).await?;
    let ground = include_str!("fill/ground.sql").replace("{code}", sample::CITY_CODE);
    run(&mut owner, ground).await
}

/// Adds matters until there are as many as wanted; answers how many were added in all. `added`: how
/// many were before.
pub(crate) async fn grow(database: &Database, added: i64, size: i64) -> Result<i64> {
    let mut owner = database.owner().await?;
    let there: i64 = sqlx::query_scalar(
        "select count(*) from matters where tenant_id = (select id from bench.tenant)",
    )
    .fetch_one(&mut owner)
    .await?;
    let rows = size - there;
    if rows > 0 {
        let open = if added == 0 { OPEN } else { 1 };
        let filled = |text: &str, now: &str| {
            text.replace("{now}", now)
                .replace("{from}", &added.to_string())
                .replace("{rows}", &rows.to_string())
                .replace("{open}", &open.to_string())
        };
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        run(&mut owner, filled(include_str!("fill/plan.sql"), &now)).await?;
        let acts = filled(include_str!("fill/matter_acts.sql"), &now);
        let rest = [
            include_str!("fill/matters.sql"),
            include_str!("fill/calls.sql"),
            include_str!("fill/call_acts.sql"),
        ];
        let rest = rest.map(|text| filled(text, &now)).concat();
        let mut beside = database.owner().await?;
        let indexes = if rows > LARGE {
            set_aside(&mut owner).await?
        } else {
            Vec::new()
        };
        tokio::try_join!(run(&mut owner, rest), run(&mut beside, acts))?;
        run(&mut owner, include_str!("fill/kept.sql").to_owned()).await?;
        let (some, others) = indexes.split_at(indexes.len() / 2);
        tokio::try_join!(
            run(&mut owner, some.join(";\n")),
            run(&mut beside, others.join(";\n"))
        )?;
        sqlx::raw_sql("analyze").execute(&mut owner).await?;
        let tenant: Uuid = sqlx::query_scalar("select id from bench.tenant")
            .fetch_one(&mut owner)
            .await?;
        let login = database.url("postgres").parse::<PgConnectOptions>()?;
        let db = Db::open(login.disable_statement_logging(), Clock::System);
        cli::count_days(&db, TenantId(tenant))
            .await
            .map_err(|error| anyhow!("counting the days: {error:?}"))?;
        db.close().await;
    }
    // As a database is that has run for years, not as one that was filled a moment ago.
    for table in TABLES.split(", ") {
        let statement = format!("vacuum (freeze, analyze) {table}");
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut owner)
            .await?;
    }
    sqlx::raw_sql("analyze").execute(&mut owner).await?;
    sqlx::raw_sql("checkpoint").execute(&mut owner).await?;
    Ok(added + rows.max(0))
}

/// Ends what was filed since, and sets that and what was lived since back over the past year: what waits at a desk, and
/// what a day brings, is as much at every size.
pub(crate) async fn set_back(database: &Database, since: DateTime<Utc>) -> Result<()> {
    let since = since.to_rfc3339_opts(SecondsFormat::Micros, true);
    let text = include_str!("fill/set_back.sql").replace("{since}", &since);
    run(&mut database.owner().await?, text).await
}

/// Takes the plain indexes of the large tables away; answers the statements that make them again, those
/// of one table apart from one another.
async fn set_aside(db: &mut PgConnection) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "select i.indexdef, i.indexname from pg_indexes i
          where i.schemaname = 'public'
            and i.tablename in ('matters', 'events', 'clocks', 'matter_steps', 'search_texts')
            and not exists (select from pg_constraint c where c.conname = i.indexname)
          order by i.tablename in ('events', 'clocks', 'matter_steps'), i.indexname",
    )
    .fetch_all(&mut *db)
    .await?;
    let (made, names): (Vec<String>, Vec<String>) =
        rows.iter().map(|row| (row.get(0), row.get(1))).unzip();
    run(db, format!("drop index {}", names.join(", "))).await?;
    Ok(made)
}

/// Statements that keep every constraint but are not asked about it row by row: what is loaded is a
/// history that the triggers, which guard single acts, would have to live through.
async fn run(db: &mut PgConnection, statements: String) -> Result<()> {
    let before = "set session_replication_role = replica; set synchronous_commit = off; set client_min_messages = warning; \
                  set work_mem = '256MB'; set maintenance_work_mem = '512MB';";
    let after = "reset session_replication_role; reset synchronous_commit; reset work_mem; reset maintenance_work_mem";
    sqlx::raw_sql(AssertSqlSafe(format!("{before}\n{statements}\n;{after}")))
        .execute(db)
        .await?;
    Ok(())
}
