//! The SQL of forgetting the numbers of people who hold nothing any more.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;

/// Takes the masks of numbers and addresses of people whose last post ended before a day; says whose.
pub(in super::super) async fn forget(
    tx: &mut Tx,
    tenant: TenantId,
    before: NaiveDate,
    most: i64,
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "update people p set phone_mask = null, mail_mask = null, anonymised_at = $3, version = version + 1
          where p.tenant_id = $1 and p.id in (
                select q.id from people q
                 where q.tenant_id = $1 and (q.phone_mask is not null or q.mail_mask is not null)
                   and exists (select from appointments a where a.tenant_id = $1 and a.person_id = q.id)
                   and not exists (select from appointments a
                                    where a.tenant_id = $1 and a.person_id = q.id
                                      and (a.to_day is null or a.to_day >= $2))
                 order by q.id limit $4)
         returning p.id",
        tenant.0,
        before,
        now,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}
