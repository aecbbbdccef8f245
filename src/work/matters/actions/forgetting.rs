//! Forgetting who told a matter that ended long ago.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::work::matters::queries::forgetting as queries;

/// Takes the masks of tellers from at most so many matters that ended before an instant, and says
/// which; what is sealed of them is dropped by whoever asks.
pub async fn forget_tellers(
    tx: &mut Tx,
    tenant: TenantId,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Uuid>> {
    queries::forget(tx, tenant, before, most).await
}
