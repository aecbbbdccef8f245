//! The verbs of objections: object, call the panel, vote, take back; and what silence does.

use uuid::Uuid;

use super::super::model::can_be_objected;
use super::super::model::{
    Candidate, Case, Item, Objection, ObjectionState, PANEL, Period, Reason, SILENCE, may_object,
    objection_time, owner, path,
};
use super::super::queries::objections::{self as queries, New};
use super::super::queries::{book, periods};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::FileId;
use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::calendar;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::files::{self, Content};
use crate::org::notices::{self, Class, Message};
use crate::work::ObjectionId;

/// How many silences one sweep answers at most; the next goes on.
const SWEPT: i64 = 200;

/// What a department says.
#[derive(Clone, Debug)]
pub(in super::super) struct Asked {
    pub(in super::super) item: Item,
    /// The assignment, or the record of a power.
    pub(in super::super) case: Uuid,
    pub(in super::super) reason: Reason,
    pub(in super::super) words: String,
    pub(in super::super) evidence: String,
}

/// What is recorded of an act, and told to some posts; the last thing an act does.
struct Word<'a> {
    verb: Verb,
    /// Who did it, as the notice says; a panel decides as one.
    who: &'a str,
    sentence: &'a str,
    posts: Vec<Uuid>,
    ask: &'static str,
}

async fn note(
    tx: &mut Tx,
    by: By<'_>,
    (id, link, title): (ObjectionId, String, &str),
    word: Word<'_>,
) -> Result<()> {
    events::record_by(tx, by, (Subject::Objection, id.0), word.verb, word.sentence).await?;
    let own = by.post();
    let posts = word.posts.into_iter().filter(|p| Some(*p) != own);
    let posts: Vec<Uuid> = posts.collect();
    let did = word.verb.label();
    let asks = if word.ask.is_empty() {
        String::new()
    } else {
        format!("，请{}", word.ask)
    };
    let message = Message {
        class: Class::Step,
        verb: word.verb,
        title: format!("{}{did}{asks}", word.who),
        words: format!("{title}。{}", word.sentence),
        link,
    };
    notices::tell_asking(tx, by.tenant(), &posts, &message, word.ask).await
}

fn about(objection: &Objection) -> (ObjectionId, String, &str) {
    (objection.id, objection.path(), &objection.title)
}

/// A department objects; answers the objection.
pub(in super::super) async fn object(
    tx: &mut Tx,
    me: &Viewer,
    (period, id): (Period, ObjectionId),
    asked: &Asked,
) -> Result<()> {
    let own = me.department().ok_or(Error::Forbidden)?;
    periods::hold(tx, me, period).await?;
    let book = book::book(tx, me.tenant, period).await?;
    let now = tx.now;
    let life = may_object(period, book.life.as_ref(), now)?;
    let assessed = book.assessed(now);
    let mut cases = assessed.cases_of(own);
    let case: &Case = cases.find(|c| c.id == asked.case).ok_or(Error::NotFound)?;
    can_be_objected(&assessed.scheme, case, asked.item, book.raised(case.id))?;
    let new = New {
        id,
        period: life.id,
        department: own,
        item: asked.item,
        task: case.is_of_whistle().then_some((case.whistle, case.id)),
        exercise: (!case.is_of_whistle()).then_some(case.id),
        reason: asked.reason,
        words: &asked.words,
        evidence: &asked.evidence,
    };
    queries::insert(tx, me, &new).await?;
    let (item, reason) = (asked.item.label(), asked.reason.label());
    let sentence = format!("{item}，{reason}：{}", asked.words);
    let word = Word {
        verb: Verb::ObjectToScore,
        who: me.seat_name(),
        sentence: &sentence,
        posts: queries::posts(tx, me.tenant, None).await?,
        ask: "送评议组",
    };
    note(tx, By::Post(me), (id, path(period, id), &case.title), word).await
}

/// The objection, locked, if the viewer saw its present state.
async fn opened(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    version: Option<i32>,
) -> Result<Objection> {
    let objection = held(tx, me, of).await?;
    if version != Some(objection.version) {
        return Err(Error::Stale);
    }
    Ok(objection)
}

/// The city's office calls three posts.
pub(in super::super) async fn call(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    version: Option<i32>,
    posts: [Uuid; PANEL],
) -> Result<()> {
    let objection = opened(tx, me, of, version).await?;
    objection.may_be_sent()?;
    let candidates = queries::candidates(tx, me, &objection).await?;
    let members = chosen(&objection, &candidates, posts)?;
    let scheme = book::book(tx, me.tenant, of.0).await?.scheme;
    let calendar = calendar::load(tx, me.tenant).await?;
    let due = objection_time(&calendar, &scheme, tx.now)
        .map_err(|why| Error::Refused(why.to_string()))?;
    queries::call(tx, me, objection.id, (due.soon_at, due.at), &members).await?;
    let seats: Vec<&str> = members.iter().map(|m| m.seat.as_str()).collect();
    let until = words::minute(due.at);
    let sentence = format!("{}，{until} 前表决。", seats.join("、"));
    let word = Word {
        verb: Verb::CallPanel,
        who: me.seat_name(),
        sentence: &sentence,
        posts: posts.to_vec(),
        ask: "表决",
    };
    note(tx, By::Post(me), about(&objection), word).await
}

