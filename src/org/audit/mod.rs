//! The audit record (审计): who did what and when, sealed within a minute in batches that are chained
//! by digest, so that one altered, removed or inserted row is found; the list that the three
//! administrators read, each of them what the others changed.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{check, seal};
pub use model::{Counts, Report, noted};
pub use pages::routes;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::access::Viewer;

/// The job that seals what waits.
pub const SEAL: &str = "audit_seal";
/// The job that walks the whole chain.
pub const CHECK: &str = "audit_check";
/// The local hour at which it does.
pub const CHECK_HOUR: u32 = 3;

/// The nightly walk. What it finds is told to whoever holds the audit administrator's post, every
/// night until it is explained.
pub async fn nightly(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let report = check(tx, tenant, None).await?;
    actions::alarm(tx, tenant, &report).await
}

/// What the audit administrator's desk counts; each equals the length of its list.
pub async fn counts(tx: &mut Tx, me: &Viewer) -> Result<Counts> {
    let from = model::lately(tx.today()).0;
    queries::counts(tx, me, from).await
}
