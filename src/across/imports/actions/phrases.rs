//! Reply phrases and their next versions.

use uuid::Uuid;

use super::super::model::PhrasePlan;
use super::super::queries;
use super::write::{PART, Progress};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::events::{Subject, Verb, record_all};

pub(super) async fn phrases(
    tx: &mut Tx,
    me: &Viewer,
    plan: &PhrasePlan,
    progress: &Progress,
) -> Result<()> {
    let now = tx.now;
    let mut done = 0;
    for part in plan.adds.chunks(PART) {
        let rows: Vec<_> = part
            .iter()
            .map(|(number, content)| (uuid_at(now), *number, content))
            .collect();
        queries::add_phrases(tx, me, &rows).await?;
        let versions: Vec<_> = rows.iter().map(|(id, _, c)| (*id, 1, *c)).collect();
        queries::set_phrases(tx, me, &versions).await?;
        let told: Vec<(Uuid, String)> = rows
            .iter()
            .map(|(id, number, content)| {
                (*id, format!("第 {number} 条，{}批量导入。", content.told()))
            })
            .collect();
        record_all(tx, me, (Subject::Phrase, Verb::AddPhrase), &told).await?;
        done += part.len();
        let span = ((10, 60), "增加常用语");
        progress.part(tx, (done, plan.adds.len()), span).await?;
    }
    for part in plan.changes.chunks(PART) {
        let versions: Vec<_> = part.iter().map(|c| (c.id, c.version, &c.content)).collect();
        queries::set_phrases(tx, me, &versions).await?;
        let told: Vec<(Uuid, String)> = part.iter().map(|c| (c.id, c.sentence.clone())).collect();
        record_all(tx, me, (Subject::Phrase, Verb::AmendPhrase), &told).await?;
    }
    progress.tell(tx, (95, "修改常用语")).await
}
