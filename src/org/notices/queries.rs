//! The SQL of notices, wishes and deliveries.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Choice, Class, Delivery, LISTED, Message, Notice, Parcel, State, Wishes};
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::base::id::uuid_at;
use crate::base::paging::{COUNTED, PAGE};
use crate::base::seal::Sealed;
use crate::org::TenantId;
use crate::org::access::Viewer;

/// Writes one notice for each post; answers their ids in the same order.
pub(super) async fn add(
    tx: &mut Tx,
    tenant: TenantId,
    posts: &[Uuid],
    message: &Message,
    ask: &str,
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    let ids: Vec<Uuid> = posts.iter().map(|_| uuid_at(now)).collect();
    sqlx::query_scalar!(
        "insert into notices (tenant_id, id, post_id, at, class, verb, title, words, link, ask)
         select $1, n.id, n.post_id, $4, $5, $6, left($7, 120), left($8, 300), $9, $10
           from unnest($2::uuid[], $3::uuid[]) as n (id, post_id)
         returning id",
        tenant.0,
        &ids,
        posts,
        now,
        message.class as Class,
        message.verb.code(),
        message.title,
        message.words,
        message.link,
        ask
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Somebody who hears by mail of what a post is told.
pub(super) struct Hearer {
    pub(super) post: Uuid,
    pub(super) person: Uuid,
    pub(super) wishes: Wishes,
}

/// Today's holders of these posts, and whoever stands in for them, who have an address.
pub(super) async fn hearers(tx: &mut Tx, tenant: TenantId, posts: &[Uuid]) -> Result<Vec<Hearer>> {
    let today = tx.today();
    let rows = sqlx::query!(
        r#"select m.post_id as "post_id!", p.id as person_id, w.steps as "steps?: Choice",
                  w.quiet_from as "quiet_from?", w.quiet_to as "quiet_to?"
             from (select a.post_id, a.person_id from appointments a
                    where a.tenant_id = $1 and a.post_id = any($2)
                      and a.from_day <= $3 and (a.to_day is null or a.to_day > $3)
                   union
                   select a.post_id, stand_in($1, a.person_id, $3) from appointments a
                    where a.tenant_id = $1 and a.post_id = any($2)
                      and a.from_day <= $3 and (a.to_day is null or a.to_day > $3)) m
             join people p on p.tenant_id = $1 and p.id = m.person_id and p.mail_mask is not null
             left join notice_wishes w on w.tenant_id = $1 and w.person_id = m.person_id
            order by p.id, m.post_id"#,
        tenant.0,
        posts,
        today
    )
    .fetch_all(&mut **tx)
    .await?;
    let hearers = rows.into_iter().map(|row| Hearer {
        post: row.post_id,
        person: row.person_id,
        wishes: wishes_of(row.steps, row.quiet_from, row.quiet_to),
    });
    Ok(hearers.collect())
}

fn wishes_of(steps: Option<Choice>, from: Option<i16>, to: Option<i16>) -> Wishes {
    steps.map_or(Wishes::UNSAID, |steps| Wishes {
        steps,
        quiet: from.zip(to),
    })
}

/// The tenant's name and the host its people type; empty, if it has none.
pub(super) async fn city(tx: &mut Tx, tenant: TenantId) -> Result<(String, String)> {
    let row = sqlx::query!(
        r#"select t.name, coalesce((select min(h.host) from tenant_hosts h where h.tenant_id = $1), '') as "host!"
             from tenants t
            where t.id = $1"#,
        tenant.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.name, row.host))
}

/// A mail to be sent.
pub(super) struct NewDelivery {
    pub(super) id: Uuid,
    pub(super) notice: Option<Uuid>,
    pub(super) person: Uuid,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) due_at: DateTime<Utc>,
}

