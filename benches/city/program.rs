//! The program as it is served: the release binary, started as an installation starts it.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use super::database::{APP, Database, end};
use super::machine::{after, kib};
use super::web::client;

const START_LIMIT: Duration = Duration::from_secs(30);

/// Resident memory in MiB.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Memory {
    /// After everything was measured.
    pub(crate) now: u64,
    /// The most there ever was.
    pub(crate) most: u64,
}

/// A running program.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    base: String,
    started: Duration,
}

impl Program {
    /// Starts it and waits for its first answer.
    pub(crate) async fn start(database: &Database, keys: &Path) -> Result<Self> {
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let base = format!("http://{listen}");
        let log = File::create(database.dir().join("program.log"))?;
        let client = client()?;
        let since = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_street-whistle"))
            .args(["serve", "--listen", &listen.to_string()])
            .arg("--data")
            .arg(database.dir().join("files"))
            .arg("--cadre-keys")
            .arg(keys)
            .args(["--database-url", &database.url(APP)])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let mut program = Self {
            child,
            base,
            started: Duration::ZERO,
        };
        let ready = format!("{}/health/ready", program.base);
        while client.get(&ready).send().await.is_err() {
            let gone = program.child.try_wait()?.is_some();
            if gone || since.elapsed() > START_LIMIT {
                bail!(
                    "the program does not answer; see {}/program.log",
                    database.dir().display()
                );
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.started = since.elapsed();
        Ok(program)
    }

    /// The beginning of its addresses.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// From start to first answer, in milliseconds.
    pub(crate) fn started(&self) -> u64 {
        u64::try_from(self.started.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let mib = |name| after(&status, name).and_then(kib).map(|k| k.div_ceil(1024));
        Ok(Memory {
            now: mib("VmRSS").context("VmRSS")?,
            most: mib("VmHWM").context("VmHWM")?,
        })
    }

    pub(crate) fn stop(mut self) -> Result<()> {
        end(&mut self.child, "TERM")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = end(&mut self.child, "TERM");
    }
}
