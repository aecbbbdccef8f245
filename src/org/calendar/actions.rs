//! The verbs of the calendar: take its next version, store a change.

use super::model::{Calendar, Change, SpecialDay};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::TenantId;

/// Takes the next version of the calendar; stale if somebody else was first. What is read
/// afterwards stays true until the transaction ends.
pub async fn step(tx: &mut Tx, tenant: TenantId, version: i32) -> Result<()> {
    if queries::step(tx, tenant, version).await? {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Stores a change. `before` and `after` are the calendar without and with it.
pub async fn store(
    tx: &mut Tx,
    tenant: TenantId,
    change: &Change,
    (before, after): (&Calendar, &Calendar),
) -> Result<()> {
    match change {
        Change::Days {
            from,
            to,
            kind: None,
            ..
        } => queries::restore_days(tx, tenant, (*from, *to)).await,
        Change::Days { source, .. } => {
            let changed = before.differing(after);
            let days = changed.iter().filter_map(|day| after.special(*day));
            let days: Vec<SpecialDay> = days.cloned().collect();
            queries::keep_days(tx, tenant, &days, source).await
        }
        Change::Year { year, days, source } => {
            queries::keep_year(tx, tenant, (*year, source), days).await
        }
        Change::Hours(hours) => queries::keep_hours(tx, tenant, hours).await,
        Change::NoHours {
            from_day,
            season_from,
        } => queries::drop_hours(tx, tenant, (*from_day, *season_from)).await,
        Change::Mode(mode) => queries::keep_mode(tx, tenant, *mode).await,
    }
}
