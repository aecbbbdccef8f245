//! Backups (备份): a dump that was read to its end, the attached files beside it, and a line in the record
//! of each tenant. And the way back, into an empty directory.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail, ensure};
use percent_encoding::percent_decode_str;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::Command;

use super::copies::{DUMP, FILES, LIST, copied, lock, tidy};
use super::{APP_ROLE, say, told};
use crate::MIGRATIONS;
use crate::base::clock::{Clock, china};
use crate::base::db::Db;
use crate::base::embedded::{Durability, Embedded};
use crate::config::{Files, OwnerStore};
use crate::org::backups::{self, Made};
use crate::org::events::Verb;
use crate::org::tenants;

/// The database of an installation, as PostgreSQL's own programs reach it.
struct Database {
    owner: PgConnectOptions,
    /// As the record is written.
    app: PgConnectOptions,
    /// Where the programs of the private server's version lie.
    programs: Option<PathBuf>,
    /// The private server, if this command had to start one.
    embedded: Option<Embedded>,
}

impl Database {
    async fn open(store: &OwnerStore) -> Result<Self> {
        if let Some(url) = &store.database_url {
            let owner: PgConnectOptions = url.parse().context("数据库地址写得不对")?;
            return Ok(Self {
                app: owner.clone(),
                owner,
                programs: None,
                embedded: None,
            });
        }
        let programs = Some(Embedded::programs(&store.data)?);
        let running = |role| Embedded::running(&store.data, role);
        if let (Some(owner), Some(app)) = (running("postgres")?, running(APP_ROLE)?) {
            return Ok(Self {
                owner,
                app,
                programs,
                embedded: None,
            });
        }
        let embedded = Embedded::start(&store.data, Durability::Kept).await?;
        let mut owner = embedded.owner().connect().await?;
        MIGRATIONS.run(&mut owner).await?;
        owner.close().await?;
        Ok(Self::of(embedded, programs))
    }

    fn of(embedded: Embedded, programs: Option<PathBuf>) -> Self {
        Self {
            owner: embedded.owner(),
            app: embedded.login(APP_ROLE),
            programs,
            embedded: Some(embedded),
        }
    }

