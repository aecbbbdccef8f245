//! Contents that are kept beside the database, in one folder or one bucket: each by tenant and digest,
//! so that a tenant keeps the same content once. A content arrives in `incoming/` and moves to its place in
//! one step; it is there before anything names it, and what nothing names does no harm.
//!
//! What must be able to go again (photos: an original that is sealed leaves nothing in the clear)
//! lies under an id of its own instead, and belongs to one row alone.

mod bucket;

pub use bucket::Bucket;

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path as Folder;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::error::Result;

/// Where contents arrive.
pub const INCOMING: &str = "incoming";
/// What lies there so long was broken off.
const BROKEN_OFF: Duration = Duration::from_hours(24);
/// What is written at once into a folder.
const CHUNK: usize = 256 * 1024;

/// The place of contents.
#[derive(Clone, Debug)]
pub struct Store {
    files: Arc<dyn ObjectStore>,
    /// What is written at once, in bytes.
    chunk: usize,
    /// Of all that is looked at whole, one at a time: so memory is bounded by one file.
    looking: Arc<Semaphore>,
}

/// A content that is on its way.
#[derive(Debug)]
pub struct Arriving {
    store: Store,
    at: Path,
    upload: WriteMultipart,
    sha256: Sha256,
    bytes: u64,
}

/// A content that is there and not yet kept.
#[derive(Debug)]
pub struct Arrived {
    store: Store,
    at: Path,
    /// Its digest.
    pub sha256: Vec<u8>,
    /// How long it is.
    pub bytes: u64,
}

