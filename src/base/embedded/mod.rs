//! A private PostgreSQL for one machine: made on first start, seen by nobody else, gone with us.
//!
//! It spares a trial, a development machine and the tests from setting up a server. It listens on
//! no network port; whoever can enter its private socket directory is its owner.

mod launch;
mod place;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use tokio::sync::{oneshot, watch};

use launch::launch;
use place::SOCKET_PORT;

/// The one database in it that is ours.
const DATABASE: &str = "street_whistle";
/// How long a fast shutdown may take before it is cut short. Nothing is lost then either: the next
/// start recovers.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// What a power cut may do to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// What is committed stays.
    Kept,
    /// Nothing need survive; for tests only.
    ThrownAway,
}

/// Why there is no database. Each is a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "没有找到 PostgreSQL {oldest} 或更新的版本。请先安装:apt-get install postgresql\n\
         PostgreSQL {oldest} or newer was not found. Install it: apt-get install postgresql",
        oldest = place::OLDEST
    )]
    NotInstalled,
    #[error(
        "数据目录由 PostgreSQL {0} 建立,本机没有这个版本。请安装:apt-get install postgresql-{0}\n\
         The data was made by PostgreSQL {0}, which is not installed. \
         Install it: apt-get install postgresql-{0}"
    )]
    OtherVersion(u32),
    #[error(
        "这个数据目录正在被另一个街哨使用:{0}。请先停止它,或另选一个数据目录。\n\
         Another street-whistle is using this data directory. Stop it, or choose another one."
    )]
    InUse(PathBuf),
    #[error(
        "数据库账户 {account} 进不去数据目录 {dir}。请换一个目录(例如 /var/lib/street-whistle),\
         或允许它进入上级目录(chmod o+x)。\n\
         The database runs as {account}, who may not enter this directory. Choose another one, or \
         let others pass through the directories above it."
    )]
    Closed { account: String, dir: PathBuf },
    #[error(
        "{0} 属于另一个用户。请用建立它的用户启动街哨,或换一个数据目录。\n\
         It belongs to another user. Start as the user who made it, or choose another directory."
    )]
    NotOurs(PathBuf),
    #[error(
        "root 不能运行 PostgreSQL,而本机既没有 postgres 也没有 nobody 账户。请用普通用户启动。\n\
         PostgreSQL refuses root, and there is no account postgres or nobody. Start as another user."
    )]
    NoAccount,
    #[error(
        "PostgreSQL 没有启动成功,日志在 {log}:\n{tail}\nPostgreSQL did not start; see its log."
    )]
    NotStarted { log: PathBuf, tail: String },
    #[error("无法读写 {path}:{source}\nThis path cannot be read or written.")]
    Path {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("连接不上刚启动的数据库:{0}\nThe database started but cannot be reached.")]
    Unreachable(#[from] sqlx::Error),
}

type Result<T, E = EmbeddedError> = std::result::Result<T, E>;

/// Names the path that an operation failed on; an `io::Error` alone does not.
fn at<T>(path: &Path, result: std::io::Result<T>) -> Result<T> {
    result.map_err(|source| EmbeddedError::Path {
        path: path.to_path_buf(),
        source,
    })
}

/// A running private PostgreSQL. It lives exactly as long as this value, and never longer than the
/// program: the kernel stops it even if the program is killed.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    postmaster: u32,
    gone: watch::Receiver<bool>,
    keeper: Option<JoinHandle<()>>,
}

impl Embedded {
    /// Starts the database of a data directory, making both if they are missing, and answers once
    /// the database takes connections.
    pub async fn start(dir: &Path, durability: Durability) -> Result<Self> {
        let dir = at(dir, std::path::absolute(dir))?;
        let (tell_started, started) = oneshot::channel();
        let (tell_gone, gone) = watch::channel(false);
        // A thread of its own: the kernel ties the database's life to the thread that started it.
        let keeper = thread::Builder::new().name("postgres".to_owned()).spawn({
            let dir = dir.clone();
            move || keep(&dir, durability, tell_started, &tell_gone)
        });
        let keeper = at(&dir, keeper)?;
        let (socket, postmaster) = started.await.unwrap_or_else(|_| {
            Err(EmbeddedError::NotStarted {
                log: dir,
                tail: "postgres thread panicked".to_owned(),
            })
        })?;
        let embedded = Self {
            socket,
            postmaster,
            gone,
            keeper: Some(keeper),
        };
        embedded.make_database().await?;
        Ok(embedded)
    }

