//! Items of the duty list and their next versions, as the form of an item makes them.

use uuid::Uuid;

use super::super::model::DutyPlan;
use super::super::queries;
use super::write::{PART, Progress};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::events::{Subject, Verb, record_all};

/// What a new item's change is put down to, as by hand.
const FIRST: &str = "首次列入";

pub(super) async fn duties(
    tx: &mut Tx,
    me: &Viewer,
    plan: &DutyPlan,
    progress: &Progress,
) -> Result<()> {
    let now = tx.now;
    let mut done = 0;
    for part in plan.adds.chunks(PART) {
        let rows: Vec<_> = part
            .iter()
            .map(|content| (uuid_at(now), 1, content, FIRST))
            .collect();
        queries::add_duties(tx, me, &rows).await?;
        let told: Vec<(Uuid, String)> = rows
            .iter()
            .map(|(id, _, item, _)| {
                (
                    *id,
                    format!("第 {} 项：{}，批量导入。", item.number, item.name),
                )
            })
            .collect();
        record_all(tx, me, (Subject::Duty, Verb::Enter), &told).await?;
        done += part.len();
        let span = ((10, 50), "新列事项");
        progress.part(tx, (done, plan.adds.len()), span).await?;
    }
    done = 0;
    for part in plan.changes.chunks(PART) {
        let old: Vec<Uuid> = part.iter().map(|change| change.old).collect();
        queries::replace_duties(tx, me, &old).await?;
        let rows: Vec<_> = part
            .iter()
            .map(|c| (uuid_at(now), c.version, &c.content, c.reason.as_str()))
            .collect();
        queries::add_duties(tx, me, &rows).await?;
        let told: Vec<(Uuid, String)> = rows
            .iter()
            .zip(part)
            .map(|((id, ..), change)| (*id, change.sentence.clone()))
            .collect();
        record_all(tx, me, (Subject::Duty, Verb::Amend), &told).await?;
        done += part.len();
        let span = ((50, 95), "修改事项");
        progress.part(tx, (done, plan.changes.len()), span).await?;
    }
    Ok(())
}
