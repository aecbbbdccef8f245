//! The jobs: a long import is written by one, and what nobody confirmed is dropped by another.

use chrono::Duration;
use serde::Deserialize;
use uuid::Uuid;

use super::super::by::By;
use super::super::queries;
use super::confirm::{Confirmed, carry};
use super::write::Progress;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::queue::Job;
use crate::base::seal::Keys;
use crate::org::{ImportId, TenantId};

/// The job that writes an import.
pub const IMPORT: &str = "import";
/// The job that drops what nobody confirmed.
pub const TIDY: &str = "import_tidy";
/// At which hour of local time.
pub const TIDY_HOUR: u32 = 3;
/// How long an upload waits to be confirmed.
const WAITS: Duration = Duration::days(3);

/// Which import, and who confirmed it.
#[derive(Deserialize)]
struct Payload {
    import: ImportId,
    person: Uuid,
    post: Uuid,
}

/// Writes an import that was confirmed, in the name of whoever did; if something has changed
/// meanwhile, it is checked anew and waits to be confirmed again.
pub async fn carry_out(tx: &mut Tx, job: &Job, keys: &Keys) -> Result<()> {
    let wanted: Payload =
        serde_json::from_value(job.payload.clone()).map_err(anyhow::Error::from)?;
    let tenant = TenantId(job.tenant);
    let id = wanted.import;
    let doer = queries::doer(tx, tenant, (id, wanted.person, wanted.post)).await?;
    let Some(doer) = doer.filter(|doer| doer.me.kind.may(doer.register.permission())) else {
        const GONE: &str = "确认这次导入的人已不任这个职务，没有写入。请核对后再确认。";
        return queries::unqueue(tx, tenant, id, GONE).await;
    };
    queries::hold_register(tx, &doer.me, doer.register).await?;
    let found = queries::found(tx, &doer.me, (doer.register, id)).await?;
    let progress = Progress::of(tenant, id);
    let by = By::new(&doer.me, keys);
    let ended = carry(tx, &by, (id, &found), &progress).await?;
    tracing::info!(
        changed = ended == Confirmed::Changed,
        "an import was carried out"
    );
    Ok(())
}

/// Drops what was uploaded days ago and never confirmed: it holds names and numbers.
pub async fn tidy(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let before = tx.now - WAITS;
    queries::tidy(tx, tenant, before).await
}
