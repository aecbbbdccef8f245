//! The register of people.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Account, Facts};
use super::accounts::OpenSession;
use crate::base::db::{Tx, one_changed};
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::PersonId;
use crate::org::access::Viewer;
use crate::org::events::Entry;

/// What the filter narrows the register to.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    /// Each stands in the name, the sign-in name or the title of a post of today.
    pub(in super::super) words: Option<Vec<String>>,
    /// The digests of a telephone number, one under each key; empty does not narrow.
    pub(in super::super) digests: Vec<Vec<u8>>,
    /// `posted`, `idle`, `none`, `slip`, `closed`, or all.
    pub(in super::super) state: String,
}

/// Where a page of the register begins: after this name, and of one name after this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Key {
    name: String,
    id: Uuid,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.id, self.name)
    }
}

impl std::str::FromStr for Key {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (id, name) = text.split_once('.').ok_or(())?;
        Ok(Self {
            name: name.to_owned(),
            id: id.parse().map_err(|_| ())?,
        })
    }
}

/// A person in the register.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: PersonId,
    pub(in super::super) name: String,
    pub(in super::super) identity: String,
    pub(in super::super) home_unit: Option<String>,
    pub(in super::super) is_member: bool,
    pub(in super::super) phone_mask: Option<String>,
    /// The posts held today: `慧阳街道·党工委书记`.
    pub(in super::super) posts: Vec<String>,
    pub(in super::super) account: Option<Account>,
}

/// One page of the register, by name, after the given person.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
) -> Result<Paged<Row, Key>> {
    rows(tx, me, filter, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
) -> Result<Paged<Row, Key>> {
    rows(tx, me, filter, (after, 1), BATCH).await
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<Key>, i64),
    size: i64,
) -> Result<Paged<Row, Key>> {
    let (today, now) = (tx.today(), tx.now);
    let (name, id) = after.map_or((None, None), |k| (Some(k.name), Some(k.id)));
    let row = sqlx::query!(
        r#"
        with kept as (
            select p.*, a.login, a.must_change, a.password_set_at, a.first_until, a.locked_until, a.closed_at,
                   a.closed_reason
              from people p
              left join accounts a on a.tenant_id = $1 and a.person_id = p.id
             where p.tenant_id = $1
               and ($4::text[] is null or p.id in (select s.id from search_people($1, $4, $2) as s (id)))
               and ($5::bytea[] = '{}' or p.id in (select v.owner_id from personal_values v
                        where v.tenant_id = $1 and v.field = 'phone' and v.digest = any($5)))
               and case $6
                   when 'posted' then exists (select from appointments m where m.tenant_id = $1
                        and m.person_id = p.id and m.from_day <= $2 and (m.to_day is null or m.to_day > $2))
                   when 'idle' then not exists (select from appointments m where m.tenant_id = $1
                        and m.person_id = p.id and m.from_day <= $2 and (m.to_day is null or m.to_day > $2))
                   when 'none' then a.person_id is null
                   when 'slip' then a.must_change and a.closed_at is null
                   when 'locked' then a.locked_until > $3
                   when 'closed' then a.closed_at is not null
                   else true end
        ), shown as (
            select k.* from kept k
             where $7::text is null or (k.name, k.id) > ($7, $8::uuid)
             order by k.name, k.id limit $9
        )
        select (select count(*) from (select from kept limit $10) c) as "total!",
               coalesce((select json_agg(json_build_object(
                     'id', s.id, 'name', s.name, 'identity', s.identity, 'home_unit', s.home_unit,
                     'is_member', s.is_member, 'phone_mask', s.phone_mask,
                     'posts', coalesce((
                         select json_agg(concat(seat_name($1, o.node_id, o.department_id) || '·', o.title) order by o.kind, m.from_day)
                           from appointments m
                           join posts o on o.tenant_id = $1 and o.id = m.post_id
                          where m.tenant_id = $1 and m.person_id = s.id
                            and m.from_day <= $2 and (m.to_day is null or m.to_day > $2)), '[]'::json),
                     'account', case when s.login is not null then json_build_object(
                         'login', s.login, 'must_change', s.must_change, 'password_set_at', s.password_set_at,
                         'first_until', s.first_until, 'locked_until', s.locked_until,
                         'closed_at', s.closed_at, 'closed_reason', s.closed_reason) end)
                     order by s.name, s.id) from shown s), '[]') as "rows!: Json<Vec<Row>>"
        "#,
        me.tenant.0,
        today,
        now,
        filter.words.as_deref(),
        &filter.digests,
        filter.state,
        name,
        id,
        size + 1,
        COUNTED + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Paged::sized(row.rows.0, size, (row.total, from), |r| Key {
        name: r.name.clone(),
        id: r.id.0,
    }))
}

/// A post that a person holds, held or will hold.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Held {
    pub(in super::super) post: Uuid,
    pub(in super::super) seat: Option<String>,
    pub(in super::super) title: String,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    pub(in super::super) term_to: Option<NaiveDate>,
}

/// A person with posts, account, signed-in browsers and what was done about them.
pub(in super::super) struct Person {
    pub(in super::super) id: PersonId,
    pub(in super::super) version: i32,
    pub(in super::super) facts: Facts,
    /// Whether the number is forgotten because the time of keeping is over.
    pub(in super::super) is_anonymised: bool,
    pub(in super::super) held: Vec<Held>,
    pub(in super::super) account: Option<Account>,
    pub(in super::super) sessions: Vec<OpenSession>,
    /// Since when a second factor is asked for.
    pub(in super::super) factor_since: Option<DateTime<Utc>>,
    pub(in super::super) events: Vec<Entry>,
}

