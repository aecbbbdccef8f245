//! Keeping personal values, looking at them in the clear, sealing them anew, forgetting them.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::PORTION;
use super::model::{Field, Kept, Opened, Purpose, Rules, SightForm};
use super::queries::{self, SealedRow};
use crate::base::db::{Db, Tx};
use crate::base::error::{Error, Result};
use crate::base::queue::Outcome;
use crate::base::seal::{Keys, SealError, Sealed};
use crate::org::access::Viewer;
use crate::org::events::{self, By, Subject, Verb};
use crate::org::{TenantId, tenants};

/// One value as the database keeps it.
pub fn sealed(
    keys: &Keys,
    (tenant, owner, field): (TenantId, Uuid, Field),
    value: &str,
) -> Result<Kept, SealError> {
    let sealed = keys.seal(value.as_bytes(), &field.place(tenant, owner))?;
    let normal = Zeroizing::new(field.normal(value));
    let digest = keys.digest(&sealed.key_name, &field.domain(tenant), &normal)?;
    Ok(Kept {
        owner,
        field,
        key_name: sealed.key_name,
        sealed: sealed.bytes,
        digest: digest.to_vec(),
    })
}

/// Writes many values at once.
pub async fn keep_each(
    db: &mut PgConnection,
    tenant: TenantId,
    kept: &[Kept],
) -> Result<(), sqlx::Error> {
    queries::keep(db, tenant.0, kept).await
}

/// Keeps values of one owner, over what was there.
pub async fn keep(
    tx: &mut Tx,
    keys: &Keys,
    (tenant, owner): (TenantId, Uuid),
    values: &[(Field, &str)],
) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let kept = values
        .iter()
        .map(|(field, value)| sealed(keys, (tenant, owner, *field), value))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(queries::keep(tx, tenant.0, &kept).await?)
}

/// Drops one value of an owner.
pub async fn unkeep(tx: &mut Tx, (tenant, owner): (TenantId, Uuid), field: Field) -> Result<()> {
    queries::drop_one(tx, tenant, owner, field).await
}

/// Whether exactly this value is kept.
pub async fn equals(
    tx: &mut Tx,
    keys: &Keys,
    (tenant, owner, field): (TenantId, Uuid, Field),
    value: &str,
) -> Result<bool> {
    let Some((name, kept)) = queries::digest(tx, tenant, owner, field).await? else {
        return Ok(false);
    };
    let normal = Zeroizing::new(field.normal(value));
    let digest = keys.digest(&name, &field.domain(tenant), &normal)?;
    Ok(digest.as_slice() == kept)
}

/// The digests by which whoever has this value is found; none, if it is no such value.
pub fn sought(keys: &Keys, tenant: TenantId, field: Field, typed: &str) -> Result<Vec<Vec<u8>>> {
    let normal = Zeroizing::new(field.normal(typed));
    if normal.is_empty() {
        return Ok(Vec::new());
    }
    let digests = keys.digests(&field.domain(tenant), &normal)?;
    Ok(digests.iter().map(|d| d.to_vec()).collect())
}

/// The digests in an address, as [`sought`] gave them; what is none finds nobody.
pub fn digests(written: &str) -> Vec<Vec<u8>> {
    if written.is_empty() {
        return Vec::new();
    }
    written.split('.').map(unhexed).collect()
}

fn unhexed(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).take(32);
    let bytes = pairs.map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    bytes.collect::<Option<_>>().unwrap_or_default()
}

/// Opens one value that an area read together with its own, for the person whose it is.
pub fn open(
    keys: &Keys,
    (tenant, owner, field): (TenantId, Uuid, Field),
    sealed: &Sealed,
) -> Result<String> {
    let words = keys.open(sealed, &field.place(tenant, owner))?;
    let words = std::str::from_utf8(&words).map_err(|_| SealError::Altered)?;
    Ok(words.to_owned())
}

/// Opens sealed values. What does not open is an error: nothing is shown by half.
fn open_each(
    keys: &Keys,
    tenant: TenantId,
    rows: &[SealedRow],
) -> Result<Vec<(Uuid, Field, String)>> {
    rows.iter()
        .map(|row| {
            let words = open(keys, (tenant, row.owner, row.field), &row.sealed)?;
            Ok((row.owner, row.field, words))
        })
        .collect()
}

