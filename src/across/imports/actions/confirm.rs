//! An upload is taken in, confirmed or dropped.

use super::super::by::By;
use super::super::model::{Mark, Outcome, Register, Sheet, Stage};
use super::super::queries::{self, Found, New};
use super::carry::IMPORT;
use super::check::checked;
use super::write::{Progress, hold, write};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::queue;
use crate::org::ImportId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// So many rows are written while one waits; more are given to a job.
const AT_ONCE: i32 = 200;

/// Takes in what was read of an upload, and checks it.
pub(in super::super) async fn take_in(
    tx: &mut Tx,
    me: &By<'_>,
    (id, register, name): (ImportId, Register, &str),
    sheet: &Sheet,
) -> Result<()> {
    let outcome = checked(tx, me, (register, sheet)).await?;
    let new = New {
        id,
        register,
        name,
        sheet,
        outcome: &outcome,
    };
    queries::insert(tx, me, new).await
}

/// How a confirmation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Confirmed {
    /// It is written.
    Written,
    /// A job writes it.
    Queued,
    /// Something has changed: it was checked anew, and nothing is written.
    Changed,
}

/// Confirms an import: writes it at once if it is short, else gives it to a job. `seen` is the check
/// that was on the page.
pub(in super::super) async fn confirm(
    tx: &mut Tx,
    me: &By<'_>,
    (register, id): (Register, ImportId),
    seen: &str,
) -> Result<Confirmed> {
    queries::hold_register(tx, me, register).await?;
    let found = queries::found(tx, me, (register, id)).await?;
    may_be_confirmed(&found)?;
    if found.seen != seen {
        return Err(Error::Stale);
    }
    if found.counts.writes() > AT_ONCE {
        queries::queue(tx, me, id).await?;
        queries::begin_progress(tx, me, id).await?;
        let payload = serde_json::json!({ "import": id, "person": me.person, "post": me.post });
        let now = tx.now;
        queue::enqueue(tx, me.tenant.0, (IMPORT, &id.to_string()), payload, now).await?;
        return Ok(Confirmed::Queued);
    }
    carry(tx, me, (id, &found), &Progress::none()).await
}

fn may_be_confirmed(found: &Found) -> Result<()> {
    let refused = |sentence: String| Err(Error::Refused(sentence));
    match found.stage {
        Stage::Checked => {}
        Stage::Queued => return refused("这次导入已经确认，正在写入，不用再确认。".to_owned()),
        Stage::Done => return refused("这次导入已经写入，不用再确认。".to_owned()),
        Stage::Dropped => return refused("这次导入已经放弃。要导入请重新上传。".to_owned()),
    }
    let refuses = found.counts.of(&Mark::Refuse);
    if refuses > 0 {
        return refused(format!(
            "还有 {refuses} 行不通过，什么都没有写入。请下载带校验结果的表格，改好后重新上传。"
        ));
    }
    if found.counts.writes() == 0 {
        return refused("表里的内容和系统里的一样，没有要写入的。".to_owned());
    }
    Ok(())
}

/// Checks once more under lock and writes, if nothing has changed since.
pub(super) async fn carry(
    tx: &mut Tx,
    me: &By<'_>,
    (id, found): (ImportId, &Found),
    progress: &Progress,
) -> Result<Confirmed> {
    hold(tx, me, found.register).await?;
    let sheet = Sheet {
        layout: found.layout.clone(),
        lines: queries::rows(tx, me, id).await?,
    };
    progress.tell(tx, (5, "再核对一遍")).await?;
    let outcome = checked(tx, me, (found.register, &sheet)).await?;
    if !me.seen(&outcome)?.contains(&found.seen) {
        keep(tx, me, id, &outcome).await?;
        return Ok(Confirmed::Changed);
    }
    write(tx, me, &outcome.plan, progress).await?;
    queries::end_import(tx, me, id, Stage::Done).await?;
    let counts = found.counts;
    let sentence = format!(
        "{}：新增 {} 行，变更 {} 行，不变 {} 行，来自“{}”。",
        found.register.label(),
        counts.creates,
        counts.changes,
        counts.sames,
        found.name
    );
    events::record(tx, me, (Subject::Import, id.0), Verb::Import, &sentence).await?;
    Ok(Confirmed::Written)
}

/// What is said when the registers have changed since the check.
const CHANGED: &str = "核对以后系统里有变动，没有写入。已经重新核对，请看下面的结果再确认。";

async fn keep(tx: &mut Tx, me: &By<'_>, id: ImportId, outcome: &Outcome) -> Result<()> {
    queries::recheck(tx, me, id, (outcome, CHANGED)).await
}

/// Checks an import anew after somebody else was first.
pub(in super::super) async fn recheck(
    tx: &mut Tx,
    me: &By<'_>,
    (register, id): (Register, ImportId),
) -> Result<()> {
    queries::hold_import(tx, me, id).await?;
    let found = queries::found(tx, me, (register, id)).await?;
    if found.stage != Stage::Checked {
        return Ok(());
    }
    let sheet = Sheet {
        lines: queries::rows(tx, me, id).await?,
        layout: found.layout,
    };
    let outcome = checked(tx, me, (register, &sheet)).await?;
    keep(tx, me, id, &outcome).await
}

/// Forgets an upload.
pub(in super::super) async fn drop_it(
    tx: &mut Tx,
    me: &Viewer,
    (register, id): (Register, ImportId),
) -> Result<()> {
    queries::hold_import(tx, me, id).await?;
    let found = queries::found(tx, me, (register, id)).await?;
    match found.stage {
        Stage::Checked => queries::end_import(tx, me, id, Stage::Dropped).await,
        Stage::Queued => Err(Error::Refused(
            "正在写入，不能放弃。请等它写完。".to_owned(),
        )),
        Stage::Done => Err(Error::Refused("这次导入已经写入，不能放弃。".to_owned())),
        Stage::Dropped => Err(Error::Refused("这次导入已经放弃过。".to_owned())),
    }
}
