//! Telling that a department did not ask, and striking what was told wrongly.

use super::super::model::{Fault, Power};
use super::super::queries::{form, violations};
use super::wrong;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::words;
use crate::org::access::{PostKind, Viewer};
use crate::org::events::{self, Subject, Verb};
use crate::org::notices::{self, Class, Message};
use crate::work::ViolationId;

/// Tells that a department decided without asking a street.
pub(in super::super) async fn tell(
    tx: &mut Tx,
    me: &Viewer,
    id: ViolationId,
    fault: &Fault,
) -> Result<()> {
    let plan = form::plan(tx, me, fault.happened_on).await?;
    let plan = plan.ok_or_else(|| {
        let day = words::day(fault.happened_on);
        wrong(
            "happened_on",
            format!("{day} 没有生效的赋权方案，请核对日期。"),
        )
    })?;
    let grants = plan.grants.iter();
    let mut grants = grants.filter(|g| g.department == fault.department && g.power == fault.power);
    let Some(grant) = grants.next() else {
        let sentence = format!(
            "{}没有交出{}，请核对部门和权力。",
            plan.name,
            fault.power.label()
        );
        return Err(wrong("power", sentence));
    };
    if !plan.streets.iter().any(|(code, _)| *code == fault.street) {
        let sentence = format!("{}没有交给这个街道，请核对街道。", plan.name);
        return Err(wrong("street", sentence));
    }
    violations::insert(tx, me, (id, plan.id), fault).await?;
    let what = format!(
        "{}，{}，{}",
        grant.name,
        fault.power.label(),
        words::day(fault.happened_on)
    );
    let said = (Verb::Violate, what.as_str(), fault.words.as_str());
    note(tx, me, (id, fault.power), said).await
}

/// Strikes a violation that was none.
pub(in super::super) async fn strike(
    tx: &mut Tx,
    me: &Viewer,
    id: ViolationId,
    reason: &str,
) -> Result<()> {
    let of = violations::violation(tx, me, id).await?;
    if of.struck_at.is_some() {
        return Err(Error::Refused("这一条已经撤销。".to_owned()));
    }
    violations::strike(tx, me, id, reason).await?;
    let what = format!("{}，{}", of.department, of.power.label());
    note(tx, me, (id, of.power), (Verb::Strike, &what, reason)).await
}

/// Records the act and tells street and department; of a cadre it says no words, and only to those
/// who speak of cadres.
async fn note(
    tx: &mut Tx,
    me: &Viewer,
    (id, power): (ViolationId, Power),
    (verb, what, said): (Verb, &str, &str),
) -> Result<()> {
    let kinds: &[PostKind] = match power {
        Power::Cadre => &[PostKind::StreetSecretary, PostKind::DepartmentHead],
        Power::Planning | Power::Coordination | Power::Project | Power::Award => &[
            PostKind::StreetSecretary,
            PostKind::StreetDispatcher,
            PostKind::DepartmentHead,
            PostKind::DepartmentClerk,
        ],
    };
    let sentence = match power {
        Power::Cadre => format!("{what}。"),
        Power::Planning | Power::Coordination | Power::Project | Power::Award => {
            format!("{what}：{said}")
        }
    };
    events::record(tx, me, (Subject::Violation, id.0), verb, &sentence).await?;
    let posts = violations::hearers(tx, me, id, kinds).await?;
    let message = Message {
        class: Class::Step,
        verb,
        title: format!("{}登记：{}", me.seat_name(), verb.label()),
        words: sentence,
        link: "/powers/violations".to_owned(),
    };
    notices::tell(tx, me.tenant, &posts, &message).await
}