/// A kept content.
pub struct Kept {
    /// How long it is.
    pub bytes: u64,
    /// Piece by piece.
    pub pieces: BoxStream<'static, object_store::Result<Bytes>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The contents below a folder, which is made if it is missing; an error, if nothing can be
    /// written there.
    pub fn at(folder: &Folder) -> anyhow::Result<Self> {
        let why = || {
            format!(
                "文件目录 {} 不能写入，请换一个目录或改正权限：--files 目录",
                folder.display()
            )
        };
        let incoming = folder.join(INCOMING);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&incoming)
            .with_context(why)?;
        let trial = incoming.join(format!("trial-{:016x}", rand::random::<u64>()));
        fs::write(&trial, b"").with_context(why)?;
        fs::remove_file(&trial).with_context(why)?;
        tidy(&incoming).with_context(why)?;
        let files = LocalFileSystem::new_with_prefix(folder)
            .with_context(why)?
            .with_fsync(true);
        Ok(Self::over(Arc::new(files), CHUNK))
    }

    fn over(files: Arc<dyn ObjectStore>, chunk: usize) -> Self {
        Self {
            files,
            chunk,
            looking: Arc::new(Semaphore::new(1)),
        }
    }

    /// Makes ready for a content; the id is the caller's and new.
    pub async fn expect(&self, id: Uuid) -> Result<Arriving> {
        let at = Path::from_iter([INCOMING, &id.to_string()]);
        let upload = self.files.put_multipart(&at).await.map_err(fault)?;
        Ok(Arriving {
            store: self.clone(),
            at,
            upload: WriteMultipart::new_with_chunk_size(upload, self.chunk),
            sha256: Sha256::new(),
            bytes: 0,
        })
    }

    /// A content that was kept.
    pub async fn open(&self, tenant: Uuid, sha256: &[u8]) -> Result<Kept> {
        let found = self
            .files
            .get(&place(tenant, sha256))
            .await
            .map_err(fault)?;
        Ok(Kept {
            bytes: found.meta.size,
            pieces: found.into_stream(),
        })
    }

    /// Keeps a content under an id of its own, which is the caller's and new.
    pub async fn put(&self, tenant: Uuid, id: Uuid, content: Vec<u8>) -> Result<()> {
        let place = own_place(tenant, id);
        let put = self.files.put(&place, content.into()).await;
        put.map(|_| ()).map_err(fault)
    }

    /// A content with an id of its own; one that has gone meanwhile is not found.
    pub async fn open_own(&self, tenant: Uuid, id: Uuid) -> Result<Kept> {
        let found = self.files.get(&own_place(tenant, id)).await;
        let found = found.map_err(|error| {
            if matches!(error, object_store::Error::NotFound { .. }) {
                super::error::Error::NotFound
            } else {
                fault(error)
            }
        })?;
        Ok(Kept {
            bytes: found.meta.size,
            pieces: found.into_stream(),
        })
    }

    /// The whole of a content with an id of its own.
    pub async fn whole(&self, tenant: Uuid, id: Uuid) -> Result<Bytes> {
        let found = self.files.get(&own_place(tenant, id)).await;
        found.map_err(fault)?.bytes().await.map_err(fault)
    }

    /// Removes a content with an id of its own; if it is gone already, that is well.
    pub async fn remove(&self, tenant: Uuid, id: Uuid) -> Result<()> {
        match self.files.delete(&own_place(tenant, id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }

    /// What comes of long work on a whole content, done beside the requests and one at a time. Who
    /// no longer waits for it does not let the next one begin before it ends.
    pub async fn worked_on<T: Send + 'static>(
        &self,
        content: Bytes,
        work: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T> {
        let alone = self.looking.clone().acquire_owned().await;
        let alone = alone.context("looking at a file")?;
        let worked = tokio::task::spawn_blocking(move || {
            let result = work(&content);
            drop(alone);
            result
        });
        Ok(worked.await.context("working on a file")?)
    }
}

impl Arriving {
    /// How much has come.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// One more piece.
    pub async fn add(&mut self, piece: Bytes) -> Result<()> {
        self.bytes += piece.len() as u64;
        self.sha256.update(&piece);
        self.upload.wait_for_capacity(1).await.map_err(fault)?;
        self.upload.put(piece);
        Ok(())
    }

    /// That was all.
    pub async fn end(self) -> Result<Arrived> {
        self.upload.finish().await.map_err(fault)?;
        Ok(Arrived {
            store: self.store,
            at: self.at,
            sha256: self.sha256.finalize().to_vec(),
            bytes: self.bytes,
        })
    }

    /// It is not wanted.
    pub async fn give_up(self) -> Result<()> {
        self.upload.abort().await.map_err(fault)
    }
}

impl Arrived {
    /// What one sees in the whole of it.
    pub async fn seen<T>(&self, look: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let _alone = self
            .store
            .looking
            .acquire()
            .await
            .context("looking at a file")?;
        let found = self.store.files.get(&self.at).await.map_err(fault)?;
        let content = found.bytes().await.map_err(fault)?;
        Ok(look(&content))
    }

    /// What comes of long work on the whole of it; see [`Store::worked_on`].
    pub async fn worked_on<T: Send + 'static>(
        &self,
        work: impl FnOnce(&[u8]) -> T + Send + 'static,
    ) -> Result<T> {
        let found = self.store.files.get(&self.at).await.map_err(fault)?;
        let content = found.bytes().await.map_err(fault)?;
        self.store.worked_on(content, work).await
    }

    /// Keeps it for a tenant.
    pub async fn keep(self, tenant: Uuid) -> Result<()> {
        let place = place(tenant, &self.sha256);
        // The same content may lie there already: then the same bytes take the place of the same.
        self.store
            .files
            .rename(&self.at, &place)
            .await
            .map_err(fault)
    }

    /// It is not wanted.
    pub async fn give_up(self) -> Result<()> {
        self.store.files.delete(&self.at).await.map_err(fault)
    }
}

fn place(tenant: Uuid, sha256: &[u8]) -> Path {
    use std::fmt::Write as _;
    let mut digest = String::with_capacity(64);
    for byte in sha256 {
        // Writing to a string does not fail.
        let _ = write!(digest, "{byte:02x}");
    }
    Path::from_iter([tenant.to_string(), digest])
}

fn own_place(tenant: Uuid, id: Uuid) -> Path {
    Path::from_iter([tenant.to_string(), id.to_string()])
}

fn fault(error: object_store::Error) -> super::error::Error {
    anyhow::Error::from(error)
        .context("the store of files")
        .into()
}

/// Removes what was broken off by a crash: old enough that no other program is still writing it.
fn tidy(incoming: &Folder) -> std::io::Result<()> {
    for entry in fs::read_dir(incoming)? {
        let entry = entry?;
        // Another program on the same folder may be removing the same one.
        let old = entry
            .metadata()
            .and_then(|m| m.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > BROKEN_OFF));
        if old {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}
