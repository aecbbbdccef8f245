//! Changing the calendar and the limits. What a change moves is worked out once, for the preview
//! and for the change.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::calendar::{self, Change};
use crate::org::events::{self, By, Subject, Verb};
use crate::work::clocks::model::{Effect, Moved, NewVersion, moves, told as differences_told};
use crate::work::clocks::queries::moving;
use crate::work::clocks::queries::versions;
use crate::work::{WhistleId, told};

/// Makes a change that was seen on a calendar of this version, moves what it moves, and records
/// it. Answers what the record says.
pub(in super::super) async fn change(
    tx: &mut Tx,
    me: &Viewer,
    change: &Change,
    version: i32,
) -> Result<String> {
    calendar::step(tx, me.tenant, version).await?;
    let today = tx.today();
    let standing = calendar::standing(tx, me.tenant).await?;
    let after = standing
        .changed(change, today)
        .map_err(|refused| Error::Refused(refused.to_string()))?;
    let before = &standing.calendar;
    calendar::store(tx, me.tenant, change, (before, &after)).await?;
    moving::hold(tx, me.tenant).await?;
    let field = moving::field(tx, me.tenant).await?;
    let moved = moves(before, &after, tx.now, &field.running);
    let times: Vec<moving::Times> = moved.iter().map(times).collect();
    moving::retime(tx, me.tenant, &times).await?;
    let was = change.replaced(before, &after);
    let sentence = said(change, &was, Effect::of(&moved).items.len());
    let subject = (Subject::Calendar, me.tenant.0);
    events::record(tx, me, subject, Verb::Calendar, &sentence).await?;
    tell(tx, me, &moved).await?;
    Ok(sentence)
}

/// Tells those who work on a whistle, or wait for it, of its first due time that moved.
async fn tell(tx: &mut Tx, me: &Viewer, moved: &[Moved<'_>]) -> Result<()> {
    let mut told = BTreeSet::new();
    for one in moved {
        let Some(whistle) = one.of.whistle.filter(|id| told.insert(*id)) else {
            continue;
        };
        let at = |due: Option<DateTime<Utc>>| due.map_or("算不出来".to_owned(), words::minute);
        let clock = &one.of.clock;
        let stage = clock.stage.label();
        let sentence = format!("{stage}由 {} 改到 {}。", at(clock.due_at), at(one.due_at));
        told::tell(
            tx,
            By::Post(me),
            WhistleId(whistle),
            Verb::Calendar,
            &sentence,
        )
        .await?;
    }
    Ok(())
}

fn times(moved: &Moved<'_>) -> moving::Times {
    (moved.of.clock.id, moved.due_at, moved.soon_at)
}

/// `11-30 改为休（暴雪停工，市政府 11-23 通知），原为 11-30 工作日，5 件在办的时限已改。`
fn said(change: &Change, was: &str, items: usize) -> String {
    let (words, reason) = (change.words(), change.reason());
    let why = if reason.is_empty() {
        String::new()
    } else {
        format!("（{reason}）")
    };
    let moved = match items {
        0 => "没有在办的时限要改".to_owned(),
        n => format!("{n} 件在办的时限已改"),
    };
    format!("{words}{why}，原为 {was}，{moved}。")
}

/// Makes a new version of the limits and records it.
pub async fn new_limits(tx: &mut Tx, me: &Viewer, new: &NewVersion) -> Result<()> {
    versions::keep(tx, me, new).await?;
    let sentence = format!(
        "第 {} 版时限，{} 起用：{}。{}。",
        new.number,
        new.from_day,
        new.note.trim_end_matches('。'),
        differences_told(&new.changes)
    );
    let subject = (Subject::Limits, me.tenant.0);
    events::record(tx, me, subject, Verb::Limits, &sentence).await
}
