//! Beginning a record: a department consults streets, a street proposes or calls.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::model::{Ask, Content, Origin, Power, Stage};
use super::super::queries::form::{self, Plan};
use super::super::queries::writes::{self, Fault, New, not_granted};
use super::{Side, Word, note, sealing, time, wrong};
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::seal::Keys;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::calendar::{self, Calendar};
use crate::org::events::{By, Verb};
use crate::work::clocks::{self, Of, Rule, Rules, Stage as Timed};
use crate::work::numbers::{self, Series};
use crate::work::{ExerciseId, ViolationId};

/// The sentence for a city without a plan in force.
const NO_PLAN: &str = "现在没有生效的赋权方案，不能行权。请与市治理办联系。";

/// Begins a record for each street; answers the first.
pub(in super::super) async fn begin(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    ask: &Ask,
) -> Result<ExerciseId> {
    let today = tx.today();
    let plan = form::plan(tx, me, today).await?;
    let plan = plan.ok_or_else(|| Error::Refused(NO_PLAN.to_owned()))?;
    let rules = clocks::rules(tx, me.tenant, None).await?;
    let calendar = calendar::load(tx, me.tenant).await?;
    granted(&plan, ask)?;
    let late = in_time(ask, &rules, &calendar, tx.now)?;
    let mut first = None;
    for street in &ask.streets {
        let id = one(tx, me, keys, (&plan, ask), street).await?;
        if let Some(words) = &late {
            let violation = ViolationId::at(tx.now);
            writes::add_fault(tx, me, (id, violation), (Fault::AskedLate, words)).await?;
        }
        start(tx, me, (ask, id), &rules, &calendar).await?;
        told(tx, me, (ask, id), &rules).await?;
        first = first.or(Some(id));
    }
    first.ok_or_else(|| wrong("street", "请至少选择一个街道。"))
}

/// Whether the plan gives the power; the database asks once more.
fn granted(plan: &Plan, ask: &Ask) -> Result<()> {
    let power = ask.content.power();
    let grants = |department| {
        let mut all = plan.grants.iter();
        all.any(|g| g.department == department && g.power == power)
    };
    let others: &[_] = match &ask.content {
        Content::Coordination(_, _, others) => others,
        Content::Cadre(_) | Content::Planning(_) | Content::Project(_) | Content::Award(_) => &[],
    };
    let is_given = grants(ask.department)
        && others.iter().all(|d| grants(*d))
        && ask
            .streets
            .iter()
            .all(|s| plan.streets.iter().any(|(code, _)| code == s));
    if is_given {
        Ok(())
    } else {
        Err(not_granted(power))
    }
}

/// The street must have had its time before the department decides. Who asks about a cadre later
/// than the rules say has asked, and it is noted; answers how.
fn in_time(
    ask: &Ask,
    rules: &Rules,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let (Some(day), Some(rule)) = (ask.decide_on, ask.content.power().opinion()) else {
        return Ok(None);
    };
    let after = |rule: Rule| -> Option<NaiveDate> {
        let limit = rules.limit(rule).ok()?;
        Some(day_of(calendar.due(now, limit, &[]).ok()?.at))
    };
    if let Some(due) = after(rule).filter(|due| day < *due) {
        return Err(wrong(
            "decide_on",
            format!(
                "街道有 {} 提意见，决定日期最早写 {}。",
                rules.words(rule),
                words::day(due)
            ),
        ));
    }
    let soonest = match ask.content.power() {
        Power::Cadre => after(Rule::AskBefore).filter(|soonest| day < *soonest),
        Power::Planning | Power::Coordination | Power::Project | Power::Award => None,
    };
    Ok(soonest.map(|_| {
        format!(
            "拟于 {} 决定，距征求意见不足 {}。",
            words::day(day),
            rules.words(Rule::AskBefore)
        )
    }))
}

