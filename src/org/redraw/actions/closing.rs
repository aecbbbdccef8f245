//! A node is closed with all below it.

use uuid::Uuid;

use super::super::queries;
use super::super::queries::Closing;
use super::{Change, carry_out, held, ids, moved_words, reason, record};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::NodeId;
use crate::org::access::{Level, Viewer};
use crate::org::events::Verb;

/// A node is to be closed.
#[derive(Debug)]
pub(in super::super) struct Close {
    /// What the form was drawn from.
    pub(in super::super) seen: String,
    /// Who takes over, as chosen: an id, `none`, or nothing yet.
    pub(in super::super) heir: String,
    pub(in super::super) reason: String,
}

/// Closes a node and all below it from today on; open work goes to whoever takes over.
pub(in super::super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    id: NodeId,
    asked: &Close,
) -> Result<()> {
    let sight = held(tx, me, &[id.0], &asked.seen).await?;
    let root = sight.first(id).ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::new();
    let leads = sight.leads();
    let chosen = asked.heir.parse::<Uuid>().ok();
    let heir = leads.iter().find(|lead| Some(lead.id) == chosen);
    let open = sight.open();
    if root.level == Level::Street && open > 0 {
        return Err(Error::Refused(format!(
            "{}还有{}，街道不能直接撤销。请用“合并”，社区和在办工作随之转入新的街道。",
            root.name,
            sight.open_words()
        )));
    }
    match (&heir, asked.heir.as_str()) {
        (Some(_), _) => {}
        (None, "none") if open == 0 => {}
        (None, "none") => errors.add(
            "heir",
            format!("还有{}，请选由谁接手。", sight.open_words()),
        ),
        (None, _) => errors.add("heir", "请选今后的工作由谁接手。"),
    }
    let why = reason(&mut errors, "撤销理由", &asked.reason);
    errors.or(()).map_err(Error::Invalid)?;
    let kin = queries::kin(tx, me, &[id.0]).await?;
    let mut heirs = Closing::default();
    if let Some(heir) = heir {
        for old in ids(&kin) {
            heirs.add(old, heir.id);
        }
    }
    let change = Change {
        heirs,
        ..Change::of(&[id.0], Vec::new())
    };
    let words = match heir {
        Some(heir) => format!("{}撤销，工作由{}接手。", root.name, heir.name),
        None => format!("{}撤销。", root.name),
    };
    let moved = carry_out(tx, me, &change, &words).await?;
    let with = match root.below {
        0 => String::new(),
        below => format!("下级 {below} 个一并撤销。"),
    };
    let sentence = format!("{words}{with}{}理由：{why}", moved_words(&moved));
    let subjects: Vec<Uuid> = ids(&kin).collect();
    record(tx, me, &subjects, (Verb::CloseNode, &sentence)).await
}
