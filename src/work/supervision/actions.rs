//! Supervising: the sweep that does what the rules call for, once and in order, and what is done
//! by hand. None commits; the caller does.

use uuid::Uuid;

use super::model::{Level, Watched, month, quarter, quarter_begins};
use super::queries::{self, Carded, New, WATCHED};
use super::reached::{ANSWERED, Addressees};
use crate::base::clock::midnight;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::calendar::{self, Calendar};
use crate::org::events::{self, By, Subject, Verb};
use crate::org::notices::{self, Class, Message};
use crate::work::clocks::{self, Of, Rule, Rules, Stage};
use crate::work::{WhistleId, assessment, powers, requests};

/// What the minute brings: breaches found, what was put aside goes on, requests and objections that
/// nobody decided take the effect of silence, then everything that supervision owes. Emergencies at
/// once, the others while the office is open. What was missed while nobody swept is done in the
/// order in which it was due.
pub async fn sweep(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    while clocks::find_breaches(tx, tenant, None).await? > 0 {}
    while requests::lift_due(tx, tenant).await? > 0 {}
    while requests::lapse_due(tx, tenant).await? > 0 {}
    while powers::lapse_due(tx, tenant).await? > 0 {}
    while assessment::lapse_due(tx, tenant).await? > 0 {}
    let calendar = calendar::load(tx, tenant).await?;
    let is_open = calendar.opening(tx.now).is_ok_and(|opens| opens <= tx.now);
    let rules = clocks::rules(tx, tenant, None).await?;
    escalate(tx, tenant, (&calendar, &rules), !is_open).await?;
    if is_open {
        cards(tx, tenant, &rules).await?;
    }
    Ok(())
}

async fn escalate(
    tx: &mut Tx,
    tenant: TenantId,
    (calendar, rules): (&Calendar, &Rules),
    only_urgent: bool,
) -> Result<()> {
    let mut after = None;
    loop {
        let watched = queries::watched(tx, tenant, after, only_urgent).await?;
        for one in &watched {
            for level in one.due(calendar, rules, tx.now) {
                let reason = one.reason(level, (calendar, rules), tx.now);
                by_rule(tx, tenant, one, level, &reason).await?;
            }
        }
        let last = watched
            .last()
            .and_then(|w| Some((w.clock.due_at?, w.clock.id)));
        let full = i64::try_from(watched.len()).unwrap_or(0) == WATCHED;
        match last {
            Some(last) if full => after = Some(last),
            Some(_) | None => return Ok(()),
        }
    }
}

async fn by_rule(
    tx: &mut Tx,
    tenant: TenantId,
    one: &Watched,
    level: Level,
    reason: &str,
) -> Result<()> {
    let new = New {
        whistle: one.whistle,
        assignment: one.clock.assignment_id,
        department: one.department_id,
        level,
        clock: Some(one.clock.id),
        period: None,
        reason,
    };
    issue(
        tx,
        By::Program(tenant),
        &new,
        (Some(one.clock.stage), &one.title),
    )
    .await
}

/// Keeps a supervision, starts the time for its answer, records it, and tells those it is for. Each
/// whom it should have reached and did not is a row which the city's office must clear.
async fn issue(
    tx: &mut Tx,
    by: By<'_>,
    new: &New<'_>,
    (stage, title): (Option<Stage>, &str),
) -> Result<()> {
    let Some(id) = queries::add(tx, by, new).await? else {
        return Ok(());
    };
    let tenant = by.tenant();
    let verb = new.level.verb();
    if new.level == Level::City {
        start_reply(tx, tenant, new, id).await?;
    }
    let sentence = new.level.sentence(new.reason);
    events::record_by(tx, by, (Subject::Whistle, new.whistle), verb, &sentence).await?;
    let to = Addressees::of(new.level, stage, new.department.is_some());
    let seen = (new.whistle, new.department);
    let found = queries::addressees(tx, tenant, seen, &to.codes()).await?;
    for lack in to.lacks(&found) {
        queries::unreached(tx, tenant, id, lack.words()).await?;
    }
    let own = by.post();
    let mut posts = to.posts(&found);
    posts.retain(|post| Some(*post) != own);
    let message = Message {
        class: Class::Limit,
        verb,
        title: format!("{}发来{}", by.seat_name(), new.level.paper()),
        words: format!("{title}：{}", new.reason),
        link: format!("/whistles/{}", new.whistle),
    };
    notices::tell(tx, tenant, &posts, &message).await
}

async fn start_reply(tx: &mut Tx, tenant: TenantId, new: &New<'_>, id: Uuid) -> Result<()> {
    let Some(assignment) = new.assignment else {
        return Ok(());
    };
    let rules = clocks::rules(tx, tenant, Some(new.whistle)).await?;
    let limit = rules.limit(Rule::Reply);
    let limit = limit.map_err(|refused| anyhow::anyhow!("the limit of a reply: {refused}"))?;
    let of = Of::Assignment(new.whistle, assignment);
    clocks::start_one(tx, tenant, of, Some(id), (Stage::Reply, limit)).await
}

