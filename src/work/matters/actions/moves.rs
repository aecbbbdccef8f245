//! The moves of a matter, one function per verb: hold it, let the model decide, store, record.

use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::TrayId;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::photos::{self, Step};
use crate::work::classes;
use crate::work::clocks::{self, Of, Stage as Timed};
use crate::work::matters::model::{MoveKind, Next, Refusal};
use crate::work::matters::queries::moves::{self as queries, Change, Held};
use crate::work::{MatterId, told, visits};

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal.sentence())
    }
}

/// Which matter a form means: the id of its path and the version it was drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) id: MatterId,
    pub(crate) version: i32,
}

/// What somebody says that was done, and the tray with what it looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    pub(crate) words: &'a str,
    pub(crate) tray: Option<TrayId>,
}

/// Holds the matter and asks the model; nobody else moves it until the transaction ends.
async fn begin(tx: &mut Tx, me: &Viewer, seen: Seen, mv: MoveKind) -> Result<(Held, Next)> {
    queries::lock(tx, me, seen.id, None).await?;
    decide(tx, me, seen, mv).await
}

async fn decide(tx: &mut Tx, me: &Viewer, seen: Seen, mv: MoveKind) -> Result<(Held, Next)> {
    let held = queries::held(tx, me, seen.id).await?;
    if held.version != seen.version {
        return Err(Error::Stale);
    }
    let next = held.facts.play(mv)?;
    Ok((held, next))
}

async fn store(
    tx: &mut Tx,
    me: &Viewer,
    held: &Held,
    next: Next,
    words: Option<&str>,
) -> Result<()> {
    let change = Change {
        stage: next.stage,
        level: next.level,
        words,
        merged_into: None,
    };
    queries::advance(tx, me, held, change).await
}

/// The promise ends with the matter.
async fn ends(tx: &mut Tx, me: &Viewer, id: MatterId, reason: &str) -> Result<()> {
    clocks::stop(tx, me.tenant, Of::Matter(id.0), &[], reason).await
}

async fn record(tx: &mut Tx, me: &Viewer, id: MatterId, verb: Verb, sentence: &str) -> Result<()> {
    events::record(tx, me, (Subject::Matter, id.0), verb, sentence).await?;
    told::tell_of_matter(tx, By::Post(me), id, verb, sentence).await
}

/// Records work with what was photographed.
async fn record_shown(
    tx: &mut Tx,
    me: &Viewer,
    id: MatterId,
    (verb, step): (Verb, Step),
    said: Said<'_>,
) -> Result<()> {
    let subject = (Subject::Matter, id.0);
    let event = events::record_step(tx, me, subject, verb, said.words).await?;
    photos::attach(tx, me, said.tray, (event, step)).await?;
    told::tell_of_matter(tx, By::Post(me), id, verb, said.words).await
}

/// The community takes it, under the condition of filing that it names; a class without conditions
/// asks for none.
pub(crate) async fn accept(tx: &mut Tx, me: &Viewer, seen: Seen, condition: &str) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::Accept).await?;
    let today = tx.today();
    let offered = classes::conditions_on(tx, me.tenant, &held.class, today).await?;
    let chosen = offered.iter().find(|c| c.key() == condition);
    if chosen.is_none() && !offered.is_empty() {
        return Err(no_condition(condition));
    }
    if let Some(chosen) = chosen {
        queries::choose(tx, me, seen.id, chosen).await?;
    }
    store(tx, me, &held, next, None).await?;
    let sentence = chosen.map_or_else(String::new, |c| format!("立案条件：{}。", c.filing));
    record(tx, me, seen.id, Verb::Accept, &sentence).await
}

/// What was chosen is not among what holds today.
fn no_condition(typed: &str) -> Error {
    let mut errors = FieldErrors::new();
    let sentence = if typed.is_empty() {
        "请选择立案条件：这件事符合哪一条。"
    } else {
        "这一类的立案条件刚改过，请按现在的重新选择。"
    };
    errors.add("condition", sentence);
    Error::Invalid(errors)
}

