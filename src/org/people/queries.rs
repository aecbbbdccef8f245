//! The SQL of accounts, sessions and posts held.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Lock;
use crate::base::db::Tx;
use crate::base::error::Result;
use crate::org::access::{PostKind, Viewer};
use crate::org::{AppointmentId, PersonId, SessionId, TenantId};

/// An account, as sign-in needs it.
pub(super) struct Account {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) hash: String,
    pub(super) lock: Lock,
    /// Until when the password of the slip holds, as long as nobody has changed it.
    pub(super) first_until: Option<DateTime<Utc>>,
    pub(super) is_closed: bool,
    pub(super) appointment: Option<AppointmentId>,
}

/// The account of a sign-in name, locked for this transaction so that failures are counted one by one.
pub(super) async fn account(tx: &mut Tx, tenant: TenantId, login: &str) -> Result<Option<Account>> {
    let today = tx.today();
    let row = sqlx::query!(
        r#"select a.person_id, p.name, a.password_hash, a.failures, a.locked_until,
                  case when a.must_change then a.first_until end as first_until,
                  a.closed_at is not null as "is_closed!",
                  (select m.id from appointments m
                     join posts o on o.tenant_id = $1 and o.id = m.post_id
                    where m.tenant_id = $1 and m.person_id = a.person_id
                      and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                    order by o.kind, m.from_day, m.id limit 1) as appointment
             from accounts a
             join people p on p.tenant_id = $1 and p.id = a.person_id
            where a.tenant_id = $1 and a.login = $2
              for update of a"#,
        tenant.0,
        login,
        today
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|r| Account {
        person: r.person_id.into(),
        name: r.name,
        hash: r.password_hash,
        lock: Lock {
            failures: r.failures,
            until: r.locked_until,
        },
        first_until: r.first_until,
        is_closed: r.is_closed,
        appointment: r.appointment.map(AppointmentId),
    }))
}