/// One kind of value of several owners in the clear, for what the program itself does with it: nobody
/// is shown it.
pub async fn values(
    tx: &mut Tx,
    keys: &Keys,
    (tenant, field): (TenantId, Field),
    owners: &[Uuid],
) -> Result<Vec<String>> {
    let rows = queries::of(tx, (tenant, owners), &[field]).await?;
    let opened = open_each(keys, tenant, &rows)?;
    Ok(opened.into_iter().map(|(_, _, value)| value).collect())
}

/// The values of several owners in the clear, for a file that a second person has let be made.
pub async fn opened(
    tx: &mut Tx,
    keys: &Keys,
    tenant: TenantId,
    owners: &[Uuid],
) -> Result<HashMap<Uuid, Opened>> {
    let told = [Field::TellerName, Field::TellerPhone, Field::Phone];
    let rows = queries::of(tx, (tenant, owners), &told).await?;
    let mut all: HashMap<Uuid, Opened> = HashMap::new();
    for (owner, field, value) in open_each(keys, tenant, &rows)? {
        all.entry(owner).or_default().take(field, value);
    }
    Ok(all)
}

/// What somebody wants to see in the clear.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// What the record says it is about.
    pub subject: (Subject, Uuid),
    /// What it is called in the record: `诉求人的姓名和电话`.
    pub what: &'a str,
    /// The program itself asked for the call, so that the limit of the day does not count it.
    pub is_task: bool,
}

/// The values of the subject in the clear, for a purpose; recorded, and counted for the day.
pub async fn look(
    tx: &mut Tx,
    me: &Viewer,
    keys: &Keys,
    look: Look<'_>,
    form: &SightForm,
) -> Result<Opened> {
    let (purpose, words) = form.read().map_err(Error::Invalid)?;
    let owner = look.subject.1;
    if !look.is_task {
        let rules = queries::rules(tx, me.tenant).await?;
        let (others, before) = queries::seen(tx, me, owner).await?;
        if !before && others >= i64::from(rules.sights) {
            return Err(Error::Refused(rules.enough()));
        }
    }
    let rows = queries::of(tx, (me.tenant, &[owner]), &Field::SEEN).await?;
    if rows.is_empty() {
        return Err(Error::Refused(
            "这里没有可以查看的明文。刚升级的系统要几分钟才把旧数据加密完，请稍后再看。".to_owned(),
        ));
    }
    let mut opened = Opened::default();
    for (_, field, value) in open_each(keys, me.tenant, &rows)? {
        opened.take(field, value);
    }
    queries::add_sight(tx, me, owner, (purpose, &words), look.is_task).await?;
    let sentence = sentence(&seen(&opened, look.what), purpose, &words);
    events::record(tx, me, look.subject, Verb::Unmask, &sentence).await?;
    Ok(opened)
}

/// What was seen: `诉求人的姓名和电话、房号`.
fn seen(opened: &Opened, what: &str) -> String {
    match (&opened.spot, &opened.name, &opened.phone) {
        (None, _, _) => what.to_owned(),
        (Some(_), None, None) => "房号".to_owned(),
        (Some(_), _, _) => format!("{what}、房号"),
    }
}

fn sentence(what: &str, purpose: Purpose, words: &str) -> String {
    let beside = if words.is_empty() {
        String::new()
    } else {
        format!("：{}", words.trim_end_matches('。'))
    };
    format!("查看了{what}，用途：{}{beside}。", purpose.label())
}

/// Changes the limit of a day and the times of keeping.
pub(super) async fn set_rules(tx: &mut Tx, me: &Viewer, rules: &Rules) -> Result<()> {
    let before = queries::rules(tx, me.tenant).await?;
    let Some(sentence) = rules.changes(&before) else {
        return Err(Error::Refused("没有改动，不用保存。".to_owned()));
    };
    queries::set_rules(tx, me, rules).await?;
    let subject = (Subject::Personal, me.tenant.0);
    events::record(tx, me, subject, Verb::SetPersonal, &sentence).await
}

