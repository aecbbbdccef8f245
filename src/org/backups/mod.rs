//! Backups (备份): what the record of a tenant knows of them. They are made and brought back by commands,
//! for all tenants of an installation at once; each tenant's record says so.

mod model;
mod pages;
mod queries;

pub use model::{Made, Stands};
pub use pages::routes;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::events::{self, By, Subject, Verb};

/// Records how a backup, or bringing one back, went.
pub async fn record(tx: &mut Tx, tenant: TenantId, verb: Verb, sentence: &str) -> Result<()> {
    let subject = (Subject::Backup, tenant.0);
    events::record_by(tx, By::Program(tenant), subject, verb, sentence).await
}
