//! What a cadre record says, as the database keeps it: sealed; and who read it.

use uuid::Uuid;

use super::super::model::SecretPart;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::seal::Sealed;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::work::ExerciseId;

/// Keeps a sealed part.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    (id, part): (ExerciseId, SecretPart),
    sealed: &Sealed,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into exercise_secrets (tenant_id, exercise_id, part, key_name, sealed, sealed_at, sealed_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        id.0,
        part as SecretPart,
        sealed.key_name,
        sealed.bytes,
        now,
        me.person.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The sealed parts of a record, in the order in which they are said.
pub(in super::super) async fn all(
    tx: &mut Tx,
    me: &Viewer,
    id: ExerciseId,
) -> Result<Vec<(SecretPart, Sealed)>> {
    let rows = sqlx::query!(
        r#"select part as "part: SecretPart", key_name, sealed from exercise_secrets
            where tenant_id = $1 and exercise_id = $2 order by part"#,
        me.tenant.0,
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    let sealed = rows.into_iter().map(|row| {
        let sealed = Sealed {
            key_name: row.key_name,
            bytes: row.sealed,
        };
        (row.part, sealed)
    });
    Ok(sealed.collect())
}

/// Parts that are sealed under another key than this one.
pub(in super::super) async fn under_others(
    tx: &mut Tx,
    tenant: TenantId,
    key_name: &str,
) -> Result<Vec<(ExerciseId, SecretPart, Sealed)>> {
    let rows = sqlx::query!(
        r#"select exercise_id, part as "part: SecretPart", key_name, sealed from exercise_secrets
            where tenant_id = $1 and key_name <> $2
            order by exercise_id, part limit 500 for update skip locked"#,
        tenant.0,
        key_name
    )
    .fetch_all(&mut **tx)
    .await?;
    let sealed = rows.into_iter().map(|row| {
        let sealed = Sealed {
            key_name: row.key_name,
            bytes: row.sealed,
        };
        (ExerciseId(row.exercise_id), row.part, sealed)
    });
    Ok(sealed.collect())
}

/// The same words, sealed anew.
pub(in super::super) async fn reseal(
    tx: &mut Tx,
    tenant: TenantId,
    (id, part): (ExerciseId, SecretPart),
    anew: &Sealed,
) -> Result<()> {
    sqlx::query!(
        "update exercise_secrets set key_name = $4, sealed = $5
          where tenant_id = $1 and exercise_id = $2 and part = $3",
        tenant.0,
        id.0,
        part as SecretPart,
        anew.key_name,
        anew.bytes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps that the viewer read a record.
pub(in super::super) async fn add_reading(tx: &mut Tx, me: &Viewer, id: ExerciseId) -> Result<()> {
    let now = tx.now;
    let reading: Uuid = uuid_at(now);
    sqlx::query!(
        "insert into exercise_readings (tenant_id, id, exercise_id, read_at, read_by, read_post)
         values ($1, $2, $3, $4, $5, $6)",
        me.tenant.0,
        reading,
        id.0,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
