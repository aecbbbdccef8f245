//! The SQL of the resident's door: which visit a token opens.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::work::VisitId;

/// A link that was found.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: Uuid,
    pub(crate) visit: VisitId,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
}

/// The link with this digest, if there is one.
pub(crate) async fn opened(tx: &mut Tx, tenant: TenantId, digest: &[u8]) -> Result<Option<Opened>> {
    let row = sqlx::query!(
        "select id, visit_id, expires_at, used_at from visit_links where tenant_id = $1 and token_digest = $2",
        tenant.0,
        digest
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|r| Opened {
        id: r.id,
        visit: r.visit_id.into(),
        expires_at: r.expires_at,
        used_at: r.used_at,
    }))
}

/// Marks the link used.
pub(crate) async fn used(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update visit_links set used_at = $3 where tenant_id = $1 and id = $2",
        tenant.0,
        id,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
