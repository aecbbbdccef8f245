//! Several nodes become one.

use uuid::Uuid;

use super::super::model::{
    Grown, Landing, Root, Sight, line, numbered, posts_of, regrown, same_name,
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

/// Nodes are to become one.
#[derive(Debug)]
pub(in super::super) struct Join {
    /// What the form was drawn from.
    pub(in super::super) seen: String,
    pub(in super::super) name: String,
    pub(in super::super) party_name: String,
    /// Whose holders go on in the new one: an id, `none`, or nothing yet.
    pub(in super::super) keep: String,
    pub(in super::super) reason: String,
}

/// Whether these may become one, in a sentence if not.
pub(in super::super) fn joinable(sight: &Sight) -> Result<()> {
    let parent = |root: &Root| root.parent.as_ref().map(|p| p.id);
    let Some(first) = sight.roots.first() else {
        return Err(Error::NotFound);
    };
    let alike = sight
        .roots
        .iter()
        .all(|r| r.level == first.level && parent(r) == parent(first));
    if sight.roots.len() < 2 {
        Err(Error::Refused("请至少再选一个要合并的单位。".to_owned()))
    } else if alike {
        Ok(())
    } else {
        Err(Error::Refused(
            "只能合并同一个上级下面、同一级的单位。请重新选择。".to_owned(),
        ))
    }
}

/// What the form says, checked.
struct Checked<'a> {
    name: String,
    party_name: String,
    /// Whose holders go on; nobody's: the posts are vacant.
    keep: Option<&'a Root>,
    why: String,
}

fn checked<'a>(sight: &'a Sight, first: &Root, asked: &Join) -> Result<Checked<'a>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = line(&mut errors, "name", "新名称", &asked.name);
    let party_name = line(&mut errors, "party_name", "新党组织名称", &asked.party_name);
    for (field, name) in [("name", &name), ("party_name", &party_name)] {
        if sight.taken([name, name]).is_some() {
            errors.add(field, same_name(first.level, name));
        }
    }
    let chosen = asked.keep.parse::<Uuid>().ok();
    let keep = sight.roots.iter().find(|root| Some(root.id.0) == chosen);
    if keep.is_none() && asked.keep != "none" {
        errors.add("keep", "请选由哪一家的人接着任职。");
    }
    let why = reason(&mut errors, "合并理由", &asked.reason);
    errors.or(Checked {
        name,
        party_name,
        keep,
        why,
    })
}

/// Makes one new node of several. What lies below them goes along under new codes, with holders and
/// open work.
pub(in super::super) async fn join(
    tx: &mut Tx,
    me: &Viewer,
    (new, roots): (NodeId, &[Uuid]),
    asked: &Join,
) -> Result<()> {
    let sight = held(tx, me, roots, &asked.seen).await?;
    joinable(&sight)?;
    let first = sight.roots.first().ok_or(Error::NotFound)?;
    let Checked {
        name,
        party_name,
        keep,
        why,
    } = checked(&sight, first, asked).map_err(Error::Invalid)?;
    let above = queries::above(tx, me, first.parent.as_ref().map(|p| p.id)).await?;
    let code = numbered(&above.code, above.next_number()).ok_or_else(no_number)?;
    let kin = queries::kin(tx, me, roots).await?;
    let now = tx.now;
    let mut landings = [Landing {
        id: new.0,
        code: code.clone(),
        given: 0,
    }];
    let below =
        regrown(&kin, roots, &mut landings, |_| 0, || uuid_at(now)).ok_or_else(no_number)?;
    let households = sight.roots.iter().filter_map(|r| r.households);
    let place = keep.unwrap_or(first);
    let mut grown = vec![Grown {
        id: new.0,
        level: first.level.into(),
        parent_id: above.id,
        code,
        name: name.clone(),
        party_name,
        households: households.reduce(|all, of| all + of),
        longitude: place.longitude,
        latitude: place.latitude,
        predecessor: Some(place.id.0),
    }];
    grown.extend(below);
    let mut change = Change::of(roots, grown);
    for root in roots {
        change.heirs.add(*root, new.0);
    }
    if let Some(keep) = keep {
        change.ground.add(keep.id.0, new.0);
    }
    let words = format!("{}合并为{name}。", sight.names());
    let moved = carry_out(tx, me, &change, &words).await?;
    if keep.is_none() {
        let today = tx.today();
        queries::set_up(tx, me, &NewPost::all(new.0, posts_of(first.level)), today).await?;
    }
    let sentence = format!("{words}{}理由：{why}", moved_words(&moved));
    let subjects: Vec<Uuid> = roots.iter().copied().chain([new.0]).collect();
    record(tx, me, &subjects, (Verb::MergeNode, &sentence)).await
}
