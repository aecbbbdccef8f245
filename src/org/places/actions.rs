//! The verbs of places: the register of stations, and what comes in as `GeoJSON`. None commits; the pages do.

use uuid::Uuid;

use super::model::{Feature, Holds, Plan, Station, StationForm, StationKind, check, closing_day};
use super::queries;
use crate::base::db::Tx;
use crate::base::error::{Error, Result};
use crate::base::id::uuid_at;
use crate::base::words;
use crate::org::ImportId;
use crate::org::access::Viewer;
use crate::org::events::{self, Subject, Verb};
use crate::org::redraw::{self, NodeFacts};

/// Registers a station.
pub(super) async fn add(tx: &mut Tx, me: &Viewer, id: Uuid, form: &StationForm) -> Result<()> {
    let grounds = queries::grounds(tx, me).await?;
    let station = form.read(&grounds, tx.today()).map_err(Error::Invalid)?;
    queries::add(tx, me, (id, &station)).await?;
    let told = station.told();
    events::record(tx, me, (Subject::Station, id), Verb::AddStation, &told).await
}

/// Changes what is kept of a station.
pub(super) async fn amend(tx: &mut Tx, me: &Viewer, id: Uuid, form: &StationForm) -> Result<()> {
    queries::hold(tx, me, id).await?;
    let found = open(tx, me, id).await?;
    if form.version != found.version.to_string() {
        return Err(Error::Stale);
    }
    let grounds = queries::grounds(tx, me).await?;
    let station = form.read(&grounds, tx.today()).map_err(Error::Invalid)?;
    let Some(sentence) = station.changes(&found.station) else {
        return Err(Error::Refused(
            "没有改动，不用保存。要改什么就在下面改，不改请返回。".to_owned(),
        ));
    };
    queries::amend(tx, me, (id, found.version), &station).await?;
    events::record(
        tx,
        me,
        (Subject::Station, id),
        Verb::AmendStation,
        &sentence,
    )
    .await
}

/// Closes a station from a day on.
pub(super) async fn close(
    tx: &mut Tx,
    me: &Viewer,
    id: Uuid,
    (version, day): (&str, &str),
) -> Result<()> {
    queries::hold(tx, me, id).await?;
    let found = open(tx, me, id).await?;
    if version != found.version.to_string() {
        return Err(Error::Stale);
    }
    let day = closing_day(day, found.station.opened_on, tx.now).map_err(Error::Invalid)?;
    queries::close(tx, me, (id, found.version), day).await?;
    let sentence = format!("{}，{} 起关闭。", found.station.name, words::day(day));
    events::record(
        tx,
        me,
        (Subject::Station, id),
        Verb::CloseStation,
        &sentence,
    )
    .await
}

/// A station that is not closed, nor to be.
async fn open(tx: &mut Tx, me: &Viewer, id: Uuid) -> Result<queries::FoundStation> {
    let found = queries::station(tx, me, id).await?;
    match found.closed_on {
        None => Ok(found),
        Some(day) => Err(Error::Refused(format!(
            "这个站点已经登记从 {} 起关闭，不能再改。重新开放的请另登记一个。",
            words::day(day)
        ))),
    }
}

/// Keeps what was read until it is confirmed.
pub(super) async fn take_in(
    tx: &mut Tx,
    me: &Viewer,
    upload: (ImportId, &str),
    features: &[Feature],
) -> Result<()> {
    queries::insert(tx, me, upload, features).await
}

/// Drops what was read.
pub(super) async fn give_up(tx: &mut Tx, me: &Viewer, id: ImportId) -> Result<()> {
    queries::end(tx, me, id, false).await
}

/// Writes what was confirmed, if it would still do what was seen.
pub(super) async fn keep(tx: &mut Tx, me: &Viewer, id: ImportId, seen: &str) -> Result<()> {
    redraw::hold_chain(tx, me).await?;
    let upload = queries::upload(tx, me, id).await?;
    let plan = check(&upload.features, &upload.facts).map_err(|_| Error::Stale)?;
    if plan.seen() != seen {
        return Err(Error::Stale);
    }
    if plan.changes.is_empty() {
        return Err(Error::Refused(
            "文件里说的都和现在一样，没有要写入的。".to_owned(),
        ));
    }
    let name = &upload.name;
    write(tx, me, name, &plan).await?;
    queries::end(tx, me, id, true).await?;
    let sentence = format!("地图，{}，文件“{name}”。", plan.words());
    events::record(tx, me, (Subject::Import, id.0), Verb::Import, &sentence).await
}

async fn write(tx: &mut Tx, me: &Viewer, source: &str, plan: &Plan) -> Result<()> {
    let mut told = Vec::new();
    let (mut outlines, mut points) = (Vec::new(), Vec::new());
    for change in &plan.changes {
        let both = format!(
            "{}：{} → {}。",
            change.label(),
            change.before(),
            change.after()
        );
        match change {
            Holds::Outline { node, shape } => {
                outlines.push((node.id, node.number, shape));
                told.push((node.id.0, both));
            }
            Holds::Point { node, at } => {
                let facts = NodeFacts {
                    name: node.name.clone(),
                    party_name: node.party_name.clone(),
                    households: node.households,
                    point: Some(*at),
                };
                points.push((node.id.0, node.version, facts));
                told.push((node.id.0, both));
            }
            Holds::Station { .. } => station(tx, me, change).await?,
        }
    }
    if !outlines.is_empty() {
        queries::keep_outlines(tx, me, source, &outlines).await?;
    }
    if !points.is_empty() {
        let points: Vec<_> = points
            .iter()
            .map(|(id, v, facts)| (*id, *v, facts))
            .collect();
        redraw::amend_nodes(tx, me, &points).await?;
    }
    if !told.is_empty() {
        events::record_all(tx, me, (Subject::Node, Verb::AmendNode), &told).await?;
    }
    Ok(())
}

async fn station(tx: &mut Tx, me: &Viewer, change: &Holds) -> Result<()> {
    let Holds::Station {
        community,
        before,
        kind,
        name,
        address,
        hours,
        at,
    } = change
    else {
        return Ok(());
    };
    let kind: StationKind = *kind;
    if let Some(before) = before {
        queries::move_station(tx, me, before, (kind, address, hours), *at).await?;
        let sentence = format!("{name}：{} → {}。", change.before(), change.after());
        let of = (Subject::Station, before.id);
        return events::record(tx, me, of, Verb::AmendStation, &sentence).await;
    }
    let id = uuid_at(tx.now);
    let new = Station {
        kind,
        name: name.clone(),
        address: address.clone(),
        hours: hours.clone(),
        point: *at,
        community: community.id,
        community_code: community.code.clone(),
        community_name: community.name.clone(),
        opened_on: tx.today(),
    };
    queries::add(tx, me, (id, &new)).await?;
    events::record(
        tx,
        me,
        (Subject::Station, id),
        Verb::AddStation,
        &new.told(),
    )
    .await
}
