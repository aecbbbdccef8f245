//! Counting the days that are over.

use chrono::Days;

use super::queries;
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::queue::Outcome;
use crate::org::TenantId;

/// The kind of job that counts.
pub const COUNT: &str = "figures";
/// Days counted in one go.
const PORTION: i64 = 31;
/// Hours after midnight within which what is late still stands for the day that is over.
const STILL: i64 = 6;
/// Minutes after midnight before which no day is counted: what was begun before midnight is
/// written by then.
const SETTLED: i64 = 5;

/// Counts the days that are over and not counted yet, and those of which something was changed since;
/// comes again at once while there are more. What is late is looked at once, when its day was just over.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<Outcome> {
    let (now, today) = (tx.now, tx.today());
    if (now - midnight(today)).num_minutes() < SETTLED {
        return Ok(Outcome::Done);
    }
    let days = queries::wanted(tx, tenant, PORTION).await?;
    if days.is_empty() {
        return Ok(Outcome::Done);
    }
    let yesterday = today - Days::new(1);
    queries::keep(tx, tenant, &days).await?;
    if days.contains(&yesterday) && (now - midnight(today)).num_hours() < STILL {
        queries::keep_late(tx, tenant, yesterday).await?;
    }
    let full = usize::try_from(PORTION).unwrap_or(usize::MAX);
    Ok(if days.len() == full {
        Outcome::At(now)
    } else {
        Outcome::Done
    })
}
