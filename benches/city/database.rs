//! A PostgreSQL of the benchmark's own: in a new directory, durable, gone afterwards.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, Row as _};
use street_whistle::base::embedded::Embedded;

use super::machine::Machine;

/// The role that the program connects as.
pub(crate) const APP: &str = "street_whistle_app";
const NAME: &str = "street_whistle";
const START_LIMIT: Duration = Duration::from_mins(1);

/// The running database.
#[derive(Debug)]
pub(crate) struct Database {
    dir: PathBuf,
    bin: PathBuf,
    postmaster: Child,
    keep: bool,
}

impl Database {
    /// Makes one and starts it, with everything that makes a commit last.
    pub(crate) fn start(machine: &Machine, keep: bool) -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("street-whistle-bench-{}", std::process::id()));
        fs::create_dir(&dir).with_context(|| dir.display().to_string())?;
        let account = account()?;
        if let Some((uid, gid)) = account {
            chown(&dir, Some(uid), Some(gid))?;
        }
        let bin = Embedded::programs(&dir)?;
        let made = become_whom(account, &bin.join("initdb"), &dir)
            .arg("-D")
            .arg(dir.join("data"))
            .args([
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=trust",
                "--data-checksums",
            ])
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            bail!("initdb: {made}");
        }
        let postmaster = serve(&dir, &bin, account, machine)?;
        let database = Self {
            dir,
            bin,
            postmaster,
            keep,
        };
        database.await_ready()?;
        Ok(database)
    }

    /// Where it and everything else of this run lies.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The address for a role.
    pub(crate) fn url(&self, role: &str) -> String {
        format!(
            "postgres://{role}@localhost/{NAME}?host={}",
            self.dir.display()
        )
    }

    /// A connection of the owner's.
    pub(crate) async fn owner(&self) -> Result<PgConnection> {
        let options: PgConnectOptions = self.url("postgres").parse()?;
        Ok(options.disable_statement_logging().connect().await?)
    }

    /// A program of PostgreSQL's, talking to this database as a role.
    pub(crate) fn client(&self, program: &str, role: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .env("PGHOST", &self.dir)
            .env("PGUSER", role)
            .env("PGDATABASE", NAME);
        command
    }

    /// Says in the log every statement from now on, or none.
    pub(crate) async fn tells_statements(&self, tells: bool) -> Result<()> {
        let mut owner = self.owner().await?;
        let wanted = if tells { "0" } else { "-1" };
        for statement in [
            format!("alter system set log_min_duration_statement = {wanted}"),
            "select pg_reload_conf()".to_owned(),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut owner)
                .await?;
        }
        // The server's processes learn of it between two statements.
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(())
    }

    /// The log so far, newest file last.
    pub(crate) fn log(&self) -> Result<String> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.dir.join("data/log"))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        files.sort();
        let texts: std::io::Result<Vec<String>> = files.iter().map(fs::read_to_string).collect();
        Ok(texts?.concat())
    }

    /// Version and settings, for the reader of the figures.
    pub(crate) async fn about(&self) -> Result<Vec<(String, String)>> {
        let mut owner = self.owner().await?;
        let rows = sqlx::query(
            "select name, current_setting(name) as value from unnest(array['server_version', 'shared_buffers',
                 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'max_wal_size', 'work_mem',
                 'random_page_cost']) name",
        )
        .fetch_all(&mut owner)
        .await?;
        Ok(rows
            .iter()
            .map(|row| (row.get("name"), row.get("value")))
            .collect())
    }

    /// Ends it and takes its directory away, unless it is to be kept.
    pub(crate) fn stop(mut self, keep: bool) -> Result<()> {
        self.keep = keep;
        if keep {
            super::say(&format!("数据库目录留在 {}", self.dir.display()));
        }
        end(&mut self.postmaster, "INT")
    }

    fn await_ready(&self) -> Result<()> {
        let since = Instant::now();
        let asks = || {
            self.client("psql", "postgres")
                .args(["-qc", "select 1", "postgres"])
                .output()
        };
        while !asks()?.status.success() {
            if since.elapsed() > START_LIMIT {
                bail!("PostgreSQL 没有启动，日志在 {}", self.dir.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let made = self
            .client("psql", "postgres")
            .args(["-qc", &format!("create database {NAME}"), "postgres"])
            .status()?;
        if made.success() {
            Ok(())
        } else {
            bail!("create database: {made}")
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = end(&mut self.postmaster, "INT");
        if !self.keep {
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// Sends a signal and waits. Somebody who is gone already is no error.
pub(crate) fn end(child: &mut Child, signal: &str) -> Result<()> {
    if child.try_wait()?.is_none() {
        let id = child.id().to_string();
        Command::new("/bin/sh")
            .args(["-c", r#"kill -s "$1" "$2""#, "sh", signal, &id])
            .status()?;
        child.wait()?;
    }
    Ok(())
}

fn serve(dir: &Path, bin: &Path, account: Option<(u32, u32)>, machine: &Machine) -> Result<Child> {
    let buffers = machine.buffers();
    let settings = [
        "listen_addresses=".to_owned(),
        format!("shared_buffers={buffers}MB"),
        format!("effective_cache_size={}MB", buffers * 2),
        "max_connections=60".to_owned(),
        "work_mem=8MB".to_owned(),
        "maintenance_work_mem=512MB".to_owned(),
        "random_page_cost=1.1".to_owned(),
        "fsync=on".to_owned(),
        "synchronous_commit=on".to_owned(),
        "full_page_writes=on".to_owned(),
        // Loading must not be a row of checkpoints.
        "max_wal_size=8GB".to_owned(),
        "checkpoint_timeout=15min".to_owned(),
        "timezone=UTC".to_owned(),
        "logging_collector=on".to_owned(),
        "log_destination=jsonlog".to_owned(),
        "log_parameter_max_length=-1".to_owned(),
    ];
    let mut command = become_whom(account, &bin.join("postgres"), dir);
    command.arg("-D").arg(dir.join("data")).arg("-k").arg(dir);
    for setting in settings {
        command.args(["-c", &setting]);
    }
    Ok(command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?)
}

/// The account that the database runs as: one's own, or `postgres` for root.
fn account() -> Result<Option<(u32, u32)>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd")?;
    let line = passwd.lines().find(|line| line.starts_with("postgres:"));
    let mut fields = line
        .context("there is no account postgres")?
        .split(':')
        .skip(2);
    let mut next = || {
        fields
            .next()
            .and_then(|id| id.parse().ok())
            .context("/etc/passwd")
    };
    Ok(Some((next()?, next()?)))
}

/// A command that ends with us, run as the account.
fn become_whom(account: Option<(u32, u32)>, program: &Path, dir: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C.UTF-8");
    if let Some((uid, gid)) = account {
        command.args([
            "--reuid",
            &uid.to_string(),
            "--regid",
            &gid.to_string(),
            "--clear-groups",
        ]);
    }
    command
        .args(["--pdeathsig", "INT", "--"])
        .arg(program)
        .current_dir(dir);
    command
}
