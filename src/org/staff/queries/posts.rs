//! Posts and who is appointed to them.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::Term;
use crate::base::db::{Tx, anywhere, on_constraint, one_changed, refused_by};
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::access::{Level, PostKind, Viewer};
use crate::org::events::Entry;
use crate::org::{AppointmentId, PersonId, PostId};

/// What the filter narrows the list of posts to.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Filter {
    /// In the name of the place, the title or the holder.
    pub(in super::super) words: Option<String>,
    /// `city`, `departments`, a level from 1 to 5, or everywhere.
    pub(in super::super) at: String,
    /// `vacant`, `term` (the term ends soon or is over), or all.
    pub(in super::super) state: String,
    /// One node or department alone.
    pub(in super::super) unit: Option<Uuid>,
}

/// Where a page of the list begins: after the post of this place, kind and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Key(pub(in super::super) PostId);

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A post in the list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: PostId,
    pub(in super::super) title: String,
    /// The node or department; none for a post of the city.
    pub(in super::super) unit: Option<Uuid>,
    pub(in super::super) unit_name: Option<String>,
    pub(in super::super) code: Option<String>,
    /// Who holds it today.
    pub(in super::super) holder: Option<Term>,
    /// Who will, next.
    pub(in super::super) next: Option<Term>,
}

/// One page of posts: the city's, then departments', then the chain from above; and the name of the
/// node or department that alone is looked at.
pub(in super::super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<PostId>, i64),
    term_near: NaiveDate,
) -> Result<(Option<String>, Paged<Row, Key>)> {
    rows(tx, me, filter, (after, from), (term_near, PAGE)).await
}

