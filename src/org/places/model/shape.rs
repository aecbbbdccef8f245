//! Positions and polygons as a file has them, and whether they are sound.

use ::geojson::Position;
use geo::{LineString, Polygon, Validation};

use super::station::{is_inside, is_swapped};

/// The most corners of one ring: whether it crosses itself is asked of each two of its edges.
pub(super) const RING: usize = 2_000;

/// Polygons of rings of positions, the longitude first; a ring ends where it began.
pub(in super::super) type Polygons = Vec<Vec<Vec<(f64, f64)>>>;

/// A position as it is kept: to a tenth of a metre.
pub(super) fn position(position: &Position) -> Result<(f64, f64), String> {
    let [east, north, ..] = position.as_slice() else {
        return Err("坐标不全，一个坐标要有经度和纬度两个数。".to_owned());
    };
    let point = (rounded(*east), rounded(*north));
    if is_inside(point) {
        return Ok(point);
    }
    Err(if is_swapped(point) {
        "经纬度写反了。GeoJSON 先写经度（大的那个数，如 124.29），后写纬度（如 45.51）；请在导出时把坐标轴顺序改过来再传。".to_owned()
    } else if east.abs() > 180.0 || north.abs() > 90.0 {
        "坐标不是经纬度，像是以米为单位的投影坐标。请在地图软件里转成 WGS-84 或 CGCS2000 经纬度后再导出。".to_owned()
    } else {
        "坐标不在中国范围内（经度 73 至 136，纬度 3 至 54）。请检查坐标后再传。".to_owned()
    })
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1_000_000.0).round() / 1_000_000.0
}

pub(super) fn polygons(all: &[Vec<Vec<Position>>]) -> Result<Polygons, String> {
    let mut kept = Vec::with_capacity(all.len());
    for polygon in all {
        if polygon.is_empty() {
            return Err("面里没有坐标。请补上，或者删掉这个要素。".to_owned());
        }
        let rings: Vec<Vec<(f64, f64)>> = polygon
            .iter()
            .map(|corners| ring(corners))
            .collect::<Result<_, _>>()?;
        if let Err(sentence) = sound(&rings) {
            return Err(sentence.to_owned());
        }
        kept.push(rings);
    }
    if kept.is_empty() {
        return Err("面里没有坐标。请补上，或者删掉这个要素。".to_owned());
    }
    Ok(kept)
}

fn ring(corners: &[Position]) -> Result<Vec<(f64, f64)>, String> {
    if corners.len() > RING {
        return Err(format!(
            "边界有 {} 个拐点，一圈最多 {RING} 个。请在地图软件里简化图形后再传。",
            corners.len()
        ));
    }
    let mut points = corners
        .iter()
        .map(position)
        .collect::<Result<Vec<_>, _>>()?;
    if points.first() != points.last() {
        return Err(
            "边界没有闭合，最后一个点要和第一个点相同。请在地图软件里补好后再传。".to_owned(),
        );
    }
    points.dedup();
    if points.len() < 4 {
        return Err("边界的点太少，围不成一块地方，至少要有三个不同的拐点。".to_owned());
    }
    Ok(points)
}

/// Whether the rings bound a polygon.
fn sound(rings: &[Vec<(f64, f64)>]) -> Result<(), &'static str> {
    use geo::algorithm::validation::InvalidPolygon as Invalid;
    match polygon(rings).check_validation() {
        Ok(()) => Ok(()),
        Err(Invalid::SelfIntersection(_)) => Err(
            "边界自己和自己交叉了，围成了 8 字形。请在地图软件里检查这块边界（拓扑检查），改好后再传。",
        ),
        Err(Invalid::TooFewPointsInRing(_)) => {
            Err("边界的点太少，围不成一块地方，至少要有三个不同的拐点。")
        }
        Err(
            Invalid::InteriorRingNotContainedInExteriorRing(_)
            | Invalid::IntersectingRingsOnALine(_, _)
            | Invalid::IntersectingRingsOnAnArea(_, _),
        ) => Err("面里挖空的部分超出了外边界，或者互相压着。请在地图软件里改好后再传。"),
        Err(Invalid::NonFiniteCoord(_, _)) => Err("坐标里有不是数的数。请检查坐标后再传。"),
    }
}

/// The polygon of rings; the first is the outer one.
pub(super) fn polygon(rings: &[Vec<(f64, f64)>]) -> Polygon<f64> {
    let mut lines = rings.iter().map(|ring| LineString::from(ring.clone()));
    let outer = lines.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(outer, lines.collect())
}