/// Records what one did oneself.
pub(crate) async fn measure(tx: &mut Tx, me: &Viewer, seen: Seen, said: Said<'_>) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::Measure).await?;
    queries::add_step(tx, me, seen.id, said.words).await?;
    store(tx, me, &held, next, None).await?;
    record_shown(tx, me, seen.id, (Verb::Measure, Step::Progress), said).await
}

/// Marks it solved. What the words say was done is own work too, if none is on record.
pub(crate) async fn solve(tx: &mut Tx, me: &Viewer, seen: Seen, said: Said<'_>) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::Solve).await?;
    if !held.facts.measured {
        queries::add_step(tx, me, seen.id, said.words).await?;
    }
    store(tx, me, &held, next, Some(said.words)).await?;
    ends(tx, me, seen.id, "解决").await?;
    record_shown(tx, me, seen.id, (Verb::Solve, Step::Finished), said).await
}

/// Takes it up to the street.
pub(crate) async fn raise(tx: &mut Tx, me: &Viewer, seen: Seen, words: &str) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::Raise).await?;
    store(tx, me, &held, next, None).await?;
    record(tx, me, seen.id, Verb::Raise, words).await
}

/// Gives it back to the community.
pub(crate) async fn send_back(tx: &mut Tx, me: &Viewer, seen: Seen, words: &str) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::SendBack).await?;
    store(tx, me, &held, next, None).await?;
    record(tx, me, seen.id, Verb::SendBack, words).await
}

/// It is no matter of ours.
pub(crate) async fn reject(tx: &mut Tx, me: &Viewer, seen: Seen, words: &str) -> Result<()> {
    let (held, next) = begin(tx, me, seen, MoveKind::Reject).await?;
    store(tx, me, &held, next, Some(words)).await?;
    ends(tx, me, seen.id, "不予受理").await?;
    record(tx, me, seen.id, Verb::Reject, words).await
}

/// It is the same as another, named by its number: both are held, so that neither ends or is
/// merged away meanwhile.
pub(crate) async fn merge(tx: &mut Tx, me: &Viewer, seen: Seen, number: &str) -> Result<()> {
    visits::hold_merging(tx, me.tenant, (None, Some(number))).await?;
    queries::lock(tx, me, seen.id, Some(number)).await?;
    let (held, next) = decide(tx, me, seen, MoveKind::Merge).await?;
    let Some((target, facts)) = queries::target(tx, me, number).await? else {
        return Err(wrong_target(&format!(
            "管辖范围内没有编号 {number} 的事项，请核对后重填。"
        )));
    };
    if let Some(sentence) = facts.refuses(&held.number, &held.place_code) {
        return Err(wrong_target(&sentence));
    }
    let change = Change {
        stage: next.stage,
        level: None,
        words: None,
        merged_into: Some(target),
    };
    queries::advance(tx, me, &held, change).await?;
    ends(tx, me, seen.id, "并案").await?;
    visits::merged(tx, me, seen.id).await?;
    record(tx, me, seen.id, Verb::Merge, &format!("并入 {number}。")).await?;
    record(
        tx,
        me,
        target,
        Verb::Merge,
        &format!("{} 并入本件。", held.number),
    )
    .await
}

fn wrong_target(sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add("into_number", sentence);
    Error::Invalid(errors)
}

/// It is not the same after all: back to where it stood.
pub(crate) async fn split(tx: &mut Tx, me: &Viewer, seen: Seen) -> Result<()> {
    visits::hold_merging(tx, me.tenant, (Some(seen.id), None)).await?;
    let (held, next) = begin(tx, me, seen, MoveKind::Split).await?;
    store(tx, me, &held, next, None).await?;
    visits::taken_apart(tx, me.tenant, seen.id).await?;
    clocks::go_on(tx, me.tenant, Of::Matter(seen.id.0), Timed::Promise).await?;
    let Some(target) = held.merged_into else {
        return Ok(());
    };
    let number = queries::number(tx, me, target).await?;
    record(tx, me, seen.id, Verb::Split, &format!("从 {number} 拆出。")).await?;
    record(
        tx,
        me,
        target,
        Verb::Split,
        &format!("{} 拆出，不再并入本件。", held.number),
    )
    .await
}
