//! One node: added, and called otherwise.

use uuid::Uuid;

use super::super::model::{Facts, Grown, NodeForm, below, numbered, posts_of, same_name};
use super::super::queries::{self, NewPost};
use super::{gone, no_number, wrong};
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};

/// Adds a node below another, or a street; the code is the next that was never given.
pub(in super::super) async fn add(
    tx: &mut Tx,
    me: &Viewer,
    (id, parent): (NodeId, Option<Uuid>),
    form: &NodeForm,
) -> Result<()> {
    queries::hold_chain(tx, me).await?;
    let above = queries::above(tx, me, parent).await?;
    if above.valid_to.is_some() {
        return Err(gone());
    }
    let Some(level) = below(above.level) else {
        return Err(Error::Refused("单元下面不再设下级。".to_owned()));
    };
    let (facts, from) = form.read_new(level, tx.today()).map_err(Error::Invalid)?;
    if let Some(field) = taken(&above.names, &facts) {
        let name = if field == "name" {
            &facts.name
        } else {
            &facts.party_name
        };
        return Err(wrong(field, same_name(level, name)));
    }
    if let Some(earliest) = above.valid_from.filter(|earliest| from < *earliest) {
        let sentence = format!(
            "{}自 {} 设立，下级不能早于这一天。",
            above.name,
            words::day(earliest)
        );
        return Err(wrong("from_day", sentence));
    }
    let code = numbered(&above.code, above.next_number()).ok_or_else(no_number)?;
    let sentence = format!(
        "{}，{}，编码 {code}，{} 起。",
        facts.name,
        facts.party_name,
        words::day(from)
    );
    let new = Grown {
        id: id.0,
        level: level.into(),
        parent_id: above.id,
        code,
        name: facts.name,
        party_name: facts.party_name,
        households: facts.households,
        longitude: facts.point.map(|p| p.0),
        latitude: facts.point.map(|p| p.1),
        predecessor: None,
    };
    queries::add(tx, me, &[new], from).await?;
    if form.posts == "1" {
        queries::set_up(tx, me, &NewPost::all(id.0, posts_of(level)), from).await?;
    }
    events::record(tx, me, (Subject::Node, id.0), Verb::AddNode, &sentence).await
}

fn taken(names: &[String], facts: &Facts) -> Option<&'static str> {
    let fields = [("name", &facts.name), ("party_name", &facts.party_name)];
    let found = fields.into_iter().find(|(_, name)| names.contains(name));
    found.map(|(field, _)| field)
}

/// Calls a node otherwise from today on, or corrects its households and position. What it was
/// called before is kept.
pub(in super::super) async fn amend(
    tx: &mut Tx,
    me: &Viewer,
    id: NodeId,
    form: &NodeForm,
) -> Result<()> {
    queries::hold_chain(tx, me).await?;
    let sight = queries::sight(tx, me, &[id.0]).await?;
    let root = sight.first(id).ok_or(Error::NotFound)?;
    if root.valid_to.is_some() {
        return Err(gone());
    }
    let version: i32 = form.version.parse().map_err(|_| Error::Stale)?;
    if version != root.version {
        return Err(Error::Stale);
    }
    let before = Facts {
        name: root.name.clone(),
        party_name: root.party_name.clone(),
        households: root.households,
        point: root.longitude.zip(root.latitude),
    };
    let facts = form.read(root.level).map_err(Error::Invalid)?;
    let mut errors = FieldErrors::new();
    for (field, name) in [("name", &facts.name), ("party_name", &facts.party_name)] {
        if sight.taken([name, name]).is_some() {
            errors.add(field, same_name(root.level, name));
        }
    }
    errors.or(()).map_err(Error::Invalid)?;
    let Some(sentence) = facts.changes(&before) else {
        return Err(Error::Refused(
            "没有改动，不用保存。要改什么就在下面改，不改请返回。".to_owned(),
        ));
    };
    if (&facts.name, &facts.party_name) != (&before.name, &before.party_name) {
        queries::keep_names(tx, me, &[id.0]).await?;
    }
    queries::amend(tx, me, &[(id.0, version, &facts)]).await?;
    events::record(tx, me, (Subject::Node, id.0), Verb::AmendNode, &sentence).await
}
