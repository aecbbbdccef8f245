//! Reports are ordered, changed, paused and ended, each by whoever gets them.

use chrono::{DateTime, Utc};

use super::sending::SEND;
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::queue;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::notices;
use crate::work::ReportId;
use crate::work::reports::model::{OUTSIDE, OrderForm, Stage, Wanted};
use crate::work::reports::queries::{self, Own, Standing};

const FULL: &str = "一个人最多订 5 份定期报告，已经订满了。请先停发一份，或者改其中一份。";
const SAME: &str = "和现在的一样，没有改动。不改请返回。";
const NO_ADDRESS: &str = "您还没有填邮箱，报告没有地方送。请先在“怎么收消息”里填邮箱，再回来订。";
const CHANGED: &str = "订的人改了这份报告，原来的这一期没有送。";
const PAUSED: &str = "订的人暂停了这份报告，这一期没有送。";
const ENDED: &str = "订的人停发了这份报告，这一期没有送。";

/// What is asked for with what it is called, or what is wrong with it.
async fn checked(
    tx: &mut Tx,
    me: &Viewer,
    own: &str,
    form: &OrderForm,
) -> Result<(Wanted, String)> {
    let wanted = form.read(own).map_err(Error::Invalid)?;
    let (name, has_mail) = queries::known(tx, me, &wanted.scope).await?;
    let mut errors = FieldErrors::new();
    if !has_mail {
        errors.add("mail", NO_ADDRESS);
    }
    if name.is_none() {
        errors.add("scope", OUTSIDE);
    }
    let name = name.unwrap_or_default();
    errors.or((wanted, name)).map_err(Error::Invalid)
}

/// Wants the next sending of a version. One of an older version does nothing when its time comes.
async fn want(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (ReportId, i32),
    next_at: DateTime<Utc>,
) -> Result<()> {
    let key = format!("{id}:{version}");
    let nothing = serde_json::Value::Null;
    queue::enqueue(tx, me.tenant.0, (SEND, &key), nothing, next_at).await
}

/// Orders a report.
pub(in super::super) async fn order(
    tx: &mut Tx,
    me: &Viewer,
    own: &str,
    form: &OrderForm,
) -> Result<()> {
    let (wanted, name) = checked(tx, me, own, form).await?;
    let id = ReportId::at(tx.now);
    let next_at = wanted.rhythm.next(wanted.hour, tx.now);
    if !queries::insert(tx, me, id, &wanted, next_at).await? {
        return Err(Error::Refused(FULL.to_owned()));
    }
    want(tx, me, (id, 1), next_at).await?;
    let sentence = format!("{}。", wanted.told(&name));
    let subject = (Subject::Report, id.0);
    events::record(tx, me, subject, Verb::OrderReport, &sentence).await
}

/// When the next of a changed order is due. What was sent already is not sent again because of
/// another hour.
async fn next_of(tx: &mut Tx, me: &Viewer, id: ReportId, wanted: &Wanted) -> Result<DateTime<Utc>> {
    let next = wanted.rhythm.next(wanted.hour, tx.now);
    let span = wanted.rhythm.span(day_of(next));
    let noted = queries::noted(tx, me.tenant, id, (wanted, span.first)).await?;
    Ok(match noted {
        Some(_) => wanted.rhythm.next(wanted.hour, next),
        None => next,
    })
}

/// Gives up what is still to be sent.
async fn give_up(tx: &mut Tx, me: &Viewer, id: ReportId, why: &str) -> Result<()> {
    for mail in queries::waiting(tx, me.tenant, id).await? {
        notices::give_up(tx, me.tenant, mail, why).await?;
    }
    Ok(())
}

/// Changes what is sent, or when.
pub(in super::super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (own, id): (&str, ReportId),
    form: &OrderForm,
) -> Result<()> {
    let before = queries::hold_own(tx, me, id).await?;
    let (wanted, name) = checked(tx, me, own, form).await?;
    if form.version.trim().parse() != Ok(before.version) {
        return Err(Error::Stale);
    }
    if wanted == before.wanted {
        return Err(Error::Refused(SAME.to_owned()));
    }
    let is_other = wanted.rhythm != before.wanted.rhythm;
    let next_at = match before.stage {
        Stage::Active => Some(next_of(tx, me, id, &wanted).await?),
        Stage::Paused | Stage::Ended => None,
    };
    let version = before.version + 1;
    let standing = Standing {
        wanted: &wanted,
        stage: before.stage,
        version,
        since: if is_other { tx.now } else { before.since },
        next_at,
    };
    queries::set(tx, me, id, &standing).await?;
    give_up(tx, me, id, CHANGED).await?;
    if let Some(next_at) = next_at {
        want(tx, me, (id, version), next_at).await?;
    }
    let sentence = format!("{}，改为{}。", told(&before), wanted.told(&name));
    let subject = (Subject::Report, id.0);
    events::record(tx, me, subject, Verb::AmendReport, &sentence).await
}

fn told(own: &Own) -> String {
    own.wanted
        .told(own.name.as_deref().unwrap_or("（范围已撤销）"))
}

/// Nothing is sent for a while. Already paused it stays so.
pub(in super::super) async fn pause(tx: &mut Tx, me: &Viewer, id: ReportId) -> Result<()> {
    let own = queries::hold_own(tx, me, id).await?;
    if own.stage != Stage::Active {
        return Ok(());
    }
    let standing = Standing {
        wanted: &own.wanted,
        stage: Stage::Paused,
        version: own.version + 1,
        since: own.since,
        next_at: None,
    };
    queries::set(tx, me, id, &standing).await?;
    give_up(tx, me, id, PAUSED).await?;
    let subject = (Subject::Report, id.0);
    let sentence = format!("{}。", told(&own));
    events::record(tx, me, subject, Verb::PauseReport, &sentence).await
}

/// It is sent again, from the next one on; what came due meanwhile is not made up for.
pub(in super::super) async fn resume(tx: &mut Tx, me: &Viewer, id: ReportId) -> Result<()> {
    let own = queries::hold_own(tx, me, id).await?;
    if own.stage != Stage::Paused {
        return Ok(());
    }
    let version = own.version + 1;
    let next_at = next_of(tx, me, id, &own.wanted).await?;
    let standing = Standing {
        wanted: &own.wanted,
        stage: Stage::Active,
        version,
        since: tx.now,
        next_at: Some(next_at),
    };
    queries::set(tx, me, id, &standing).await?;
    want(tx, me, (id, version), next_at).await?;
    let subject = (Subject::Report, id.0);
    let sentence = format!("{}。", told(&own));
    events::record(tx, me, subject, Verb::ResumeReport, &sentence).await
}

/// Nothing is sent any more.
pub(in super::super) async fn end(tx: &mut Tx, me: &Viewer, id: ReportId) -> Result<()> {
    let own = queries::hold_own(tx, me, id).await?;
    let standing = Standing {
        wanted: &own.wanted,
        stage: Stage::Ended,
        version: own.version + 1,
        since: own.since,
        next_at: None,
    };
    queries::set(tx, me, id, &standing).await?;
    give_up(tx, me, id, ENDED).await?;
    let subject = (Subject::Report, id.0);
    let sentence = format!("{}。", told(&own));
    events::record(tx, me, subject, Verb::EndReport, &sentence).await
}