/// Keeps mails to be sent.
pub(super) async fn add_deliveries(
    tx: &mut Tx,
    tenant: TenantId,
    kind: Parcel,
    new: &[NewDelivery],
) -> Result<()> {
    let now = tx.now;
    let each = |of: fn(&NewDelivery) -> &str| new.iter().map(of).collect::<Vec<_>>();
    let ids: Vec<Uuid> = new.iter().map(|d| d.id).collect();
    let notices: Vec<Option<Uuid>> = new.iter().map(|d| d.notice).collect();
    let people: Vec<Uuid> = new.iter().map(|d| d.person).collect();
    let due: Vec<DateTime<Utc>> = new.iter().map(|d| d.due_at).collect();
    sqlx::query_scalar!(
        "insert into deliveries (tenant_id, id, notice_id, person_id, kind, subject, body, at, due_at)
         select $1, d.id, d.notice_id, d.person_id, $8, d.subject, d.body, $9, d.due_at
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
                as d (id, notice_id, person_id, subject, body, due_at)
         returning id",
        tenant.0,
        &ids,
        &notices as _,
        &people,
        &each(|d| &d.subject) as _,
        &each(|d| &d.body) as _,
        &due,
        kind as Parcel,
        now
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// A mail that waits, its row locked.
pub(super) struct Held {
    pub(super) person: Uuid,
    /// Whether the person still has an address.
    pub(super) wanted: bool,
    pub(super) subject: String,
    pub(super) body: String,
}

/// Locks a mail that waits; nothing, if it was sent or given up.
pub(super) async fn hold(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<Option<Held>> {
    Ok(sqlx::query_as!(
        Held,
        r#"select d.person_id as person, p.mail_mask is not null as "wanted!", d.subject, d.body
             from deliveries d
             join people p on p.tenant_id = $1 and p.id = d.person_id
            where d.tenant_id = $1 and d.id = $2 and d.state = 'waiting'
              for update of d"#,
        tenant.0,
        id
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Notes how a mail ended.
pub(super) async fn end(
    tx: &mut Tx,
    tenant: TenantId,
    id: Uuid,
    state: State,
    error: Option<&str>,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update deliveries set state = $3, last_error = coalesce(left($4, 300), last_error), ended_at = $5
          where tenant_id = $1 and id = $2",
        tenant.0,
        id,
        state as State,
        error,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that a mail is tried again later; a reason counts as a try in vain.
pub(super) async fn put_off(
    tx: &mut Tx,
    tenant: TenantId,
    id: Uuid,
    due_at: DateTime<Utc>,
    error: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "update deliveries set due_at = $3, last_error = coalesce(left($4, 300), last_error),
                tries = tries + case when $4::text is null then 0 else 1 end
          where tenant_id = $1 and id = $2",
        tenant.0,
        id,
        due_at,
        error
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Somebody whose unread step notices go into one mail.
pub(super) struct Reader {
    pub(super) person: Uuid,
    pub(super) wishes: Wishes,
    pub(super) unread: i64,
    /// Title and words of the newest, as many as a digest lists.
    pub(super) newest: Vec<(String, String)>,
}

/// Readers that are written to at once.
pub(super) const READERS: usize = 200;

/// Whoever wants a digest and has unread steps, at least one of them since the given instant: the
/// next [`READERS`] after somebody.
pub(super) async fn readers(
    tx: &mut Tx,
    tenant: TenantId,
    since: DateTime<Utc>,
    after: Option<Uuid>,
) -> Result<Vec<Reader>> {
    let today = tx.today();
    let [listed, most] = [LISTED, READERS].map(|n| i64::try_from(n).unwrap_or(0));
    let rows = sqlx::query!(
        r#"select p.id, w.steps as "steps?: Choice", w.quiet_from as "quiet_from?",
                  w.quiet_to as "quiet_to?", u.unread as "unread!",
                  u.newest as "newest!: Json<Vec<(String, String)>>"
             from people p
             left join notice_wishes w on w.tenant_id = $1 and w.person_id = p.id
             join lateral (
                  select count(*) as unread, max(l.at) as last,
                         json_agg(json_build_array(l.title, l.words) order by l.place)
                             filter (where l.place <= $4) as newest
                    from (select n.at, n.title, n.words, row_number() over (order by n.id desc) as place
                            from appointments m
                            join notices n on n.tenant_id = $1 and n.post_id = m.post_id and n.read_at is null
                                 and n.class = 'step'
                           where m.tenant_id = $1 and m.person_id = p.id
                             and m.from_day <= $2 and (m.to_day is null or m.to_day > $2)) l) u on u.last > $3
            where p.tenant_id = $1 and p.mail_mask is not null and coalesce(w.steps = 'digest', true)
              and ($5::uuid is null or p.id > $5)
            order by p.id limit $6"#,
        tenant.0,
        today,
        since,
        listed,
        after,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    let readers = rows.into_iter().map(|row| Reader {
        person: row.id,
        wishes: wishes_of(row.steps, row.quiet_from, row.quiet_to),
        unread: row.unread,
        newest: row.newest.0,
    });
    Ok(readers.collect())
}

/// Which part of an inbox is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// Unread ones alone.
    pub(super) unread: bool,
    /// One class alone.
    pub(super) class: Option<Class>,
    /// After this one.
    pub(super) after: Option<Uuid>,
    /// Which was read already.
    pub(super) after_read: bool,
}

/// An inbox and what stands beside it.
pub(super) struct Inbox {
    /// Unread first, each part newest first; one more than a page.
    pub(super) rows: Vec<Notice>,
    /// How many the part has.
    pub(super) total: i64,
    /// How many are unread in all classes.
    pub(super) unread: i64,
    pub(super) beside: Beside,
}

/// How the viewer hears of notices.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Beside {
    pub(super) has_mail: bool,
    pub(super) steps: Option<Choice>,
    pub(super) quiet_from: Option<i16>,
    pub(super) quiet_to: Option<i16>,
    /// The viewer's mails of the last thirty days that are on their way in vain or never arrive.
    pub(super) undelivered: i64,
    pub(super) last_undelivered: Option<DateTime<Utc>>,
}

/// The inbox of the post acted for.
pub(super) async fn inbox(tx: &mut Tx, me: &Viewer, part: Part) -> Result<Inbox> {
    let month = tx.now - chrono::Duration::days(30);
    let row = sqlx::query!(
        r#"with shown as (
               (select n.*, false as read from notices n
                 where n.tenant_id = $1 and n.post_id = $2 and n.read_at is null and not $6
                   and ($3::notice_class is null or n.class = $3) and ($5::uuid is null or n.id < $5)
                 order by n.id desc limit $7)
               union all
               (select n.*, true from notices n
                 where n.tenant_id = $1 and n.post_id = $2 and n.read_at is not null and not $4
                   and ($3::notice_class is null or n.class = $3) and ($5::uuid is null or not $6 or n.id < $5)
                 order by n.id desc limit $7)
               order by read, id desc limit $7)
           select coalesce((select json_agg(json_build_object('id', s.id, 'at', s.at, 'class', s.class,
                         'verb', s.verb, 'title', s.title, 'words', s.words, 'ask', s.ask, 'read', s.read)
                         order by s.read, s.id desc) from shown s), '[]') as "rows!: Json<Vec<Notice>>",
                  (select count(*) from (select from notices n
                    where n.tenant_id = $1 and n.post_id = $2 and (not $4 or n.read_at is null)
                      and ($3::notice_class is null or n.class = $3) limit $8) c) as "total!",
                  (select count(*) from notices n
                    where n.tenant_id = $1 and n.post_id = $2 and n.read_at is null) as "unread!",
                  (select json_build_object('has_mail', p.mail_mask is not null, 'steps', w.steps, 'quiet_from', w.quiet_from,
                          'quiet_to', w.quiet_to, 'undelivered', d.n, 'last_undelivered', d.last)
                     from people p
                     left join notice_wishes w on w.tenant_id = $1 and w.person_id = $9
                     cross join (select count(*) as n, max(d.at) as last from deliveries d
                           where d.tenant_id = $1 and d.person_id = $9 and d.at > $10 and d.last_error is not null
                             and d.state <> 'sent') d
                    where p.tenant_id = $1 and p.id = $9) as "beside!: Json<Beside>""#,
        me.tenant.0,
        me.post.0,
        part.class as Option<Class>,
        part.unread,
        part.after,
        part.after_read,
        PAGE + 1,
        COUNTED + 1,
        me.person.0,
        month
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Inbox {
        rows: row.rows.0,
        total: row.total,
        unread: row.unread,
        beside: row.beside.0,
    })
}

/// Marks a notice of the post acted for as read; answers where it leads, if there is such a one.
pub(super) async fn read(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<Option<String>> {
    let now = tx.now;
    Ok(sqlx::query_scalar!(
        "update notices set read_at = coalesce(read_at, $4), read_by = coalesce(read_by, $5)
          where tenant_id = $1 and post_id = $2 and id = $3
         returning link",
        me.tenant.0,
        me.post.0,
        id,
        now,
        me.person.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Marks every notice of the post acted for as read, up to the newest that the page showed.
pub(super) async fn read_all(tx: &mut Tx, me: &Viewer, newest: Uuid) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update notices set read_at = $4, read_by = $5
          where tenant_id = $1 and post_id = $2 and read_at is null and id <= $3",
        me.tenant.0,
        me.post.0,
        newest,
        now,
        me.person.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The viewer's own wishes, and the sealed address: one round trip.
pub(super) async fn wishes(db: &mut PgConnection, me: &Viewer) -> Result<(Wishes, Option<Sealed>)> {
    let row = sqlx::query!(
        r#"select w.steps as "steps?: Choice", w.quiet_from as "quiet_from?", w.quiet_to as "quiet_to?",
                  v.key_name as "key_name?", v.sealed as "sealed?"
             from people p
             left join notice_wishes w on w.tenant_id = $1 and w.person_id = p.id
             left join personal_values v on v.tenant_id = $1 and v.owner_id = p.id and v.field = 'mail'
            where p.tenant_id = $1 and p.id = $2"#,
        me.tenant.0,
        me.person.0
    )
    .fetch_one(db)
    .await?;
    let sealed = row.key_name.zip(row.sealed);
    let sealed = sealed.map(|(key_name, bytes)| Sealed { key_name, bytes });
    Ok((wishes_of(row.steps, row.quiet_from, row.quiet_to), sealed))
}

/// Keeps the mask of the viewer's own address, and the wishes.
pub(super) async fn keep_wishes(
    tx: &mut Tx,
    me: &Viewer,
    mail_mask: Option<&str>,
    wishes: Wishes,
) -> Result<()> {
    sqlx::query!(
        "update people set mail_mask = $3, anonymised_at = case when $3::text is null then anonymised_at end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        me.person.0,
        mail_mask
    )
    .execute(&mut **tx)
    .await?;
    let (from, to) = wishes.quiet.unzip();
    sqlx::query!(
        "insert into notice_wishes (tenant_id, person_id, steps, quiet_from, quiet_to) values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, person_id) do update
         set steps = excluded.steps, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to",
        me.tenant.0,
        me.person.0,
        wishes.steps as Choice,
        from,
        to
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The mails of all people, newest first, after one of them; with `open` only those not sent.
pub(super) async fn deliveries(
    tx: &mut Tx,
    me: &Viewer,
    open: bool,
    after: Option<Uuid>,
) -> Result<(Vec<Delivery>, i64)> {
    let row = sqlx::query!(
        r#"select coalesce((select json_agg(x order by x.id desc) from (
                     select d.id, d.at, p.name as person, d.subject, d.kind, d.state, d.due_at, d.tries,
                            coalesce(d.last_error, '') as last_error, d.ended_at
                       from deliveries d
                       join people p on p.tenant_id = $1 and p.id = d.person_id
                      where d.tenant_id = $1 and (not $2 or d.state <> 'sent') and ($3::uuid is null or d.id < $3)
                      order by d.id desc limit $4) x), '[]') as "rows!: Json<Vec<Delivery>>",
                  (select count(*) from (select from deliveries d
                    where d.tenant_id = $1 and (not $2 or d.state <> 'sent') limit $5) c) as "total!""#,
        me.tenant.0,
        open,
        after,
        PAGE + 1,
        COUNTED + 1
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.rows.0, row.total))
}

/// The last mails to anybody.
pub async fn latest(tx: &mut Tx, tenant: TenantId, most: i64) -> Result<Vec<Delivery>> {
    Ok(sqlx::query_as!(
        Delivery,
        r#"select d.id, d.at, p.name as person, d.subject, d.kind as "kind: Parcel", d.state as "state: State",
                  d.due_at, d.tries, coalesce(d.last_error, '') as "last_error!", d.ended_at
             from deliveries d
             join people p on p.tenant_id = $1 and p.id = d.person_id
            where d.tenant_id = $1
            order by d.id desc limit $2"#,
        tenant.0,
        most
    )
    .fetch_all(&mut **tx)
    .await?)
}
