//! The SQL that finds the posts behind the audiences.

use uuid::Uuid;

use super::model::{Audience, Facts};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::events::By;

/// A post that is told, and the place of its audience in the list that was asked for.
pub(super) struct Found {
    pub(super) post: Uuid,
    pub(super) place: usize,
}

/// What a whistle or matter is to those who are told of it, and who those are. Nobody is found
/// twice, and the post that acted never.
pub(super) struct Heard {
    pub(super) title: String,
    pub(super) facts: Facts,
    pub(super) posts: Vec<Found>,
}

/// `posts`: each with the number of its audience, from 1.
fn heard(title: String, facts: Facts, posts: impl Iterator<Item = (Uuid, i64)>) -> Heard {
    let posts = posts.map(|(post, number)| Found {
        post,
        place: usize::try_from(number - 1).unwrap_or(0),
    });
    Heard {
        title,
        facts,
        posts: posts.collect(),
    }
}

/// The posts of these audiences of a whistle.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that all audiences are found in one round trip"
)]
pub(super) async fn of_whistle(
    tx: &mut Tx,
    by: By<'_>,
    whistle: Uuid,
    audiences: &[Audience],
) -> Result<Option<Heard>> {
    let today = tx.today();
    let codes: Vec<&str> = audiences.iter().map(|a| a.code()).collect();
    let rows = sqlx::query!(
        r#"
        with w as (
            select w.title, w.kind, w.stage, w.street_code, w.community_code, w.drafted_post
              from whistles w where w.tenant_id = $1 and w.id = $2
        ), seats as (
            select n.id from nodes n join w on n.code in (w.street_code, w.community_code) where n.tenant_id = $1
        ), tasks as (
            select a.department_id, a.role, a.stage from assignments a
             where a.tenant_id = $1 and a.whistle_id = $2 and a.sent_at is not null
        ), asked as (
            select r.kind, r.level, a.department_id from requests r
              join assignments a on a.tenant_id = $1 and a.id = r.assignment_id
             where r.tenant_id = $1 and r.whistle_id = $2
             order by greatest(r.asked_at, r.decided_at) desc, r.id desc limit 1
        ), known as (
            select p.id, p.kind, p.department_id, p.valid_to from posts p
             where p.tenant_id = $1 and p.node_id in (select id from seats)
            union
            select p.id, p.kind, p.department_id, p.valid_to from posts p
             where p.tenant_id = $1 and p.department_id in (select department_id from tasks)
            union
            select p.id, p.kind, p.department_id, p.valid_to from posts p
             where p.tenant_id = $1 and p.node_id is null and p.kind in ('city_office', 'city_leader')
            union
            select p.id, p.kind, p.department_id, p.valid_to from posts p
             where p.tenant_id = $1 and p.id = (select drafted_post from w)
        )
        select distinct on (k.id) k.id as "post!", a.place as "place!", w.title, w.kind = 'emergency' as "emergency!",
               w.stage = 'checking' as "checking!", w.stage = 'closing' as "closing!"
          from w
         cross join unnest($3::text[]) with ordinality as a (audience, place)
          join known k on (k.valid_to is null or k.valid_to > $4) and k.id is distinct from $5 and
               case a.audience
                    when 'dispatcher' then k.kind = 'street_dispatcher'
                    when 'deputy' then k.kind = 'street_deputy'
                    when 'secretary' then k.kind = 'street_secretary'
                    when 'checker' then k.kind = 'street_checker'
                    when 'approver' then k.kind = case when w.kind = 'tough' then 'street_secretary'::post_kind
                                                       else 'street_deputy' end
                    when 'closer' then k.kind = case when w.kind = 'tough' then 'street_secretary'::post_kind
                                                     else 'street_dispatcher' end
                    when 'community' then k.kind = 'community_secretary'
                    when 'lead_clerk' then k.kind = 'department_clerk' and k.department_id in
                         (select t.department_id from tasks t where t.role = 'lead' and t.stage <> 'relieved')
                    when 'lead_head' then k.kind = 'department_head' and k.department_id in
                         (select t.department_id from tasks t where t.role = 'lead' and t.stage <> 'relieved')
                    when 'assist_clerk' then k.kind = 'department_clerk' and k.department_id in
                         (select t.department_id from tasks t where t.role = 'assist' and t.stage <> 'relieved')
                    when 'assist_head' then k.kind = 'department_head' and k.department_id in
                         (select t.department_id from tasks t where t.role = 'assist' and t.stage <> 'relieved')
                    when 'working_clerk' then k.kind = 'department_clerk' and k.department_id in
                         (select t.department_id from tasks t where t.stage in ('sent', 'signed', 'reported'))
                    when 'working_head' then k.kind = 'department_head' and k.department_id in
                         (select t.department_id from tasks t where t.stage in ('sent', 'signed', 'reported'))
                    when 'own_head' then k.kind = 'department_head' and k.department_id = $6
                    when 'drafter' then k.id = w.drafted_post
                    when 'city_office' then k.kind = 'city_office'
                    when 'asker_clerk' then k.kind = 'department_clerk' and k.department_id in (select department_id from asked)
                    when 'asker_head' then k.kind = 'department_head' and k.department_id in (select department_id from asked)
                    when 'decider' then exists (select from asked q where case q.level
                         when 1 then k.kind = 'street_deputy' or k.kind = 'street_dispatcher' and q.kind <> 'appeal'
                         when 2 then k.kind = 'city_office' else k.kind = 'city_leader' end)
                    else false end
         order by k.id, a.place
        "#,
        by.tenant().0,
        whistle,
        &codes as _,
        today,
        by.post(),
        by.department()
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let facts = Facts {
        is_emergency: first.emergency,
        is_checking: first.checking,
        is_closing: first.closing,
    };
    let title = first.title.clone();
    let posts = rows.into_iter().map(|row| (row.post, row.place));
    Ok(Some(heard(title, facts, posts)))
}

/// The posts of these audiences of a matter.
pub(super) async fn of_matter(
    tx: &mut Tx,
    by: By<'_>,
    matter: Uuid,
    audiences: &[Audience],
) -> Result<Option<Heard>> {
    let today = tx.today();
    let codes: Vec<&str> = audiences.iter().map(|a| a.code()).collect();
    let rows = sqlx::query!(
        r#"
        with m as (
            select m.title, m.urgent, m.street_code, m.community_code, m.filed_post
              from matters m where m.tenant_id = $1 and m.id = $2
        ), known as (
            select p.id, p.kind, p.valid_to from posts p
             where p.tenant_id = $1 and p.node_id in
                   (select n.id from nodes n join m on n.code in (m.street_code, m.community_code) where n.tenant_id = $1)
            union
            select p.id, p.kind, p.valid_to from posts p
             where p.tenant_id = $1 and p.id = (select filed_post from m)
        )
        select distinct on (k.id) k.id as "post!", a.place as "place!", m.title, m.urgent
          from m
         cross join unnest($3::text[]) with ordinality as a (audience, place)
          join known k on (k.valid_to is null or k.valid_to > $4) and k.id is distinct from $5 and
               case a.audience
                    when 'dispatcher' then k.kind = 'street_dispatcher'
                    when 'community' then k.kind = 'community_secretary'
                    when 'filer' then k.id = m.filed_post
                    else false end
         order by k.id, a.place
        "#,
        by.tenant().0,
        matter,
        &codes as _,
        today,
        by.post()
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let facts = Facts {
        is_emergency: first.urgent,
        is_checking: false,
        is_closing: false,
    };
    let title = first.title.clone();
    let posts = rows.into_iter().map(|row| (row.post, row.place));
    Ok(Some(heard(title, facts, posts)))
}

/// The posts of these audiences that hear of scores, but the one that acted.
pub(super) async fn of_scores(
    tx: &mut Tx,
    by: By<'_>,
    audiences: &[Audience],
) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let codes: Vec<&str> = audiences.iter().map(|a| a.code()).collect();
    let posts = sqlx::query_scalar!(
        "select p.id from posts p
           join departments d on d.tenant_id = $1 and d.id = p.department_id
          where p.tenant_id = $1 and p.id is distinct from $4
            and d.valid_from <= $3 and (d.valid_to is null or d.valid_to > $3)
            and p.valid_from <= $3 and (p.valid_to is null or p.valid_to > $3)
            and (p.kind = 'department_clerk' and 'each_clerk' = any($2)
                 or p.kind = 'department_head' and 'each_head' = any($2))
          order by p.id",
        by.tenant().0,
        &codes as _,
        today,
        by.post()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(posts)
}

/// The posts of these audiences of a topic, with its title; `item` is the department that a line of its
/// lists names.
pub(super) async fn of_topic(
    tx: &mut Tx,
    by: By<'_>,
    (topic, item): (Uuid, Option<Uuid>),
    audiences: &[Audience],
) -> Result<Option<Heard>> {
    let today = tx.today();
    let codes: Vec<&str> = audiences.iter().map(|a| a.code()).collect();
    let rows = sqlx::query!(
        r#"
        with known as (
            select p.id, p.kind, p.department_id, p.valid_to, d.position = 0 as leads
              from topic_departments d
              join posts p on p.tenant_id = $1 and p.department_id = d.department_id
             where d.tenant_id = $1 and d.topic_id = $2
            union all
            select p.id, p.kind, p.department_id, p.valid_to, false from posts p
             where p.tenant_id = $1 and p.node_id is null and p.kind = 'city_office'
        )
        select distinct on (k.id) k.id as "post!", a.place as "place!", t.title
          from topics t
         cross join unnest($3::text[]) with ordinality as a (audience, place)
          join known k on (k.valid_to is null or k.valid_to > $4) and k.id is distinct from $5 and
               case a.audience
                    when 'topic_lead_clerk' then k.kind = 'department_clerk' and k.leads
                    when 'topic_lead_head' then k.kind = 'department_head' and k.leads
                    when 'topic_assist_clerk' then k.kind = 'department_clerk' and not k.leads
                    when 'topic_assist_head' then k.kind = 'department_head' and not k.leads
                    when 'item_clerk' then k.kind = 'department_clerk' and k.department_id = $6
                    when 'item_head' then k.kind = 'department_head' and k.department_id = $6
                    when 'city_office' then k.kind = 'city_office'
                    else false end
         where t.tenant_id = $1 and t.id = $2
         order by k.id, a.place
        "#,
        by.tenant().0,
        topic,
        &codes as _,
        today,
        by.post(),
        item
    )
    .fetch_all(&mut **tx)
    .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let title = first.title.clone();
    let posts = rows.into_iter().map(|row| (row.post, row.place));
    Ok(Some(heard(title, Facts::default(), posts)))
}
