//! One node becomes several.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::model::{
    Grown, Kin, Landing, Root, Sight, line, numbered, posts_of, regrown, same_name,
};
use super::super::queries::{self, NewPost};
use super::{Change, carry_out, held, moved_words, no_number, reason, record};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::org::NodeId;
use crate::org::access::Viewer;
use crate::org::events::Verb;

/// One of the new nodes.
#[derive(Clone, Debug)]
pub(in super::super) struct Part {
    pub(in super::super) name: String,
    pub(in super::super) party_name: String,
}

/// A node is to become several.
#[derive(Debug)]
pub(in super::super) struct Split {
    /// What the form was drawn from.
    pub(in super::super) seen: String,
    /// The new nodes by their number in the form, from 1.
    pub(in super::super) parts: Vec<(usize, Part)>,
    /// To which number each child goes, as chosen.
    pub(in super::super) places: HashMap<Uuid, String>,
    pub(in super::super) reason: String,
}

/// What the form says, checked.
struct Checked {
    /// The new nodes by their number in the form.
    parts: Vec<(usize, Part)>,
    /// Which of them each child goes to.
    goes: HashMap<Uuid, usize>,
    why: String,
}

fn checked(sight: &Sight, root: &Root, asked: &Split) -> Result<Checked, FieldErrors> {
    let mut errors = FieldErrors::new();
    let parts = named(&mut errors, sight, root, asked);
    let mut goes: HashMap<Uuid, usize> = HashMap::new();
    for child in &root.children {
        let chosen = asked.places.get(&child.id).and_then(|n| n.parse().ok());
        match parts.iter().position(|(number, _)| Some(*number) == chosen) {
            Some(index) => {
                goes.insert(child.id, index);
            }
            None => errors.add(
                format!("d.{}", child.id),
                format!("请选{}归哪一部分。", child.name),
            ),
        }
    }
    let empty = |index: &usize| !goes.values().any(|to| to == index);
    let all_placed = errors.is_empty() && !root.children.is_empty();
    for index in (0..parts.len()).filter(|index| all_placed && empty(index)) {
        if let Some((number, part)) = parts.get(index) {
            errors.add(
                format!("n.{number}"),
                format!(
                    "{}一个下级也没有分到。请给它分下级，或者不设这一部分。",
                    part.name
                ),
            );
        }
    }
    let why = reason(&mut errors, "拆分理由", &asked.reason);
    errors.or(Checked { parts, goes, why })
}

/// The new nodes with names that nobody beside them has; at least two.
fn named(
    errors: &mut FieldErrors,
    sight: &Sight,
    root: &Root,
    asked: &Split,
) -> Vec<(usize, Part)> {
    let mut parts: Vec<(usize, Part)> = Vec::new();
    for (number, typed) in &asked.parts {
        let [name_field, party_field] = ["n", "q"].map(|field| format!("{field}.{number}"));
        let part = Part {
            name: line(errors, &name_field, "名称", &typed.name),
            party_name: line(errors, &party_field, "党组织名称", &typed.party_name),
        };
        for (field, name) in [(name_field, &part.name), (party_field, &part.party_name)] {
            let among = parts
                .iter()
                .any(|(_, p)| [&p.name, &p.party_name].contains(&name));
            if among || sight.taken([name, name]).is_some() {
                errors.add(field, same_name(root.level, name));
            }
        }
        parts.push((*number, part));
    }
    if parts.len() < 2 {
        errors.add("n.2", "拆分至少要有两部分，请写第 2 部分的名称。");
    }
    parts
}

/// Makes several new nodes of one. Each child goes to one of them, under a new code, with all below,
/// its holders and its open work; the first goes on with the old one's holders and own work.
pub(in super::super) async fn part(
    tx: &mut Tx,
    me: &Viewer,
    (id, new): (NodeId, NodeId),
    asked: &Split,
) -> Result<()> {
    let sight = held(tx, me, &[id.0], &asked.seen).await?;
    let root = sight.first(id).ok_or(Error::NotFound)?;
    let checked = checked(&sight, root, asked).map_err(Error::Invalid)?;
    let above = queries::above(tx, me, root.parent.as_ref().map(|p| p.id)).await?;
    let kin = queries::kin(tx, me, &[id.0]).await?;
    let now = tx.now;
    let mut grown = Vec::new();
    let mut landings = Vec::new();
    for ((_, part), number) in checked.parts.iter().zip(above.next_number()..) {
        let code = numbered(&above.code, number).ok_or_else(no_number)?;
        let node = if landings.is_empty() {
            new.0
        } else {
            uuid_at(now)
        };
        landings.push(Landing {
            id: node,
            code: code.clone(),
            given: 0,
        });
        grown.push(Grown {
            id: node,
            level: root.level.into(),
            parent_id: above.id,
            code,
            name: part.name.clone(),
            party_name: part.party_name.clone(),
            households: None,
            longitude: root.longitude,
            latitude: root.latitude,
            predecessor: Some(id.0),
        });
    }
    let tops: Vec<Uuid> = landings.iter().map(|l| l.id).collect();
    let goes_to = |child: &Kin| checked.goes.get(&child.id).copied().unwrap_or_default();
    let below =
        regrown(&kin, &[id.0], &mut landings, goes_to, || uuid_at(now)).ok_or_else(no_number)?;
    grown.extend(below);
    let mut change = Change::of(&[id.0], grown);
    change.heirs.add(id.0, new.0);
    change.ground.add(id.0, new.0);
    let others = tops.get(1..).unwrap_or_default();
    let names: Vec<&str> = checked.parts.iter().map(|(_, p)| p.name.as_str()).collect();
    let words = format!("{}拆分为{}。", root.name, names.join("、"));
    let moved = carry_out(tx, me, &change, &words).await?;
    let posts = others.iter();
    let posts: Vec<NewPost> = posts
        .flat_map(|top| NewPost::all(*top, posts_of(root.level)))
        .collect();
    let today = tx.today();
    queries::set_up(tx, me, &posts, today).await?;
    let sentence = format!("{words}{}理由：{}", moved_words(&moved), checked.why);
    let subjects: Vec<Uuid> = std::iter::once(id.0).chain(tops).collect();
    record(tx, me, &subjects, (Verb::SplitNode, &sentence)).await
}
