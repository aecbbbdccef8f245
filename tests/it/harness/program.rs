//! The built program as whoever typed its name sees it: what it says, and how it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Longer than anything takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(6);

/// A directory of a test's own that is gone afterwards.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// The running processes that were told of this directory.
    pub(crate) fn processes(&self) -> Vec<String> {
        let all = fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
        lines.filter(|line| line.contains(self.path())).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Where root may not look into its own folder, the database's is elsewhere.
        if let Ok(elsewhere) = fs::read_link(self.0.join("postgres")) {
            let _ = fs::remove_dir_all(elsewhere);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program while it runs.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) well: bool,
    /// What it answered.
    pub(crate) says: String,
    /// What it complained of.
    pub(crate) complains: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_street-whistle"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    for variable in [
        "DATA",
        "FILES",
        "LISTEN",
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "SMTP_URL",
        "MAIL_FROM",
        "CADRE_KEYS",
        "RUST_LOG",
        "RUST_BACKTRACE",
    ] {
        command.env_remove(variable);
    }
    command
}

/// Runs a command to its end with these lines as its input.
pub(crate) async fn run_on(arguments: &[&str], input: &str) -> Ended {
    let mut command = command(arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    ended(output.expect("the command ends").unwrap())
}

/// Runs a command to its end.
pub(crate) async fn run(arguments: &[&str]) -> Ended {
    let output = timeout(PATIENCE, command(arguments).output()).await;
    ended(output.expect("the command ends").unwrap())
}

fn ended(output: std::process::Output) -> Ended {
    Ended {
        well: output.status.success(),
        says: String::from_utf8(output.stdout).unwrap(),
        complains: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Program {
    /// Starts the program; its log goes to a file in the folder.
    pub(crate) fn start(arguments: &[&str], folder: &Folder) -> Self {
        let log = folder.0.join("log.json");
        let file = fs::File::create(&log).unwrap();
        let mut command = command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, says, log }
    }

    /// The address it answers on, once it says so.
    pub(crate) async fn address(&mut self) -> String {
        let said = async {
            while let Some(line) = self.says.next_line().await.unwrap() {
                if let Some(at) = line.find("http://") {
                    return line[at..].trim_end_matches('/').to_owned();
                }
            }
            panic!("it ended without an address:\n{}", self.log());
        };
        timeout(PATIENCE, said).await.expect("it says its address")
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Sends a signal by its name.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().await;
        assert!(sent.unwrap().success());
    }

    /// Waits for its end; says whether it ended well.
    pub(crate) async fn ends(&mut self, within: Duration) -> bool {
        let ended = timeout(within, self.child.wait()).await;
        ended.expect("it ends in time").unwrap().success()
    }
}
