//! What a `GeoJSON` file (RFC 7946) says: outlines and points of nodes by their codes, and stations. What is
//! wrong with it is said in sentences; nothing of a file with anything wrong is kept.

use ::geojson::{GeoJson, GeometryValue, JsonObject, JsonValue};
use serde::{Deserialize, Serialize};

use super::remarks::Remarks;
use super::shape::{Polygons, polygons, position};
use super::station::StationKind;

/// The largest file, in bytes.
pub(in super::super) const LARGEST: u64 = 5 * 1024 * 1024;
/// The most features of one file.
const FEATURES: usize = 5_000;
/// The most corners of one file.
const CORNERS: usize = 60_000;

/// What a feature is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "thing", rename_all = "snake_case")]
pub(in super::super) enum Thing {
    /// The outline of a node.
    Outline { shape: Polygons },
    /// The position of a node.
    Point { at: (f64, f64) },
    /// A station.
    Station {
        kind: StationKind,
        name: String,
        address: String,
        hours: String,
        at: (f64, f64),
    },
}

/// A feature that can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Feature {
    /// Which of the file, from 1.
    pub(in super::super) number: usize,
    /// The code of its node; of a station that of its community.
    pub(in super::super) code: String,
    pub(in super::super) thing: Thing,
}

/// Reads a file.
pub(in super::super) fn read(content: &[u8]) -> Result<Vec<Feature>, Remarks> {
    let text = std::str::from_utf8(content).map_err(|_| {
        Remarks::of("文件不是 UTF-8 编码的文本。请在地图软件里导出成 GeoJSON（UTF-8）后再传。")
    })?;
    let text = text.trim_start_matches('\u{feff}');
    // Whether it is JSON at all comes first: that costs no memory, and says where it breaks off.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        return Err(Remarks::of(format!(
            "文件第 {} 行读不下去，不是完整的 GeoJSON。请在地图软件里重新导出后再传。",
            error.line()
        )));
    }
    let read: GeoJson = text.parse().map_err(|_| {
        Remarks::of(
            "文件里有写法不对的要素（缺坐标、坐标不是数字或者图形种类不认识）。请在地图软件里重新导出成 GeoJSON 后再传。",
        )
    })?;
    let features = match read {
        GeoJson::FeatureCollection(all) => all.features,
        GeoJson::Feature(one) => vec![one],
        GeoJson::Geometry(_) => {
            return Err(Remarks::of(
                "文件里只有图形，没有编码，不知道是哪个单位的。请导出成要素集合（FeatureCollection），每个要素带“编码”。",
            ));
        }
    };
    if features.is_empty() {
        return Err(Remarks::of("文件里没有要素。请检查导出的内容后再传。"));
    }
    if features.len() > FEATURES {
        return Err(Remarks::of(format!(
            "文件里有 {} 个要素，一次最多 {FEATURES} 个。请按街道分成几份再传。",
            features.len()
        )));
    }
    let corners: usize = features.iter().map(corners_of).sum();
    if corners > CORNERS {
        return Err(Remarks::of(format!(
            "图形一共有 {corners} 个拐点，一次最多 {CORNERS} 个。请在地图软件里简化图形，或者按街道分成几份再传。"
        )));
    }
    let mut remarks = Remarks::default();
    let mut known = Vec::with_capacity(features.len());
    for (number, feature) in (1..).zip(features) {
        match feature_of(number, feature) {
            Ok(feature) => known.push(feature),
            Err(sentence) => remarks.add(number, sentence),
        }
    }
    if remarks.is_empty() {
        Ok(known)
    } else {
        Err(remarks)
    }
}

fn corners_of(feature: &::geojson::Feature) -> usize {
    match feature.geometry.as_ref().map(|g| &g.value) {
        Some(GeometryValue::Polygon { coordinates }) => coordinates.iter().map(Vec::len).sum(),
        Some(GeometryValue::MultiPolygon { coordinates }) => {
            coordinates.iter().flatten().map(Vec::len).sum()
        }
        _ => 1,
    }
}

/// The first of these properties that says something: words or a number.
fn property(of: Option<&JsonObject>, names: &[&str]) -> String {
    let said = |name: &&str| match of?.get(*name)? {
        JsonValue::String(text) => Some(text.trim().to_owned()),
        JsonValue::Number(number) => Some(number.to_string()),
        JsonValue::Null | JsonValue::Bool(_) | JsonValue::Array(_) | JsonValue::Object(_) => None,
    };
    let said = names.iter().filter_map(said).find(|text| !text.is_empty());
    said.unwrap_or_default()
}

