//! Signing in and out, passwords, switching posts.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::model::browser;
use super::queries::{self, Account, NewSession};
use crate::base::clock::day_of;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::password;
use crate::org::access::{PostKind, Viewer, digest};
use crate::org::events::{self, Knocker, Subject, Verb};
use crate::org::{AppointmentId, SessionId, TenantId};

/// Someone at the door.
#[derive(Debug)]
pub(super) struct Knock<'a> {
    pub(super) tenant: TenantId,
    pub(super) login: &'a str,
    pub(super) password: &'a str,
    pub(super) source: IpAddr,
    pub(super) agent: &'a str,
}

/// How a sign-in ends.
#[derive(Debug)]
pub(super) enum Answer {
    /// Welcome: the cookie's value.
    Welcome(String),
    /// No, with a sentence that does not say whether the name exists.
    No(&'static str),
}

/// Signs in. Unknown name, wrong password and locked account take the same time. The caller
/// commits in every case: failures must be counted.
pub(super) async fn sign_in(tx: &mut Tx, knock: Knock<'_>) -> Result<Answer> {
    let now = tx.now;
    let tenant = knock.tenant;
    let source = queries::source(tx, tenant, knock.source).await?;
    let login = knock.login.trim().to_lowercase();
    // A name with a character that the database does not know is nobody's.
    let account = if login.contains('\0') {
        None
    } else {
        queries::account(tx, tenant, &login).await?
    };
    let hash = account.as_ref().map(|a| a.hash.clone());
    let right = password::is_right(knock.password.to_owned(), hash).await?;
    let locked = source.holds(now) || account.as_ref().is_some_and(|a| a.lock.holds(now));
    match account {
        Some(account) if right && !locked => welcome(tx, &knock, &account).await,
        account => {
            if !locked {
                queries::keep_source(tx, tenant, knock.source, source.after_failure(now)).await?;
                failed(tx, &knock, account.as_ref()).await?;
            }
            Ok(Answer::No(if locked {
                "输错次数太多，已锁定 15 分钟。请稍后再试，或找本单位管理员。"
            } else {
                "账号或密码不对。请重新输入；连续输错 5 次会锁定 15 分钟。"
            }))
        }
    }
}

/// What the record says besides: where from.
fn from(source: IpAddr) -> String {
    format!("来自 {source}。")
}

/// Counts and records a failure. Those of a locked account or address are neither, so that nobody
/// fills the record by knocking on.
async fn failed(tx: &mut Tx, knock: &Knock<'_>, account: Option<&Account>) -> Result<()> {
    let (tenant, from) = (knock.tenant, from(knock.source));
    let Some(account) = account else {
        let sentence = format!("没有这个账号，{from}");
        let verb = Verb::SignInFail;
        return events::record_at_door(tx, tenant, Knocker::Unknown, verb, &sentence).await;
    };
    let who = Knocker::Known(account.person, &account.name);
    let sentence = format!("密码不对，{from}");
    events::record_at_door(tx, tenant, who, Verb::SignInFail, &sentence).await?;
    let lock = account.lock.after_failure(tx.now);
    queries::keep_lock(tx, tenant, account.person, lock).await?;
    if lock.holds(tx.now) {
        events::record_at_door(tx, tenant, who, Verb::Lock, &from).await?;
    }
    Ok(())
}

async fn welcome(tx: &mut Tx, knock: &Knock<'_>, account: &Account) -> Result<Answer> {
    let (tenant, from) = (knock.tenant, from(knock.source));
    let who = Knocker::Known(account.person, &account.name);
    let outdated = account.first_until.is_some_and(|until| until <= tx.now);
    let appointment = match account.appointment {
        Some(appointment) if !account.is_closed && !outdated => appointment,
        _ => {
            let (why, answer) = if account.is_closed {
                ("账号已停用", "账号已停用。请找本单位管理员。")
            } else if outdated {
                (
                    "首次密码已过期",
                    "首次密码已过期，请找安全管理员重新生成一张账号条。",
                )
            } else {
                (
                    "没有在任职务",
                    "您目前没有在任职务，不能登录。请找本单位管理员。",
                )
            };
            let sentence = format!("{why}，{from}");
            events::record_at_door(tx, tenant, who, Verb::SignInFail, &sentence).await?;
            return Ok(Answer::No(answer));
        }
    };
    let clean = super::model::Lock {
        failures: 0,
        until: None,
    };
    queries::keep_lock(tx, tenant, account.person, clean).await?;
    let token = new_token();
    let new = NewSession {
        id: SessionId::at(tx.now),
        digest: &digest(&token),
        person: account.person,
        appointment,
        agent: &browser(knock.agent),
    };
    queries::open_session(tx, tenant, new).await?;
    events::record_at_door(tx, tenant, who, Verb::SignIn, &from).await?;
    Ok(Answer::Welcome(format!("{tenant}.{token}")))
}

/// How long the password on a slip holds.
pub(crate) const SLIP_HOLDS: Duration = Duration::days(7);

/// A first password for a slip: 48 random bits, with signs of three kinds.
pub(crate) fn first_password() -> String {
    format!("Sw-{}", &new_token()[..12])
}

/// 256 random bits, written in 64 figures.
fn new_token() -> String {
    let bytes: [u8; 32] = rand::random();
    crate::base::assets::hex(&bytes)
}

/// Ends one of one's own sessions.
pub(super) async fn end_session(tx: &mut Tx, me: &Viewer, id: SessionId) -> Result<()> {
    if !queries::end_session(tx, me, id).await? {
        return Err(Error::NotFound);
    }
    events::record(tx, me, (Subject::Account, me.person.0), Verb::SignOut, "").await
}

/// Sets a new password and ends the other sessions.
pub(super) async fn change_password(
    tx: &mut Tx,
    me: &Viewer,
    old: &str,
    new: &str,
    again: &str,
) -> Result<()> {
    let (login, hash) = queries::secret(tx, me).await?;
    let mut errors = FieldErrors::new();
    if !password::is_right(old.to_owned(), Some(hash)).await? {
        errors.add("old", "原密码不对，请重新输入。");
    }
    let names = queries::own_names(tx, me).await?;
    let own = super::model::own_words(&names);
    if let Some(sentence) = password::weakness(new, &login, &own) {
        errors.add("new", sentence);
    } else if new == old {
        errors.add("new", "新密码不能与原密码相同。");
    }
    if new != again {
        errors.add("again", "两次输入的新密码不一样，请重新输入。");
    }
    errors.or(()).map_err(Error::Invalid)?;
    let hash = password::hashed(new.to_owned()).await?;
    queries::keep_password(tx, me, &hash).await?;
    queries::end_other_sessions(tx, me).await?;
    events::record(tx, me, (Subject::Account, me.person.0), Verb::Password, "").await
}

/// Acts for another of one's own posts.
pub(super) async fn switch(tx: &mut Tx, me: &Viewer, to: AppointmentId) -> Result<()> {
    let held = queries::held(tx, me).await?;
    let post = held
        .iter()
        .find(|h| h.appointment == to.0)
        .ok_or(Error::NotFound)?;
    let whose = post.absent.as_deref();
    let sentence = match whose {
        Some(absent) => format!("代{absent}以{}·{}的职务办事。", post.seat, post.title),
        None => format!("改以{}·{}的职务办事。", post.seat, post.title),
    };
    queries::act_for(tx, me, to, whose.is_some()).await?;
    events::record(
        tx,
        me,
        (Subject::Account, me.person.0),
        Verb::Switch,
        &sentence,
    )
    .await
}

/// The three administrators of a new tenant: stored kind, title, what follows the sign-in name.
const ADMINS: [(PostKind, &str, &str); 3] = [
    (PostKind::SystemAdmin, "系统管理员", ""),
    (PostKind::SecurityAdmin, "安全管理员", "-security"),
    (PostKind::AuditAdmin, "审计管理员", "-audit"),
];

/// Gives a new tenant its three administrators (三员分立), each an account of its own: title,
/// sign-in name and first password, which holds for a week. Needs the owner's connection.
pub async fn appoint_admins(
    db: &mut PgConnection,
    tenant: TenantId,
    login: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(&'static str, String, String)>> {
    let mut slips = Vec::new();
    for (kind, title, tail) in ADMINS {
        let (login, first) = (format!("{login}{tail}"), first_password());
        let hash = password::hashed(first.clone()).await?;
        let new = queries::NewAdmin {
            kind,
            title,
            login: &login,
            hash: &hash,
            now,
            until: now + SLIP_HOLDS,
            today: day_of(now),
        };
        queries::add_admin(db, tenant, new).await?;
        slips.push((title, login, first));
    }
    Ok(slips)
}
