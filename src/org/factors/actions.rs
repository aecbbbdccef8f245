//! Setting a second factor up, giving a code, doing without it again.

use zeroize::Zeroizing;

use super::model::{self, Factor, SECRET, place};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::{PersonId, TenantId};

const LOCKED: &str = "验证码输错次数太多，已锁定 15 分钟。请稍后再试；手机不在身边的，用恢复码。";
const NONE: &str = "还没有开始设置第二因子。请从“登录与密码”重新开始。";

/// Begins: makes a secret and seals it. One that counts already stays.
pub(super) async fn begin(tx: &mut Tx, me: &Viewer, keys: &Keys) -> Result<()> {
    let secret = Zeroizing::new(rand::random::<[u8; SECRET]>());
    let sealed = keys.seal(secret.as_slice(), &place(me.tenant, me.person.0))?;
    queries::begin(tx, me, &sealed).await
}

/// The secret of a factor.
pub(super) fn opened(me: &Viewer, keys: &Keys, factor: &Factor) -> Result<Zeroizing<Vec<u8>>> {
    let sealed = factor.sealed.as_ref();
    let sealed = sealed.ok_or_else(|| Error::Refused(NONE.to_owned()))?;
    Ok(keys.open(sealed, &place(me.tenant, me.person.0))?)
}

/// Seals secrets anew that stand under another key than the first; what does not open stays as it is.
pub async fn reseal(tx: &mut Tx, tenant: TenantId, keys: &Keys) -> Result<()> {
    let Some(first) = keys.names().into_iter().next() else {
        return Ok(());
    };
    for (person, sealed) in queries::under_others(tx, tenant, &first).await? {
        let place = place(tenant, person);
        match keys.open(&sealed, &place) {
            Ok(secret) => {
                let anew = keys.seal(&secret, &place)?;
                queries::reseal(tx, tenant, person, (&sealed, &anew)).await?;
            }
            Err(error) => {
                tracing::error!(%person, ?error, "a second factor stays under its old key");
            }
        }
    }
    Ok(())
}

/// How a code that was typed ends. The caller commits in every case: failures must be counted.
#[derive(Debug)]
pub(super) enum Given {
    /// It fits.
    Right,
    /// It does not, and why.
    Wrong(&'static str),
}

/// Checks a code by time or, where allowed, a recovery code.
async fn given(
    tx: &mut Tx,
    me: &Viewer,
    (keys, factor): (&Keys, &Factor),
    (typed, on_paper): (&str, bool),
) -> Result<Given> {
    let secret = opened(me, keys, factor)?;
    let totp = model::totp(&secret, &factor.login, &me.city)?;
    // A code on paper has 80 bits: guessing it needs no lock, and whoever is locked out may use it.
    if on_paper && queries::use_code(tx, me, &model::digest(typed)).await? {
        queries::used(tx, me, factor.last_step).await?;
        return Ok(Given::Right);
    }
    if factor.lock.holds(tx.now) {
        return Ok(Given::Wrong(LOCKED));
    }
    if let Some(step) = model::step(&totp, typed, tx.now, factor.last_step) {
        queries::used(tx, me, step).await?;
        return Ok(Given::Right);
    }
    let lock = factor.lock.after_failure(tx.now);
    queries::failed(tx, me, (lock.failures, lock.until)).await?;
    if lock.holds(tx.now) {
        record(tx, me, Verb::Lock, "第二因子验证码输错 5 次。").await?;
        return Ok(Given::Wrong(LOCKED));
    }
    Ok(Given::Wrong(
        "验证码不对。请输入手机上现在显示的 6 位数字，每个验证码只能用一次；也可以用一个恢复码。",
    ))
}

/// Gives the code that lets this browser on.
pub(super) async fn pass(tx: &mut Tx, me: &Viewer, keys: &Keys, typed: &str) -> Result<Given> {
    let factor = queries::own(tx, me).await?;
    if factor.confirmed_at.is_none() {
        return Err(Error::Refused(NONE.to_owned()));
    }
    let given = given(tx, me, (keys, &factor), (typed, true)).await?;
    if let Given::Right = given {
        queries::let_on(tx, me).await?;
    }
    Ok(given)
}

/// Confirms the secret by its first code; gives recovery codes.
pub(super) async fn confirm(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    typed: &str,
) -> Result<std::result::Result<Vec<String>, &'static str>> {
    let factor = queries::own(tx, me).await?;
    if factor.confirmed_at.is_some() {
        return Err(Error::Refused("第二因子已经启用。".to_owned()));
    }
    match given(tx, me, (keys, &factor), (typed, false)).await? {
        Given::Wrong(sentence) => Ok(Err(sentence)),
        Given::Right => {
            queries::confirm(tx, me).await?;
            queries::let_on(tx, me).await?;
            record(tx, me, Verb::EnableFactor, "").await?;
            Ok(Ok(codes(tx, me).await?))
        }
    }
}

/// Gives new recovery codes, after a code.
pub(super) async fn renew(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    typed: &str,
) -> Result<std::result::Result<Vec<String>, &'static str>> {
    let factor = queries::own(tx, me).await?;
    match given(tx, me, (keys, &factor), (typed, true)).await? {
        Given::Wrong(sentence) => Ok(Err(sentence)),
        Given::Right => {
            record(tx, me, Verb::RenewCodes, "").await?;
            Ok(Ok(codes(tx, me).await?))
        }
    }
}

async fn codes(tx: &mut Tx, me: &Viewer) -> Result<Vec<String>> {
    let codes = model::recovery_codes();
    let digests: Vec<Vec<u8>> = codes.iter().map(|c| model::digest(c)).collect();
    queries::give_codes(tx, me, &digests).await?;
    Ok(codes)
}

/// Does without a second factor from now on, after a code. Who must have one keeps it.
pub(super) async fn disable(tx: &mut Tx, me: &Viewer, keys: &Keys, typed: &str) -> Result<Given> {
    if me.needs_factor() {
        return Err(Error::Refused(
            "管理员必须使用第二因子，不能停用。换手机请用“重新生成恢复码”后，请安全管理员重置。"
                .to_owned(),
        ));
    }
    let factor = queries::own(tx, me).await?;
    let given = given(tx, me, (keys, &factor), (typed, true)).await?;
    if let Given::Right = given {
        queries::forget(tx, me.tenant.0, me.person).await?;
        record(tx, me, Verb::DisableFactor, "").await?;
    }
    Ok(given)
}

/// Forgets somebody's second factor, because the phone and the paper are gone; it is set up anew
/// at the next sign-in by whoever must have one.
pub(crate) async fn forget(tx: &mut Tx, me: &Viewer, person: PersonId) -> Result<()> {
    if !queries::forget(tx, me.tenant.0, person).await? {
        return Err(Error::Stale);
    }
    let on = (Subject::Person, person.0);
    events::record(tx, me, on, Verb::ResetFactor, "").await
}

/// A sentence as the error of the field for the code.
pub(super) fn beside(sentence: &str) -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add("code", sentence);
    errors
}

async fn record(tx: &mut Tx, me: &Viewer, verb: Verb, sentence: &str) -> Result<()> {
    events::record(tx, me, (Subject::Account, me.person.0), verb, sentence).await
}