fn feature_of(number: usize, feature: ::geojson::Feature) -> Result<Feature, String> {
    let properties = feature.properties.as_ref();
    let code = property(properties, &["编码", "code"]);
    if code.is_empty() {
        return Err("没有“编码”（或 code）。要写单位的编码；服务站点写所属社区的编码。".to_owned());
    }
    if !code.bytes().all(|b| b.is_ascii_digit()) || !(9..=20).contains(&code.len()) {
        let shown: String = code.chars().take(30).collect();
        return Err(format!(
            "编码“{shown}”不对。编码是 9 至 20 位数字，在组织与网格里单位名称旁边。"
        ));
    }
    let kind = property(properties, &["类型", "kind"]);
    let Some(geometry) = feature.geometry else {
        return Err("没有图形。请补上点或面，或者删掉这个要素。".to_owned());
    };
    let thing = match geometry.value {
        GeometryValue::Point { coordinates } if !kind.is_empty() => {
            station(properties, &kind, position(&coordinates)?)?
        }
        GeometryValue::Point { coordinates } => Thing::Point {
            at: position(&coordinates)?,
        },
        _ if !kind.is_empty() => {
            return Err("服务站点要用点（Point），不要用线或面。".to_owned());
        }
        GeometryValue::Polygon { coordinates } => Thing::Outline {
            shape: polygons(&[coordinates])?,
        },
        GeometryValue::MultiPolygon { coordinates } => Thing::Outline {
            shape: polygons(&coordinates)?,
        },
        GeometryValue::MultiPoint { .. }
        | GeometryValue::LineString { .. }
        | GeometryValue::MultiLineString { .. }
        | GeometryValue::GeometryCollection { .. } => {
            return Err(
                "图形要用点（Point）、面（Polygon）或多个面（MultiPolygon），不能用线和混合图形。"
                    .to_owned(),
            );
        }
    };
    Ok(Feature {
        number,
        code,
        thing,
    })
}

