//! All SQL of files. A page reads them by `files_json` in its own statement.

use super::model::{Content, Owner, OwnerKind};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::FileId;
use crate::org::access::Viewer;

/// A file as it is handed out or removed.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) sha256: Vec<u8>,
    /// Who removed it, if it was, and why.
    pub(super) removed: Option<(String, String)>,
}

/// How many files the owner has; those removed do not count.
pub(super) async fn count(tx: &mut Tx, me: &Viewer, owner: Owner) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from files
            where tenant_id = $1 and owner_kind = $2 and owner_id = $3 and removed_at is null"#,
        me.tenant.0,
        owner.kind as OwnerKind,
        owner.id
    );
    Ok(count.fetch_one(&mut **tx).await?)
}

/// Adds a file whose content is kept.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    (id, owner): (FileId, Owner),
    content: &Content,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into files (tenant_id, id, owner_kind, owner_id, name, media_type, bytes, sha256, added_by, added_post,
                            added_at, original_sha256)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        me.tenant.0,
        id.0,
        owner.kind as OwnerKind,
        owner.id,
        content.name,
        content.kind.media_type(),
        content.bytes,
        content.sha256,
        me.person.0,
        me.post.0,
        now,
        content.original_sha256
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One file of the owner, also if it was removed.
pub(super) async fn find(tx: &mut Tx, me: &Viewer, owner: Owner, id: FileId) -> Result<Found> {
    let row = sqlx::query!(
        r#"select f.name, f.media_type, f.sha256, f.removed_reason, p.name as "remover?"
             from files f
             left join people p on p.tenant_id = $1 and p.id = f.removed_by
            where f.tenant_id = $1 and f.owner_kind = $2 and f.owner_id = $3 and f.id = $4"#,
        me.tenant.0,
        owner.kind as OwnerKind,
        owner.id,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Found {
        name: row.name,
        media_type: row.media_type,
        sha256: row.sha256,
        removed: row.remover.zip(row.removed_reason),
    })
}

/// Marks a file as removed; says whether it was not before.
pub(super) async fn remove(tx: &mut Tx, me: &Viewer, id: FileId, reason: &str) -> Result<bool> {
    let now = tx.now;
    let done = sqlx::query!(
        "update files set removed_by = $3, removed_post = $4, removed_at = $5, removed_reason = $6
          where tenant_id = $1 and id = $2 and removed_at is null",
        me.tenant.0,
        id.0,
        me.person.0,
        me.post.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
