//! The numbers of matters, whistles and uses of a power: one series each, new every local day, without gaps.

mod queries;

use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::number;
use crate::org::access::Viewer;

/// What is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Matters.
    Matter,
    /// Whistles.
    Whistle,
    /// Uses of a power.
    Exercise,
    /// Rectification items.
    Rectification,
}

impl Series {
    fn code(self) -> &'static str {
        match self {
            Self::Matter => "matter",
            Self::Whistle => "whistle",
            Self::Exercise => "exercise",
            Self::Rectification => "rectification",
        }
    }
}

/// Takes the next number of today; the kind is its third letter. Until the transaction ends
/// the others of the tenant wait for theirs, so take it late.
pub async fn take(tx: &mut Tx, me: &Viewer, series: Series, kind: char) -> Result<String> {
    let today = tx.today();
    let sequence = queries::next(tx, me, series.code(), today).await?;
    Ok(number::written(&me.prefix, kind, today, sequence))
}
