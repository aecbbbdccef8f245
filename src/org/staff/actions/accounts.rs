//! Accounts: made and reset with a slip, unlocked, closed, opened again; sessions ended.

use chrono::{DateTime, Utc};

use super::super::model::{is_login, login_for};
use super::super::queries::{self, NewAccount};
use super::somebody_stays;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::password;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::people::{SLIP_HOLDS, first_password};
use crate::org::{PersonId, SessionId};

/// What is printed once and handed over (账号条).
#[derive(Debug)]
pub(in super::super) struct Slip {
    pub(in super::super) name: String,
    pub(in super::super) login: String,
    pub(in super::super) password: String,
    pub(in super::super) until: DateTime<Utc>,
}

/// Makes an account with a first password.
pub(in super::super) async fn open(
    tx: &mut Tx,
    me: &Viewer,
    id: PersonId,
    login: &str,
) -> Result<Slip> {
    let person = queries::person(tx, me, id).await?;
    if person.account.is_some() {
        return Err(Error::Refused(
            "这个人已有账号。忘了密码请用“重置密码”。".to_owned(),
        ));
    }
    let login = login.trim().to_lowercase();
    if !is_login(&login) {
        let mut errors = FieldErrors::new();
        errors.add(
            "login",
            "账号用 2 至 40 个小写字母、数字或 . _ -，例如 zhangwei。",
        );
        return Err(Error::Invalid(errors));
    }
    // What was proposed and is somebody's already gets a number; what was typed is told to be taken.
    let login = if login == login_for(&person.facts.name) {
        queries::fresh_name(tx, me, &login).await?
    } else {
        login
    };
    let slip = slip(tx, person.facts.name, login);
    let hash = password::hashed(slip.password.clone()).await?;
    let new = NewAccount {
        person: id,
        login: &slip.login,
        hash: &hash,
        until: slip.until,
    };
    queries::create_account(tx, me, new).await?;
    let sentence = format!("账号 {}。", slip.login);
    record(tx, me, id, Verb::OpenAccount, &sentence).await?;
    Ok(slip)
}

/// Gives an account a new first password and ends its sessions.
pub(in super::super) async fn reset(tx: &mut Tx, me: &Viewer, id: PersonId) -> Result<Slip> {
    let person = queries::person(tx, me, id).await?;
    let Some(account) = person.account else {
        return Err(Error::Refused(
            "这个人还没有账号，请先开通账号。".to_owned(),
        ));
    };
    if account.closed_at.is_some() {
        return Err(Error::Refused("账号已停用，请先恢复账号。".to_owned()));
    }
    let slip = slip(tx, person.facts.name, account.login);
    let hash = password::hashed(slip.password.clone()).await?;
    queries::new_password(tx, me, id, (&hash, slip.until)).await?;
    let ended = queries::end_sessions(tx, me, id).await?;
    let sentence = match ended {
        0 => String::new(),
        n => format!("{n} 台设备已退出。"),
    };
    record(tx, me, id, Verb::ResetPassword, &sentence).await?;
    Ok(slip)
}

/// A slip with a new password.
pub(super) fn slip(tx: &Tx, name: String, login: String) -> Slip {
    Slip {
        name,
        login,
        password: first_password(),
        until: tx.now + SLIP_HOLDS,
    }
}

/// Takes off the lock after failures.
pub(in super::super) async fn unlock(tx: &mut Tx, me: &Viewer, id: PersonId) -> Result<()> {
    queries::unlock(tx, me, id).await?;
    record(tx, me, id, Verb::Unlock, "").await
}

/// Closes an account and ends its sessions.
pub(in super::super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    id: PersonId,
    reason: &str,
) -> Result<()> {
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "停用理由", reason, (2, 200));
    errors.or(()).map_err(Error::Invalid)?;
    queries::hold_security(tx, me).await?;
    let today = tx.today();
    let able = queries::security_admins(tx, me, today).await?;
    queries::close_account(tx, me, id, &reason).await?;
    if queries::security_admins(tx, me, today).await? < able {
        somebody_stays(tx, me, today).await?;
    }
    queries::end_sessions(tx, me, id).await?;
    record(tx, me, id, Verb::CloseAccount, &reason).await
}

/// Opens a closed account again.
pub(in super::super) async fn reopen(tx: &mut Tx, me: &Viewer, id: PersonId) -> Result<()> {
    queries::open_account(tx, me, id).await?;
    record(tx, me, id, Verb::ReopenAccount, "").await
}

/// Ends somebody's session.
pub(in super::super) async fn end_session(
    tx: &mut Tx,
    me: &Viewer,
    (id, session): (PersonId, SessionId),
) -> Result<()> {
    if queries::session_owner(tx, me, session).await? != id {
        return Err(Error::NotFound);
    }
    queries::end_session(tx, me, session).await?;
    record(tx, me, id, Verb::EndSession, "").await
}

async fn record(tx: &mut Tx, me: &Viewer, id: PersonId, verb: Verb, sentence: &str) -> Result<()> {
    events::record(tx, me, (Subject::Person, id.0), verb, sentence).await
}
