//! Where the private PostgreSQL lies and whose it is: account, directories, binaries.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::ErrorKind;
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown, symlink,
};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Durability, EmbeddedError, Result, at};

/// The oldest PostgreSQL that the program is tried on.
pub(super) const OLDEST: u32 = 15;
/// Part of the socket's name; no network port is opened.
pub(super) const SOCKET_PORT: u16 = 5432;
/// What the kernel allows for the path of a socket.
const SOCKET_PATH_LIMIT: usize = 107;
/// Where the database of a data directory goes that its account cannot enter, as under /root.
const ELSEWHERE: &str = "/var/lib/street-whistle";
/// A log longer than this is set aside at the next start.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;

/// Everything that a start needs to know about the machine.
#[derive(Debug)]
pub(super) struct Place {
    account: Option<Account>,
    /// The account's own directory, with all else in it.
    home: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) log: PathBuf,
    bin: PathBuf,
}

impl Place {
    /// Settles where things lie, and makes the directories that are missing.
    pub(super) fn find(dir: &Path, durability: Durability) -> Result<Self> {
        let linked = dir.join("postgres");
        let account = Account::needed_for(&linked)?;
        if let Some(account) = &account
            && durability == Durability::Kept
            && fs::symlink_metadata(&linked).is_err()
            && !account.may_enter(dir)
        {
            let target = Path::new(ELSEWHERE).join(unique_name(dir));
            make_passable(Path::new(ELSEWHERE))?;
            at(&target, fs::create_dir(&target))?;
            at(&linked, symlink(&target, &linked))?;
        }
        make_private(&linked, account.as_ref())?;
        let home = at(&linked, fs::canonicalize(&linked))?;
        if let Some(account) = &account
            && !account.may_enter(&home)
        {
            return Err(EmbeddedError::Closed {
                account: account.name.clone(),
                dir: home,
            });
        }
        let socket = socket_directory(&home);
        make_private(&socket, account.as_ref())?;
        let log = dir.join("postgres.log");
        if fs::metadata(&log).is_ok_and(|log| log.len() > LOG_LIMIT) {
            at(&log, fs::rename(&log, dir.join("postgres.log.1")))?;
        }
        let cluster = home.join("data");
        let bin = binaries(&cluster)?;
        Ok(Self {
            account,
            home,
            cluster,
            socket,
            log,
            bin,
        })
    }

    /// A program of PostgreSQL's, run as the account, that gets the signal when the thread that
    /// starts it ends. `setpriv` does both, so that no unsafe code is needed here.
    pub(super) fn command(&self, program: &str, at_our_end: &str) -> Command {
        let mut command = privileged(self.account.as_ref(), &["--pdeathsig", at_our_end]);
        command.arg(self.bin.join(program)).current_dir(&self.home);
        command
    }