    /// Connects as a given role to the database that another program keeps running on a data
    /// directory; nothing if none runs there.
    pub fn running(dir: &Path, role: &str) -> Result<Option<PgConnectOptions>> {
        let dir = at(dir, std::path::absolute(dir))?;
        let socket = launch::running(&dir)?;
        Ok(socket.map(|socket| options(&socket, role)))
    }

    /// The directory of PostgreSQL's programs, of the version that made this data directory.
    pub fn programs(dir: &Path) -> Result<PathBuf> {
        place::binaries(&dir.join("postgres").join("data"))
    }

    /// Connects as the owner of everything, to our database. What it does, migrating and loading a
    /// sample, takes its time: no line in the log tells who waits for it anything.
    pub fn owner(&self) -> PgConnectOptions {
        self.login("postgres").disable_statement_logging()
    }

    /// Connects as a given role, to our database. Needs no password: only we reach the socket.
    pub fn login(&self, role: &str) -> PgConnectOptions {
        options(&self.socket, role)
    }

    /// Answers when the database has ended, whoever ended it. A program that still needs it can
    /// only stop too.
    pub async fn ended(&self) {
        // An error means that the keeper is gone, and the database with it.
        let _ = self.gone.clone().wait_for(|gone| *gone).await;
    }

    /// Shuts the database down, breaking off what is under way, and answers once it is gone.
    pub async fn stop(self) {
        signal(self.postmaster, "INT");
        if tokio::time::timeout(STOP_LIMIT, self.ended())
            .await
            .is_err()
        {
            signal(self.postmaster, "QUIT");
            self.ended().await;
        }
    }

    async fn make_database(&self) -> Result<()> {
        match PgConnection::connect_with(&self.owner()).await {
            Ok(connection) => Ok(connection.close().await?),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("3D000") => {
                let maintenance = self.owner().database("postgres");
                let mut connection = PgConnection::connect_with(&maintenance).await?;
                connection.execute("create database street_whistle").await?;
                Ok(connection.close().await?)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn options(socket: &Path, role: &str) -> PgConnectOptions {
    // Every value that a stray PG… variable could change is set here.
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(SOCKET_PORT)
        .ssl_mode(PgSslMode::Disable)
        .username(role)
        .database(DATABASE)
        .application_name("street-whistle")
}

/// Stops the database and waits for it, so that whoever comes next finds the directory free.
impl Drop for Embedded {
    fn drop(&mut self) {
        if !*self.gone.borrow() {
            signal(self.postmaster, "INT");
        }
        if let Some(keeper) = self.keeper.take() {
            // A panic of the keeper has been reported where it happened.
            let _ = keeper.join();
        }
    }
}

/// What is told to the one who waits for the start: the socket's directory and the process.
type Started = Result<(PathBuf, u32)>;

/// The life of the thread: start, report, wait for the end.
fn keep(
    dir: &Path,
    durability: Durability,
    tell_started: oneshot::Sender<Started>,
    tell_gone: &watch::Sender<bool>,
) {
    match launch(dir, durability) {
        Ok((mut postmaster, place, lock)) => {
            let id = postmaster.id();
            if tell_started.send(Ok((place.socket, id))).is_err() {
                signal(id, "INT");
            }
            // Waiting for one's own child fails only if it has been waited for.
            let _ = postmaster.wait();
            drop(lock);
        }
        Err(error) => {
            // Nobody listens any more: then nobody needs the sentence.
            let _ = tell_started.send(Err(error));
        }
    }
    tell_gone.send_replace(true);
}

/// Sends a signal by the shell's own `kill`: every machine has it, and it needs no unsafe code.
fn signal(process: u32, name: &str) {
    let sent = Command::new("/bin/sh")
        .args(["-c", r#"kill -s "$1" "$2" 2>/dev/null"#, "sh", name])
        .arg(process.to_string())
        .status();
    if let Err(error) = sent {
        tracing::warn!(%error, process, name, "no signal could be sent to the database");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_belongs_to_one_program_and_outlives_it() {
        let dir = PathBuf::from(format!("/tmp/street-whistle-test-{}", std::process::id()));
        let first = Embedded::start(&dir, Durability::ThrownAway).await.unwrap();
        let mut owner = PgConnection::connect_with(&first.owner()).await.unwrap();
        owner.execute("create role clerk login").await.unwrap();

        let second = Embedded::start(&dir, Durability::ThrownAway).await;
        assert!(matches!(second, Err(EmbeddedError::InUse(_))));

        first.stop().await;
        let again = Embedded::start(&dir, Durability::ThrownAway).await.unwrap();
        let clerk = PgConnection::connect_with(&again.login("clerk")).await;
        assert!(clerk.is_ok());

        drop(again);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
