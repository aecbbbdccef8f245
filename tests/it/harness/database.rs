//! One private PostgreSQL for the whole test process, made at the first use and gone with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use street_whistle::MIGRATIONS;
use street_whistle::base::embedded::{Durability, Embedded, EmbeddedError};
use street_whistle::base::store::Store;

use super::Sql;

/// The folder of everything that the tests keep.
static DIR: OnceLock<PathBuf> = OnceLock::new();

/// The running server, its one database migrated.
pub(crate) fn server() -> &'static Embedded {
    static SERVER: OnceLock<Embedded> = OnceLock::new();
    SERVER.get_or_init(|| {
        // The first test's runtime ends with that test; this work must not.
        let started = thread::spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(start())
        });
        started.join().expect("the database starts")
    })
}

async fn start() -> Embedded {
    let near = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let embedded = match start_in(&near).await {
        // A clone under /root is closed to the account that the database runs as.
        Err(EmbeddedError::Closed { .. }) => start_in(&std::env::temp_dir()).await,
        answer => answer,
    };
    let embedded = embedded.unwrap_or_else(|error| panic!("{error}"));
    let mut owner = embedded.owner().connect().await.unwrap();
    MIGRATIONS
        .run(&mut owner)
        .await
        .expect("the migrations apply");
    owner.close().await.unwrap();
    embedded
}

async fn start_in(parent: &Path) -> Result<Embedded, EmbeddedError> {
    const NAME: &str = "street-whistle-tests-";
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let left_by = name.to_str().and_then(|name| name.strip_prefix(NAME));
        if left_by.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            // Another test process may be removing the same one.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let dir = parent.join(format!("{NAME}{}", std::process::id()));
    let embedded = Embedded::start(&dir, Durability::ThrownAway).await?;
    DIR.get_or_init(|| dir);
    Ok(embedded)
}

/// The folder of the contents of files, gone with the tests.
pub(crate) fn folder() -> PathBuf {
    server();
    DIR.get().expect("the server has a folder").join("files")
}

/// The contents of files of all tests.
pub(crate) fn files() -> Store {
    Store::at(&folder()).expect("the folder can be written")
}

/// A further, empty database of the same server, as its owner sees it.
pub(crate) async fn another_database() -> PgConnectOptions {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("another_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut sql = Sql::owner().await;
    sql.run(&format!("create database {name}")).await.unwrap();
    server().owner().database(&name)
}