    /// Where to make a cluster. What broken-off starts left is removed; not insisted on, since a
    /// dying `initdb` may still write there, which is also why the name is a new one each time.
    pub(super) fn unfinished(&self) -> PathBuf {
        for entry in fs::read_dir(&self.home).into_iter().flatten().flatten() {
            if entry
                .file_name()
                .as_encoded_bytes()
                .starts_with(b"unfinished-")
            {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        self.home.join(format!("unfinished-{}", std::process::id()))
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.cluster.join("postmaster.pid")
    }
}

/// Whom to become. PostgreSQL refuses root, so root lends it another's identity.
#[derive(Debug)]
struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// None for an ordinary user, who stays who they are. Root becomes the owner of the database
    /// that is there, so that it does not matter who made it.
    fn needed_for(home: &Path) -> Result<Option<Self>> {
        if own_uid()? != 0 {
            return Ok(None);
        }
        let owner = fs::metadata(home).map_or(0, |home| home.uid());
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let accounts: Vec<Self> = passwd.lines().filter_map(Self::from_line).collect();
        let wanted: [&dyn Fn(&Self) -> bool; 3] = [
            &|account| account.uid == owner,
            &|account| account.name == "postgres",
            &|account| account.name == "nobody",
        ];
        let found = wanted
            .iter()
            .find_map(|fits| accounts.iter().find(|it| it.uid != 0 && fits(it)));
        match found {
            Some(account) => Ok(Some(Self {
                name: account.name.clone(),
                ..*account
            })),
            None => Err(EmbeddedError::NoAccount),
        }
    }

    /// One line of /etc/passwd.
    fn from_line(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        Some(Self {
            name: fields.next()?.to_owned(),
            uid: fields.nth(1)?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    }

    /// Asked of the kernel, which knows of more than the mode bits.
    fn may_enter(&self, dir: &Path) -> bool {
        privileged(Some(self), &[])
            .args(["/bin/sh", "-c", r#"cd "$1""#, "sh"])
            .arg(dir)
            .stderr(Stdio::null())
            .current_dir("/")
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// The beginning of a command that runs as the account, free of our environment: a stray PG…
/// variable must not reach the database.
fn privileged(account: Option<&Account>, options: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.env_clear();
    command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.env("LC_ALL", "C.UTF-8");
    command.args(options);
    if let Some(account) = account {
        command.args(["--reuid", &account.uid.to_string()]);
        command.args(["--regid", &account.gid.to_string()]);
        command.arg("--clear-groups");
    }
    command.arg("--");
    command
}

/// The kernel shows each process's own directory as belonging to its user.
fn own_uid() -> Result<u32> {
    let own = Path::new("/proc/self");
    Ok(at(own, fs::metadata(own))?.uid())
}

/// Makes a directory with its missing parents. What root makes lets others pass through (not look
/// around), because the database below belongs to another account.
pub(super) fn make_passable(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        make_passable(parent)?;
    }
    match fs::create_dir(dir) {
        // Another start was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        made => at(dir, made)?,
    }
    set_mode(dir, if own_uid()? == 0 { 0o711 } else { 0o700 })
}

/// Makes a directory that only the account may enter, or sees to it that it is one.
fn make_private(dir: &Path, account: Option<&Account>) -> Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => at(dir, made)?,
    }
    let uid = account.map_or_else(own_uid, |account| Ok(account.uid))?;
    let found = at(dir, fs::metadata(dir))?;
    if let Some(account) = account
        && found.uid() == 0
    {
        at(dir, chown(dir, Some(account.uid), Some(account.gid)))?;
    } else if found.uid() != uid {
        return Err(EmbeddedError::NotOurs(dir.to_path_buf()));
    }
    if found.mode() & 0o777 != 0o700 {
        set_mode(dir, 0o700)?;
    }
    Ok(())
}

fn set_mode(dir: &Path, mode: u32) -> Result<()> {
    let mode = fs::Permissions::from_mode(mode);
    at(dir, fs::set_permissions(dir, mode))
}

/// Beside the data if the path is short enough, else under /tmp by a name of its own.
fn socket_directory(home: &Path) -> PathBuf {
    let beside = home.join("s");
    let socket = beside.join(format!(".s.PGSQL.{SOCKET_PORT}"));
    if socket.as_os_str().len() <= SOCKET_PATH_LIMIT {
        return beside;
    }
    PathBuf::from(format!("/tmp/street-whistle-{:016x}", digest(home)))
}

/// A name that is never given twice: a data directory made anew must not find old data again.
fn unique_name(dir: &Path) -> String {
    let made = fs::metadata(dir).and_then(|dir| dir.created().or(dir.modified()));
    format!("{:016x}", digest(&(dir, made.ok(), std::process::id())))
}

fn digest(of: &(impl std::hash::Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The folder with the programs: of the version that made the data, else of the newest.
pub(super) fn binaries(cluster: &Path) -> Result<PathBuf> {
    let made_by = fs::read_to_string(cluster.join("PG_VERSION")).ok();
    let made_by: Option<u32> = made_by.and_then(|version| version.trim().parse().ok());
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let packaged = packaged.filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let newest = packaged
        .chain(on_path())
        .filter(|(_, bin)| bin.join("initdb").exists() && bin.join("postgres").exists())
        .filter(|(version, _)| made_by.map_or(*version >= OLDEST, |made_by| *version == made_by))
        .max_by_key(|(version, _)| *version);
    match (newest, made_by) {
        (Some((_, bin)), _) => Ok(bin),
        (None, Some(version)) => Err(EmbeddedError::OtherVersion(version)),
        (None, None) => Err(EmbeddedError::NotInstalled),
    }
}

/// A PostgreSQL that is installed in another way than Debian's.
fn on_path() -> Option<(u32, PathBuf)> {
    let asked = Command::new("/bin/sh")
        .args(["-c", "command -v postgres && postgres --version"])
        .output()
        .ok()?;
    let answer = String::from_utf8(asked.stdout).ok()?;
    let (program, version) = answer.trim_end().split_once('\n')?;
    let version = version.split_whitespace().nth(2)?.split('.').next()?;
    let program = fs::canonicalize(program).ok()?;
    Some((version.parse().ok()?, program.parent()?.to_path_buf()))
}