fn station(properties: Option<&JsonObject>, kind: &str, at: (f64, f64)) -> Result<Thing, String> {
    let kind = match kind {
        "服务站" | "网格党群服务站" | "党群服务站" | "驿站" | "station" => {
            StationKind::Station
        }
        "中心" | "社区党群服务中心" | "党群服务中心" | "centre" | "center" => {
            StationKind::Centre
        }
        other => {
            let shown: String = other.chars().take(20).collect();
            return Err(format!(
                "类型“{shown}”不认识。服务站点的类型写“网格党群服务站”或“社区党群服务中心”；单位的点和面不写类型。"
            ));
        }
    };
    let text = |names: &[&str], label: &str, (min, max): (usize, usize)| {
        let text = property(properties, names);
        let length = text.chars().count();
        if text.chars().any(char::is_control) || !(min..=max).contains(&length) {
            return Err(format!("{label}要写 {min} 至 {max} 个字，写在一行里。"));
        }
        Ok(text)
    };
    Ok(Thing::Station {
        kind,
        name: text(&["名称", "name"], "服务站点的名称", (2, 40))?,
        address: text(&["地址", "address"], "地址", (0, 100))?,
        hours: text(&["开放时间", "hours"], "开放时间", (0, 60))?,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::super::remarks::SENTENCES;
    use super::super::shape::RING;
    use super::*;

    const SQUARE: &str =
        "[[124.29,45.50],[124.30,45.50],[124.30,45.51],[124.29,45.51],[124.29,45.50]]";

    fn file(features: &[String]) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            features.join(",")
        )
    }

    fn feature(properties: &str, geometry: &str) -> String {
        format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
    }

    fn area(rings: &str) -> String {
        let geometry = format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#);
        file(&[feature(r#"{"编码":"220882001"}"#, &geometry)])
    }

    fn said(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().sentences().concat()
    }

    #[test]
    fn outlines_points_and_stations_are_read() {
        let square = format!(r#"{{"type":"Polygon","coordinates":[{SQUARE}]}}"#);
        let point = r#"{"type":"Point","coordinates":[124.295,45.505,140.2]}"#;
        let text = file(&[
            feature(r#"{"code":220882001}"#, &square),
            feature(r#"{"编码":"220882001001001001"}"#, point),
            feature(
                r#"{"编码":"220882001001","类型":"驿站","名称":"站前驿站"}"#,
                point,
            ),
        ]);
        // A mark of byte order stands in front of what some programs write.
        let read = read(format!("\u{feff}{text}").as_bytes()).unwrap();
        assert_eq!(read.len(), 3);
        assert!(matches!(&read[0].thing, Thing::Outline { shape } if shape[0][0].len() == 5));
        assert_eq!(
            read[1].thing,
            Thing::Point {
                at: (124.295, 45.505)
            }
        );
        assert!(
            matches!(&read[2].thing, Thing::Station { kind: StationKind::Station, name, .. } if name == "站前驿站")
        );
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn what_is_wrong_is_said_in_a_sentence() {
        let cases = [
            (
                area(
                    "[[124.29,45.50],[124.30,45.51],[124.30,45.50],[124.29,45.51],[124.29,45.50]]",
                ),
                "交叉",
            ),
            (
                area("[[45.50,124.29],[45.50,124.30],[45.51,124.30],[45.50,124.29]]"),
                "经纬度写反了",
            ),
            (
                area("[[124.29,45.50],[124.30,45.50],[124.30,45.51],[124.29,45.51]]"),
                "没有闭合",
            ),
            (
                area("[[124.29,45.50],[124.30,45.50],[124.29,45.50]]"),
                "点太少",
            ),
            (
                area(
                    "[[21457832.1,5040231.5],[21457932.1,5040231.5],[21457932.1,5040331.5],[21457832.1,5040231.5]]",
                ),
                "投影坐标",
            ),
            (
                area("[[2.29,48.85],[2.30,48.85],[2.30,48.86],[2.29,48.85]]"),
                "不在中国范围内",
            ),
            (
                area(&format!(
                    "{SQUARE},[[124.31,45.50],[124.32,45.50],[124.32,45.51],[124.31,45.50]]"
                )),
                "挖空",
            ),
            (area("[[124.29],[124.30],[124.31],[124.29]]"), "坐标不全"),
            (area("[]"), "点太少"),
            (
                r#"{"type":"FeatureCollection","features":[]}"#.to_owned(),
                "没有要素",
            ),
            (
                r#"{"type":"Point","coordinates":[124.3,45.5]}"#.to_owned(),
                "没有编码",
            ),
            ("{\"type\":\n\"Feature".to_owned(), "第 2 行"),
            (r#"{"type":"Topology"}"#.to_owned(), "写法不对"),
            ("PK\u{3}\u{4}".to_owned(), "第 1 行"),
            (file(&[feature("{}", "null")]), "编码"),
            (file(&[feature(r#"{"编码":"金源小区"}"#, "null")]), "不对"),
            (
                file(&[feature(r#"{"编码":"220882001"}"#, "null")]),
                "没有图形",
            ),
            (
                file(&[feature(
                    r#"{"编码":"220882001"}"#,
                    r#"{"type":"LineString","coordinates":[[124.3,45.5],[124.4,45.5]]}"#,
                )]),
                "不能用线",
            ),
            (
                file(&[feature(
                    r#"{"编码":"220882001001","类型":"超市","名称":"某超市"}"#,
                    r#"{"type":"Point","coordinates":[124.3,45.5]}"#,
                )]),
                "不认识",
            ),
        ];
        for (text, sentence) in cases {
            assert!(said(&text).contains(sentence), "{text}: {}", said(&text));
        }
        let broken = read(b"\xff\xfe{}").unwrap_err();
        assert!(broken.sentences().concat().contains("UTF-8"));
        let deep = format!("{}{}", "[".repeat(4_000), "]".repeat(4_000));
        assert!(said(&deep).contains("写法不对"));
    }

    #[test]
    fn the_same_fault_of_many_is_said_once_and_many_faults_are_cut() {
        let point = r#"{"type":"Point","coordinates":[45.5,124.3]}"#;
        let swapped = vec![feature(r#"{"编码":"220882001001001001"}"#, point); 40];
        let said_of_all = said(&file(&swapped));
        assert!(said_of_all.starts_with("第 1、2、3、4、5 等 40 个要素：经纬度写反了"));
        let odd: Vec<String> = (0..40)
            .map(|n| feature(&format!(r#"{{"编码":"甲{n}"}}"#), point))
            .collect();
        let all = read(file(&odd).as_bytes()).unwrap_err().sentences();
        assert_eq!(all.len(), SENTENCES + 1);
        assert!(all[SENTENCES].contains("另有 10 处"));
    }

    #[test]
    fn a_file_is_bounded_before_it_is_worked_on() {
        let corner = "[124.29,45.50],".repeat(RING);
        let long = area(&format!("[{corner}[124.29,45.50]]"));
        assert!(said(&long).contains("2001 个拐点"), "{}", said(&long));
        let many = vec![feature(r#"{"编码":"220882001"}"#, "null"); FEATURES + 1];
        assert!(said(&file(&many)).contains("最多 5000 个"));
    }
}
