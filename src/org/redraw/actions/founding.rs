//! Streets, communities and departments of a city that begins: many at once, with their posts.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::model::{DepartmentFacts, Grown, posts_of, same_name};
use super::super::queries::{self, Known, NewPost};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::org::DepartmentId;
use crate::org::access::{Level, PostKind, Viewer};
use crate::org::events::{self, Subject, Verb};
use crate::org::units::DepartmentKind;

/// A street or a community by its division code (统计用区划代码): 9 or 12 figures, the community's
/// beginning with its street's.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Its level: street or community.
    pub level: Level,
    /// Its code.
    pub code: String,
    /// Its administrative name.
    pub name: String,
    /// The name of its party organisation.
    pub party_name: String,
}

/// A department with its code of two capitals.
#[derive(Clone, Debug)]
pub struct FoundingDepartment {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DepartmentKind,
}

/// Sets up streets and communities from today on, each with the posts of its level, vacant. A code
/// that was given before is left alone, so that the same list may be sent twice. Nothing new is
/// refused.
pub async fn found(tx: &mut Tx, me: &Viewer, wanted: &[Founding]) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    queries::hold_chain(tx, me).await?;
    let known = queries::known(tx, me).await?;
    let planned = planned(&known, wanted, || uuid_at(now))?;
    if planned.is_empty() {
        return Err(nothing_new());
    }
    let posts: Vec<NewPost> = planned
        .iter()
        .flat_map(|(level, grown)| NewPost::all(grown.id, posts_of(*level)))
        .collect();
    let (streets, communities): (Vec<_>, Vec<_>) = planned
        .into_iter()
        .map(|(_, grown)| grown)
        .partition(|grown| grown.parent_id.is_none());
    // A parent is a foreign key: streets first.
    for level in [&streets, &communities] {
        queries::add(tx, me, level, today).await?;
    }
    queries::set_up(tx, me, &posts, today).await?;
    let added: Vec<Uuid> = streets.iter().chain(&communities).map(|g| g.id).collect();
    let words = "按国家统计用区划代码设立。";
    events::record_each(tx, me, (Subject::Node, &added), Verb::AddNode, words).await
}

/// What of the wanted is new, streets before their communities; two living ones below the same
/// parent are never called the same.
fn planned(
    known: &[Known],
    wanted: &[Founding],
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Vec<(Level, Grown)>> {
    let mut ids: HashMap<&str, Uuid> = known.iter().map(|k| (&*k.code, k.id)).collect();
    let is_closed = |code: &str| known.iter().any(|k| k.code == code && k.is_closed);
    let mut planned: Vec<(Level, Grown)> = Vec::new();
    for node in wanted {
        if ids.contains_key(node.code.as_str()) {
            continue;
        }
        let above =
            (node.level == Level::Community).then(|| node.code.get(..9).unwrap_or_default());
        let parent_id = match above {
            None => None,
            Some(code) if is_closed(code) => return Err(super::gone()),
            Some(code) => Some(*ids.get(code).ok_or(Error::Stale)?),
        };
        let there = known.iter().filter(|k| !k.is_closed);
        let mut beside = there
            .map(|k| (k.parent_id, &k.name))
            .chain(planned.iter().map(|(_, g)| (g.parent_id, &g.name)));
        if beside.any(|(parent, name)| parent == parent_id && *name == node.name) {
            return Err(Error::Refused(same_name(node.level, &node.name)));
        }
        let id = new_id();
        ids.insert(&node.code, id);
        let grown = Grown {
            id,
            level: node.level.into(),
            parent_id,
            code: node.code.clone(),
            name: node.name.clone(),
            party_name: node.party_name.clone(),
            households: None,
            longitude: None,
            latitude: None,
            predecessor: None,
        };
        planned.push((node.level, grown));
    }
    Ok(planned)
}

fn nothing_new() -> Error {
    Error::Refused("没有勾选新的单位：已有的不重复设立。请先勾选，再确认。".to_owned())
}

/// The posts that a department begins with.
const POSTS: &[(PostKind, &str)] = &[
    (PostKind::DepartmentHead, "负责人"),
    (PostKind::DepartmentClerk, "联络员"),
];

/// Sets up departments from today on, each with a head and a clerk, vacant. One whose name or code
/// was used before is left alone. Nothing new is refused.
pub async fn found_departments(
    tx: &mut Tx,
    me: &Viewer,
    wanted: &[FoundingDepartment],
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let used = queries::used_by_departments(tx, me).await?;
    let first = queries::next_position(tx, me).await?;
    let new = wanted
        .iter()
        .filter(|d| !used.contains(&d.code) && !used.contains(&d.name));
    let mut added = Vec::new();
    for (department, position) in new.zip(first..) {
        let id = DepartmentId(uuid_at(now));
        let facts = DepartmentFacts {
            name: department.name.clone(),
            kind: department.kind,
            position,
        };
        queries::add_department(tx, me, (id, &department.code), &facts).await?;
        added.push(id.0);
    }
    if added.is_empty() {
        return Err(nothing_new());
    }
    let posts: Vec<NewPost> = added
        .iter()
        .flat_map(|id| NewPost::all(*id, POSTS))
        .collect();
    queries::set_up_in_departments(tx, me, &posts, today).await?;
    let words = "按启用向导设立。";
    let of = (Subject::Department, added.as_slice());
    events::record_each(tx, me, of, Verb::AddDepartment, words).await
}
