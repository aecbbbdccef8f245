//! What a file is checked against, and what it would change.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::shape::Polygons;
use super::station::StationKind;
use crate::org::NodeId;
use crate::org::access::Level;

/// A living node that the file names, or the street of one.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Known {
    pub(in super::super) id: NodeId,
    pub(in super::super) code: String,
    pub(in super::super) level: Level,
    pub(in super::super) name: String,
    pub(in super::super) party_name: String,
    pub(in super::super) households: Option<i32>,
    pub(in super::super) version: i32,
    pub(in super::super) longitude: Option<f64>,
    pub(in super::super) latitude: Option<f64>,
    /// The number of the outline that holds; 0: there is none.
    pub(in super::super) number: i32,
    pub(in super::super) shape: Option<Polygons>,
}

/// A station that a community has.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Kept {
    pub(in super::super) id: Uuid,
    pub(in super::super) node_id: NodeId,
    pub(in super::super) version: i32,
    pub(in super::super) kind: StationKind,
    pub(in super::super) name: String,
    pub(in super::super) address: String,
    pub(in super::super) hours: String,
    pub(in super::super) longitude: f64,
    pub(in super::super) latitude: f64,
}

/// What a file is checked against.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Facts {
    pub(in super::super) nodes: Vec<Known>,
    pub(in super::super) stations: Vec<Kept>,
}

impl Facts {
    pub(super) fn node(&self, code: &str) -> Option<&Known> {
        self.nodes.iter().find(|n| n.code == code)
    }

    /// The station of a community that is called so.
    pub(super) fn station(&self, community: &Known, name: &str) -> Option<&Kept> {
        let mut all = self.stations.iter();
        all.find(|s| s.node_id == community.id && s.name == name)
    }
}

/// One thing that will be otherwise.
#[derive(Clone, Debug)]
pub(in super::super) enum Holds {
    /// The outline of a node.
    Outline { node: Known, shape: Polygons },
    /// The position of a node.
    Point { node: Known, at: (f64, f64) },
    /// A station; the one that is there already, if it is one that changes.
    Station {
        community: Known,
        before: Option<Kept>,
        kind: StationKind,
        name: String,
        address: String,
        hours: String,
        at: (f64, f64),
    },
}

impl Holds {
    /// What kind of change it is.
    pub(in super::super) fn label(&self) -> &'static str {
        match self {
            Self::Outline { .. } => "边界",
            Self::Point { .. } => "位置",
            Self::Station { .. } => "服务站点",
        }
    }

    /// Whose it is.
    pub(in super::super) fn name(&self) -> String {
        match self {
            Self::Outline { node, .. } | Self::Point { node, .. } => node.name.clone(),
            Self::Station {
                community, name, ..
            } => format!("{name}（{}）", community.name),
        }
    }

    /// The code of the node.
    pub(in super::super) fn code(&self) -> &str {
        match self {
            Self::Outline { node, .. } | Self::Point { node, .. } => &node.code,
            Self::Station { community, .. } => &community.code,
        }
    }

    /// What it is now.
    pub(in super::super) fn before(&self) -> String {
        match self {
            Self::Outline { node, .. } => {
                (node.shape.as_ref()).map_or_else(|| "没有".to_owned(), shape_words)
            }
            Self::Point { node, .. } => {
                let point = node.longitude.zip(node.latitude);
                point.map_or_else(|| "没有".to_owned(), point_words)
            }
            Self::Station { before, .. } => before.as_ref().map_or_else(
                || "没有".to_owned(),
                |b| station_words((b.kind, &b.address, &b.hours), (b.longitude, b.latitude)),
            ),
        }
    }

    /// What it will be.
    pub(in super::super) fn after(&self) -> String {
        match self {
            Self::Outline { shape, .. } => shape_words(shape),
            Self::Point { at, .. } => point_words(*at),
            Self::Station {
                kind,
                address,
                hours,
                at,
                ..
            } => station_words((*kind, address, hours), *at),
        }
    }

    /// On what it stands: another answer now than then, and it must be looked at again.
    fn stands_on(&self) -> (Uuid, i32) {
        match self {
            Self::Outline { node, .. } => (node.id.0, node.number),
            Self::Point { node, .. } => (node.id.0, node.version),
            Self::Station {
                community, before, ..
            } => (before.as_ref()).map_or((community.id.0, 0), |b| (b.id, b.version)),
        }
    }
}

fn point_words((east, north): (f64, f64)) -> String {
    format!("经度 {east}、纬度 {north}")
}

fn shape_words(shape: &Polygons) -> String {
    let corners: usize = corners(shape);
    format!("{} 块，{corners} 个拐点", shape.len())
}

fn station_words((kind, address, hours): (StationKind, &str, &str), at: (f64, f64)) -> String {
    let parts = [kind.label(), address, hours, &point_words(at)];
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    parts.join("，")
}

/// How many corners an outline has.
fn corners(shape: &Polygons) -> usize {
    let rings = shape.iter().flatten();
    rings.map(|ring| ring.len().saturating_sub(1)).sum()
}

/// What a file would change.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Plan {
    pub(in super::super) changes: Vec<Holds>,
    /// Features that say what is so already.
    pub(in super::super) same: usize,
}

impl Plan {
    /// How many outlines, positions and stations.
    pub(in super::super) fn counts(&self) -> [usize; 3] {
        let count = |of: fn(&Holds) -> bool| self.changes.iter().filter(|c| of(c)).count();
        [
            count(|c| matches!(c, Holds::Outline { .. })),
            count(|c| matches!(c, Holds::Point { .. })),
            count(|c| matches!(c, Holds::Station { .. })),
        ]
    }

    /// The same in words.
    pub(in super::super) fn words(&self) -> String {
        let [outlines, points, stations] = self.counts();
        format!("边界 {outlines} 个、位置 {points} 个、服务站点 {stations} 个")
    }

    /// What a form carries of what was looked at.
    pub(in super::super) fn seen(&self) -> String {
        let mut digest = Sha256::new();
        for change in &self.changes {
            let (id, version) = change.stands_on();
            digest.update(id.as_bytes());
            digest.update(version.to_be_bytes());
        }
        crate::base::assets::hex(&digest.finalize()[..16])
    }
}
