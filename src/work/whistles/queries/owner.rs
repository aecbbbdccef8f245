//! The writes that give a department's part to another.

use uuid::Uuid;

use super::super::model::{Assignment, Role};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::work::{AssignmentId, WhistleId};

/// The department is out of it; everything it did stays.
pub(in super::super) async fn relieve(tx: &mut Tx, me: &Viewer, id: AssignmentId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set stage = 'relieved', waiting_since = $3, version = version + 1
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Another department is called in its place, from now.
pub(in super::super) async fn call(
    tx: &mut Tx,
    me: &Viewer,
    (id, whistle): (AssignmentId, WhistleId),
    department: DepartmentId,
    from: &Assignment,
) -> Result<()> {
    let now = tx.now;
    let called = sqlx::query!(
        "insert into assignments (tenant_id, id, whistle_id, department_id, role, position, ask, stage, waiting_since,
                                  sent_at)
         values ($1, $2, $3, $4, $5, (select max(o.position) + 1 from assignments o
                  where o.tenant_id = $1 and o.whistle_id = $3), $6, 'sent', $7, $7)",
        me.tenant.0,
        id.0,
        whistle.0,
        department.0,
        from.role as Role,
        from.ask,
        now
    )
    .execute(&mut **tx)
    .await;
    let called = on_constraint(called, "to_standing_department", || {
        Error::Refused("这个部门刚刚撤销。请刷新后重新选择部门。".to_owned())
    });
    called.map(|_| ())
}

/// A department that assisted leads from now on, with what the former lead was asked for besides;
/// one that had fed back goes back to work.
pub(in super::super) async fn make_lead(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    from: &Assignment,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update assignments set role = 'lead', ask = left(ask || '；' || $3, 300), version = version + 1,
                waiting_since = $4, stage = case when stage = 'fed_back' then 'reported' else stage end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id,
        from.ask,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
