//! The same trouble come again: proposed by the program, decided by the street.

use super::asking::send_back;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::work::visits::model::building;
use crate::work::visits::queries::recurrence as queries;
use crate::work::{MatterId, RecurrenceId, WhistleId, matters, whistles};

/// A matter was filed: if a whistle about the same class in the same building or within 50 metres
/// was closed lately, its street is asked whether it reopens.
pub async fn recurs(
    tx: &mut Tx,
    me: &Viewer,
    matter: (MatterId, &str, &str),
    (class, place_code): (&str, &str),
) -> Result<()> {
    if building(place_code).is_none() {
        return Ok(());
    }
    let (id, number, title) = matter;
    let Some(like) = queries::closed_like(tx, me, class, place_code).await? else {
        return Ok(());
    };
    queries::propose(tx, me, &like, id).await?;
    let (there, closed, days) = (like.near.there(), &like.number, like.days);
    let of_whistle = format!("办结后 {days} 天内，{there}又报 {number} {title}。");
    let of_matter = format!(
        "与 {days} 天内办结的哨单 {closed} 同类，{}，由街道决定是否重启。",
        like.near
    );
    let whistle = (Subject::Whistle, like.whistle.0);
    events::record(tx, me, whistle, Verb::Recur, &of_whistle).await?;
    events::record(tx, me, (Subject::Matter, id.0), Verb::Recur, &of_matter).await
}

/// The street decides: reopens, and the new matter joins; or says why not. Answers the whistle.
pub(crate) async fn decide(
    tx: &mut Tx,
    me: &Viewer,
    id: RecurrenceId,
    declined: Option<&str>,
) -> Result<WhistleId> {
    let whistle = queries::whistle_of(tx, me, id).await?;
    whistles::wait_for_turn(tx, By::Post(me), whistle).await?;
    queries::hold(tx, me, id).await?;
    let proposal = queries::proposal(tx, me, id).await?;
    if proposal.decided_at.is_some() {
        return Err(Error::Refused(
            "这件复发提议已经有人决定过，请刷新看最新情况。".to_owned(),
        ));
    }
    queries::decide(tx, me, id, declined).await?;
    if let Some(reason) = declined {
        let sentence = format!("{}：{reason}", proposal.matter_number);
        let subject = (Subject::Whistle, whistle.0);
        events::record(tx, me, subject, Verb::NoRecur, &sentence).await?;
        return Ok(whistle);
    }
    let reason = format!(
        "{}同类问题复发：{} {}",
        proposal.near.there(),
        proposal.matter_number,
        proposal.matter_title
    );
    let number = send_back(tx, By::Post(me), whistle, &reason).await?;
    matters::joined(tx, me, (whistle, &number), proposal.matter).await?;
    Ok(whistle)
}
