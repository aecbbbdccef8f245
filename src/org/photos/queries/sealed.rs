//! The SQL of sealed originals that are sealed anew under a new key.

use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::{PhotoId, TenantId};

/// A sealed original.
pub(in super::super) struct Under {
    pub(in super::super) id: Uuid,
    pub(in super::super) sealed_id: Uuid,
    pub(in super::super) key_name: String,
}

/// Some originals that stand under one of these keys.
pub(in super::super) async fn under(
    tx: &mut Tx,
    tenant: TenantId,
    key_names: &[String],
    most: i64,
) -> Result<Vec<Under>> {
    let rows = sqlx::query_as!(
        Under,
        r#"select id, sealed_id as "sealed_id!", key_name as "key_name!" from photos
            where tenant_id = $1 and key_name = any($2)
            order by id limit $3
              for no key update skip locked"#,
        tenant.0,
        key_names,
        most
    );
    Ok(rows.fetch_all(&mut **tx).await?)
}

/// The original lies elsewhere, under another key; what was there is to be removed.
pub(in super::super) async fn resealed(
    tx: &mut Tx,
    tenant: TenantId,
    id: PhotoId,
    (sealed, key_name): (Uuid, &str),
) -> Result<()> {
    sqlx::query!(
        "update photos set sealed_id = $3, key_name = $4, leftovers = leftovers || sealed_id
          where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
        sealed,
        key_name
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
