//! The SQL of reports.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Order, Rhythm, Stage, Wanted};
use crate::base::db::{Tx, on_constraint};
use crate::base::error::{Error, Result};
use crate::org::TenantId;
use crate::org::access::{PostKind, Viewer};
use crate::org::notices::State;
use crate::work::ReportId;
use crate::work::figures::Span;

/// What is said where the same is ordered already.
const SAME: &str = "这一份您已经订了，不用再订。要换时间，请改那一份。";

/// The viewer's own orders, as far as they have not ended, and how his address ends.
pub(super) async fn own(tx: &mut Tx, me: &Viewer) -> Result<(Vec<Order>, Option<String>)> {
    let row = sqlx::query!(
        r#"select p.mail_mask,
                  coalesce((select json_agg(json_build_object('id', r.id, 'post', o.title, 'scope', r.scope,
                          'name', scope_name($1, r.scope), 'rhythm', r.rhythm, 'hour', r.hour, 'stage', r.stage,
                          'version', r.version, 'next_at', r.next_at, 'sendings', (
                              select coalesce(json_agg(x order by x.id desc), '[]') from (
                                  select s.id, s.first, s.last, s.passed, d.state, d.due_at, d.tries,
                                         coalesce(d.last_error, '') as last_error, d.ended_at
                                    from report_sendings s
                                    join deliveries d on d.tenant_id = $1 and d.id = s.id
                                   where s.tenant_id = $1 and s.report_id = r.id
                                   order by s.id desc limit 5) x)) order by r.slot)
                      from reports r
                      join posts o on o.tenant_id = $1 and o.id = r.post_id
                     where r.tenant_id = $1 and r.person_id = $2 and r.stage <> 'ended'), '[]')
                      as "orders!: Json<Vec<Order>>"
             from people p
            where p.tenant_id = $1 and p.id = $2"#,
        me.tenant.0,
        me.person.0
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.orders.0, row.mail_mask))
}

/// The parts of the city that a form offers, by key and name: one's own, what that is made of, and
/// one more that was asked for.
pub(super) async fn offers(
    tx: &mut Tx,
    me: &Viewer,
    own: &str,
    (level_below, given): (Option<i16>, Option<&str>),
) -> Result<Vec<(String, String)>> {
    let offers = sqlx::query_scalar!(
        r#"select coalesce(json_agg(json_build_array(x.key, x.name) order by x.place, x.position), '[]')
                  as "offers!: Json<Vec<(String, String)>>"
             from (select k.key, scope_name($1, k.key) as name, 0 as place, k.key as position
                     from (select $2::text as key union select $4::text) k where k.key is not null
                   union all
                   select n.code, n.name, 1, n.code
                     from nodes n
                    where n.tenant_id = $1 and n.level = $3 and starts_with(n.code, $2) and n.valid_to is null
                      and n.code is distinct from $4
                   union all
                   select d.id::text, d.name, 2, to_char(d.position, 'FM00000')
                     from departments d
                    where $2 = '' and d.tenant_id = $1 and d.valid_to is null and d.id::text is distinct from $4) x
            where x.name is not null"#,
        me.tenant.0,
        own,
        level_below,
        given
    );
    Ok(offers.fetch_one(&mut **tx).await?.0)
}

/// What a part of the city is called, and whether the viewer has an address.
pub(super) async fn known(tx: &mut Tx, me: &Viewer, scope: &str) -> Result<(Option<String>, bool)> {
    let row = sqlx::query!(
        r#"select scope_name($1, $3) as name, p.mail_mask is not null as "has_mail!"
             from people p where p.tenant_id = $1 and p.id = $2"#,
        me.tenant.0,
        me.person.0,
        scope
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.name, row.has_mail))
}

fn refused<T>(result: std::result::Result<T, sqlx::Error>) -> Result<T> {
    on_constraint(result, "reports_same_key", || {
        Error::Refused(SAME.to_owned())
    })
}

