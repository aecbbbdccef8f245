//! The SQL of forgetting tellers.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// Takes the masks of tellers, and what room it was, whose matters ended before an instant. One that was merged keeps its
/// teller as long as the other is open, and nobody is forgotten who is still to be asked.
pub(crate) async fn forget(
    tx: &mut Tx,
    tenant: TenantId,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "update matters m
            set teller_name_mask = null, teller_phone_mask = null, anonymised_at = $3
          where m.tenant_id = $1 and m.id in (
                select o.id from matters o
                 where o.tenant_id = $1 and o.ended_at < $2
                   and o.id in (
                       select t.id from matters t
                        where t.tenant_id = $1 and t.ended_at < $2
                          and (t.teller_name_mask is not null or t.teller_phone_mask is not null)
                       union
                       select v.owner_id from personal_values v where v.tenant_id = $1 and v.field = 'spot')
                   and not exists (select from matters x
                                    where x.tenant_id = $1 and x.id = o.merged_into and x.ended_at is null)
                   and not exists (select from visits v
                                    where v.tenant_id = $1 and v.matter_id = o.id and v.state = 'waiting')
                 order by o.ended_at limit $4)
         returning m.id",
        tenant.0,
        before,
        now,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}
