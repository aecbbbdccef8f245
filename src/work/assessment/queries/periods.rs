//! Storing how far a period has come.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::model::{Life, Period};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;

/// Keeps that a period is shown from now on. Of two who show it at once, one is told so.
pub(in super::super) async fn show(
    tx: &mut Tx,
    me: &Viewer,
    (period, scheme): (Period, Uuid),
    (locked_at, objections_until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Uuid> {
    let (now, id) = (tx.now, crate::base::id::uuid_at(tx.now));
    let kept = sqlx::query!(
        "insert into assessment_periods (tenant_id, id, period, scheme_id, stage, locked_at, shown_at, shown_by,
                                         shown_post, objections_until)
         values ($1, $2, $3, $4, 'shown', $5, $6, $7, $8, $9)",
        me.tenant.0,
        id,
        period.to_string(),
        scheme,
        locked_at,
        now,
        me.person.0,
        me.post.0,
        objections_until
    )
    .execute(&mut **tx)
    .await;
    on_constraint(kept, "assessment_periods_period_key", || {
        Error::Refused(format!("{}已在公示，不用再公示。", period.title()))
    })?;
    Ok(id)
}

/// Locks a period that is about to be frozen.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, period: Period) -> Result<()> {
    sqlx::query!(
        "select id from assessment_periods where tenant_id = $1 and period = $2 for update",
        me.tenant.0,
        period.to_string()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps what is frozen, and that it is.
pub(in super::super) async fn freeze(
    tx: &mut Tx,
    me: &Viewer,
    life: &Life,
    (content, digest): (&str, &str),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into assessment_snapshots (tenant_id, period_id, digest, content) values ($1, $2, $3, $4)",
        me.tenant.0,
        life.id,
        digest,
        content
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update assessment_periods
            set stage = 'frozen', version = version + 1, frozen_at = $3, frozen_by = $4, frozen_post = $5
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        life.id,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was frozen, byte for byte; none before that.
pub(in super::super) async fn content(
    tx: &mut Tx,
    me: &Viewer,
    period: Period,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select s.content from assessment_snapshots s
           join assessment_periods p on p.tenant_id = $1 and p.id = s.period_id
          where s.tenant_id = $1 and p.period = $2",
        me.tenant.0,
        period.to_string()
    )
    .fetch_optional(&mut **tx)
    .await?)
}
