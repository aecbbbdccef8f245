//! Records on which somebody said nothing in time; and whom an act is told.

use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::access::PostKind;
use crate::work::ExerciseId;

/// Records whose opinion or reaction is overdue, the earliest first, locked.
pub(in super::super) async fn silent(
    tx: &mut Tx,
    tenant: TenantId,
    most: i64,
) -> Result<Vec<ExerciseId>> {
    let now = tx.now;
    let rows = sqlx::query_scalar!(
        "select e.id from power_exercises e
          where e.tenant_id = $1 and e.stage in ('opining', 'reacting') and e.due_at < $2
          order by e.due_at, e.id limit $3 for no key update skip locked",
        tenant.0,
        now,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(ExerciseId).collect())
}

/// The posts that an act on a record is told: those of its street, of its department or of the
/// city's office; of a cadre record only those who speak of cadres.
pub(in super::super) async fn hearers(
    tx: &mut Tx,
    tenant: TenantId,
    id: ExerciseId,
    kinds: &[PostKind],
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select p.id
           from power_exercises e
           join posts p on p.tenant_id = $1 and p.kind = any($3) and p.valid_to is null
                and (p.kind = 'city_office' or p.node_code = e.street_code
                     or p.department_id = e.department_id
                     or exists (select from exercise_parties y where y.tenant_id = $1 and y.exercise_id = e.id
                                   and y.department_id = p.department_id))
          where e.tenant_id = $1 and e.id = $2
          order by p.id",
        tenant.0,
        id.0,
        kinds as &[PostKind]
    )
    .fetch_all(&mut **tx)
    .await?)
}
