//! Whether a file may be kept: looked at before it is confirmed, and again under the locks.

use std::collections::HashSet;

use geo::{Intersects, MultiPolygon, Point};

use super::geojson::{Feature, Thing};
use super::plan::{Facts, Holds, Known, Plan};
use super::remarks::Remarks;
use super::shape::polygon;
use crate::org::access::Level;

/// The most stations of one file: each is kept by itself.
const STATIONS: usize = 500;

/// What a file would change, or what is wrong with it on this ground.
pub(in super::super) fn check(features: &[Feature], facts: &Facts) -> Result<Plan, Remarks> {
    let mut remarks = Remarks::default();
    let mut plan = Plan::default();
    let streets = streets(features, facts);
    let mut seen: HashSet<(u8, &str, &str)> = HashSet::new();
    for feature in features {
        let (kind, name) = match &feature.thing {
            Thing::Outline { .. } => (0, ""),
            Thing::Point { .. } => (1, ""),
            Thing::Station { name, .. } => (2, name.as_str()),
        };
        if !seen.insert((kind, &feature.code, name)) {
            let twice = format!(
                "编码 {}{name} 在文件里出现了两次，不知道以哪个为准。",
                feature.code
            );
            remarks.add(feature.number, twice);
            continue;
        }
        match placed(feature, facts, &streets) {
            Ok(Some(change)) => plan.changes.push(change),
            Ok(None) => plan.same += 1,
            Err(sentence) => remarks.add(feature.number, sentence),
        }
    }
    let [_, _, stations] = plan.counts();
    if stations > STATIONS {
        remarks = Remarks::of(format!(
            "文件里有 {stations} 个服务站点要改，一次最多 {STATIONS} 个。请按街道分成几份再传。"
        ));
    }
    if remarks.is_empty() {
        Ok(plan)
    } else {
        Err(remarks)
    }
}

/// The outlines of streets as they will be, to see whether points lie within.
fn streets(features: &[Feature], facts: &Facts) -> Vec<(String, String, MultiPolygon<f64>)> {
    let of_file = |code: &str| {
        features.iter().find_map(|f| match &f.thing {
            Thing::Outline { shape } if f.code == code => Some(shape),
            Thing::Outline { .. } | Thing::Point { .. } | Thing::Station { .. } => None,
        })
    };
    let streets = facts.nodes.iter().filter(|n| n.level == Level::Street);
    streets
        .filter_map(|street| {
            let shape = of_file(&street.code).or(street.shape.as_ref())?;
            let polygons = shape.iter().map(|rings| polygon(rings)).collect();
            let area = MultiPolygon::new(polygons);
            Some((street.code.clone(), street.name.clone(), area))
        })
        .collect()
}

/// A point lies within its street, where that has an outline.
fn within(
    code: &str,
    node: &Known,
    streets: &[(String, String, MultiPolygon<f64>)],
    at: (f64, f64),
) -> Result<(), String> {
    let street = streets.iter().find(|(street, ..)| code.starts_with(street));
    match street {
        Some((_, name, area)) if !area.intersects(&Point::new(at.0, at.1)) => Err(format!(
            "{}的点落在{name}的边界外面。请核对编码和坐标，或者先改街道的边界。",
            node.name
        )),
        Some(_) | None => Ok(()),
    }
}

