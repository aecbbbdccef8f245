//! Asking, and what the answer leads to.

use uuid::Uuid;

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::TenantId;
use crate::org::access::{Viewer, digest};
use crate::org::events::{self, By, Subject, Verb};
use crate::work::clocks::{self, Limits, Of, Rule, Stage as Timed};
use crate::work::visits::model::{Call, Said, State, token, window_ends};
use crate::work::visits::queries::asking::{self as queries, Held};
use crate::work::visits::queries::door;
use crate::work::{MatterId, VisitId, WhistleId, whistles};

/// The check was passed: everybody who told a matter behind the whistle, or one merged into such,
/// is to be asked.
/// `reopened` is how often the whistle went back to the check before.
pub async fn ask(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    reopened: i16,
    limits: &Limits,
) -> Result<()> {
    let now = tx.now;
    let until = limits
        .due(Timed::Visit, now)
        .unwrap_or_else(|| window_ends(now));
    for told in queries::told(tx, me, whistle, reopened + 1).await? {
        queries::ask(tx, me, (whistle, told), (reopened + 1, until)).await?;
        let of = Of::Matter(told.matter);
        clocks::start(tx, me.tenant, of, limits, &[Timed::Visit]).await?;
    }
    Ok(())
}

/// Matters are about to be merged or taken apart; this names the one that takes the other in, or
/// the one that goes: nobody asks about its whistle until the transaction ends.
pub async fn hold_merging(
    tx: &mut Tx,
    tenant: TenantId,
    matter: (Option<MatterId>, Option<&str>),
) -> Result<()> {
    let (id, number) = matter;
    queries::hold_whistle(tx, tenant, (id.map(|m| m.0), number)).await
}

/// It was merged. If the whistle of the other has passed its check already, its teller is asked
/// with those who are being asked now.
pub async fn merged(tx: &mut Tx, me: &Viewer, matter: MatterId) -> Result<()> {
    let Some(passed) = queries::passed(tx, me.tenant, matter.0).await? else {
        return Ok(());
    };
    let of = (passed.whistle, passed.kind, passed.limits);
    let limits = clocks::limits_of(tx, me.tenant, of).await?;
    ask(tx, me, WhistleId(passed.whistle), passed.reopened, &limits).await
}

/// It was taken apart: its teller will be asked once it is solved itself.
pub async fn taken_apart(tx: &mut Tx, tenant: TenantId, matter: MatterId) -> Result<()> {
    if queries::drop_asking(tx, tenant, matter.0).await? {
        asked(tx, tenant, matter.0, "拆案").await?;
    }
    Ok(())
}

/// The visit, locked after its whistle, if it still waits.
async fn opened(tx: &mut Tx, by: By<'_>, id: VisitId) -> Result<Held> {
    let whistle = queries::whistle_of(tx, by.tenant(), id).await?;
    whistles::wait_for_turn(tx, by, whistle).await?;
    let held = queries::hold(tx, by.tenant(), id).await?;
    match held.state {
        State::Waiting => Ok(held),
        State::Answered => Err(refused("这件事已经回访过，群众的回答不能再改。")),
        State::Unreachable => Err(refused("这件事多次未接通，回访已经结束。")),
        State::Expired => Err(refused("这次回访已经失效，请刷新看原因。")),
    }
}

fn refused(sentence: &str) -> Error {
    Error::Refused(sentence.to_owned())
}

/// The desk has called: nobody was reached, or the resident answered.
pub(crate) async fn record(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (VisitId, i32),
    call: &Call,
) -> Result<()> {
    let held = opened(tx, By::Post(me), id).await?;
    if held.version != version {
        return Err(Error::Stale);
    }
    match call {
        Call::NotReached(words) => not_reached(tx, me, &held, words).await,
        Call::Reached(said) => {
            queries::call(tx, me, &held, (true, "")).await?;
            keep(tx, By::Post(me), &held, said).await
        }
    }
}

async fn not_reached(tx: &mut Tx, me: &Viewer, held: &Held, words: &str) -> Result<()> {
    queries::call(tx, me, held, (false, words)).await?;
    let number = held.tries + 1;
    let rules = clocks::rules(tx, me.tenant, Some(held.whistle.0)).await?;
    let ends = number >= rules.count(Rule::VisitTries);
    queries::not_reached(tx, me, held, ends).await?;
    if ends {
        asked(tx, me.tenant, held.matter, "未接通").await?;
    }
    let end = if ends {
        "回访无效，不计入满意率。"
    } else {
        ""
    };
    let sentence = format!("第 {number} 次未接通。{end}{words}");
    let subject = (Subject::Whistle, held.whistle.0);
    events::record(tx, me, subject, Verb::VisitTry, &sentence).await
}

/// The asking of a matter's teller is over.
async fn asked(tx: &mut Tx, tenant: TenantId, matter: Uuid, reason: &str) -> Result<()> {
    clocks::stop(tx, tenant, Of::Matter(matter), &[Timed::Visit], reason).await
}

/// Keeps the answer; "not solved" sends the whistle back.
async fn keep(tx: &mut Tx, by: By<'_>, held: &Held, said: &Said) -> Result<()> {
    queries::answer(tx, by, held.id, said).await?;
    asked(tx, by.tenant(), held.matter, "回访").await?;
    let subject = (Subject::Whistle, held.whistle.0);
    let sentence = format!("{}：{}", held.title, said.sentence());
    events::record_by(tx, by, subject, Verb::Visit, &sentence).await?;
    if let Some(reason) = said.sends_back() {
        send_back(tx, by, held.whistle, &reason).await?;
    }
    Ok(())
}

/// Sends the whistle back to the check, and what is still to be asked with it. Answers its number.
pub(crate) async fn send_back(
    tx: &mut Tx,
    by: By<'_>,
    whistle: WhistleId,
    reason: &str,
) -> Result<String> {
    let (reopened, number) = whistles::reopen(tx, by, whistle, reason).await?;
    if reopened {
        for matter in queries::overtake(tx, by.tenant(), whistle).await? {
            asked(tx, by.tenant(), matter, "重启").await?;
        }
    }
    Ok(number)
}

/// Makes a one-time link; its token is answered here and kept nowhere.
pub(crate) async fn make_link(tx: &mut Tx, me: &Viewer, id: VisitId) -> Result<String> {
    let held = opened(tx, By::Post(me), id).await?;
    if held.window_ends_at <= tx.now {
        return Err(refused("回访期限已过，不能再生成链接。请打电话回访。"));
    }
    let code = queries::tenant_code(tx, me).await?;
    let token = token(&code, rand::random());
    queries::link(tx, me, &held, &digest(&token)).await?;
    let until = words::minute(held.window_ends_at);
    let sentence = format!("一次有效，{until} 前可以答。");
    let subject = (Subject::Whistle, held.whistle.0);
    events::record(tx, me, subject, Verb::VisitLink, &sentence).await?;
    Ok(token)
}

/// The resident has answered over a link that is open.
pub(crate) async fn answer_over_link(
    tx: &mut Tx,
    tenant: TenantId,
    (link, id): (Uuid, VisitId),
    said: &Said,
) -> Result<()> {
    let by = By::Resident(tenant);
    let held = opened(tx, by, id).await?;
    door::used(tx, tenant, link).await?;
    keep(tx, by, &held, said).await
}