/// One person: one round trip.
#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
pub(in super::super) async fn person(tx: &mut Tx, me: &Viewer, id: PersonId) -> Result<Person> {
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        select p.version, p.name, p.identity, p.home_unit, p.is_member, p.phone_mask,
               p.anonymised_at is not null as "is_anonymised!",
               (select f.confirmed_at from second_factors f where f.tenant_id = $1 and f.person_id = p.id)
                  as factor_since,
               coalesce((select json_agg(json_build_object(
                     'post', o.id, 'seat', seat_name($1, o.node_id, o.department_id), 'title', o.title,
                     'from_day', m.from_day, 'to_day', m.to_day, 'term_to', m.term_to)
                     order by m.to_day desc nulls first, m.from_day desc, m.id)
                  from appointments m
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                 where m.tenant_id = $1 and m.person_id = p.id and m.to_day is distinct from m.from_day), '[]')
                  as "held!: Json<Vec<Held>>",
               (select json_build_object('login', a.login, 'must_change', a.must_change,
                     'password_set_at', a.password_set_at, 'first_until', a.first_until,
                     'locked_until', a.locked_until, 'closed_at', a.closed_at, 'closed_reason', a.closed_reason)
                  from accounts a where a.tenant_id = $1 and a.person_id = p.id) as "account: Json<Account>",
               coalesce((select json_agg(json_build_object('id', s.id, 'agent', s.agent,
                     'created_at', s.created_at, 'seen_at', s.seen_at) order by s.seen_at desc)
                  from sessions s
                  join appointments m on m.tenant_id = $1 and m.id = s.appointment_id
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                 where s.tenant_id = $1 and s.person_id = p.id and s.ended_at is null
                   and session_lives($1, o.kind, s.seen_at, s.created_at, $3, $4)), '[]')
                  as "sessions!: Json<Vec<OpenSession>>",
               coalesce((select json_agg(e) from (
                     select x.at, x.verb, x.person_name, x.seat, x.sentence from events x
                      where x.tenant_id = $1 and x.subject_id = p.id and x.subject = 'person'
                      order by x.at desc, x.id desc limit 30) e), '[]') as "events!: Json<Vec<Entry>>"
          from people p
         where p.tenant_id = $1 and p.id = $2
        "#,
        me.tenant.0,
        id.0,
        now,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Person {
        id,
        version: row.version,
        facts: Facts {
            name: row.name,
            identity: row.identity,
            home_unit: row.home_unit,
            is_member: row.is_member,
            phone_mask: row.phone_mask,
        },
        is_anonymised: row.is_anonymised,
        held: row.held.0,
        account: row.account.map(|a| a.0),
        sessions: row.sessions.0,
        factor_since: row.factor_since,
        events: row.events.0,
    })
}

/// People of this name, each with what he or she is and does, so that nobody is entered twice.
pub(in super::super) async fn namesakes(
    tx: &mut Tx,
    me: &Viewer,
    name: &str,
    but: Option<PersonId>,
) -> Result<Vec<String>> {
    let today = tx.today();
    let found = sqlx::query_scalar!(
        r#"
        select concat(p.name, '（', p.identity, coalesce('，' || (
                   select string_agg(concat(seat_name($1, o.node_id, o.department_id) || '·', o.title), '、' order by o.kind)
                     from appointments m
                     join posts o on o.tenant_id = $1 and o.id = m.post_id
                    where m.tenant_id = $1 and m.person_id = p.id
                      and m.from_day <= $4 and (m.to_day is null or m.to_day > $4)), ''), '）') as "who!"
          from people p
         where p.tenant_id = $1 and p.name = $2 and ($3::uuid is null or p.id <> $3)
         order by p.id limit 5
        "#,
        me.tenant.0,
        name,
        but.map(|b| b.0),
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found)
}

/// Enters a person.
pub(in super::super) async fn add_person(
    tx: &mut Tx,
    me: &Viewer,
    id: PersonId,
    facts: &Facts,
) -> Result<()> {
    sqlx::query!(
        "insert into people (tenant_id, id, name, identity, home_unit, is_member, phone_mask)
         values ($1, $2, $3, $4, $5, $6, $7)",
        me.tenant.0,
        id.0,
        facts.name,
        facts.identity,
        facts.home_unit,
        facts.is_member,
        facts.phone_mask
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes what is kept of a person, if nobody did meanwhile.
pub(in super::super) async fn change_person(
    tx: &mut Tx,
    me: &Viewer,
    (id, version): (PersonId, i32),
    facts: &Facts,
) -> Result<()> {
    let changed = sqlx::query!(
        "update people set name = $4, identity = $5, home_unit = $6, is_member = $7, phone_mask = $8,
                anonymised_at = case when $8::text is null then anonymised_at end,
                version = version + 1
          where tenant_id = $1 and id = $2 and version = $3",
        me.tenant.0,
        id.0,
        version,
        facts.name,
        facts.identity,
        facts.home_unit,
        facts.is_member,
        facts.phone_mask
    )
    .execute(&mut **tx)
    .await?;
    one_changed(changed.rows_affected())
}
