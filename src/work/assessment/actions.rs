//! The verbs of the assessment: make a scheme, show a period, freeze it. None commits; the page does.

pub(super) mod objections;

use super::model::{Period, Scheme, may_be_frozen, may_be_shown, objections_until};
use super::queries::{book, periods, schemes};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::calendar;
use crate::org::events::{self, By, Subject, Verb};
use crate::work::told;

/// Keeps a new version of the scheme.
pub(super) async fn make_scheme(tx: &mut Tx, me: &Viewer, scheme: &Scheme) -> Result<()> {
    schemes::keep(tx, me, scheme).await?;
    let from = words::day(scheme.from_day);
    let sentence = format!("{}评分规则，{from} 起用：{}", scheme.name(), scheme.note);
    events::record(
        tx,
        me,
        (Subject::Assessment, scheme.id),
        Verb::Scheme,
        &sentence,
    )
    .await
}

/// Shows the departments their scores; from now on they may object.
pub(super) async fn show(tx: &mut Tx, me: &Viewer, period: Period) -> Result<()> {
    let book = book::book(tx, me.tenant, period).await?;
    let now = tx.now;
    let locked = may_be_shown(period, book.life.as_ref(), book.locked(), now)?;
    let calendar = calendar::load(tx, me.tenant).await?;
    let until = objections_until(&calendar, &book.scheme, now)
        .map_err(|why| Error::Refused(why.to_string()))?;
    let id = periods::show(tx, me, (period, book.scheme.id), (locked, until)).await?;
    let (title, until) = (period.title(), words::minute(until));
    let sentence = format!("{title}，异议期到 {until}。");
    events::record(
        tx,
        me,
        (Subject::Assessment, id),
        Verb::ShowScores,
        &sentence,
    )
    .await?;
    let said = format!("{title}得分已公示，{until} 前可以申诉。");
    let told = (said.as_str(), period.path());
    told::tell_of_scores(tx, By::Post(me), Verb::ShowScores, told).await
}

/// Freezes what is shown; the digest says what.
pub(super) async fn freeze(
    tx: &mut Tx,
    me: &Viewer,
    (period, version): (Period, Option<i32>),
) -> Result<()> {
    periods::hold(tx, me, period).await?;
    let book = book::book(tx, me.tenant, period).await?;
    let now = tx.now;
    let life = may_be_frozen(period, book.life.as_ref(), now)?;
    if version != Some(life.version) {
        return Err(Error::Stale);
    }
    let (content, digest) = book.snapshot(now).written()?;
    periods::freeze(tx, me, life, (&content, &digest)).await?;
    let sentence = format!("{}，摘要 {digest}。", period.title());
    events::record(
        tx,
        me,
        (Subject::Assessment, life.id),
        Verb::FreezeScores,
        &sentence,
    )
    .await?;
    let said = format!("{}得分已封存，可以看得分和名次。", period.title());
    let told = (said.as_str(), period.path());
    told::tell_of_scores(tx, By::Post(me), Verb::FreezeScores, told).await
}
