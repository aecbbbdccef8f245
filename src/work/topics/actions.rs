//! The verbs of topics. None commits; the page does.

use chrono::NaiveDate;

use super::model::{Department, List, Move, NewTopic, Proposal, Stage, Topic};
use super::queries::writes as queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::work::told;
use crate::work::{TopicId, TopicItemId};

/// Takes a topic up.
pub(super) async fn take_up(tx: &mut Tx, me: &Viewer, id: TopicId, new: &NewTopic) -> Result<()> {
    queries::insert(tx, me, id, new).await?;
    let lead = new.departments.first().map_or("", |d| d.name.as_str());
    let month = words::month_title(new.month);
    let sentence = format!(
        "{month}《{}》，{lead}牵头。办结标准：{}",
        new.title, new.goal
    );
    note(tx, me, (id, None), Verb::TakeUpTopic, &sentence).await
}

/// Does not take a proposal up for now.
pub(super) async fn set_aside(
    tx: &mut Tx,
    me: &Viewer,
    proposal: &Proposal,
    reason: &str,
) -> Result<()> {
    let id = queries::set_aside(tx, me, proposal, reason).await?;
    let Proposal {
        place, class, n, ..
    } = proposal;
    let sentence = format!("{place}，{class} {n} 件：{reason}");
    events::record(tx, me, (Subject::Topic, id), Verb::SetTopicAside, &sentence).await
}

/// Records it and tells whom the table names.
async fn note(
    tx: &mut Tx,
    me: &Viewer,
    (id, department): (TopicId, Option<&Department>),
    verb: Verb,
    sentence: &str,
) -> Result<()> {
    events::record(tx, me, (Subject::Topic, id.0), verb, sentence).await?;
    let about = (id, department.map(|d| d.id));
    told::tell_of_topic(tx, By::Post(me), about, (verb, sentence)).await
}

/// Holds the topic and asks the model.
async fn begin(tx: &mut Tx, me: &Viewer, seen: (TopicId, i32), mv: Move) -> Result<Topic> {
    let topic = queries::hold(tx, me, seen.0).await?;
    topic.may(mv, me)?;
    if topic.version != seen.1 {
        return Err(Error::Stale);
    }
    queries::touch(tx, me, seen.0).await?;
    Ok(topic)
}

/// Changes title, month and goal.
pub(super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (TopicId, i32),
    (title, month, goal): (&str, NaiveDate, &str),
) -> Result<()> {
    let topic = queries::hold(tx, me, id).await?;
    if !topic.may_amend(me) {
        return Err(Error::Refused(
            "这个课题已经结束，不能再改。请刷新看最新情况。".to_owned(),
        ));
    }
    if topic.version != version {
        return Err(Error::Stale);
    }
    queries::touch(tx, me, id).await?;
    queries::amend(tx, me, id, (title, month, goal)).await?;
    let month = words::month_title(month);
    let sentence = format!("{month}《{title}》，办结标准：{goal}");
    note(tx, me, (id, None), Verb::AmendTopic, &sentence).await
}

/// Hands in the scheme.
pub(super) async fn hand_in(
    tx: &mut Tx,
    me: &Viewer,
    seen: (TopicId, i32),
    scheme: &str,
) -> Result<()> {
    begin(tx, me, seen, Move::HandIn).await?;
    queries::hand_in(tx, me, seen.0, scheme).await?;
    let first: String = scheme.chars().take(200).collect();
    note(tx, me, (seen.0, None), Verb::HandInScheme, &first).await
}

/// Adds a line to a list.
pub(super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    seen: (TopicId, i32),
    (list, department, due): (List, &Department, Option<NaiveDate>),
    text: &str,
) -> Result<()> {
    begin(tx, me, seen, Move::Add).await?;
    queries::add(tx, me, seen.0, (list, department, due), text).await?;
    let by = due.map_or_else(String::new, |day| format!("，{} 前", words::day(day)));
    let sentence = format!("{}，{}{by}：{text}", list.label(), department.name);
    note(
        tx,
        me,
        (seen.0, Some(department)),
        Verb::AddTopicItem,
        &sentence,
    )
    .await
}

/// Says that a line is done, or that it is not done any more.
pub(super) async fn end_item(
    tx: &mut Tx,
    me: &Viewer,
    seen: (TopicId, i32),
    mv: Move,
    (item, text): (TopicItemId, &str),
) -> Result<()> {
    let topic = begin(tx, me, seen, mv).await?;
    let Some(line) = topic.items_for(mv, me).into_iter().find(|i| i.id == item) else {
        let mut errors = FieldErrors::new();
        errors.add("item", "请选择还没有办完的事项。");
        return Err(Error::Invalid(errors));
    };
    let dropped = mv == Move::Drop;
    queries::end_item(tx, me, (seen.0, item), (text, dropped)).await?;
    let sentence = format!("{}：{text}", line.words);
    let verb = if dropped {
        Verb::DropTopicItem
    } else {
        Verb::FinishTopicItem
    };
    note(tx, me, (seen.0, Some(&line.department)), verb, &sentence).await
}

/// Concludes it.
pub(super) async fn conclude(
    tx: &mut Tx,
    me: &Viewer,
    seen: (TopicId, i32),
    text: &str,
) -> Result<()> {
    begin(tx, me, seen, Move::Conclude).await?;
    queries::end(tx, me, (seen.0, Stage::Concluded), text).await?;
    note(tx, me, (seen.0, None), Verb::ConcludeTopic, text).await
}

/// Gives it up.
pub(super) async fn withdraw(
    tx: &mut Tx,
    me: &Viewer,
    seen: (TopicId, i32),
    text: &str,
) -> Result<()> {
    begin(tx, me, seen, Move::Withdraw).await?;
    queries::end(tx, me, (seen.0, Stage::Withdrawn), text).await?;
    note(tx, me, (seen.0, None), Verb::WithdrawTopic, text).await
}
