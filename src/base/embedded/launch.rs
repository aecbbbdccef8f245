//! From a data directory to a database that takes connections.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::place::{self, Place, SOCKET_PORT};
use super::{Durability, EmbeddedError, Result, STOP_LIMIT, at, signal};

/// Recovery after a power cut may take its time; a start that hangs must still end in a sentence.
const START_LIMIT: Duration = Duration::from_mins(5);
/// How long a killed program may take to let go of the data directory.
const DYING: Duration = Duration::from_secs(1);
/// Short enough to be unnoticed, long enough to cost nothing.
const PAUSE: Duration = Duration::from_millis(10);

/// Settings for a machine that has other work to do. They are given at each start, so that what
/// stands here is true and no file in the data directory can differ.
///
/// `terse` keeps the values of rows, and with them personal data, out of the log.
const SETTINGS: [&str; 10] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=128MB",
    "max_connections=60",
    "work_mem=8MB",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_error_verbosity=terse",
    "logging_collector=off",
];

/// Trades safety for speed.
const UNSAFE_SETTINGS: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Takes the directory, makes the cluster if there is none, and starts it.
pub(super) fn launch(dir: &Path, durability: Durability) -> Result<(Child, Place, File)> {
    place::make_passable(dir)?;
    let lock = lock(dir)?;
    let place = Place::find(dir, durability)?;
    clear_predecessor(&place)?;
    make_cluster(&place, durability)?;

    let mut command = place.command("postgres", "INT");
    command.arg("-D").arg(&place.cluster);
    command.arg("-k").arg(&place.socket);
    command.args(["-p", &SOCKET_PORT.to_string()]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    if durability == Durability::ThrownAway {
        for setting in UNSAFE_SETTINGS {
            command.args(["-c", setting]);
        }
    }
    let mut child = spawn(command, &place)?;
    match await_ready(&mut child, &place) {
        Ok(()) => Ok((child, place, lock)),
        Err(error) => {
            signal(child.id(), "QUIT");
            let _ = child.wait();
            Err(error)
        }
    }
}

/// One program per data directory. The kernel drops the lock with the program, so nothing stale
/// can block the next start, as a file with a process number would.
fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = at(&path, file)?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // One that was killed just now may still be dying.
            Err(TryLockError::WouldBlock) if since.elapsed() < DYING => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(EmbeddedError::InUse(dir.to_path_buf())),
            Err(TryLockError::Error(source)) => return Err(EmbeddedError::Path { path, source }),
        }
    }
}

/// The socket directory of the database that another program keeps running on this data
/// directory, if one does.
pub(super) fn running(dir: &Path) -> Result<Option<PathBuf>> {
    let held = File::open(dir.join("lock")).is_ok_and(|lock| lock.try_lock().is_err());
    if !held {
        return Ok(None);
    }
    let place = Place::find(dir, Durability::Kept)?;
    let ready = pid_file(&place).is_some_and(|lines| lines.get(7).is_some_and(|s| s == "ready"));
    Ok(ready.then_some(place.socket))
}

/// A program that was killed leaves a database that is still shutting down, or, if even that was
/// killed, the file with its process number, which by now may be another process's.
fn clear_predecessor(place: &Place) -> Result<()> {
    let Some(predecessor) = pid_file(place).and_then(|lines| lines.first()?.parse().ok()) else {
        return Ok(());
    };
    let since = Instant::now();
    let mut asked = "";
    while is_postmaster_of(predecessor, &place.cluster) {
        // It may have missed our end, having been started in the same instant.
        let asking = if since.elapsed() < STOP_LIMIT {
            "INT"
        } else {
            "QUIT"
        };
        if asked != asking {
            signal(predecessor, asking);
            asked = asking;
        }
        if since.elapsed() > STOP_LIMIT * 2 {
            return Err(EmbeddedError::InUse(place.cluster.clone()));
        }
        thread::sleep(PAUSE);
    }
    // Under our lock and with no such process left, these are remains.
    let socket_lock = format!(".s.PGSQL.{SOCKET_PORT}.lock");
    for path in [place.pid_file(), place.socket.join(socket_lock)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => at(&path, Err(error))?,
            _ => {}
        }
    }
    Ok(())
}

/// A process number alone proves nothing: numbers come round again. (The command line may be read
/// where the working directory may not: in a container without the right to trace.)
fn is_postmaster_of(id: u32, cluster: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{id}"));
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    let words = fs::read(process.join("cmdline")).unwrap_or_default();
    name.trim_end() == "postgres"
        && words
            .split(|byte| *byte == 0)
            .any(|word| word == cluster.as_os_str().as_encoded_bytes())
}

/// Makes the cluster beside its place and moves it there, so that a half-made one is never found.
fn make_cluster(place: &Place, durability: Durability) -> Result<()> {
    if place.cluster.join("PG_VERSION").exists() {
        return Ok(());
    }
    let unfinished = place.unfinished();
    let mut command = place.command("initdb", "KILL");
    command.arg("-D").arg(&unfinished);
    command.args(["-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]);
    command.args(["--auth=trust", "--no-instructions"]);
    command.arg(match durability {
        Durability::Kept => "--data-checksums",
        Durability::ThrownAway => "--no-sync",
    });
    let made = spawn(command, place)?.wait();
    if !at(&unfinished, made)?.success() {
        return Err(not_started(place));
    }
    at(&place.cluster, fs::rename(&unfinished, &place.cluster))
}

/// Starts a command with everything it says going to the log.
fn spawn(mut command: Command, place: &Place) -> Result<Child> {
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&place.log);
    let log = at(&place.log, log)?;
    let log_too = at(&place.log, log.try_clone())?;
    command
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(log_too)
        // Ctrl-C at the terminal is for us; we still need the database to finish what is under way.
        .process_group(0);
    at(Path::new("setpriv"), command.spawn())
}

fn await_ready(child: &mut Child, place: &Place) -> Result<()> {
    let since = Instant::now();
    loop {
        let ready = pid_file(place).is_some_and(|lines| {
            lines.first() == Some(&child.id().to_string())
                && lines.get(7).is_some_and(|state| state == "ready")
        });
        if ready {
            return Ok(());
        }
        let exited = at(&place.cluster, child.try_wait())?.is_some();
        if exited || since.elapsed() > START_LIMIT {
            return Err(not_started(place));
        }
        thread::sleep(PAUSE);
    }
}

/// PostgreSQL's own account of itself: line 1 is the process, line 8 its state.
fn pid_file(place: &Place) -> Option<Vec<String>> {
    let text = fs::read_to_string(place.pid_file()).ok()?;
    Some(text.lines().map(|line| line.trim().to_owned()).collect())
}

fn not_started(place: &Place) -> EmbeddedError {
    let text = fs::read(&place.log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    EmbeddedError::NotStarted {
        log: place.log.clone(),
        tail: lines[lines.len().saturating_sub(8)..].join("\n"),
    }
}