    /// One of PostgreSQL's programs, told of the database; a password stays out of the list of
    /// processes.
    fn program(&self, name: &str) -> Command {
        let within = |dir: &PathBuf| dir.join(name);
        let mut command = Command::new(self.programs.as_ref().map_or(name.into(), within));
        let mut url = self.owner.to_url_lossy();
        if let Some(word) = url.password() {
            let word = percent_decode_str(word).decode_utf8_lossy().into_owned();
            command.env("PGPASSWORD", word);
        }
        // An address with a host takes a password away without complaint.
        let _ = url.set_password(None);
        let pairs = url.query_pairs().into_owned();
        let known: Vec<(String, String)> = pairs.filter(|(k, _)| k.starts_with("ssl")).collect();
        url.query_pairs_mut().clear().extend_pairs(known);
        command
            .args(["--no-password", "--dbname", url.as_str()])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Puts a line into the record of each tenant.
    async fn record(&self, verb: Verb, sentence: &str) -> Result<()> {
        let db = Db::open(self.app.clone(), Clock::System);
        let mut outside = db.begin_outside().await.map_err(told)?;
        let all = tenants::list(&mut outside).await.map_err(told)?;
        drop(outside);
        for tenant in all {
            let mut tx = db.begin(tenant.id.0).await.map_err(told)?;
            let recorded = backups::record(&mut tx, tenant.id, verb, sentence).await;
            recorded.map_err(told)?;
            tx.commit().await.map_err(told)?;
        }
        db.close().await;
        Ok(())
    }

    async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Makes a backup; what went wrong is recorded too.
pub(super) async fn make(
    store: &OwnerStore,
    files: &Files,
    (to, keep): (&Path, u16),
) -> Result<()> {
    let database = Database::open(store).await?;
    let folder = match files.bucket.named() {
        Some(_) => None,
        None => Some(
            files
                .files
                .clone()
                .unwrap_or_else(|| store.data.join(FILES)),
        ),
    };
    let made = made(&database, folder, (to, keep)).await;
    let recorded = match &made {
        Ok(made) => database.record(Verb::Backup, &made.sentence()).await,
        Err(error) => {
            let sentence = format!("没有做成：{error}");
            database.record(Verb::FailBackup, &sentence).await
        }
    };
    database.close().await;
    say(&format!("备份完成：{}", made?.sentence()));
    recorded
}

async fn made(
    database: &Database,
    folder: Option<PathBuf>,
    (to, keep): (&Path, u16),
) -> Result<Made> {
    let begun = Clock::System.now();
    let why = || format!("目录 {} 不能写入，请换一个目录或改正权限", to.display());
    let mut directory = fs::DirBuilder::new();
    directory.recursive(true).mode(0o700);
    directory.create(to).with_context(why)?;
    let _lock = lock(to)?;
    let stem = begun.with_timezone(&china()).format("%Y%m%d-%H%M%S");
    let name = format!("{stem}.{DUMP}");
    let dump = to.join(&name);
    let part = to.join(format!("{name}.part"));
    let written = dumped(database, &part).await;
    if written.is_err() {
        // Whatever is there is half a dump, or nothing.
        let _ = fs::remove_file(&part);
    }
    written?;
    fs::rename(&part, &dump).with_context(why)?;
    let bytes = fs::metadata(&dump).with_context(why)?.len();
    let files = match folder {
        Some(folder) => {
            let (to, list) = (to.to_path_buf(), to.join(format!("{stem}.{LIST}")));
            let copied = tokio::task::spawn_blocking(move || copied(&folder, &to, &list));
            Some(copied.await?.context("附件没有抄完")?)
        }
        None => None,
    };
    tidy(to, keep).context("旧备份没有清理完")?;
    Ok(Made {
        name,
        bytes: i64::try_from(bytes)?,
        files,
        took: Clock::System.now() - begun,
    })
}

/// Writes the dump, and reads it back to its end: what cannot be read is no backup.
async fn dumped(database: &Database, part: &Path) -> Result<()> {
    let why = || format!("{} 写不了", part.display());
    let mut open = fs::OpenOptions::new();
    let open = open.write(true).create(true).truncate(true).mode(0o600);
    let file = open.open(part).with_context(why)?;
    let mut dump = database.program("pg_dump");
    dump.arg("--format=custom");
    dump.stdout(file.try_clone().with_context(why)?);
    ran(dump, "pg_dump").await?;
    file.sync_all().with_context(why)?;
    // Without a database told, the program only reads.
    let restore = database.programs.as_ref();
    let restore = restore.map_or("pg_restore".into(), |dir| dir.join("pg_restore"));
    let mut restore = Command::new(restore);
    restore.arg("--file=/dev/null").arg(part);
    ran(restore, "pg_restore").await
}

/// Waits for a program; the first error it tells of is the reason, if it fails.
async fn ran(mut command: Command, name: &str) -> Result<()> {
    let child = command.stderr(Stdio::piped()).kill_on_drop(true).spawn();
    let child = child.with_context(|| format!("没有找到 {name}，请安装 postgresql-client"))?;
    let ended = child.wait_with_output().await?;
    if ended.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&ended.stderr);
    let mut lines = words.lines();
    let first = lines.find(|line| line.contains("error")).unwrap_or(&words);
    bail!("{name} 说：{}", first.trim());
}

/// Brings a dump and its files back into a new data directory.
pub(super) async fn restore(from: &Path, data: &Path) -> Result<()> {
    ensure!(from.is_file(), "没有备份文件 {}", from.display());
    for taken in ["postgres", FILES] {
        ensure!(
            fs::symlink_metadata(data.join(taken)).is_err(),
            "{} 里已经有数据，没有改动。请换一个空目录",
            data.display()
        );
    }
    fs::create_dir_all(data).with_context(|| format!("目录 {} 建不了", data.display()))?;
    let embedded = Embedded::start(data, Durability::Kept).await?;
    let database = Database::of(embedded, Some(Embedded::programs(data)?));
    let brought = brought_back(&database, from, data).await;
    database.close().await;
    say(&format!(
        "已恢复 {} 的内容，附件 {} 个。把密钥文件放回 {} 后，用这个数据目录启动。",
        from.display(),
        brought?,
        data.join("keys").join("cadre.keys").display()
    ));
    Ok(())
}

async fn brought_back(database: &Database, from: &Path, data: &Path) -> Result<u64> {
    let mut owner = database.owner.connect().await?;
    // A dump knows no roles; the first migration makes the application's.
    let first = MIGRATIONS.iter().take(1).cloned().collect();
    Migrator::with_migrations(first).run(&mut owner).await?;
    let mut restore = database.program("pg_restore");
    restore
        .args(["--clean", "--if-exists", "--single-transaction"])
        .arg(from);
    ran(restore, "pg_restore").await?;
    // The server has forgotten what it knew of the tables that are gone.
    owner.close().await?;
    let mut owner = database.owner.connect().await?;
    MIGRATIONS.run(&mut owner).await?;
    owner.close().await?;
    let list = from.with_extension(LIST);
    let needed = fs::read_to_string(&list).unwrap_or_default();
    let files = from.with_file_name(FILES);
    let mut count = 0;
    for name in needed.lines() {
        let target = data.join(FILES).join(name);
        let mut directory = fs::DirBuilder::new();
        directory.recursive(true).mode(0o700);
        directory.create(target.parent().unwrap_or(data))?;
        fs::copy(files.join(name), &target).with_context(|| format!("附件 {name} 没有抄回"))?;
        count += 1;
    }
    let name = from.file_name().unwrap_or_default().display();
    let sentence = format!("从 {name} 恢复，附件 {count} 个。");
    database.record(Verb::Restore, &sentence).await?;
    Ok(count)
}
