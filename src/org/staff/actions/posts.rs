//! Posts: set up, abolished, given to somebody, taken from somebody.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{self, Term, kinds_at};
use super::super::queries::{self, NewPost, Post, Unit};
use super::somebody_stays;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::{PostKind, Viewer};
use crate::org::events::{self, Subject, Verb};
use crate::org::{PersonId, PostId};

const ABOLISHED: &str = "这个职务已经撤销。请回到任职列表看现在的职务。";

/// Sets a post up at a place.
pub(in super::super) async fn set_up(
    tx: &mut Tx,
    me: &Viewer,
    (id, unit): (PostId, &Unit),
    (kind, title): (Option<PostKind>, &str),
) -> Result<()> {
    let mut errors = FieldErrors::new();
    let offered = kinds_at(unit.level, unit.is_department);
    let kind = kind.filter(|k| offered.contains(k));
    if kind.is_none() {
        errors.add("kind", "请选择职务类别。");
    }
    let title = errors.text("title", "职务名称", title, (2, 30));
    let Some(kind) = kind.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let new = NewPost {
        id,
        kind,
        title: &title,
        unit,
    };
    queries::add_post(tx, me, new).await?;
    let sentence = format!("{}·{title}。", unit.name);
    record(tx, me, id, Verb::SetUpPost, &sentence).await
}

/// Somebody is to be appointed.
#[derive(Debug)]
pub(in super::super) struct Appointing {
    pub(in super::super) person: PersonId,
    pub(in super::super) from: NaiveDate,
    pub(in super::super) term_to: Option<NaiveDate>,
    /// The holder whom the form named.
    pub(in super::super) holder: Option<Uuid>,
}

/// Appoints somebody; whoever holds the post is relieved on the same day.
pub(in super::super) async fn appoint(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    new: Appointing,
) -> Result<()> {
    queries::hold(tx, me, id).await?;
    queries::hold_security(tx, me).await?;
    let post = queries::post(tx, me, id).await?;
    if post.valid_to.is_some() {
        return Err(Error::Refused(ABOLISHED.to_owned()));
    }
    let found = queries::candidates(tx, me, "", Some(new.person)).await?;
    let Some(person) = found.into_iter().next() else {
        return Err(wrong("person", "请从查到的人里选一位。"));
    };
    if new.from < post.valid_from {
        let day = words::day(post.valid_from);
        return Err(wrong(
            "from_day",
            &format!("职务自 {day} 设立，任职日期不能早于这一天。"),
        ));
    }
    if new.term_to.is_some_and(|to| to <= new.from) {
        return Err(wrong("term_to", "任期届满日要晚于任职日期。"));
    }
    let wanted = (new.person.0, new.from);
    let plan = model::appoint(&post.terms, wanted, new.holder, tx.today())?;
    let mut sentence = format!(
        "{}任{}，自 {} 起",
        person.name,
        post.titled(),
        words::day(new.from)
    );
    if let Some(ends) = plan.ends {
        queries::end(tx, me, ends, new.from).await?;
        if let Some(before) = post.terms.iter().find(|t| t.id == ends) {
            sentence.push_str("，接替");
            sentence.push_str(&before.name);
        }
    }
    sentence.push('。');
    queries::put(tx, me, (id, new.person), (new.from, new.term_to)).await?;
    if post.kind == PostKind::SecurityAdmin && plan.ends.is_some() {
        somebody_stays(tx, me, new.from).await?;
    }
    record(tx, me, id, Verb::Appoint, &sentence).await
}

/// Relieves the holder, whose last day is given.
pub(in super::super) async fn relieve(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    (term, last): (Uuid, NaiveDate),
    reason: &str,
) -> Result<()> {
    let (post, term) = held(tx, me, id, term).await?;
    let to = model::end(&term, last, tx.today())?;
    queries::end(tx, me, term.id, to).await?;
    if post.kind == PostKind::SecurityAdmin {
        somebody_stays(tx, me, to).await?;
    }
    let last = words::day(last);
    let sentence = format!("{}任{}到 {last}：{reason}", term.name, post.titled());
    record(tx, me, id, Verb::Relieve, &sentence).await
}

/// Takes an appointment back before it begins. Whoever was to be relieved by it stays so: that
/// the post is vacant then is said on the page.
pub(in super::super) async fn cancel(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    term: Uuid,
) -> Result<()> {
    let (post, term) = held(tx, me, id, term).await?;
    if term.from_day <= tx.today() {
        return Err(Error::Refused(format!(
            "{}已经任职，不能取消。要免去职务请用“免职”。",
            term.name
        )));
    }
    queries::end(tx, me, term.id, term.from_day).await?;
    let from = words::day(term.from_day);
    let sentence = format!("{}原定自 {from} 起任{}。", term.name, post.titled());
    record(tx, me, id, Verb::CancelAppointment, &sentence).await
}

/// Notes when the holder's term ends.
pub(in super::super) async fn set_term(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    (term, to): (Uuid, Option<NaiveDate>),
) -> Result<()> {
    let (_, term) = held(tx, me, id, term).await?;
    if to.is_some_and(|to| to <= term.from_day) {
        return Err(wrong("term_to", "任期届满日要晚于任职日期。"));
    }
    let shown = |day: Option<NaiveDate>| day.map_or_else(|| "空".to_owned(), words::day);
    if term.term_to == to {
        return Err(wrong("term_to", "和现在的一样，不用保存。"));
    }
    let (before, after) = (shown(term.term_to), shown(to));
    let sentence = format!("{}的任期届满日：{before} → {after}。", term.name);
    queries::change_term(tx, me, term.id, to).await?;
    record(tx, me, id, Verb::Term, &sentence).await
}

/// Abolishes a post that nobody holds and nobody will.
pub(in super::super) async fn abolish(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    reason: &str,
) -> Result<()> {
    queries::hold(tx, me, id).await?;
    let post = queries::post(tx, me, id).await?;
    if post.valid_to.is_some() {
        return Err(Error::Refused(ABOLISHED.to_owned()));
    }
    let today = tx.today();
    if let Some(term) = post.holder(today).or_else(|| post.next(today)) {
        return Err(Error::Refused(format!(
            "{}还任着或将任这个职务。请先免职或取消任命，再撤销职务。",
            term.name
        )));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "撤销理由", reason, (2, 200));
    errors.or(()).map_err(Error::Invalid)?;
    let first = post.valid_from.succ_opt().unwrap_or(post.valid_from);
    queries::abolish(tx, me, id, today.max(first)).await?;
    let sentence = format!("{}：{reason}", post.titled());
    record(tx, me, id, Verb::AbolishPost, &sentence).await
}

/// The post under its lock, and the appointment that is meant; one that is over is stale.
async fn held(tx: &mut Tx, me: &Viewer, id: PostId, term: Uuid) -> Result<(Post, Term)> {
    queries::hold(tx, me, id).await?;
    queries::hold_security(tx, me).await?;
    let post = queries::post(tx, me, id).await?;
    let today = tx.today();
    let term = post.terms.iter().find(|t| t.id == term).cloned();
    let live = term.filter(|t| !t.is_void() && t.to_day.is_none_or(|to| to > today));
    let term = live.ok_or(Error::Stale)?;
    Ok((post, term))
}

fn wrong(field: &str, sentence: &str) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(field, sentence);
    Error::Invalid(errors)
}

async fn record(tx: &mut Tx, me: &Viewer, id: PostId, verb: Verb, sentence: &str) -> Result<()> {
    events::record(tx, me, (Subject::Post, id.0), verb, sentence).await
}