/// The three that were chosen, if each may sit and no two are one.
fn chosen<'a>(
    objection: &Objection,
    candidates: &'a [Candidate],
    posts: [Uuid; PANEL],
) -> Result<Vec<&'a Candidate>> {
    let mut errors = FieldErrors::new();
    let mut members: Vec<&Candidate> = Vec::new();
    for (place, post) in (1..).zip(posts) {
        let field = format!("member{place}");
        let Some(found) = candidates.iter().find(|c| c.post == post) else {
            errors.add(field, "请选择一名成员。");
            continue;
        };
        let holder = found.holder.as_deref();
        let same = |m: &&Candidate| m.post == post || m.holder == found.holder;
        if let Some(lacks) = found.lacks(objection.noun()) {
            let name = holder.unwrap_or(&found.seat);
            errors.add(field, format!("{name}{lacks}，不能入评议组，请另选。"));
        } else if members.iter().any(same) {
            errors.add(field, "三名成员不能重复，请另选。");
        } else {
            members.push(found);
        }
    }
    errors.or(members).map_err(Error::Invalid)
}

/// A member of the panel votes; the second vote that agrees decides.
pub(in super::super) async fn vote(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    (upholds, words): (bool, &str),
) -> Result<()> {
    // A vote of another member meanwhile changes nothing for this one, so no version is compared.
    let objection = held(tx, me, of).await?;
    objection.may_vote(me, tx.now)?;
    queries::vote(tx, me, objection.id, (upholds, words)).await?;
    let Some((state, decision)) = objection.decided_with(upholds) else {
        queries::touch(tx, me.tenant, objection.id).await?;
        let word = Word {
            verb: Verb::Vote,
            who: me.seat_name(),
            sentence: "已表决。",
            posts: Vec::new(),
            ask: "",
        };
        return note(tx, By::Post(me), about(&objection), word).await;
    };
    queries::end(tx, me.tenant, objection.id, (state, &decision)).await?;
    let verb = if state == ObjectionState::Upheld {
        Verb::UpholdScore
    } else {
        Verb::DismissScore
    };
    decided(tx, By::Post(me), &objection, (verb, &decision)).await
}

/// Records a decision, and tells the department and the office.
async fn decided(
    tx: &mut Tx,
    by: By<'_>,
    objection: &Objection,
    (verb, decision): (Verb, &str),
) -> Result<()> {
    let tenant = by.tenant();
    let mut posts = queries::posts(tx, tenant, Some(objection.department_id)).await?;
    posts.extend(queries::posts(tx, tenant, None).await?);
    let word = Word {
        verb,
        who: "评议组决定：",
        sentence: decision,
        posts,
        ask: "",
    };
    note(tx, by, about(objection), word).await
}

/// The department takes it back.
pub(in super::super) async fn take_back(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    version: Option<i32>,
) -> Result<()> {
    let objection = opened(tx, me, of, version).await?;
    objection.may_be_taken_back(me)?;
    let ended = (ObjectionState::TakenBack, "申诉部门撤回。");
    queries::end(tx, me.tenant, objection.id, ended).await?;
    let mut posts = queries::posts(tx, me.tenant, None).await?;
    posts.extend(objection.panel.iter().map(|m| m.post));
    posts.sort();
    posts.dedup();
    let word = Word {
        verb: Verb::DropScore,
        who: me.seat_name(),
        sentence: "不再申诉，维持原来的计分。",
        posts,
        ask: "",
    };
    note(tx, By::Post(me), about(&objection), word).await
}

/// The objection, locked, if the viewer sees it.
async fn held(tx: &mut Tx, me: &Viewer, (period, id): (Period, ObjectionId)) -> Result<Objection> {
    let objection = queries::hold(tx, me.tenant, id).await?;
    if objection.period != period || !objection.is_seen_by(me) {
        return Err(Error::NotFound);
    }
    Ok(objection)
}

/// The department attaches a file, while nothing has come of its objection.
pub(in super::super) async fn attach(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    content: &Content,
) -> Result<()> {
    let objection = held(tx, me, of).await?;
    objection.may_take_files(me)?;
    files::attach(tx, me, owner(of.1), content).await?;
    Ok(())
}

/// It removes one before a panel is called; the row stays.
pub(in super::super) async fn detach(
    tx: &mut Tx,
    me: &Viewer,
    of: (Period, ObjectionId),
    (file, reason): (FileId, &str),
) -> Result<()> {
    let objection = held(tx, me, of).await?;
    objection.may_give_files(me)?;
    files::remove(tx, me, (owner(of.1), file), reason).await
}

/// Ends every objection whose panel has let its time pass, each once: the score stays as it was.
/// Answers how many. For the sweep, which commits.
pub async fn lapse_due(tx: &mut Tx, tenant: TenantId) -> Result<usize> {
    let mut count = 0;
    for id in queries::over(tx, tenant, SWEPT).await? {
        let objection = queries::hold(tx, tenant, ObjectionId(id)).await?;
        if !objection.is_open() {
            continue;
        }
        let ended = (ObjectionState::Dismissed, SILENCE);
        queries::end(tx, tenant, objection.id, ended).await?;
        let by = By::Program(tenant);
        decided(tx, by, &objection, (Verb::DismissScore, SILENCE)).await?;
        count += 1;
    }
    Ok(count)
}
