//! The verbs of the duty list. None commits; the page does.

use chrono::NaiveDate;

use super::model::{
    Content, Item, Offer, RulingLevel, Said, Waits, Why, begins, difference, sentence,
};
use super::queries::{self, NewPrecedent};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::work::classes::Difference;
use crate::work::{DutyItemId, WhistleId};

async fn note(tx: &mut Tx, me: &Viewer, id: DutyItemId, verb: Verb, words: &str) -> Result<()> {
    events::record(tx, me, (Subject::Duty, id.0), verb, words).await
}

/// Whether the last version of an item may be changed or ended by somebody who saw this version.
pub(super) fn may_change(item: &Item, today: NaiveDate) -> Result<()> {
    let number = item.number;
    if item.last().is_none() {
        return Err(Error::Refused(format!(
            "第 {number} 项没有施行就撤回了，不能再改。需要时请新列一项。"
        )));
    }
    if item.newest() != item.own.id {
        return Err(Error::Stale);
    }
    if item.is_over(today) {
        return Err(Error::Refused(format!(
            "第 {number} 项已经停用，不能再改。需要时请新列一项。"
        )));
    }
    match item.waits(today) {
        Some(Waits::End(day)) => Err(Error::Refused(format!(
            "第 {number} 项自 {} 起停用，还没有到那一天。要改，先在这一项的页面上撤回停用。",
            words::day(day)
        ))),
        Some(Waits::Version(_)) | None => Ok(()),
    }
}

/// Whether an item may be ended: nothing of it waits any more.
pub(super) fn may_end(item: &Item, today: NaiveDate) -> Result<()> {
    may_change(item, today)?;
    match item.waits(today) {
        Some(Waits::Version(v)) => Err(Error::Refused(format!(
            "第 {} 项第 {} 版自 {} 起施行，还没有开始。先撤回那一版，再停用。",
            item.number,
            v.version,
            words::day(v.from_day)
        ))),
        Some(Waits::End(_)) | None => Ok(()),
    }
}

/// What the next version says otherwise than the last one, if it is otherwise or begins on another day.
pub(super) fn changes(
    item: &Item,
    after: &Said,
    (from_day, today): (NaiveDate, NaiveDate),
) -> Result<Vec<Difference>> {
    let last = item.last().ok_or(Error::NotFound)?;
    let changes = difference(Some(&Said::of(last)), after);
    let moves = last.from_day > today && last.from_day != from_day;
    if changes.is_empty() && !moves {
        return Err(Error::Refused(
            "和最后一版完全一样，没有改动。要改就改下面的内容，不改请返回。".to_owned(),
        ));
    }
    Ok(changes)
}

/// Puts a new item on the list.
pub(super) async fn enter(
    tx: &mut Tx,
    me: &Viewer,
    id: DutyItemId,
    (content, why): (&Content, &Why),
) -> Result<()> {
    queries::insert(tx, me, (id, 1), content, why).await?;
    let from = begins(why.from_day, tx.today());
    let words = format!("第 {} 项：{}{from}。", content.number, content.name);
    note(tx, me, id, Verb::Enter, &words).await
}

/// Changes an item: the version in force ends on the day, the next begins. The number stays.
pub(super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (old, new): (DutyItemId, DutyItemId),
    offer: &Offer,
    (content, why): (&Content, &Why),
) -> Result<()> {
    let item = queries::hold(tx, me, old).await?;
    let today = tx.today();
    may_change(&item, today)?;
    let content = Content {
        number: item.number,
        ..content.clone()
    };
    let after = Said::typed(&content, offer);
    let changes = changes(&item, &after, (why.from_day, today))?;
    queries::give_way(tx, me, (&[item.number], &[why.from_day])).await?;
    queries::insert(tx, me, (new, item.next()), &content, why).await?;
    let head = format!("第 {} 项第 {} 版", item.number, item.next());
    let words = sentence(&head, &changes, (why.from_day, today), &why.reason);
    note(tx, me, new, Verb::Amend, &words).await
}

/// Ends an item on a day. Whoever cites it keeps it.
pub(super) async fn end(tx: &mut Tx, me: &Viewer, id: DutyItemId, why: &Why) -> Result<()> {
    let item = queries::hold(tx, me, id).await?;
    let today = tx.today();
    may_end(&item, today)?;
    queries::end(tx, me, id, why).await?;
    let head = format!("第 {} 项", item.number);
    let words = sentence(&head, &[], (why.from_day, today), &why.reason);
    note(tx, me, id, Verb::End, &words).await
}

/// Takes back what waits for its day: the last version, or the end.
pub(super) async fn take_back(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<()> {
    let item = queries::hold(tx, me, id).await?;
    let waits = may_take_back(&item, tx.today())?;
    let number = item.number;
    let words = match waits {
        Waits::End(day) => {
            queries::hold_on(tx, me, id).await?;
            let day = words::day(day);
            format!("第 {number} 项：原定 {day} 起停用。")
        }
        Waits::Version(version) => {
            queries::drop_version(tx, me, id).await?;
            if let Some(before) = item.before(version) {
                queries::hold_on(tx, me, before.id).await?;
            }
            let (nth, day) = (version.version, words::day(version.from_day));
            format!("第 {number} 项：原定 {day} 起的第 {nth} 版。")
        }
    };
    note(tx, me, id, Verb::TakeBackDuty, &words).await
}

/// What of an item may be taken back by somebody who saw this version.
pub(super) fn may_take_back(item: &Item, today: NaiveDate) -> Result<Waits<'_>> {
    if item.newest() != item.own.id {
        return Err(Error::Stale);
    }
    item.waits(today).ok_or_else(|| {
        Error::Refused("没有等着施行的改动可以撤回：它已经施行，或者已经撤回。".to_owned())
    })
}

/// A ruling on who leads, to be kept as a precedent.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The item disputed, in the version that was cited.
    pub item: DutyItemId,
    /// The whistle it was disputed on, if any.
    pub whistle: Option<WhistleId>,
    /// What was ruled, 2 to 500 characters.
    pub words: String,
    /// Who leads by it.
    pub lead: DepartmentId,
    /// Who ruled.
    pub level: RulingLevel,
}

/// Writes a ruling to the list: every later proposal of the item shows it. The caller has
/// asked whether the viewer may rule.
pub async fn add_precedent(tx: &mut Tx, me: &Viewer, ruling: &Ruling) -> Result<()> {
    let mut errors = FieldErrors::new();
    let words = errors.text("ruling", "裁定意见", &ruling.words, (2, 500));
    errors.or(()).map_err(Error::Invalid)?;
    let item = queries::item(tx, me, ruling.item).await?;
    let new = NewPrecedent {
        item: ruling.item,
        whistle: ruling.whistle,
        words: &words,
        lead: ruling.lead,
        level: ruling.level,
    };
    queries::keep_precedent(tx, me, &new).await?;
    let sentence = format!("第 {} 项，{}：{words}", item.number, ruling.level.label());
    note(tx, me, ruling.item, Verb::Rule, &sentence).await
}