/// Keeps a new order, as one of five; says whether there was room.
pub(super) async fn insert(
    tx: &mut Tx,
    me: &Viewer,
    id: ReportId,
    wanted: &Wanted,
    next_at: DateTime<Utc>,
) -> Result<bool> {
    let now = tx.now;
    let slot = sqlx::query_scalar!(
        "insert into reports (tenant_id, id, person_id, post_id, slot, scope, rhythm, hour, stage, version, since,
                              next_at, made_at)
         select $1, $2, $3, $4, s.slot, $5, $6, $7, 'active', 1, $8, $9, $8
           from unnest(array[1, 2, 3, 4, 5]::smallint[]) as s (slot)
          where not exists (select from reports r
                             where r.tenant_id = $1 and r.person_id = $3 and r.slot = s.slot and r.stage <> 'ended')
          order by s.slot limit 1
         returning slot",
        me.tenant.0,
        id.0,
        me.person.0,
        me.post.0,
        wanted.scope,
        wanted.rhythm as Rhythm,
        wanted.hour,
        now,
        next_at
    )
    .fetch_optional(&mut **tx)
    .await;
    if let Err(sqlx::Error::Database(refusal)) = &slot
        && refusal.constraint() == Some("reports_slot_key")
    {
        // Two at once took the same place: the other one is in it.
        return Err(Error::Stale);
    }
    Ok(refused(slot)?.is_some())
}

/// An order of the viewer's own, its row locked.
pub(super) struct Own {
    pub(super) wanted: Wanted,
    pub(super) name: Option<String>,
    pub(super) stage: Stage,
    pub(super) version: i32,
    pub(super) since: DateTime<Utc>,
}

/// Locks an order of the viewer's own that has not ended.
pub(super) async fn hold_own(tx: &mut Tx, me: &Viewer, id: ReportId) -> Result<Own> {
    let row = sqlx::query!(
        r#"select r.scope, scope_name($1, r.scope) as name, r.rhythm as "rhythm: Rhythm", r.hour,
                  r.stage as "stage: Stage", r.version, r.since
             from reports r
            where r.tenant_id = $1 and r.person_id = $2 and r.id = $3 and r.stage <> 'ended'
              for update of r"#,
        me.tenant.0,
        me.person.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(Own {
        wanted: Wanted {
            scope: row.scope,
            rhythm: row.rhythm,
            hour: row.hour,
        },
        name: row.name,
        stage: row.stage,
        version: row.version,
        since: row.since,
    })
}

/// How an order is to stand.
pub(super) struct Standing<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) stage: Stage,
    pub(super) version: i32,
    pub(super) since: DateTime<Utc>,
    pub(super) next_at: Option<DateTime<Utc>>,
}

/// Sets how an order stands, as of the post that the viewer acts for.
pub(super) async fn set(
    tx: &mut Tx,
    me: &Viewer,
    id: ReportId,
    standing: &Standing<'_>,
) -> Result<()> {
    let now = tx.now;
    let ended_at = (standing.stage == Stage::Ended).then_some(now);
    let set = sqlx::query!(
        "update reports set post_id = $3, scope = $4, rhythm = $5, hour = $6, stage = $7, version = $8, since = $9,
                next_at = $10, ended_at = $11
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        id.0,
        me.post.0,
        standing.wanted.scope,
        standing.wanted.rhythm as Rhythm,
        standing.wanted.hour,
        standing.stage as Stage,
        standing.version,
        standing.since,
        standing.next_at,
        ended_at
    )
    .execute(&mut **tx)
    .await;
    refused(set)?;
    Ok(())
}

/// The mails of an order that were noted and not sent.
pub(super) async fn waiting(tx: &mut Tx, tenant: TenantId, id: ReportId) -> Result<Vec<Uuid>> {
    let waiting = sqlx::query_scalar!(
        "select d.id from report_sendings s
           join deliveries d on d.tenant_id = $1 and d.id = s.id
          where s.tenant_id = $1 and s.report_id = $2 and d.state = 'waiting' order by d.id",
        tenant.0,
        id.0
    );
    Ok(waiting.fetch_all(&mut **tx).await?)
}