fn placed(
    feature: &Feature,
    facts: &Facts,
    streets: &[(String, String, MultiPolygon<f64>)],
) -> Result<Option<Holds>, String> {
    let code = &feature.code;
    let unknown = || format!("没有编码是 {code} 的单位，或者已经撤销。请在组织与网格里核对编码。");
    let node = facts.node(code).ok_or_else(unknown)?;
    match &feature.thing {
        Thing::Outline { .. } if node.level > Level::Grid => Err(format!(
            "{}是{}，请用点（Point）标位置，不要用面。",
            node.name,
            node.level.label()
        )),
        Thing::Outline { shape } => {
            Ok(
                (node.shape.as_ref() != Some(shape)).then(|| Holds::Outline {
                    node: node.clone(),
                    shape: shape.clone(),
                }),
            )
        }
        Thing::Point { .. } if node.level < Level::Building => Err(format!(
            "{}是{}，不是一个点，请用面（Polygon）标边界。要登记服务站点，请写上“类型”。",
            node.name,
            node.level.label()
        )),
        Thing::Point { at } => {
            within(code, node, streets, *at)?;
            let same = node.longitude.zip(node.latitude) == Some(*at);
            Ok((!same).then(|| Holds::Point {
                node: node.clone(),
                at: *at,
            }))
        }
        Thing::Station { name, .. } if node.level != Level::Community => Err(format!(
            "服务站点“{name}”的编码要写所属社区的（12 位），{code} 是{}。",
            node.level.label()
        )),
        Thing::Station {
            kind,
            name,
            address,
            hours,
            at,
        } => {
            within(code, node, streets, *at)?;
            let before = facts.station(node, name);
            let same = before.is_some_and(|b| {
                (b.kind, &b.address, &b.hours) == (*kind, address, hours)
                    && (b.longitude, b.latitude) == *at
            });
            Ok((!same).then(|| Holds::Station {
                community: node.clone(),
                before: before.cloned(),
                kind: *kind,
                name: name.clone(),
                address: address.clone(),
                hours: hours.clone(),
                at: *at,
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::plan::Known;
    use super::super::shape::Polygons;
    use super::*;
    use crate::org::NodeId;

    fn node(code: &str) -> Known {
        Known {
            id: NodeId(Uuid::from_u128(code.parse().unwrap())),
            code: code.to_owned(),
            level: Level::try_from(match code.len() {
                9 => 1,
                12 => 2,
                15 => 3,
                18 => 4,
                _ => 5,
            })
            .unwrap(),
            name: format!("单位{code}"),
            party_name: String::new(),
            households: None,
            version: 1,
            longitude: None,
            latitude: None,
            number: 0,
            shape: None,
        }
    }

    fn square(west: f64, south: f64) -> Polygons {
        let (east, north) = (west + 0.1, south + 0.1);
        vec![vec![vec![
            (west, south),
            (east, south),
            (east, north),
            (west, north),
            (west, south),
        ]]]
    }

    fn facts() -> Facts {
        let codes = ["220882001", "220882001001", "220882001001001001"];
        Facts {
            nodes: codes.into_iter().map(node).collect(),
            stations: Vec::new(),
        }
    }

    fn feature(code: &str, thing: Thing) -> Feature {
        Feature {
            number: 1,
            code: code.to_owned(),
            thing,
        }
    }

    fn said(features: &[Feature]) -> String {
        check(features, &facts()).unwrap_err().sentences().concat()
    }

    #[test]
    fn a_point_lies_in_its_street_as_the_same_file_draws_it() {
        let outline = feature(
            "220882001",
            Thing::Outline {
                shape: square(124.2, 45.4),
            },
        );
        let house = |at| feature("220882001001001001", Thing::Point { at });
        let inside = check(&[outline.clone(), house((124.25, 45.45))], &facts()).unwrap();
        assert_eq!(inside.counts(), [1, 1, 0]);
        // On the line is inside.
        assert!(check(&[outline.clone(), house((124.2, 45.45))], &facts()).is_ok());
        assert!(said(&[outline, house((124.35, 45.45))]).contains("边界外面"));
        assert!(check(&[house((124.35, 45.45))], &facts()).is_ok());
    }

    #[test]
    fn what_is_no_point_and_what_is_no_area_is_said() {
        let shape = square(124.2, 45.4);
        let cases = [
            (
                feature(
                    "220882009",
                    Thing::Outline {
                        shape: shape.clone(),
                    },
                ),
                "没有编码",
            ),
            (
                feature("220882001001001001", Thing::Outline { shape }),
                "请用点",
            ),
            (
                feature(
                    "220882001001",
                    Thing::Point {
                        at: (124.25, 45.45),
                    },
                ),
                "请用面",
            ),
        ];
        for (feature, sentence) in cases {
            assert!(said(std::slice::from_ref(&feature)).contains(sentence));
        }
        let twice = feature(
            "220882001001001001",
            Thing::Point {
                at: (124.25, 45.45),
            },
        );
        assert!(said(&[twice.clone(), twice]).contains("出现了两次"));
    }

    #[test]
    fn what_is_so_already_is_no_change_and_what_is_seen_depends_on_what_is_kept() {
        let point = feature(
            "220882001001001001",
            Thing::Point {
                at: (124.25, 45.45),
            },
        );
        let all = [point];
        let before = check(&all, &facts()).unwrap().seen();
        let mut moved = facts();
        moved.nodes[2].version = 2;
        assert_ne!(check(&all, &moved).unwrap().seen(), before);
        moved.nodes[2].longitude = Some(124.25);
        moved.nodes[2].latitude = Some(45.45);
        let plan = check(&all, &moved).unwrap();
        assert_eq!((plan.changes.len(), plan.same), (0, 1));
    }
}
