//! Departments as an import reads and writes them.

use uuid::Uuid;

use super::super::model::{DepartmentPlan, Kept};
use crate::base::db::{Tx, on_constraint, refused_by};
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::redraw::DepartmentFacts;
use crate::org::units::DepartmentKind;

/// Holds the departments, so that one import of them is made at a time.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer) -> Result<()> {
    sqlx::query_scalar!(
        "select id from departments where tenant_id = $1 order by id for no key update",
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// All departments that there are or were.
pub(in super::super) async fn kept(tx: &mut Tx, me: &Viewer) -> Result<Vec<Kept>> {
    let rows = sqlx::query!(
        r#"select id, code, name, kind as "kind: DepartmentKind", position, version, valid_to is not null as "is_ended!"
             from departments where tenant_id = $1 order by code"#,
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        code: row.code,
        version: row.version,
        is_ended: row.is_ended,
        facts: DepartmentFacts {
            name: row.name,
            kind: row.kind,
            position: row.position,
        },
    });
    Ok(kept.collect())
}

/// Adds departments from today on; says which, in the same order.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    plan: &DepartmentPlan,
) -> Result<Vec<Uuid>> {
    let (now, today) = (tx.now, tx.today());
    let ids: Vec<Uuid> = plan.adds.iter().map(|_| uuid_at(now)).collect();
    let codes: Vec<&str> = plan.adds.iter().map(|(code, _)| code.as_str()).collect();
    let names: Vec<&str> = plan
        .adds
        .iter()
        .map(|(_, facts)| facts.name.as_str())
        .collect();
    let kinds: Vec<DepartmentKind> = plan.adds.iter().map(|(_, facts)| facts.kind).collect();
    let positions: Vec<i16> = plan.adds.iter().map(|(_, facts)| facts.position).collect();
    let added = sqlx::query_scalar!(
        "insert into departments (tenant_id, id, code, name, kind, position, valid_from)
         select $1, x.id, x.code, x.name, x.kind, x.position, $2
           from unnest($3::uuid[], $4::text[], $5::text[], $6::department_kind[], $7::smallint[])
                as x (id, code, name, kind, position)
         returning id",
        me.tenant.0,
        today,
        &ids,
        &codes as _,
        &names as _,
        &kinds as _,
        &positions
    )
    .fetch_all(&mut **tx)
    .await;
    unless_taken(added)?;
    Ok(ids)
}

/// Whoever took a code or a name meanwhile was first.
fn unless_taken<T>(done: std::result::Result<T, sqlx::Error>) -> Result<T> {
    match done {
        Err(error) if refused_by(&error).as_deref() == Some("departments_code_key") => {
            Err(Error::Stale)
        }
        done => on_constraint(done, "departments_name_key", || Error::Stale),
    }
}

/// Changes departments, if nobody was first.
pub(in super::super) async fn amend(tx: &mut Tx, me: &Viewer, plan: &DepartmentPlan) -> Result<()> {
    let changes = &plan.changes;
    let ids: Vec<Uuid> = changes.iter().map(|c| c.id).collect();
    let versions: Vec<i32> = changes.iter().map(|c| c.version).collect();
    let names: Vec<&str> = changes.iter().map(|c| c.facts.name.as_str()).collect();
    let kinds: Vec<DepartmentKind> = changes.iter().map(|c| c.facts.kind).collect();
    let positions: Vec<i16> = changes.iter().map(|c| c.facts.position).collect();
    let amended = sqlx::query!(
        "update departments d set name = x.name, kind = x.kind, position = x.position, version = d.version + 1
           from unnest($2::uuid[], $3::integer[], $4::text[], $5::department_kind[], $6::smallint[])
                as x (id, version, name, kind, position)
          where d.tenant_id = $1 and d.id = x.id and d.version = x.version and d.valid_to is null",
        me.tenant.0,
        &ids,
        &versions,
        &names as _,
        &kinds as _,
        &positions
    )
    .execute(&mut **tx)
    .await;
    let amended = unless_taken(amended)?;
    if amended.rows_affected() == changes.len() as u64 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}
