//! A phrase is added or changed. None commits; the page does.

use uuid::Uuid;

use super::model::{Content, Phrase, PhraseForm, Step, Version, clash};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Most phrases in use at a step: a longer choice is not read.
pub const MOST: usize = 30;

const SAME: &str = "和现在的一样，没有改动。不改请返回。";

/// What is said where a step has enough phrases.
pub fn crowded(step: Step) -> String {
    format!(
        "“{}”已有 {MOST} 条在用，再多就不好选了。请先停用不用的。",
        step.label()
    )
}

/// How many others of a step are in use.
fn in_use(all: &[Phrase], step: Step, own: Option<Uuid>) -> usize {
    let others = all.iter().filter(|p| p.step == step && Some(p.id) != own);
    others
        .filter(|p| p.last().is_some_and(|v| v.is_used))
        .count()
}

fn taken(other: &Phrase) -> Error {
    let mut errors = FieldErrors::new();
    errors.add(
        "text",
        format!("第 {} 条说的一样，不用再写一条。", other.number),
    );
    Error::Invalid(errors)
}

/// What may be written, and what stands now.
pub(super) struct Weighed {
    pub(super) content: Content,
    pub(super) all: Vec<Phrase>,
}

/// Whether a phrase may be added as the form says; writes nothing.
pub(super) async fn weigh_new(tx: &mut Tx, me: &Viewer, form: &PhraseForm) -> Result<Weighed> {
    let content = form.read(tx.today()).map_err(Error::Invalid)?;
    let all = queries::all(tx, me).await?;
    if let Some(other) = clash(&all, None, &content) {
        return Err(taken(other));
    }
    if content.is_used && in_use(&all, content.step, None) >= MOST {
        return Err(Error::Refused(crowded(content.step)));
    }
    Ok(Weighed { content, all })
}

/// Adds a phrase.
pub(super) async fn add(tx: &mut Tx, me: &Viewer, id: Uuid, form: &PhraseForm) -> Result<()> {
    let Weighed { content, all } = weigh_new(tx, me, form).await?;
    let last = all.iter().map(|phrase| phrase.number).max();
    let number = last.map_or(1, |last| last + 1);
    queries::insert(tx, me, (id, number), content.step).await?;
    queries::set(tx, me, (id, 1), &content).await?;
    let sentence = format!("第 {number} 条，{}", content.told());
    events::record(tx, me, (Subject::Phrase, id), Verb::AddPhrase, &sentence).await
}

/// The phrase of an id, and its last version.
pub(super) fn own(all: &[Phrase], id: Uuid) -> Result<(&Phrase, &Version)> {
    let phrase = all.iter().find(|p| p.id == id).ok_or(Error::NotFound)?;
    Ok((phrase, phrase.last().ok_or(Error::NotFound)?))
}

/// Whether a phrase may be changed as the form says; writes nothing.
pub(super) async fn weigh(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    form: &PhraseForm,
) -> Result<Weighed> {
    let all = queries::all(tx, me).await?;
    let (phrase, last) = own(&all, id)?;
    let form = PhraseForm {
        step: phrase.step.code().to_owned(),
        ..form.clone()
    };
    let content = form.read(tx.today()).map_err(Error::Invalid)?;
    if form.version.parse() != Ok(last.version) {
        return Err(Error::Stale);
    }
    if let Some(other) = clash(&all, Some(id), &content) {
        return Err(taken(other));
    }
    if content.is_used && !last.is_used && in_use(&all, phrase.step, Some(id)) >= MOST {
        return Err(Error::Refused(crowded(phrase.step)));
    }
    if content.differences(phrase.step, last).is_empty() {
        return Err(Error::Refused(SAME.to_owned()));
    }
    Ok(Weighed { content, all })
}

/// Changes a phrase from a day on. It takes the place of whatever was to hold from that day on.
pub(super) async fn change(tx: &mut Tx, me: &Viewer, id: Uuid, form: &PhraseForm) -> Result<()> {
    let Weighed { content, all } = weigh(tx, me, id, form).await?;
    let (phrase, last) = own(&all, id)?;
    let changes = content.changes(phrase.step, last);
    let changes = changes.ok_or_else(|| Error::Refused(SAME.to_owned()))?;
    queries::set(tx, me, (id, last.version + 1), &content).await?;
    let sentence = format!(
        "第 {} 条，{}，{changes}",
        phrase.number,
        phrase.step.label()
    );
    events::record(tx, me, (Subject::Phrase, id), Verb::AmendPhrase, &sentence).await
}
