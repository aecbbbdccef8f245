//! The SQL of notices to all.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Announcement, Audience, Content, Reached, Standing, Version, named, span};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::base::paging::{BATCH, COUNTED, PAGE, Paged};
use crate::org::access::{PostKind, Viewer};

/// Holds a notice, so that of two who change it one comes after.
pub(super) async fn hold(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Announcement> {
    sqlx::query_scalar!(
        "select id from announcements where tenant_id = $1 and id = $2 for update",
        me.tenant.0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    one(tx, me, id).await
}

/// A notice with its versions, whom the newest reaches, and whether the viewer has read it.
pub(super) async fn one(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Announcement> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"
        select a.withdrawn_at, w.name as "withdrawn_by?", a.withdraw_reason,
               (select json_agg(json_build_object('version', v.version, 'revision', v.revision, 'title', v.title,
                       'body', v.body, 'audiences', v.audiences, 'from_at', v.from_at, 'to_day', v.to_day,
                       'is_pinned', v.is_pinned, 'saved_at', v.saved_at, 'saved_by', s.name,
                       'put_out_at', v.put_out_at, 'put_out_by', p.name,
                       'readers', (select count(*) from announcement_reads r where r.tenant_id = $1
                                      and r.announcement_id = v.announcement_id and r.version = v.version))
                       order by v.version desc)
                  from announcement_versions v
                  join people s on s.tenant_id = $1 and s.id = v.saved_by
                  left join people p on p.tenant_id = $1 and p.id = v.put_out_by
                 where v.tenant_id = $1 and v.announcement_id = a.id) as "versions!: Json<Vec<Version>>",
               coalesce((select json_agg(json_build_object('audience', x.audience, 'people', x.people, 'without', x.without)
                       order by x.audience nulls last)
                  from (select audience_of(o.kind) as audience,
                               count(distinct m.person_id) filter (where c.person_id is not null) as people,
                               count(distinct m.person_id) filter (where c.person_id is null) as without
                          from appointments m
                          join posts o on o.tenant_id = $1 and o.id = m.post_id
                          left join accounts c on c.tenant_id = $1 and c.person_id = m.person_id and c.closed_at is null
                         where m.tenant_id = $1 and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                           and audience_of(o.kind) = any (n.audiences)
                         group by grouping sets ((audience_of(o.kind)), ())) x), '[]') as "reached!: Json<Vec<Reached>>",
               coalesce(audience_of($4) = any (f.audiences), false) as "is_mine!",
               exists (select from announcement_reads r where r.tenant_id = $1 and r.announcement_id = a.id
                          and r.version = f.version and r.person_id = $5) as "is_read!"
          from announcements a
          left join people w on w.tenant_id = $1 and w.id = a.withdrawn_by
          join lateral (select v.audiences from announcement_versions v
                         where v.tenant_id = $1 and v.announcement_id = a.id order by v.version desc limit 1) n on true
          left join lateral (select v.audiences, v.version from announcement_versions v
                              where v.tenant_id = $1 and v.announcement_id = a.id and v.put_out_at is not null
                              order by v.version desc limit 1) f on true
         where a.tenant_id = $1 and a.id = $2
        "#,
        me.tenant.0,
        id,
        today,
        me.kind as PostKind,
        me.person.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Announcement {
        id,
        withdrawn_at: row.withdrawn_at,
        withdrawn_by: row.withdrawn_by,
        withdraw_reason: row.withdraw_reason,
        versions: row.versions.0,
        reached: row.reached.0,
        is_mine: row.is_mine,
        is_read: row.is_read,
    })
}

/// Which part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// Shown now.
    Shown,
    /// Over or withdrawn.
    Past,
    /// Drafts, and what is to be shown later: for those who write.
    Ahead,
}

impl Tab {
    /// The word in an address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Shown => "",
            Self::Past => "past",
            Self::Ahead => "ahead",
        }
    }
}

/// A notice in the list: as it was put out last, or its draft if it never was.
#[derive(Clone, Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the list asks"
)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) version: i32,
    pub(super) title: String,
    pub(super) audiences: Vec<Audience>,
    pub(super) from_at: DateTime<Utc>,
    pub(super) to_day: NaiveDate,
    pub(super) is_pinned: bool,
    pub(super) put_out_at: Option<DateTime<Utc>>,
    pub(super) is_withdrawn: bool,
    /// Whether a next version is being written.
    pub(super) has_draft: bool,
    pub(super) readers: i64,
    /// Whether it is meant for the viewer, who has not opened it.
    pub(super) is_unread: bool,
}

impl Row {
    pub(super) fn whom(&self) -> String {
        named(&self.audiences)
    }

    pub(super) fn span(&self) -> String {
        span(self.from_at, self.to_day)
    }

    pub(super) fn standing(&self, now: DateTime<Utc>) -> Standing {
        let span = self.put_out_at.map(|_| (self.from_at, self.to_day));
        Standing::of(self.is_withdrawn, span, now)
    }
}