/// An order that came due, its row locked, with what must hold for it to be sent.
pub(super) struct Due {
    pub(super) person: Uuid,
    pub(super) person_name: String,
    pub(super) has_mail: bool,
    /// Whether the person still acts for the post and can sign in.
    pub(super) holds: bool,
    pub(super) post: PostKind,
    /// The key of the post's own part of the city.
    pub(super) own: String,
    pub(super) wanted: Wanted,
    /// What the part of the city is called, if there still is one.
    pub(super) name: Option<String>,
    pub(super) since: DateTime<Utc>,
    pub(super) next_at: Option<DateTime<Utc>>,
    pub(super) city: String,
    pub(super) host: String,
}

/// Locks an order that is sent and stands at this version.
pub(super) async fn hold_due(
    tx: &mut Tx,
    tenant: TenantId,
    (id, version): (ReportId, i32),
) -> Result<Option<Due>> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select r.person_id, p.name as person_name, p.mail_mask is not null as "has_mail!",
                  exists (select from appointments m
                           where m.tenant_id = $1 and m.post_id = r.post_id
                             and m.from_day <= $4 and (m.to_day is null or m.to_day > $4)
                             and (m.person_id = r.person_id or stand_in($1, m.person_id, $4) = r.person_id))
                  and exists (select from accounts a
                               where a.tenant_id = $1 and a.person_id = r.person_id and a.closed_at is null)
                      as "holds!",
                  o.kind as "post: PostKind", coalesce(n.code, o.department_id::text, '') as "own!",
                  r.scope, r.rhythm as "rhythm: Rhythm", r.hour, scope_name($1, r.scope) as name, r.since, r.next_at,
                  t.name as city,
                  coalesce((select min(h.host) from tenant_hosts h where h.tenant_id = $1), '') as "host!"
             from reports r
             join tenants t on t.id = $1
             join people p on p.tenant_id = $1 and p.id = r.person_id
             join posts o on o.tenant_id = $1 and o.id = r.post_id
             left join nodes n on n.tenant_id = $1 and n.id = o.node_id
            where r.tenant_id = $1 and r.id = $2 and r.version = $3 and r.stage = 'active'
              for update of r"#,
        tenant.0,
        id.0,
        version,
        today
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Due {
        person: row.person_id,
        person_name: row.person_name,
        has_mail: row.has_mail,
        holds: row.holds,
        post: row.post,
        own: row.own,
        wanted: Wanted {
            scope: row.scope,
            rhythm: row.rhythm,
            hour: row.hour,
        },
        name: row.name,
        since: row.since,
        next_at: row.next_at,
        city: row.city,
        host: row.host,
    }))
}

/// Notes when the next is due, and from when on bulletins are still to be sent.
pub(super) async fn go_on(
    tx: &mut Tx,
    tenant: TenantId,
    id: ReportId,
    (next_at, since): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    sqlx::query!(
        "update reports set next_at = $3, since = $4 where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
        next_at,
        since
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A report of some days as it was noted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) id: Uuid,
    pub(super) state: State,
}

/// The report of some days, if it was noted already.
pub(super) async fn noted(
    tx: &mut Tx,
    tenant: TenantId,
    id: ReportId,
    (wanted, first): (&Wanted, NaiveDate),
) -> Result<Option<Noted>> {
    let noted = sqlx::query_as!(
        Noted,
        r#"select d.id, d.state as "state: State"
             from report_sendings s
             join deliveries d on d.tenant_id = $1 and d.id = s.id
            where s.tenant_id = $1 and s.report_id = $2 and s.rhythm = $3 and s.scope = $4 and s.first = $5"#,
        tenant.0,
        id.0,
        wanted.rhythm as Rhythm,
        wanted.scope,
        first
    );
    Ok(noted.fetch_optional(&mut **tx).await?)
}

/// Notes the report of some days under the id of its mail.
pub(super) async fn note(
    tx: &mut Tx,
    tenant: TenantId,
    (id, mail): (ReportId, Uuid),
    (wanted, span, passed): (&Wanted, Span, i32),
) -> Result<()> {
    sqlx::query!(
        "insert into report_sendings (tenant_id, id, report_id, rhythm, scope, first, last, passed)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant.0,
        mail,
        id.0,
        wanted.rhythm as Rhythm,
        wanted.scope,
        span.first,
        span.last,
        passed
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
