//! What the database alone can do: the very statements of a page, sent by pgbench.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, PgConnection};
use street_whistle::base::db::SETTINGS;

use super::database::{APP, Database};
use super::people::CONCURRENCY;
use super::web::Browser;

/// A line of the server's log.
#[derive(Debug, Deserialize)]
struct Line {
    pid: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: String,
}

/// One statement as it was sent, and what stood for its parameters; none of them for plain text.
#[derive(Clone, Debug)]
struct Statement {
    text: String,
    parameters: Option<Vec<Option<String>>>,
    /// What the parameters are, as the database names it: pgbench gives each place where one stands a
    /// number of its own, and would have the type guessed anew at each.
    types: Vec<String>,
}

/// The transaction of one page.
#[derive(Clone, Debug)]
pub(crate) struct Script(Vec<Statement>);

/// Opens the page while the server tells all it is asked, and takes that page's transaction. Once a minute a
/// request writes down first that somebody is there, and commits that: then it is asked again.
pub(crate) async fn record(database: &Database, who: &Browser, path: &str) -> Result<Script> {
    let script = told(database, who, path).await?;
    if script.writes() {
        return told(database, who, path).await;
    }
    Ok(script)
}

async fn told(database: &Database, who: &Browser, path: &str) -> Result<Script> {
    let before = database.log()?.len();
    database.tells_statements(true).await?;
    who.text(path).await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    database.tells_statements(false).await?;
    let log = database.log()?;
    let lines = log.get(before..).unwrap_or_default().lines();
    let lines: Vec<Line> = lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    // The gate asks for the session; whichever process answered it did the rest of the page too.
    let gate = lines
        .iter()
        .rposition(|line| line.message.contains("token_digest = $2"));
    let gate = gate.with_context(|| format!("{path} asked for no session"))?;
    let pid = lines[gate].pid;
    let begin = lines[..gate]
        .iter()
        .rposition(|line| line.pid == pid && line.message.contains("statement: begin"));
    let begin = begin.with_context(|| format!("{path} began no transaction"))?;
    let mut statements = Vec::new();
    for line in lines[begin..].iter().filter(|line| line.pid == pid) {
        let Some(statement) = Statement::of(line) else {
            continue;
        };
        let ends = statement.ends();
        statements.push(statement);
        if ends {
            break;
        }
    }
    let mut owner = database.owner().await?;
    for statement in statements.iter_mut().filter(|s| s.parameters.is_some()) {
        statement.learns_types(&mut owner).await?;
    }
    Ok(Script(statements))
}

impl Statement {
    /// Parsing and binding are told apart from execution; only the last counts.
    fn of(line: &Line) -> Option<Self> {
        let (_, said) = line.message.strip_prefix("duration: ")?.split_once("  ")?;
        if let Some(text) = said.strip_prefix("statement: ") {
            return Some(Self {
                text: text.to_owned(),
                parameters: None,
                types: Vec::new(),
            });
        }
        let (_, text) = said.strip_prefix("execute ")?.split_once(": ")?;
        Some(Self {
            text: text.to_owned(),
            parameters: Some(parameters(&line.detail)),
            types: Vec::new(),
        })
    }

    async fn learns_types(&mut self, owner: &mut PgConnection) -> Result<()> {
        let prepares = format!("prepare asked as {}", self.text);
        sqlx::raw_sql(AssertSqlSafe(prepares))
            .execute(&mut *owner)
            .await?;
        let types =
            "select parameter_types::text[] from pg_prepared_statements where name = 'asked'";
        self.types = sqlx::query_scalar(types).fetch_one(&mut *owner).await?;
        sqlx::raw_sql("deallocate asked").execute(owner).await?;
        Ok(())
    }

    fn ends(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        self.parameters.is_none() && (text.starts_with("rollback") || text.starts_with("commit"))
    }