/// One page of a part of the list, the pinned first, then the newest.
pub(super) async fn list(
    tx: &mut Tx,
    me: &Viewer,
    tab: Tab,
    (after, from): (Option<Uuid>, i64),
) -> Result<Paged<Row>> {
    rows(tx, me, tab, (after, from), PAGE).await
}

/// The part of the export after the given row.
pub(super) async fn export(
    tx: &mut Tx,
    me: &Viewer,
    tab: Tab,
    after: Option<Uuid>,
) -> Result<Paged<Row>> {
    rows(tx, me, tab, (after, 1), BATCH).await
}

async fn rows(
    tx: &mut Tx,
    me: &Viewer,
    tab: Tab,
    (after, from): (Option<Uuid>, i64),
    size: i64,
) -> Result<Paged<Row>> {
    let (now, today) = (tx.now, tx.today());
    let row = sqlx::query!(
        r#"
        with each as (
            select a.id, v.version, v.title, v.audiences, v.from_at, v.to_day, v.is_pinned, v.put_out_at,
                   a.withdrawn_at is not null as is_withdrawn,
                   exists (select from announcement_versions d where d.tenant_id = $1 and d.announcement_id = a.id
                              and d.put_out_at is null) as has_draft
              from announcements a
              join lateral (select x.* from announcement_versions x where x.tenant_id = $1 and x.announcement_id = a.id
                             order by x.put_out_at is not null desc, x.version desc limit 1) v on true
             where a.tenant_id = $1
        ), kept as (
            select e.* from each e
             where case $4 when '' then not e.is_withdrawn and e.put_out_at is not null and e.from_at <= $2
                                        and e.to_day >= $3
                           when 'past' then e.put_out_at is not null and (e.is_withdrawn or e.to_day < $3)
                           else not e.is_withdrawn and (e.has_draft or e.from_at > $2) end
        )
        select (select count(*) from (select from kept limit $5) c) as "total!",
               coalesce((select json_agg(r) from (
                   select k.*, (select count(*) from announcement_reads x where x.tenant_id = $1
                                   and x.announcement_id = k.id and x.version = k.version) as readers,
                          k.put_out_at is not null and audience_of($6) = any (k.audiences)
                          and not exists (select from announcement_reads x where x.tenant_id = $1
                                   and x.announcement_id = k.id and x.version = k.version and x.person_id = $7) as is_unread
                     from kept k
                    where $8::uuid is null
                       or (k.is_pinned, k.id) < (select o.is_pinned, o.id from kept o where o.id = $8)
                    order by k.is_pinned desc, k.id desc limit $9) r), '[]') as "rows!: Json<Vec<Row>>"
        "#,
        me.tenant.0,
        now,
        today,
        tab.code(),
        COUNTED + 1,
        me.kind as PostKind,
        me.person.0,
        after,
        size + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Paged::sized(row.rows.0, size, (row.total, from), |r| r.id))
}

/// Keeps a new notice.
pub(super) async fn insert(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<()> {
    sqlx::query!(
        "insert into announcements (tenant_id, id) values ($1, $2)",
        me.tenant.0,
        id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves the draft of a version; whoever saved it meanwhile was first.
pub(super) async fn save(
    tx: &mut Tx,
    me: &Viewer,
    (id, version, revision): (Uuid, i32, i32),
    content: &Content,
) -> Result<()> {
    let now = tx.now;
    let saved = sqlx::query!(
        "insert into announcement_versions (tenant_id, announcement_id, version, revision, title, body, audiences,
                from_at, to_day, is_pinned, saved_at, saved_by, saved_post)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (tenant_id, announcement_id, version) do update
            set revision = $4, title = $5, body = $6, audiences = $7, from_at = $8, to_day = $9, is_pinned = $10,
                saved_at = $11, saved_by = $12, saved_post = $13",
        me.tenant.0,
        id,
        version,
        revision,
        content.title,
        content.body,
        &content.audiences as _,
        content.from_at,
        content.to_day,
        content.is_pinned,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await;
    on_constraint(saved, "announcement_version_stays", || Error::Stale).map(|_| ())
}

/// Puts the draft of a version out.
pub(super) async fn put_out(tx: &mut Tx, me: &Viewer, (id, version): (Uuid, i32)) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update announcement_versions set put_out_at = $4, put_out_by = $5, put_out_post = $6
          where tenant_id = $1 and announcement_id = $2 and version = $3",
        me.tenant.0,
        id,
        version,
        now,
        me.person.0,
        me.post.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Withdraws a notice.
pub(super) async fn withdraw(tx: &mut Tx, me: &Viewer, id: Uuid, reason: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update announcements set withdrawn_at = $3, withdrawn_by = $4, withdrawn_post = $5, withdraw_reason = $6
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id,
        now,
        me.person.0,
        me.post.0,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that the viewer has opened a version.
pub(super) async fn read(tx: &mut Tx, me: &Viewer, (id, version): (Uuid, i32)) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into announcement_reads (tenant_id, announcement_id, version, person_id, read_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        me.tenant.0,
        id,
        version,
        me.person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
