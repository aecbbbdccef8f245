//! What is written about topics.

use chrono::NaiveDate;

use super::super::model::{Department, List, NewTopic, Proposal, Stage, Topic};
use super::topic;
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::access::Viewer;
use crate::work::{TopicId, TopicItemId};

/// Adds a topic with its places and departments.
pub(crate) async fn insert(tx: &mut Tx, me: &Viewer, id: TopicId, new: &NewTopic) -> Result<()> {
    let now = tx.now;
    let Some(lead) = new.departments.first() else {
        return Err(Error::NotFound);
    };
    sqlx::query!(
        "insert into topics (tenant_id, id, title, month, class_code, goal, lead_id, taken_up_at, taken_up_by,
                             taken_up_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        me.tenant.0,
        id.0,
        new.title,
        new.month,
        new.class,
        new.goal,
        lead.id.0,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    for (position, department) in (0_i16..).zip(&new.departments) {
        sqlx::query!(
            "insert into topic_departments (tenant_id, topic_id, department_id, position) values ($1, $2, $3, $4)",
            me.tenant.0,
            id.0,
            department.id.0,
            position
        )
        .execute(&mut **tx)
        .await?;
    }
    insert_places(tx, me, id, new).await
}

/// A place of a class belongs to one open topic.
async fn insert_places(tx: &mut Tx, me: &Viewer, id: TopicId, new: &NewTopic) -> Result<()> {
    for place in &new.places {
        let kept = sqlx::query!(
            "insert into topic_places (tenant_id, topic_id, class_code, node_id, node_level, node_code)
             values ($1, $2, $3, $4, $5, $6)",
            me.tenant.0,
            id.0,
            new.class,
            place.id,
            place.level,
            place.code
        )
        .execute(&mut **tx)
        .await;
        on_constraint(kept, "topic_places_one_live", || {
            let mut errors = FieldErrors::new();
            let sentence = format!("{}已在这一类的另一个课题里，请去掉。", place.name);
            errors.add("places", sentence);
            Error::Invalid(errors)
        })?;
    }
    Ok(())
}

/// Keeps that a proposal is not taken up for now.
pub(crate) async fn set_aside(
    tx: &mut Tx,
    me: &Viewer,
    proposal: &Proposal,
    reason: &str,
) -> Result<uuid::Uuid> {
    let (id, now) = (uuid_at(tx.now), tx.now);
    sqlx::query!(
        "insert into topic_set_asides (tenant_id, id, class_code, grid_id, grid_level, grid_code, count, last_at, reason,
                                       at, person_id, post_id)
         values ($1, $2, $3, $4, 3, $5, $6, $7, $8, $9, $10, $11)",
        me.tenant.0,
        id,
        proposal.class_code,
        proposal.grid,
        proposal.grid_code,
        i32::try_from(proposal.n).unwrap_or(i32::MAX),
        proposal.last_at,
        reason,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// The topic, locked, so that of two acts one comes after, and seen as it was left.
pub(crate) async fn hold(tx: &mut Tx, me: &Viewer, id: TopicId) -> Result<Topic> {
    sqlx::query!(
        "select id from topics where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    topic::topic(tx, me, id).await
}

/// Moves the version on: whoever saw the one before comes too late.
pub(crate) async fn touch(tx: &mut Tx, me: &Viewer, id: TopicId) -> Result<()> {
    sqlx::query!(
        "update topics set version = version + 1 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Another title, month or goal.
pub(crate) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    id: TopicId,
    (title, month, goal): (&str, NaiveDate, &str),
) -> Result<()> {
    sqlx::query!(
        "update topics set title = $3, month = $4, goal = $5 where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        title,
        month,
        goal
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The scheme is there.
pub(crate) async fn hand_in(tx: &mut Tx, me: &Viewer, id: TopicId, scheme: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update topics set stage = 'under_way', scheme = $3, scheme_at = $4, scheme_by = $5
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        scheme,
        now,
        me.person.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds a line to a list.
pub(crate) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    topic: TopicId,
    (list, department, due): (List, &Department, Option<NaiveDate>),
    words: &str,
) -> Result<()> {
    let (id, now) = (TopicItemId::at(tx.now), tx.now);
    sqlx::query!(
        "insert into topic_items (tenant_id, id, topic_id, list, words, department_id, due_day, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        id.0,
        topic.0,
        list as List,
        words,
        department.id.0,
        due,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A line is done, or is not done any more.
pub(crate) async fn end_item(
    tx: &mut Tx,
    me: &Viewer,
    (topic, item): (TopicId, TopicItemId),
    (words, dropped): (&str, bool),
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update topic_items set done_at = $4, done_by = $5, done_words = $6, dropped = $7
          where tenant_id = $1 and topic_id = $2 and id = $3 and done_at is null",
        me.tenant.0,
        topic.0,
        item.0,
        now,
        me.person.0,
        words,
        dropped
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The topic is over: its places are free for another.
pub(crate) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    (id, stage): (TopicId, Stage),
    words: &str,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update topics set stage = $3, ended_at = $4, ended_by = $5, ended_words = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        stage as Stage,
        now,
        me.person.0,
        words
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update topic_places set live = false where tenant_id = $1 and topic_id = $2",
        me.tenant.0,
        id.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