async fn one(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    (plan, ask): (&Plan, &Ask),
    street: &str,
) -> Result<ExerciseId> {
    let power = ask.content.power();
    let id = ExerciseId::at(tx.now);
    let number = numbers::take(tx, me, Series::Exercise, power.letter()).await?;
    let meets = match &ask.content {
        Content::Coordination(at, place, _) => Some((*at, place.as_str())),
        Content::Cadre(_) | Content::Planning(_) | Content::Project(_) | Content::Award(_) => None,
    };
    let new = New {
        id,
        number: &number,
        plan: plan.id,
        department: ask.department,
        power,
        street,
        origin: ask.origin,
        stage: ask.first(),
        title: &ask.title,
        matter: &ask.matter,
        basis: &ask.basis,
        whistle: ask.whistle,
        decide_on: ask.decide_on,
        meets,
    };
    writes::insert(tx, me, &new).await?;
    match &ask.content {
        Content::Cadre(subject) => sealing::keep_subject(tx, me, (keys, id), subject).await?,
        Content::Planning(planning) => writes::add_planning(tx, me, id, planning).await?,
        Content::Project(project) => writes::add_project(tx, me, id, project).await?,
        Content::Award(award) => writes::add_award(tx, me, id, award).await?,
        Content::Coordination(_, _, others) => {
            writes::add_party(tx, me, (id, plan.id), ask.department).await?;
            for other in others {
                writes::add_party(tx, me, (id, plan.id), *other).await?;
            }
        }
    }
    if !ask.matters.is_empty() {
        writes::add_matters(tx, me, id, &ask.matters).await?;
    }
    Ok(id)
}

/// The time of whoever has the word next begins.
async fn start(
    tx: &mut Tx,
    me: &Viewer,
    (ask, id): (&Ask, ExerciseId),
    rules: &Rules,
    calendar: &Calendar,
) -> Result<()> {
    let power = ask.content.power();
    match (&ask.content, power.opinion()) {
        (Content::Coordination(at, ..), _) => {
            let limit = rules
                .limit(Rule::Minutes)
                .map_err(|refused| Error::Refused(refused.to_string()))?;
            // A year without a notice leaves the clock of the minutes out, never the meeting.
            match calendar.due(*at, limit, &[]) {
                Ok(due) => {
                    let of = Of::Exercise(id.0);
                    clocks::start_until(tx, me.tenant, of, None, (Timed::Minutes, due.at)).await
                }
                Err(_) => Ok(()),
            }
        }
        (_, Some(rule)) if ask.first() == Stage::Opining => {
            time(tx, me.tenant, id, (Timed::Opinion, rule), rules).await
        }
        _ => {
            let rule = power.answer();
            time(tx, me.tenant, id, (Timed::Answer, rule), rules).await
        }
    }
}

async fn told(
    tx: &mut Tx,
    me: &Viewer,
    (ask, id): (&Ask, ExerciseId),
    rules: &Rules,
) -> Result<()> {
    let power = ask.content.power();
    let (verb, to, word, sentence) = match (&ask.content, ask.origin) {
        (Content::Coordination(at, place, others), _) => {
            let called = match others.len() {
                0 => String::new(),
                n => format!("，另请 {n} 个部门"),
            };
            let sentence = format!("{} 在{place}开会{called}。", words::minute(*at));
            (Verb::Call, Side::Department, "参加", sentence)
        }
        (_, Origin::Department) => {
            let limit = power.opinion().map_or(String::new(), |r| rules.words(r));
            let sentence = format!("请街道在 {limit}内提出意见。");
            (Verb::Consult, Side::Street, "提出意见", sentence)
        }
        (_, Origin::Street) => {
            let limit = rules.words(power.answer());
            let sentence = format!("请部门在 {limit}内答复。");
            (Verb::Propose, Side::Department, "答复", sentence)
        }
    };
    let word = Word {
        verb,
        sentence: &sentence,
        to,
        ask: word,
    };
    note(tx, By::Post(me), (id, power, &ask.title), word).await
}