/// The part of the export after the given row.
pub(in super::super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    after: Option<Key>,
    term_near: NaiveDate,
) -> Result<Paged<Row, Key>> {
    let part = (after.map(|a| a.0), 1);
    Ok(rows(tx, me, filter, part, (term_near, BATCH)).await?.1)
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement, so that the page is one round trip"
)]
async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    filter: &Filter,
    (after, from): (Option<PostId>, i64),
    (term_near, size): (NaiveDate, i64),
) -> Result<(Option<String>, Paged<Row, Key>)> {
    let today = tx.today();
    let words = filter.words.as_deref().map(anywhere);
    let level = filter.at.parse::<i16>().ok();
    let row = sqlx::query!(
        r#"
        with kept as (
            select o.id, o.kind, o.title, o.place, o.node_id, o.department_id, o.node_code as code,
                   h.id as term, h.person_id, p.name as person, h.from_day, h.to_day, h.term_to
              from posts o
              left join nodes n on n.tenant_id = $1 and n.id = o.node_id
              left join departments d on d.tenant_id = $1 and d.id = o.department_id
              left join appointments h on h.tenant_id = $1 and h.post_id = o.id
                   and h.from_day <= $2 and (h.to_day is null or h.to_day > $2)
              left join people p on p.tenant_id = $1 and p.id = h.person_id
             where o.tenant_id = $1 and o.valid_to is null
               and ($3::uuid is null or o.node_id = $3 or o.department_id = $3)
               and ($4::text is null or n.name ilike $4 or d.name ilike $4 or o.title ilike $4 or p.name ilike $4)
               and case $5 when 'city' then o.place = 'a' when 'departments' then o.department_id is not null
                           else $6::smallint is null or o.node_level = $6 end
               and case $7 when 'vacant' then h.id is null when 'term' then h.term_to <= $8 else true end
        ), shown as (
            select k.* from kept k
             where $9::uuid is null or (k.place, k.kind, k.id) > (select b.place, b.kind, b.id from posts b
                                                                   where b.tenant_id = $1 and b.id = $9)
             order by k.place, k.kind, k.id limit $10
        )
        select (select count(*) from (select from kept limit $11) c) as "total!",
               coalesce((select n.name from nodes n where n.tenant_id = $1 and n.id = $3),
                        (select d.name from departments d where d.tenant_id = $1 and d.id = $3)) as unit_name,
               coalesce((select json_agg(json_build_object(
                     'id', s.id, 'title', s.title, 'unit', coalesce(s.node_id, s.department_id),
                     'unit_name', seat_name($1, s.node_id, s.department_id), 'code', s.code,
                     'holder', case when s.term is not null then json_build_object('id', s.term,
                         'person', s.person_id, 'name', s.person, 'from_day', s.from_day, 'to_day', s.to_day,
                         'term_to', s.term_to) end,
                     'next', (select json_build_object('id', x.id, 'person', x.person_id, 'name', y.name,
                                'from_day', x.from_day, 'to_day', x.to_day, 'term_to', x.term_to)
                                from appointments x
                                join people y on y.tenant_id = $1 and y.id = x.person_id
                               where x.tenant_id = $1 and x.post_id = s.id and x.from_day > $2
                                 and x.to_day is distinct from x.from_day
                               order by x.from_day limit 1))
                     order by s.place, s.kind, s.id) from shown s), '[]') as "rows!: Json<Vec<Row>>"
        "#,
        me.tenant.0,
        today,
        filter.unit,
        words,
        filter.at,
        level,
        filter.state,
        term_near,
        after.map(|a| a.0),
        size + 1,
        COUNTED + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    if filter.unit.is_some() && row.unit_name.is_none() {
        return Err(Error::NotFound);
    }
    let page = Paged::sized(row.rows.0, size, (row.total, from), |r| Key(r.id));
    Ok((row.unit_name, page))
}

/// Where a post sits.
#[derive(Clone, Debug)]
pub(in super::super) struct Seat {
    /// The node or department; none for the city.
    pub(in super::super) unit: Option<Uuid>,
    /// `慧阳街道`; the city's name for a post of the city.
    pub(in super::super) name: String,
}

/// A post with everyone who was ever appointed, and how much is open there.
pub(in super::super) struct Post {
    pub(in super::super) id: PostId,
    pub(in super::super) kind: PostKind,
    pub(in super::super) title: String,
    pub(in super::super) seat: Seat,
    pub(in super::super) valid_from: NaiveDate,
    pub(in super::super) valid_to: Option<NaiveDate>,
    /// All appointments, the newest first.
    pub(in super::super) terms: Vec<Term>,
    /// Matters that wait for the post.
    pub(in super::super) matters: i64,
    /// Whistles that wait for it.
    pub(in super::super) whistles: i64,
    pub(in super::super) events: Vec<Entry>,
}

impl Post {
    /// Who holds it on a day.
    pub(in super::super) fn holder(&self, day: NaiveDate) -> Option<&Term> {
        self.terms.iter().find(|t| t.holds_on(day))
    }

    /// Who will hold it, after a day.
    pub(in super::super) fn next(&self, day: NaiveDate) -> Option<&Term> {
        let coming = self.terms.iter().filter(|t| !t.is_void());
        coming
            .filter(|t| t.from_day > day)
            .min_by_key(|t| t.from_day)
    }

    /// `慧阳街道·党工委书记`; a post of the city is its title alone.
    pub(in super::super) fn titled(&self) -> String {
        match self.seat.unit {
            Some(_) => format!("{}·{}", self.seat.name, self.title),
            None => self.title.clone(),
        }
    }
}

/// One post: one round trip.
pub(in super::super) async fn post(tx: &mut Tx, me: &Viewer, id: PostId) -> Result<Post> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select o.kind as "kind: PostKind", o.title, o.valid_from, o.valid_to,
               coalesce(o.node_id, o.department_id) as unit,
               coalesce(seat_name($1, o.node_id, o.department_id), t.name) as "unit_name!",
               coalesce((select json_agg(json_build_object('id', m.id, 'person', m.person_id, 'name', p.name,
                     'from_day', m.from_day, 'to_day', m.to_day, 'term_to', m.term_to)
                     order by m.from_day desc, m.to_day desc nulls first, m.id desc)
                  from appointments m
                  join people p on p.tenant_id = $1 and p.id = m.person_id
                 where m.tenant_id = $1 and m.post_id = o.id), '[]') as "terms!: Json<Vec<Term>>",
               (select count(*) from matters_waiting($1, o.kind, o.node_code)) as "matters!",
               (select count(distinct q.whistle_id) from whistles_waiting($1, o.kind, o.node_code, o.department_id,
                     coalesce((select h.person_id from appointments h where h.tenant_id = $1 and h.post_id = o.id
                                  and h.from_day <= $3 and (h.to_day is null or h.to_day > $3)), o.id)) q)
                  as "whistles!",
               coalesce((select json_agg(e) from (
                     select x.at, x.verb, x.person_name, x.seat, x.sentence from events x
                      where x.tenant_id = $1 and x.subject_id = o.id
                      order by x.at desc, x.id desc limit 30) e), '[]') as "events!: Json<Vec<Entry>>"
          from posts o
          join tenants t on t.id = $1
         where o.tenant_id = $1 and o.id = $2
        "#,
        me.tenant.0,
        id.0,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Post {
        id,
        kind: row.kind,
        title: row.title,
        seat: Seat {
            unit: row.unit,
            name: row.unit_name,
        },
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        terms: row.terms.0,
        matters: row.matters,
        whistles: row.whistles,
        events: row.events.0,
    })
}

