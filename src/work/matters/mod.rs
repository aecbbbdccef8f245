//! Matters (事项).
use crate::base::db::{Db, Tx};
use crate::base::error::Result;
use crate::coded;
use crate::org::NodeId;
use crate::org::access::{Routes, Viewer};
use crate::work::{MatterId, WhistleId};
coded! { /// stage
Stage as "matter_stage" { /// a
Filed = "filed" "待受理", /// a
Accepted = "accepted" "处置中", /// a
Raised="raised" "待街道分拣", /// a
Whistled="whistled" "已吹哨", /// a
Solved="solved" "已解决", /// a
Rejected="rejected" "不予受理", /// a
Merged="merged" "已并案" } }
impl Stage {
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Solved | Self::Rejected | Self::Merged)
    }
}
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
}
pub async fn sounded(_tx: &mut Tx, _me: &Viewer, _whistle: WhistleId, _number: &str) -> Result<()> {
    Ok(())
}
pub async fn closed(
    _tx: &mut Tx,
    _me: &Viewer,
    _whistle: WhistleId,
    _number: &str,
    _solution: &str,
) -> Result<()> {
    Ok(())
}
pub async fn called_back(
    _tx: &mut Tx,
    _me: &Viewer,
    _whistle: WhistleId,
    _number: &str,
    _reason: &str,
) -> Result<()> {
    Ok(())
}
pub async fn raised_with(_tx: &mut Tx, _me: &Viewer, _whistle: WhistleId) -> Result<()> {
    Ok(())
}
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: MatterId,
    pub number: String,
    pub title: String,
    pub who: String,
    pub filed_at: DateTime<Utc>,
    pub place_id: NodeId,
    pub class_code: String,
    pub detail: String,
    pub measures: String,
}
pub async fn candidates(
    _db: &mut PgConnection,
    _me: &Viewer,
    _whistle: Option<WhistleId>,
) -> Result<Vec<Candidate>> {
    Ok(vec![])
}
