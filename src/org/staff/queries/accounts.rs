//! Accounts, first passwords, signed-in browsers.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::db::{Tx, on_constraint, one_changed};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::Viewer;
use crate::org::{PersonId, SessionId};

/// A signed-in browser of a person.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct OpenSession {
    pub(in super::super) id: Uuid,
    pub(in super::super) agent: String,
    pub(in super::super) created_at: DateTime<Utc>,
    pub(in super::super) seen_at: DateTime<Utc>,
}

/// The first sign-in name that is free: `zhangwei`, `zhangwei2`, `zhangwei3` ….
pub(in super::super) async fn fresh_name(tx: &mut Tx, me: &Viewer, stem: &str) -> Result<String> {
    Ok(sqlx::query_scalar!(
        r#"select case n when 1 then $2 else $2 || n end as "login!"
             from generate_series(1, 999) n
            where not exists (select from accounts a where a.tenant_id = $1
                                 and a.login = case n when 1 then $2 else $2 || n end)
            order by n limit 1"#,
        me.tenant.0,
        stem
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// An account to be made, with the password of its slip.
pub(in super::super) struct NewAccount<'a> {
    pub(in super::super) person: PersonId,
    pub(in super::super) login: &'a str,
    pub(in super::super) hash: &'a str,
    pub(in super::super) until: DateTime<Utc>,
}

/// Makes an account; a taken name gets its sentence.
pub(in super::super) async fn create_account(
    tx: &mut Tx,
    me: &Viewer,
    new: NewAccount<'_>,
) -> Result<()> {
    let now = tx.now;
    let made = sqlx::query!(
        "insert into accounts (tenant_id, person_id, login, password_hash, password_set_at, must_change, first_until)
         values ($1, $2, $3, $4, $5, true, $6)",
        me.tenant.0,
        new.person.0,
        new.login,
        new.hash,
        now,
        new.until
    )
    .execute(&mut **tx)
    .await;
    let made = on_constraint(made, "accounts_login_key", || {
        let mut errors = FieldErrors::new();
        errors.add("login", "这个账号已有人用，请换一个。");
        Error::Invalid(errors)
    });
    match made {
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives an account the password of a new slip; failures and their lock are forgotten.
pub(in super::super) async fn new_password(
    tx: &mut Tx,
    me: &Viewer,
    person: PersonId,
    (hash, until): (&str, DateTime<Utc>),
) -> Result<()> {
    let now = tx.now;
    let reset = sqlx::query!(
        "update accounts set password_hash = $3, password_set_at = $4, must_change = true, first_until = $5,
                failures = 0, locked_until = null
          where tenant_id = $1 and person_id = $2 and closed_at is null",
        me.tenant.0,
        person.0,
        hash,
        now,
        until
    )
    .execute(&mut **tx)
    .await?;
    one_changed(reset.rows_affected())
}

/// Forgets failures and their lock.
pub(in super::super) async fn unlock(tx: &mut Tx, me: &Viewer, person: PersonId) -> Result<()> {
    let now = tx.now;
    let unlocked = sqlx::query!(
        "update accounts set failures = 0, locked_until = null
          where tenant_id = $1 and person_id = $2 and locked_until > $3",
        me.tenant.0,
        person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    one_changed(unlocked.rows_affected())
}

/// Closes an account.
pub(in super::super) async fn close_account(
    tx: &mut Tx,
    me: &Viewer,
    person: PersonId,
    reason: &str,
) -> Result<()> {
    let now = tx.now;
    let closed = sqlx::query!(
        "update accounts set closed_at = $3, closed_reason = $4
          where tenant_id = $1 and person_id = $2 and closed_at is null",
        me.tenant.0,
        person.0,
        now,
        reason
    )
    .execute(&mut **tx)
    .await?;
    one_changed(closed.rows_affected())
}

/// Opens a closed account again.
pub(in super::super) async fn open_account(
    tx: &mut Tx,
    me: &Viewer,
    person: PersonId,
) -> Result<()> {
    let opened = sqlx::query!(
        "update accounts set closed_at = null, closed_reason = null
          where tenant_id = $1 and person_id = $2 and closed_at is not null",
        me.tenant.0,
        person.0
    )
    .execute(&mut **tx)
    .await?;
    one_changed(opened.rows_affected())
}

/// Ends all sessions of a person; says how many there were.
pub(in super::super) async fn end_sessions(
    tx: &mut Tx,
    me: &Viewer,
    person: PersonId,
) -> Result<u64> {
    let now = tx.now;
    let ended = sqlx::query!(
        "update sessions set ended_at = $3 where tenant_id = $1 and person_id = $2 and ended_at is null",
        me.tenant.0,
        person.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected())
}

/// Whose session it is, if it lives.
pub(in super::super) async fn session_owner(
    tx: &mut Tx,
    me: &Viewer,
    id: SessionId,
) -> Result<PersonId> {
    sqlx::query_scalar!(
        "select person_id from sessions where tenant_id = $1 and id = $2 and ended_at is null",
        me.tenant.0,
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(PersonId)
    .ok_or(Error::NotFound)
}

/// Ends one session.
pub(in super::super) async fn end_session(tx: &mut Tx, me: &Viewer, id: SessionId) -> Result<()> {
    let now = tx.now;
    sqlx::query!(
        "update sessions set ended_at = $3 where tenant_id = $1 and id = $2 and ended_at is null",
        me.tenant.0,
        id.0,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks the posts of security administrators, so that the last two do not remove one another.
pub(crate) async fn hold_security(tx: &mut Tx, me: &Viewer) -> Result<()> {
    sqlx::query_scalar!(
        "select id from posts where tenant_id = $1 and kind = 'security_admin' order by id for no key update",
        me.tenant.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// How many security administrators can sign in on a day, today or later.
pub(in super::super) async fn security_admins(
    tx: &mut Tx,
    me: &Viewer,
    day: NaiveDate,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select security_admins($1, $2) as "count!""#,
        me.tenant.0,
        day
    )
    .fetch_one(&mut **tx)
    .await?)
}
