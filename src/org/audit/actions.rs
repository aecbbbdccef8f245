//! Sealing what waits, and walking over the whole chain.

use super::model::{self, BATCH, Report, told_by_id};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::queue::Outcome;
use crate::org::TenantId;
use crate::org::events::Verb;
use crate::org::notices::{self, Class, Message};

/// Seals one batch of what is written and not sealed yet; comes again at once while more waits.
pub async fn seal(tx: &mut Tx, tenant: TenantId) -> Result<Outcome> {
    let now = tx.now;
    let facts = queries::waiting(tx, tenant).await?;
    let last = queries::last(tx, tenant).await?;
    let Some((batch, seals)) = model::sealed(tenant, last, now, &facts) else {
        return Ok(Outcome::Done);
    };
    queries::add(tx, tenant, &batch, &seals).await?;
    let is_full = i64::from(batch.size) == BATCH;
    Ok(if is_full {
        Outcome::At(now)
    } else {
        Outcome::Done
    })
}

/// Walks over the whole chain, one batch in memory at a time. `noted` is a digest of a batch that
/// was written down somewhere else: it must be in the chain still.
async fn verify(tx: &mut Tx, tenant: TenantId, noted: Option<&[u8]>) -> Result<Report> {
    let mut report = Report::default();
    let mut met = noted.is_none();
    let mut last = 0;
    while let Some(kept) = queries::after(tx, tenant, last).await? {
        last = kept.batch.number;
        met = met || noted == Some(kept.batch.digest.as_slice());
        let faults = kept.faults(tenant);
        report.add(&kept, faults);
    }
    let (total, strays) = queries::strays(tx, tenant).await?;
    let untold = total - i64::try_from(strays.len()).unwrap_or(0);
    for stray in strays {
        report.tell(format!(
            "{}：没有封存，不是本系统写入的，或封存记录已被删除。",
            stray.named()
        ));
    }
    report.wrong += untold;
    let queue = queries::queue(tx, tenant).await?;
    report.waiting = queue.waiting;
    report.oldest = queue.oldest;
    for id in &queue.gone {
        report.tell(format!("{}：封存前已被删除。", told_by_id(*id)));
    }
    if !met {
        report.tell("记下的摘要不在封存链上：封存记录被整段改写或截去。".to_owned());
    }
    Ok(report)
}

/// Walks over the whole chain and keeps what was found, for the pages.
pub async fn check(tx: &mut Tx, tenant: TenantId, noted: Option<&[u8]>) -> Result<Report> {
    let report = verify(tx, tenant, noted).await?;
    queries::keep_check(tx, tenant, &report).await?;
    Ok(report)
}

/// Tells the audit administrator that the record is not whole.
pub(super) async fn alarm(tx: &mut Tx, tenant: TenantId, report: &Report) -> Result<()> {
    if report.wrong == 0 {
        return Ok(());
    }
    let posts = queries::auditors(tx, tenant).await?;
    let message = Message {
        class: Class::Danger,
        verb: Verb::CheckAudit,
        title: format!("审计记录核对发现 {} 处问题", report.wrong),
        words: "有记录被改动、删除或者不是本系统写入的，请立即查明。".to_owned(),
        link: "/audit/seals".to_owned(),
    };
    notices::tell_asking(tx, tenant, &posts, &message, "查明").await
}
