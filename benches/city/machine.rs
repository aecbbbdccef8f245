//! What this machine is.

use anyhow::{Context as _, Result};
use serde::Serialize;

/// The machine, as a reader of the figures must know it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    /// The processor's own name of itself.
    pub(crate) processor: String,
    /// Cores that this process may use.
    pub(crate) cores: usize,
    /// Memory in MiB.
    pub(crate) memory: u64,
    /// Processes that wanted to run when it began, over the last minute: more than none is noise.
    pub(crate) load: String,
}

impl Machine {
    pub(crate) fn look() -> Result<Self> {
        let read = |path| std::fs::read_to_string(path).with_context(|| format!("reading {path}"));
        let (cpu, memory, load) = (
            read("/proc/cpuinfo")?,
            read("/proc/meminfo")?,
            read("/proc/loadavg")?,
        );
        Ok(Self {
            processor: after(&cpu, "model name").unwrap_or("?").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            memory: after(&memory, "MemTotal").and_then(kib).unwrap_or(0) / 1024,
            load: load.split(' ').next().unwrap_or_default().to_owned(),
        })
    }

    /// What the database may keep of its own, in MiB: a quarter, as PostgreSQL's manual proposes, and
    /// not above 4 GiB.
    pub(crate) fn buffers(&self) -> u64 {
        (self.memory / 4).clamp(128, 4096)
    }
}

/// What stands behind a name and a colon, in a file of the kernel's.
pub(crate) fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}

/// `12345 kB` as a number.
pub(crate) fn kib(value: &str) -> Option<u64> {
    value.split_whitespace().next()?.parse().ok()
}
