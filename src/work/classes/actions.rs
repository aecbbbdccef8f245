//! The verbs of the register: a class is added, a class is changed from a day on. None commits.

use super::model::{Content, Local, Why, difference};
use super::queries::{self, Sight};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Adds a class of the city's own under the code that was shown for it; somebody who was given that
/// code meanwhile makes it stale.
pub async fn add(
    tx: &mut Tx,
    me: &Viewer,
    local: &Local,
    (content, why): (&Content, &Why),
) -> Result<()> {
    let majors = queries::majors(tx, me).await?;
    let major = majors.iter().find(|m| m.key == local.major.key);
    let next = major.ok_or(Error::NotFound)?.next();
    if next != Some(local.code.as_str()) {
        return Err(Error::Stale);
    }
    let sight = queries::sight(tx, me, (&local.code, &content.name), why.from_day).await?;
    stands(&sight, content)?;
    queries::insert_class(tx, me, &local.code, &local.major).await?;
    queries::insert_version(tx, me, (&local.code, 1), content, why).await?;
    let head = format!(
        "增设“{}”（{}，{}），{} 起。",
        content.name,
        local.code,
        local.major.label(),
        words::day(why.from_day)
    );
    record(tx, me, Verb::AddClass, &head, (None, content, why)).await
}

/// Changes a class from a day on: the version that was seen must be the last one still.
pub async fn change(
    tx: &mut Tx,
    me: &Viewer,
    (code, seen): (&str, i32),
    (content, why): (&Content, &Why),
) -> Result<()> {
    let class = queries::class(tx, me, code).await?;
    let last = class.last().ok_or(Error::NotFound)?;
    if last.number != seen {
        return Err(Error::Stale);
    }
    let moves = last.from_day > tx.today() && last.from_day != why.from_day;
    if last.content.says(content) && !moves {
        return Err(Error::Refused(
            "和最后一版完全一样，没有改动。要改就改上面的内容，不改请返回。".to_owned(),
        ));
    }
    let sight = queries::sight(tx, me, (code, &content.name), why.from_day).await?;
    stands(&sight, content)?;
    queries::insert_version(tx, me, (code, last.number + 1), content, why).await?;
    let head = format!(
        "“{}”（{code}）第 {} 版，{} 起。",
        last.content.name,
        last.number + 1,
        words::day(why.from_day)
    );
    let before = Some(&last.content);
    record(tx, me, Verb::ChangeClass, &head, (before, content, why)).await
}

/// Whether the register may be so on that day.
pub(super) fn stands(sight: &Sight, content: &Content) -> Result<()> {
    if let Some(code) = &sight.named
        && content.in_use
    {
        let mut errors = FieldErrors::new();
        errors.add(
            "name",
            format!("同一大类里 {code} 已经叫这个名称，请换一个。"),
        );
        return Err(Error::Invalid(errors));
    }
    if !content.in_use && sight.others == 0 {
        return Err(Error::Refused(
            "这是最后一个在用的类别，停用以后什么事都报不了。请先启用别的类别。".to_owned(),
        ));
    }
    Ok(())
}

/// Records both sides: what was, and what it is from now on.
async fn record(
    tx: &mut Tx,
    me: &Viewer,
    verb: Verb,
    head: &str,
    (before, content, why): (Option<&Content>, &Content, &Why),
) -> Result<()> {
    /// What an event's sentence holds; the whole stands in the register itself.
    const LONGEST: usize = 1_700;
    let said: Vec<String> = difference(before, content)
        .iter()
        .map(super::model::Difference::words)
        .collect();
    let mut said = said.join("；");
    if said.chars().count() > LONGEST {
        said = said.chars().take(LONGEST).collect();
        said.push_str("……全文见类别登记");
    }
    let sentence = format!("{head}{said}。理由：{}", why.reason);
    let of = (Subject::Class, me.tenant.0);
    events::record(tx, me, of, verb, &sentence).await
}
