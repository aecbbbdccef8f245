//! Items of the duty list and their next versions, as the form of an item makes them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::DutyPlan;
use super::super::queries;
use super::write::{PART, Progress};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::org::events::{Subject, Verb, record_all};
use crate::work::duties::{begins, give_way};

pub(super) async fn duties(
    tx: &mut Tx,
    me: &Viewer,
    plan: &DutyPlan,
    progress: &Progress,
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let mut done = 0;
    for part in plan.adds.chunks(PART) {
        let rows: Vec<_> = part
            .iter()
            .map(|(content, why)| (uuid_at(now), 1, why.from_day, content, why.reason.as_str()))
            .collect();
        queries::add_duties(tx, me, &rows).await?;
        let told: Vec<(Uuid, String)> = rows
            .iter()
            .map(|(id, _, day, item, _)| {
                let from = begins(*day, today);
                let (number, name) = (item.number, &item.name);
                (*id, format!("第 {number} 项：{name}{from}，批量导入。"))
            })
            .collect();
        record_all(tx, me, (Subject::Duty, Verb::Enter), &told).await?;
        done += part.len();
        let span = ((10, 50), "新列事项");
        progress.part(tx, (done, plan.adds.len()), span).await?;
    }
    done = 0;
    for part in plan.changes.chunks(PART) {
        let (numbers, days): (Vec<i32>, Vec<NaiveDate>) =
            part.iter().map(|c| (c.content.number, c.from_day)).unzip();
        give_way(tx, me, (&numbers, &days)).await?;
        let rows: Vec<_> = part
            .iter()
            .map(|c| {
                let (content, reason) = (&c.content, c.reason.as_str());
                (uuid_at(now), c.version, c.from_day, content, reason)
            })
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
