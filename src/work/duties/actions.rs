//! The verbs of the duty list. None commits; the page does.

use super::model::{Content, Item, RulingLevel, Standing};
use super::queries::{self, NewPrecedent};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::work::{DutyItemId, WhistleId};

async fn note(tx: &mut Tx, me: &Viewer, id: DutyItemId, verb: Verb, words: &str) -> Result<()> {
    events::record(tx, me, (Subject::Duty, id.0), verb, words).await
}

/// The version, locked, if it is the one in force.
async fn in_force(tx: &mut Tx, me: &Viewer, id: DutyItemId) -> Result<Item> {
    let item = queries::hold(tx, me, id).await?;
    let newer = item.newest() != item.id;
    match item.standing() {
        Standing::InForce => Ok(item),
        Standing::Replaced if newer => Err(Error::Stale),
        Standing::Replaced | Standing::Ended => Err(Error::Refused(format!(
            "第 {} 项已经停用，不能再改。需要时请新列一项。",
            item.number
        ))),
    }
}

/// Puts a new item on the list.
pub(super) async fn enter(
    tx: &mut Tx,
    me: &Viewer,
    id: DutyItemId,
    content: &Content,
) -> Result<()> {
    queries::insert(tx, me, (id, 1), content, "首次列入").await?;
    let words = format!("第 {} 项：{}。", content.number, content.name);
    note(tx, me, id, Verb::Enter, &words).await
}

/// Changes an item: the version in force ends today, the next begins. The number stays.
pub(super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    (old, new): (DutyItemId, DutyItemId),
    content: &Content,
    reason: &str,
) -> Result<()> {
    let item = in_force(tx, me, old).await?;
    let content = Content {
        number: item.number,
        ..content.clone()
    };
    let today = tx.today();
    queries::replace(tx, me, old, today).await?;
    queries::insert(tx, me, (new, item.version + 1), &content, reason).await?;
    let words = format!("第 {} 项第 {} 版：{reason}", item.number, item.version + 1);
    note(tx, me, new, Verb::Amend, &words).await
}

/// Ends an item. Whoever cites it keeps it.
pub(super) async fn end(tx: &mut Tx, me: &Viewer, id: DutyItemId, reason: &str) -> Result<()> {
    let item = in_force(tx, me, id).await?;
    queries::end(tx, me, id, reason).await?;
    let words = format!("第 {} 项：{reason}", item.number);
    note(tx, me, id, Verb::End, &words).await
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
