//! The SQL of what the record knows of backups.

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::TenantId;
use crate::org::events::Verb;

use super::model::Stands;

/// A line of the list.
pub(super) struct Row {
    pub(super) at: chrono::DateTime<chrono::Utc>,
    pub(super) verb: String,
    pub(super) sentence: String,
}

/// The newest of what happened to backups.
pub(super) async fn list(tx: &mut Tx, tenant: TenantId, most: i64) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        "select at, verb, sentence from events
          where tenant_id = $1 and subject = 'backup'
          order by at desc, id desc limit $2",
        tenant.0,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// How the backups stand, by the newest lines of the list.
pub(super) fn standing(rows: &[Row]) -> Stands {
    let at = |verb: Verb| rows.iter().find(|r| r.verb == verb.code()).map(|r| r.at);
    Stands::of(at(Verb::Backup), at(Verb::FailBackup))
}