/// Keeps an account's failures and lock.
pub(super) async fn keep_lock(
    tx: &mut Tx,
    tenant: TenantId,
    person: PersonId,
    lock: Lock,
) -> Result<()> {
    sqlx::query!(
        "update accounts set failures = $3, locked_until = $4 where tenant_id = $1 and person_id = $2",
        tenant.0,
        person.0,
        lock.failures,
        lock.until
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The failures from one network address.
pub(super) async fn source(tx: &mut Tx, tenant: TenantId, source: IpAddr) -> Result<Lock> {
    let row = sqlx::query!(
        "select failures, locked_until from sign_in_sources
          where tenant_id = $1 and host(source) = $2 for update",
        tenant.0,
        source.to_string()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or(
        Lock {
            failures: 0,
            until: None,
        },
        |r| Lock {
            failures: r.failures,
            until: r.locked_until,
        },
    ))
}

/// Keeps the failures from one network address.
pub(super) async fn keep_source(
    tx: &mut Tx,
    tenant: TenantId,
    source: IpAddr,
    lock: Lock,
) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into sign_in_sources (tenant_id, source, failures, last_at, locked_until)
         values ($1, $2::text::inet, $3, $4, $5)
         on conflict (tenant_id, source) do update
         set failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until",
        tenant.0,
        source.to_string(),
        lock.failures,
        now,
        lock.until
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A signed-in browser to be kept.
pub(super) struct NewSession<'a> {
    pub(super) id: SessionId,
    pub(super) digest: &'a [u8],
    pub(super) person: PersonId,
    pub(super) appointment: AppointmentId,
    pub(super) agent: &'a str,
}

/// Keeps a new session.
pub(super) async fn open_session(tx: &mut Tx, tenant: TenantId, new: NewSession<'_>) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "insert into sessions (tenant_id, id, token_digest, person_id, appointment_id, agent, created_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
        tenant.0,
        new.id.0,
        new.digest,
        new.person.0,
        new.appointment.0,
        new.agent,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One live session in the list of one's own.
pub(super) struct OpenSession {
    pub(super) id: Uuid,
    pub(super) agent: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) seen_at: DateTime<Utc>,
}

/// One's own live sessions.
pub(super) async fn sessions(tx: &mut Tx, me: &Viewer) -> Result<Vec<OpenSession>> {
    let (now, today) = (tx.now, tx.today());
    Ok(sqlx::query_as!(
        OpenSession,
        "select s.id, s.agent, s.created_at, s.seen_at
           from sessions s
           join appointments m on m.tenant_id = $1 and m.id = s.appointment_id
           join posts o on o.tenant_id = $1 and o.id = m.post_id
          where s.tenant_id = $1 and s.person_id = $2 and s.ended_at is null
            and session_lives($1, o.kind, s.seen_at, s.created_at, $3, $4)
          order by s.seen_at desc",
        me.tenant.0,
        me.person.0,
        now,
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Ends one of one's own sessions; says whether there was such a one.
pub(super) async fn end_session(tx: &mut Tx, me: &Viewer, id: SessionId) -> Result<bool> {
    let now = tx.now;
    let ended = sqlx::query!(
        "update sessions set ended_at = $4
          where tenant_id = $1 and person_id = $2 and id = $3 and ended_at is null",
        me.tenant.0,
        me.person.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends one's other sessions, after a new password.
pub(super) async fn end_other_sessions(tx: &mut Tx, me: &Viewer) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update sessions set ended_at = $4
          where tenant_id = $1 and person_id = $2 and id <> $3 and ended_at is null",
        me.tenant.0,
        me.person.0,
        me.session.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One's own sign-in name and password hash.
pub(super) async fn secret(db: &mut PgConnection, me: &Viewer) -> Result<(String, String)> {
    let row = sqlx::query!(
        "select login, password_hash from accounts where tenant_id = $1 and person_id = $2",
        me.tenant.0,
        me.person.0
    )
    .fetch_one(db)
    .await?;
    Ok((row.login, row.password_hash))
}

/// The names of the city, its streets and the person: a password should not be made of them.
pub(super) async fn own_names(db: &mut PgConnection, me: &Viewer) -> Result<Vec<String>> {
    let mut names = sqlx::query_scalar!(
        "select name from nodes where tenant_id = $1 and level = 1",
        me.tenant.0
    )
    .fetch_all(db)
    .await?;
    names.extend([me.city.clone(), me.name.clone()]);
    Ok(names)
}

/// Keeps a new password.
pub(super) async fn keep_password(tx: &mut Tx, me: &Viewer, hash: &str) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update accounts set password_hash = $3, password_set_at = $4, must_change = false
          where tenant_id = $1 and person_id = $2",
        me.tenant.0,
        me.person.0,
        hash,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A post one holds today.
pub(super) struct Held {
    pub(super) appointment: Uuid,
    pub(super) title: String,
    pub(super) seat: String,
    pub(super) from_day: NaiveDate,
    /// Whose it is, if one stands in for somebody who is away.
    pub(super) absent: Option<String>,
}

/// The posts one holds today, then those of the absent for whom one stands in.
pub(super) async fn held(tx: &mut Tx, me: &Viewer) -> Result<Vec<Held>> {
    let today = tx.today();
    Ok(sqlx::query_as!(
        Held,
        r#"with mine as (
               select m.id, m.post_id, m.from_day, null::text as absent from appointments m
                where m.tenant_id = $1 and m.person_id = $2
                  and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
               union all
               select m.id, m.post_id, m.from_day, h.name from leaves l
                 join people h on h.tenant_id = $1 and h.id = l.person_id
                 join appointments m on m.tenant_id = $1 and m.person_id = l.person_id
                      and m.from_day <= $3 and (m.to_day is null or m.to_day > $3)
                where l.tenant_id = $1 and l.ended_at is null and $3 between l.from_day and l.to_day
                  and l.person_id <> $2 and stand_in($1, l.person_id, $3) = $2
           )
           select m.id as "appointment!", o.title, coalesce(n.name, d.name, t.name) as "seat!",
                  m.from_day as "from_day!", m.absent
             from mine m
             join tenants t on t.id = $1
             join posts o on o.tenant_id = $1 and o.id = m.post_id
             left join nodes n on n.tenant_id = $1 and n.id = o.node_id
             left join departments d on d.tenant_id = $1 and d.id = o.department_id
            order by m.absent nulls first, o.kind, m.from_day, m.id"#,
        me.tenant.0,
        me.person.0,
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Lets the session act for another of one's posts, or for one of somebody who is away.
pub(super) async fn act_for(
    tx: &mut Tx,
    me: &Viewer,
    appointment: AppointmentId,
    stands_in: bool,
) -> Result<()> {
    sqlx::query!(
        "update sessions set appointment_id = case when $4 then appointment_id else $3 end,
                for_appointment_id = case when $4 then $3 end
          where tenant_id = $1 and id = $2",
        me.tenant.0,
        me.session.0,
        appointment.0,
        stands_in
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An administrator of a tenant that has none, with a post and an account.
pub(super) struct NewAdmin<'a> {
    pub(super) kind: PostKind,
    pub(super) title: &'a str,
    pub(super) login: &'a str,
    pub(super) hash: &'a str,
    pub(super) now: DateTime<Utc>,
    /// Until when the first password holds.
    pub(super) until: DateTime<Utc>,
    pub(super) today: NaiveDate,
}

/// Keeps an administrator; the name is that of the post, until the register has the person's.
pub(super) async fn add_admin(
    db: &mut PgConnection,
    tenant: TenantId,
    new: NewAdmin<'_>,
) -> Result<()> {
    let [person, post, appointment] = [0; 3].map(|_| crate::base::id::uuid_at(new.now));
    sqlx::query!(
        "insert into people (tenant_id, id, name, identity) values ($1, $2, $3, '机关干部')",
        tenant.0,
        person,
        new.title
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into posts (tenant_id, id, kind, title, valid_from) values ($1, $2, $3, $4, $5)",
        tenant.0,
        post,
        new.kind as PostKind,
        new.title,
        new.today
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into appointments (tenant_id, id, post_id, person_id, from_day) values ($1, $2, $3, $4, $5)",
        tenant.0,
        appointment,
        post,
        person,
        new.today
    )
    .execute(&mut *db)
    .await?;
    add_account(db, tenant, person, &new).await
}

async fn add_account(
    db: &mut PgConnection,
    tenant: TenantId,
    person: Uuid,
    new: &NewAdmin<'_>,
) -> Result<()> {
    sqlx::query!(
        "insert into accounts (tenant_id, person_id, login, password_hash, password_set_at, must_change, first_until)
         values ($1, $2, $3, $4, $5, true, $6)",
        tenant.0,
        person,
        new.login,
        new.hash,
        new.now,
        new.until
    )
    .execute(db)
    .await?;
    Ok(())
}
