//! Outlines and service stations of the sample: drawn around its buildings, so that they follow them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use geo::{ConvexHull as _, MultiPoint, Point};
use serde::Serialize;
use uuid::Uuid;

use super::dice::Dice;
use super::rows::NodeRow;
use super::town::Town;
use crate::base::clock::day_of;

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_195.0;
/// How far an outline lies outside its buildings, in metres: grids, communities, streets.
const MARGINS: [f64; 3] = [190.0, 110.0, 45.0];
/// How many grids have a station of their own (`domain.md` 5.4).
const STATIONS: usize = 15;

/// A row of `node_outlines`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OutlineRow {
    pub(super) id: Uuid,
    pub(super) node_id: Uuid,
    pub(super) shape: Vec<Vec<Vec<(f64, f64)>>>,
    pub(super) corners: usize,
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

/// A row of `stations`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StationRow {
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) hours: &'static str,
    pub(super) longitude: f64,
    pub(super) latitude: f64,
    pub(super) node_id: Uuid,
    pub(super) node_code: String,
    pub(super) opened_on: NaiveDate,
}

/// What is drawn and registered.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) outlines: Vec<OutlineRow>,
    pub(super) stations: Vec<StationRow>,
}

/// Draws the town as it stands at `now`.
pub(super) fn draw(town: &Town, seed: u64, now: DateTime<Utc>) -> Drawn {
    // Dice of its own, so that nothing else of the story moves.
    let mut dice = Dice::new(seed ^ 0x6d61_7020);
    let nodes: Vec<&NodeRow> = town.nodes.iter().filter(|n| n.valid_to.is_none()).collect();
    let outlines = nodes.iter().filter(|n| n.level <= 3).filter_map(|node| {
        let margin = *MARGINS.get(usize::try_from(node.level - 1).ok()?)?;
        outline(dice.id(now), node.id, &houses(&nodes, &node.code), margin)
    });
    let outlines = outlines.collect();
    let mut stations = Vec::new();
    let opened_on = day_of(now) - Days::new(410);
    for community in nodes.iter().filter(|n| n.level == 2) {
        let grids = nodes
            .iter()
            .filter(|n| n.level == 3 && n.code.starts_with(&community.code));
        for (at, grid) in grids.enumerate() {
            let is_centre = at == 0;
            let own = stations
                .iter()
                .filter(|s: &&StationRow| s.kind == "station");
            // Every other grid away from the centre, as far as the stations reach.
            if !is_centre && (at % 2 == 0 || own.count() >= STATIONS) {
                continue;
            }
            let Some((longitude, latitude)) = middle(&houses(&nodes, &grid.code)) else {
                continue;
            };
            stations.push(StationRow {
                id: dice.id(now),
                kind: if is_centre { "centre" } else { "station" },
                name: if is_centre {
                    format!("{}党群服务中心", community.name)
                } else {
                    format!("{}党群服务站", grid.name)
                },
                address: format!("{}内", grid.name.trim_end_matches("网格")),
                hours: if is_centre {
                    "工作日 8:00—16:30，周末值班"
                } else {
                    "每天 8:00—20:00"
                },
                longitude,
                latitude,
                node_id: community.id,
                node_code: community.code.clone(),
                opened_on,
            });
        }
    }
    Drawn { outlines, stations }
}

/// Where the buildings below a code stand.
fn houses(nodes: &[&NodeRow], code: &str) -> Vec<(f64, f64)> {
    let below = nodes
        .iter()
        .filter(|n| n.level == 4 && n.code.starts_with(code));
    below.filter_map(|n| n.position).collect()
}

fn middle(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = f64::from(u32::try_from(points.len()).ok().filter(|n| *n > 0)?);
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
    Some((rounded(sum.0 / count), rounded(sum.1 / count)))
}

/// The corners of squares around the buildings, and the tightest line around these.
fn outline(id: Uuid, node_id: Uuid, houses: &[(f64, f64)], margin: f64) -> Option<OutlineRow> {
    let (_, latitude) = middle(houses)?;
    let (up, aside) = (
        margin / DEGREE,
        margin / DEGREE / latitude.to_radians().cos(),
    );
    let corners = houses.iter().flat_map(|(x, y)| {
        let sides = [(-1.0, -0.5), (-1.0, 0.5), (1.0, -0.5), (1.0, 0.5)];
        let cut = [(-0.5, -1.0), (-0.5, 1.0), (0.5, -1.0), (0.5, 1.0)];
        let all = sides.into_iter().chain(cut);
        all.map(move |(a, b)| Point::new(x + a * aside, y + b * up))
    });
    let hull = MultiPoint::new(corners.collect()).convex_hull();
    let mut ring: Vec<(f64, f64)> = hull
        .exterior()
        .points()
        .map(|p| (rounded(p.x()), rounded(p.y())))
        .collect();
    ring.dedup();
    let side = |of: fn(&(f64, f64)) -> f64, better: fn(f64, f64) -> f64| {
        ring.iter().map(of).reduce(better)
    };
    Some(OutlineRow {
        id,
        node_id,
        west: side(|p| p.0, f64::min)?,
        south: side(|p| p.1, f64::min)?,
        east: side(|p| p.0, f64::max)?,
        north: side(|p| p.1, f64::max)?,
        corners: ring.len(),
        shape: vec![vec![ring]],
    })
}

/// Six places of a degree are a tenth of a metre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1_000_000.0).round() / 1_000_000.0
}