/// The cards of the rules: a letter without answer, late assignments in a month, yellow cards in a
/// quarter.
async fn cards(tx: &mut Tx, tenant: TenantId, rules: &Rules) -> Result<()> {
    let today = tx.today();
    for one in queries::unanswered(tx, tenant).await? {
        let reason = format!("{}没有在期限内回复督办函。", one.name);
        card(tx, tenant, &one, (Level::Yellow, None), &reason).await?;
    }
    let period = month(today);
    let since = midnight(chrono::Datelike::with_day(&today, 1).unwrap_or(today));
    let asked = (since, period.as_str(), rules.count(Rule::LateForYellow));
    for one in queries::often_late(tx, tenant, asked).await? {
        let reason = format!("{}本月 {} 件任务超期。", one.name, one.count);
        card(tx, tenant, &one, (Level::Yellow, Some(&period)), &reason).await?;
    }
    let period = quarter(today);
    let since = midnight(quarter_begins(today));
    let asked = (since, period.as_str(), rules.count(Rule::YellowForRed));
    for one in queries::often_yellow(tx, tenant, asked).await? {
        let reason = format!("{}本季度 {} 张黄牌。", one.name, one.count);
        card(tx, tenant, &one, (Level::Red, Some(&period)), &reason).await?;
    }
    Ok(())
}

async fn card(
    tx: &mut Tx,
    tenant: TenantId,
    one: &Carded,
    (level, period): (Level, Option<&str>),
    reason: &str,
) -> Result<()> {
    let new = New {
        whistle: one.whistle,
        assignment: None,
        department: Some(one.department),
        level,
        clock: one.clock,
        period,
        reason,
    };
    issue(tx, By::Program(tenant), &new, (None, &one.name)).await
}

/// What somebody issues by hand.
#[derive(Clone, Debug)]
pub(super) struct ByHand {
    pub(super) level: Level,
    pub(super) assignment: Uuid,
    pub(super) words: String,
}

/// Issues one by hand to a department that is still at work.
pub(super) async fn issue_by_hand(
    tx: &mut Tx,
    me: &Viewer,
    whistle: WhistleId,
    asked: &ByHand,
) -> Result<()> {
    if !asked.level.may_issue(me.kind) {
        return Err(Error::Forbidden);
    }
    let about = queries::about(tx, me, whistle).await?;
    if about.aside_until.is_some() {
        let sentence = "这张哨单正在挂账，期间停办，不督办。复办后再发。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    let open = about.open.iter().find(|o| o.assignment == asked.assignment);
    let Some(open) = open else {
        let sentence = "这个部门已经反馈或不再办理，不用督办。请刷新看最新情况。";
        return Err(Error::Refused(sentence.to_owned()));
    };
    let new = New {
        whistle: whistle.0,
        assignment: Some(open.assignment),
        department: Some(open.department_id),
        level: asked.level,
        clock: None,
        period: None,
        reason: &asked.words,
    };
    issue(tx, By::Post(me), &new, (None, &about.title)).await
}

/// The department answers the city's letter.
pub(super) async fn reply(tx: &mut Tx, me: &Viewer, id: Uuid, words: &str) -> Result<WhistleId> {
    let held = queries::hold(tx, me, id).await?;
    let own = me.department().map(|d| d.0);
    if held.level != Level::City || own.is_none() || held.department != own {
        return Err(Error::NotFound);
    }
    if held.is_replied {
        let sentence = "这份督办函已经回复过。请刷新看最新情况。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    if let Some(assignment) = held.assignment {
        let of = Of::Assignment(held.whistle, assignment);
        clocks::stop_about(tx, me.tenant, of, id, "回复督办").await?;
    }
    queries::reply(tx, me, id, words).await?;
    let subject = (Subject::Whistle, held.whistle);
    events::record(tx, me, subject, Verb::SupervisionReply, words).await?;
    let seen = (held.whistle, held.department);
    let asked: Vec<_> = ANSWERED.iter().map(|a| a.code()).collect();
    let office = queries::addressees(tx, me.tenant, seen, &asked).await?;
    let posts: Vec<Uuid> = office.iter().map(|a| a.post).collect();
    let message = Message {
        class: Class::Step,
        verb: Verb::SupervisionReply,
        title: format!("{}回复督办函", me.seat_name()),
        words: words.to_owned(),
        link: format!("/whistles/{}", held.whistle),
    };
    notices::tell(tx, me.tenant, &posts, &message).await?;
    Ok(WhistleId(held.whistle))
}

/// The city's office clears what reached nobody, and says how.
pub(super) async fn clear(tx: &mut Tx, me: &Viewer, id: Uuid, words: &str) -> Result<()> {
    if queries::clear(tx, me, id, words).await? {
        return Ok(());
    }
    let sentence = "这一条已经处理过。请刷新看最新情况。";
    Err(Error::Refused(sentence.to_owned()))
}