/// Holds a post, so that one person is appointed or relieved at a time.
pub(in super::super) async fn hold(tx: &mut Tx, me: &Viewer, id: PostId) -> Result<()> {
    sqlx::query_scalar!(
        "select id from posts where tenant_id = $1 and id = $2 for no key update",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(|_| ())
    .ok_or(Error::NotFound)
}

/// Somebody who may be appointed.
#[derive(Clone, Debug)]
pub(in super::super) struct Candidate {
    pub(in super::super) id: PersonId,
    pub(in super::super) name: String,
    pub(in super::super) identity: String,
    pub(in super::super) home_unit: Option<String>,
    /// What he or she holds today, in one line.
    pub(in super::super) posts: Option<String>,
    pub(in super::super) login: Option<String>,
}

/// How many candidates a search shows.
pub(in super::super) const CANDIDATES: i64 = 20;

/// People whose name or sign-in name holds these words, or one person.
pub(in super::super) async fn candidates(
    tx: &mut Tx,
    me: &Viewer,
    words: &str,
    chosen: Option<PersonId>,
) -> Result<Vec<Candidate>> {
    let today = tx.today();
    Ok(sqlx::query_as!(
        Candidate,
        r#"
        select p.id as "id: PersonId", p.name, p.identity, p.home_unit, a.login as "login?",
               (select string_agg(concat(seat_name($1, o.node_id, o.department_id) || '·', o.title), '、' order by o.kind)
                  from appointments m
                  join posts o on o.tenant_id = $1 and o.id = m.post_id
                 where m.tenant_id = $1 and m.person_id = p.id
                   and m.from_day <= $5 and (m.to_day is null or m.to_day > $5)) as posts
          from people p
          left join accounts a on a.tenant_id = $1 and a.person_id = p.id
         where p.tenant_id = $1
           and case when $3::uuid is null then p.name ilike $2 or a.login ilike $2 else p.id = $3 end
         order by p.name, p.id limit $4
        "#,
        me.tenant.0,
        anywhere(words),
        chosen.map(|c| c.0),
        CANDIDATES,
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Puts a person on a post from a day on.
pub(in super::super) async fn put(
    tx: &mut Tx,
    me: &Viewer,
    (post, person): (PostId, PersonId),
    (from, term_to): (NaiveDate, Option<NaiveDate>),
) -> Result<()> {
    let now = tx.now;
    let put = sqlx::query!(
        "insert into appointments (tenant_id, id, post_id, person_id, from_day, term_to)
         values ($1, $2, $3, $4, $5, $6)",
        me.tenant.0,
        AppointmentId::at(now).0,
        post.0,
        person.0,
        from,
        term_to
    )
    .execute(&mut **tx)
    .await;
    let put = on_constraint(put, "admins_apart", || {
        Error::Refused(
            "三员互斥：系统、安全、审计管理员不能兼任别的职务，担任别的职务的人也不能兼任管理员。请另选人，或先免去原职务。"
                .to_owned(),
        )
    });
    put.map(|_| ())
}

/// Ends an appointment on a day, which is its own first day if it never began.
pub(in super::super) async fn end(
    tx: &mut Tx,
    me: &Viewer,
    appointment: Uuid,
    to: NaiveDate,
) -> Result<()> {
    let ended = sqlx::query!(
        "update appointments set to_day = $3
          where tenant_id = $1 and id = $2 and (to_day is null or to_day > $3)",
        me.tenant.0,
        appointment,
        to
    )
    .execute(&mut **tx)
    .await?;
    one_changed(ended.rows_affected())
}

/// Notes when the term of an appointment ends.
pub(in super::super) async fn change_term(
    tx: &mut Tx,
    me: &Viewer,
    appointment: Uuid,
    term_to: Option<NaiveDate>,
) -> Result<()> {
    sqlx::query!(
        "update appointments set term_to = $3 where tenant_id = $1 and id = $2",
        me.tenant.0,
        appointment,
        term_to
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A node, a department or the city, at which a post may be.
#[derive(Clone, Debug)]
pub(in super::super) struct Unit {
    pub(in super::super) id: Option<Uuid>,
    pub(in super::super) name: String,
    pub(in super::super) level: Option<Level>,
    pub(in super::super) code: Option<String>,
    pub(in super::super) is_department: bool,
}

/// A place that stands today; `None` is the city.
pub(in super::super) async fn unit(tx: &mut Tx, me: &Viewer, id: Option<Uuid>) -> Result<Unit> {
    let Some(id) = id else {
        return Ok(Unit {
            id: None,
            name: me.city.clone(),
            level: None,
            code: None,
            is_department: false,
        });
    };
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select name as "name!", level as "level?", code as "code?" from (
            select n.name, n.level, n.code from nodes n
             where n.tenant_id = $1 and n.id = $2 and n.valid_from <= $3 and (n.valid_to is null or n.valid_to > $3)
            union all
            select d.name, null, null from departments d
             where d.tenant_id = $1 and d.id = $2 and d.valid_from <= $3 and (d.valid_to is null or d.valid_to > $3)) u
        "#,
        me.tenant.0,
        id,
        today
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let level = row.level.map(Level::try_from).transpose();
    Ok(Unit {
        id: Some(id),
        name: row.name,
        level: level.map_err(anyhow::Error::msg)?,
        is_department: row.level.is_none(),
        code: row.code,
    })
}

/// A post to be set up.
pub(in super::super) struct NewPost<'a> {
    pub(in super::super) id: PostId,
    pub(in super::super) kind: PostKind,
    pub(in super::super) title: &'a str,
    pub(in super::super) unit: &'a Unit,
}

/// Sets a post up, from today on.
pub(in super::super) async fn add_post(tx: &mut Tx, me: &Viewer, new: NewPost<'_>) -> Result<()> {
    let today = tx.today();
    let (node, department) = if new.unit.is_department {
        (None, new.unit.id)
    } else {
        (new.unit.id, None)
    };
    let added = sqlx::query!(
        "insert into posts (tenant_id, id, kind, title, node_id, node_level, node_code, department_id, valid_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        me.tenant.0,
        new.id.0,
        new.kind as PostKind,
        new.title,
        node,
        new.unit.level.map(i16::from),
        new.unit.code,
        department,
        today
    )
    .execute(&mut **tx)
    .await;
    let gone =
        || Error::Refused("这个单位已经撤销，不能再设职务。请到任职列表看现在的单位。".to_owned());
    let added = match added {
        Err(error) if refused_by(&error).as_deref() == Some("to_standing_department") => {
            Err(gone())
        }
        added => on_constraint(added, "on_standing_ground", gone),
    };
    added.map(|_| ())
}

/// Abolishes a post from a day on.
pub(in super::super) async fn abolish(
    tx: &mut Tx,
    me: &Viewer,
    id: PostId,
    from: NaiveDate,
) -> Result<()> {
    let abolished = sqlx::query!(
        "update posts set valid_to = $3 where tenant_id = $1 and id = $2 and valid_to is null",
        me.tenant.0,
        id.0,
        from
    )
    .execute(&mut **tx)
    .await?;
    one_changed(abolished.rows_affected())
}
