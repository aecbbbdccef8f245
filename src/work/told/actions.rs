//! Telling those whom the table names, in the transaction of the act itself.

use uuid::Uuid;

use super::model::{self, Told};
use super::queries::{self, Heard};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::DepartmentId;
use crate::org::events::{By, Verb};
use crate::org::notices::{self, Message};
use crate::work::{MatterId, TopicId, WhistleId};

/// Tells of what was done to a whistle. Call it when the whistle stands as the act left it.
pub async fn tell(
    tx: &mut Tx,
    by: By<'_>,
    id: WhistleId,
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let step = model::of_whistle(verb);
    let rows = [model::when_emergency(verb), step.rows].concat();
    let extra = model::when_emergency(verb).len();
    if rows.is_empty() {
        return Ok(());
    }
    let audiences: Vec<_> = rows.iter().map(|told| told.audience).collect();
    let Some(mut heard) = queries::of_whistle(tx, by, id.0, &audiences).await? else {
        return Ok(());
    };
    let facts = heard.facts;
    heard
        .posts
        .retain(|found| facts.is_emergency || found.place >= extra);
    let rows: Vec<Option<Told>> = rows
        .into_iter()
        .map(|told| model::as_it_stands(told, verb, facts))
        .collect();
    let about = About {
        verb,
        did: if facts.is_emergency && verb == Verb::Sound {
            "吹响应急哨"
        } else {
            step.did
        },
        sentence,
        link: format!("/whistles/{id}"),
    };
    send(tx, by, &heard, &rows, &about).await
}

/// Tells of what was done to a matter.
pub async fn tell_of_matter(
    tx: &mut Tx,
    by: By<'_>,
    id: MatterId,
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    let model::Step { did, rows } = model::of_matter(verb);
    if rows.is_empty() {
        return Ok(());
    }
    let audiences: Vec<_> = rows.iter().map(|told| told.audience).collect();
    let Some(heard) = queries::of_matter(tx, by, id.0, &audiences).await? else {
        return Ok(());
    };
    let rows: Vec<Option<Told>> = rows
        .iter()
        .map(|told| model::as_it_stands(*told, verb, heard.facts))
        .collect();
    let about = About {
        verb,
        did,
        sentence,
        link: format!("/matters/{id}"),
    };
    send(tx, by, &heard, &rows, &about).await
}

/// Tells of what was done to several matters.
pub async fn tell_of_matters(
    tx: &mut Tx,
    by: By<'_>,
    ids: &[Uuid],
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    for id in ids {
        tell_of_matter(tx, by, MatterId(*id), verb, sentence).await?;
    }
    Ok(())
}

/// Tells departments that the scores of a period were shown or frozen.
pub async fn tell_of_scores(
    tx: &mut Tx,
    by: By<'_>,
    verb: Verb,
    (sentence, link): (&str, String),
) -> Result<()> {
    let model::Step { did, rows } = model::of_scores(verb);
    let audiences: Vec<_> = rows.iter().map(|told| told.audience).collect();
    let posts = queries::of_scores(tx, by, &audiences).await?;
    let Some(told) = rows.first() else {
        return Ok(());
    };
    let message = Message {
        class: told.class,
        verb,
        title: model::title(by.seat_name(), did, told.ask),
        words: sentence.to_owned(),
        link,
    };
    notices::tell_asking(tx, by.tenant(), &posts, &message, told.ask).await
}

/// Tells of what was done to a topic; `item` is the department that a line of its lists names.
pub async fn tell_of_topic(
    tx: &mut Tx,
    by: By<'_>,
    (id, item): (TopicId, Option<DepartmentId>),
    (verb, sentence): (Verb, &str),
) -> Result<()> {
    let model::Step { did, rows } = model::of_topic(verb);
    let audiences: Vec<_> = rows.iter().map(|told| told.audience).collect();
    let about = (id.0, item.map(|department| department.0));
    let Some(heard) = queries::of_topic(tx, by, about, &audiences).await? else {
        return Ok(());
    };
    let rows: Vec<Option<Told>> = rows.iter().copied().map(Some).collect();
    let about = About {
        verb,
        did,
        sentence,
        link: format!("/topics/{id}"),
    };
    send(tx, by, &heard, &rows, &about).await
}

/// What was done, as every notice of it says.
struct About<'a> {
    verb: Verb,
    did: &'static str,
    sentence: &'a str,
    link: String,
}

/// One message for each way of being asked.
async fn send(
    tx: &mut Tx,
    by: By<'_>,
    heard: &Heard,
    rows: &[Option<Told>],
    about: &About<'_>,
) -> Result<()> {
    let mut groups: Vec<(Told, Vec<Uuid>)> = Vec::new();
    for found in &heard.posts {
        let Some(told) = rows.get(found.place).copied().flatten() else {
            continue;
        };
        let alike = |(other, _): &&mut (Told, Vec<Uuid>)| {
            (other.class, other.ask) == (told.class, told.ask)
        };
        match groups.iter_mut().find(alike) {
            Some((_, posts)) => posts.push(found.post),
            None => groups.push((told, vec![found.post])),
        }
    }
    for (told, posts) in groups {
        let message = Message {
            class: told.class,
            verb: about.verb,
            title: model::title(by.seat_name(), about.did, told.ask),
            words: model::words(&heard.title, about.sentence),
            link: about.link.clone(),
        };
        notices::tell_asking(tx, by.tenant(), &posts, &message, told.ask).await?;
    }
    Ok(())
}