    /// The statement with names for its parameters; what is not there or empty stands in the text,
    /// because pgbench has no name for nothing.
    fn named(&self, at: usize) -> String {
        let Some(parameters) = &self.parameters else {
            return self.text.clone();
        };
        let mut named = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            named.push_str(before);
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = after[..digits].parse::<usize>().ok();
            let place = number.and_then(|n| n.checked_sub(1));
            let value = place.and_then(|n| parameters.get(n));
            let kind = place
                .and_then(|n| self.types.get(n))
                .map_or("text", String::as_str);
            // Writing to a string does not fail.
            let _ = match value {
                Some(Some(value)) if value.is_empty() => write!(named, "''::{kind}"),
                Some(Some(_)) => write!(named, ":p{at}_{}::{kind}", &after[..digits]),
                Some(None) => write!(named, "null::{kind}"),
                None => write!(named, "${}", &after[..digits]),
            };
            rest = &after[digits..];
        }
        named + rest
    }
}

/// `$1 = 'it''s', $2 = NULL` as values.
fn parameters(detail: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = detail;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after.trim_start_matches("NULL");
            continue;
        };
        let mut value = String::new();
        let mut signs = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((at, sign)) = signs.next() {
            if sign != '\'' {
                value.push(sign);
            } else if signs.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = at + 1;
                break;
            }
        }
        values.push(Some(value));
        rest = &quoted[end..];
    }
    values
}

impl Script {
    /// Whether it ends with something that is kept.
    fn writes(&self) -> bool {
        let last = self.0.last().map(|statement| statement.text.as_str());
        last.is_some_and(|text| text.to_ascii_lowercase().starts_with("commit"))
    }

    /// Statements without beginning and end.
    pub(crate) fn statements(&self) -> usize {
        self.0
            .iter()
            .filter(|statement| statement.parameters.is_some())
            .count()
    }

    /// How many such transactions pgbench makes in a second.
    pub(crate) fn run(&self, database: &Database, seconds: Duration) -> Result<f64> {
        let (mut text, mut values) = (String::new(), Vec::new());
        for (at, statement) in self.0.iter().enumerate() {
            let named = statement.named(at);
            let _ = writeln!(
                text,
                "{};",
                named.trim().trim_end_matches(';').replace("; ", ";\n")
            );
            for (n, value) in statement.parameters.iter().flatten().enumerate() {
                if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                    values.push(format!("p{at}_{}={value}", n + 1));
                }
            }
        }
        pgbench(database, &text, &values, seconds)
    }
}

/// How many rows one after another become durable in a second: what bounds everything that writes.
pub(crate) fn commits(database: &Database, seconds: Duration) -> Result<f64> {
    let made = "create table if not exists bench.commits (at timestamptz not null); \
                grant usage on schema bench to street_whistle_app; grant insert on bench.commits to street_whistle_app";
    let made = database
        .client("psql", "postgres")
        .args(["-qc", made])
        .output()?;
    if !made.status.success() {
        bail!("{}", String::from_utf8_lossy(&made.stderr));
    }
    pgbench(
        database,
        "insert into bench.commits values (now());\n",
        &[],
        seconds,
    )
}

fn pgbench(database: &Database, script: &str, values: &[String], seconds: Duration) -> Result<f64> {
    let file = database.dir().join("page.sql");
    std::fs::write(&file, script)?;
    let clients = CONCURRENCY.to_string();
    let settings = SETTINGS.map(|(name, value)| format!("-c {name}={value}"));
    let mut command = database.client("pgbench", APP);
    command
        .env("PGOPTIONS", settings.join(" "))
        .args(["-n", "-M", "prepared", "-c", &clients, "-j", "1"]);
    command
        .args(["-T", &seconds.as_secs().max(1).to_string()])
        .arg("-f")
        .arg(&file);
    for value in values {
        command.args(["-D", value]);
    }
    let said = command.output().context("pgbench")?;
    let text = String::from_utf8_lossy(&said.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = "));
    match rate.and_then(|rate| rate.split(' ').next()) {
        Some(rate) if said.status.success() => Ok(rate.parse()?),
        _ => bail!(
            "pgbench: {}\n{}",
            String::from_utf8_lossy(&said.stderr),
            file.display()
        ),
    }
}
