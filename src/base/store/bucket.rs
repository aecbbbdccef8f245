//! Contents in a bucket of an object store that speaks S3, so that several machines serve one city
//! without a shared disk.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore as _, ObjectStoreExt as _, RetryConfig};

use super::super::clock::Clock;
use super::{BROKEN_OFF, INCOMING, Store};

/// The least that S3 takes as one of several parts.
const PART: usize = 5 * 1024 * 1024;
/// How long a person is made to wait for a store that does not answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a connection may take, and how long nothing may come over it.
const SILENCE: Duration = Duration::from_secs(10);

/// A bucket and how it is entered.
#[derive(Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The address of the store, such as <https://oss.example.gov.cn>.
    pub endpoint: String,
    /// The region that signatures name.
    pub region: String,
    /// The access key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
    /// Whether the bucket is part of the host name and not of the path.
    pub in_host: bool,
}

// The keys stay out of logs.
impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The contents in a bucket; an error, if nothing can be written there.
    pub async fn within(bucket: &Bucket) -> anyhow::Result<Self> {
        let why = || {
            format!(
                "对象存储 {} 的存储桶 {} 不能写入，请核对地址、桶名和密钥：--s3-endpoint、--s3-bucket、--s3-access-key、--s3-secret-key",
                bucket.endpoint, bucket.name
            )
        };
        let s3 = opened(bucket).with_context(why)?;
        let trial = Path::from_iter([INCOMING, &format!("trial-{:016x}", rand::random::<u64>())]);
        s3.put(&trial, "".into()).await.with_context(why)?;
        s3.delete(&trial).await.with_context(why)?;
        tidy(&s3).await.with_context(why)?;
        Ok(Self::over(Arc::new(s3), PART))
    }
}

fn opened(bucket: &Bucket) -> object_store::Result<AmazonS3> {
    // The client takes what the process has chosen; another part of it may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = ClientOptions::new()
        .with_connect_timeout(SILENCE)
        .with_read_timeout(SILENCE)
        .with_timeout_disabled();
    let retry = RetryConfig {
        max_retries: 3,
        retry_timeout: PATIENCE,
        ..RetryConfig::default()
    };
    AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_endpoint(&bucket.endpoint)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(&bucket.secret_key)
        .with_virtual_hosted_style_request(bucket.in_host)
        .with_client_options(client)
        .with_allow_http(bucket.endpoint.starts_with("http://"))
        .with_retry(retry)
        .build()
}

/// Removes what arrived and was broken off by a crash. Parts of an upload that never ended are the
/// store's to clear away, by a rule of the bucket.
async fn tidy(s3: &AmazonS3) -> object_store::Result<()> {
    // By the machine's clock, which the store's own times follow.
    let before = Clock::System.now() - BROKEN_OFF;
    let incoming = Path::from(INCOMING);
    let mut all = s3.list(Some(&incoming));
    while let Some(found) = all.try_next().await? {
        if found.last_modified < before {
            s3.delete(&found.location).await?;
        }
    }
    Ok(())
}
