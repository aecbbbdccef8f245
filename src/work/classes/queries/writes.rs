//! The writes of the register. Nothing is changed: a class is added, a version is added.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::model::{Condition, Content, Family, Major, Why};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::access::Viewer;

/// Adds a class of the city's own. Whoever was given the same code first keeps it.
pub(in super::super) async fn insert_class(
    tx: &mut Tx,
    me: &Viewer,
    code: &str,
    major: &Major,
) -> Result<()> {
    let kept = sqlx::query!(
        "insert into classes (tenant_id, code, family, major, is_local) values ($1, $2, $3, $4, true)",
        me.tenant.0,
        code,
        major.family as Family,
        major.name
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "classes_pk", || Error::Stale).map(|_| ())
}

/// Adds a version with its conditions, if nobody was first.
pub(in super::super) async fn insert_version(
    tx: &mut Tx,
    me: &Viewer,
    (code, number): (&str, i32),
    content: &Content,
    why: &Why,
) -> Result<()> {
    let now = tx.now;
    let kept = sqlx::query!(
        "insert into class_versions (tenant_id, class_code, number, from_day, name, quick_order, quick_name, in_use,
                                     reason, document_id, clause, made_at, made_by, made_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        me.tenant.0,
        code,
        number,
        why.from_day,
        content.name,
        content.quick.as_ref().map(|q| q.order),
        content.quick.as_ref().map(|q| q.name.as_str()),
        content.in_use,
        why.reason,
        why.basis.map(|b| b.0.0),
        why.basis.map(|b| b.1),
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "class_versions_pk", || Error::Stale)?;
    insert_conditions(tx, me, (code, number), &content.conditions).await
}

async fn insert_conditions(
    tx: &mut Tx,
    me: &Viewer,
    (code, number): (&str, i32),
    conditions: &[Condition],
) -> Result<()> {
    for condition in conditions {
        sqlx::query!(
            "insert into class_conditions (tenant_id, class_code, version, position, filing, closing)
             values ($1, $2, $3, $4, $5, $6)",
            me.tenant.0,
            code,
            number,
            condition.position,
            condition.filing,
            condition.closing
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The classes a new tenant begins with; its limits name them. Needs the owner's connection.
pub async fn furnish(
    db: &mut PgConnection,
    tenant: TenantId,
    now: DateTime<Utc>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query!(
        "select furnish_classes($1, $2)::text as done",
        tenant.0,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