/// Seals what an older program left in the clear, then what stands under an older key; comes again
/// at once while there is more. What does not open stays as it is, and the log says so.
pub async fn tend(tx: &mut Tx, tenant: TenantId, keys: &Keys) -> Result<Outcome> {
    let names = keys.names();
    if names.is_empty() {
        return Ok(Outcome::Done);
    }
    let mut more = seal_backlog(tx, tenant, keys).await?;
    for name in names.iter().skip(1) {
        more |= reseal(tx, tenant, keys, name).await?;
    }
    let now = tx.now;
    Ok(if more {
        Outcome::At(now)
    } else {
        Outcome::Done
    })
}

/// Says whether there may be more.
async fn seal_backlog(tx: &mut Tx, tenant: TenantId, keys: &Keys) -> Result<bool> {
    let left = queries::take_backlog(tx, tenant, PORTION).await?;
    let mut kept = Vec::with_capacity(left.len());
    for (owner, field, value) in &left {
        kept.push(sealed(keys, (tenant, *owner, *field), value)?);
    }
    if !kept.is_empty() {
        queries::keep(tx, tenant.0, &kept).await?;
    }
    Ok(is_full(left.len()))
}

/// Says whether there may be more that opens.
async fn reseal(tx: &mut Tx, tenant: TenantId, keys: &Keys, name: &str) -> Result<bool> {
    let rows = queries::under(tx, tenant, name, PORTION).await?;
    let anew = rows.iter().filter_map(|row| anew(keys, tenant, row));
    let kept: Vec<Kept> = anew.collect();
    if kept.is_empty() {
        return Ok(false);
    }
    queries::keep(tx, tenant.0, &kept).await?;
    Ok(is_full(rows.len()))
}

fn is_full(length: usize) -> bool {
    usize::try_from(PORTION).is_ok_and(|most| length == most)
}

/// The same value under the first key; none, if it does not open.
fn anew(keys: &Keys, tenant: TenantId, row: &SealedRow) -> Option<Kept> {
    let words = keys.open(&row.sealed, &row.field.place(tenant, row.owner));
    let sealed = words.and_then(|words| {
        let words = std::str::from_utf8(&words).map_err(|_| SealError::Altered)?;
        sealed(keys, (tenant, row.owner, row.field), words)
    });
    match sealed {
        Ok(kept) => Some(kept),
        Err(error) => {
            tracing::error!(owner = %row.owner, ?error, "a sealed value stays under its old key");
            None
        }
    }
}

/// How much of all tenants is sealed under each key, by the key's name.
pub async fn sealed_under(db: &Db) -> Result<BTreeMap<String, i64>> {
    let mut outside = db.begin_outside().await?;
    let tenants = tenants::list(&mut outside).await?;
    drop(outside);
    let mut found = BTreeMap::new();
    for tenant in tenants {
        let mut tx = db.begin(tenant.id.0).await?;
        for count in queries::counts(&mut tx, tenant.id).await? {
            *found.entry(count.key_name).or_insert(0) += count.amount;
        }
    }
    Ok(found)
}

/// Keeps that so many tellers and numbers were forgotten, and drops what was sealed of them.
pub async fn forgot(
    tx: &mut Tx,
    tenant: TenantId,
    (matters, people): (&[Uuid], &[Uuid]),
) -> Result<()> {
    let count = |ids: &[Uuid]| i32::try_from(ids.len()).unwrap_or(i32::MAX);
    let counts = (count(matters), count(people));
    for owners in [matters, people] {
        if !owners.is_empty() {
            queries::drop_all(tx, tenant, owners).await?;
        }
    }
    queries::add_run(tx, tenant, counts).await?;
    if counts == (0, 0) {
        return Ok(());
    }
    let sentence = format!(
        "保存期限已到：{} 件事项的诉求人信息、{} 名离任人员的电话和邮箱已匿名化，不能恢复。",
        counts.0, counts.1
    );
    let subject = (Subject::Personal, tenant.0);
    events::record_by(tx, By::Program(tenant), subject, Verb::Anonymise, &sentence).await
}
