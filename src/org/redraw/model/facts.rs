//! What is kept of a node or a department, as forms send it and as events tell it.

use chrono::{Duration, NaiveDate};
use serde::Deserialize;

use super::AHEAD;
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::access::Level;
use crate::org::units::DepartmentKind;

/// A node as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeForm {
    pub(crate) once: String,
    pub(crate) version: String,
    /// The node above a new one; empty: a street.
    pub(crate) parent: String,
    pub(crate) name: String,
    pub(crate) party_name: String,
    pub(crate) households: String,
    pub(crate) longitude: String,
    pub(crate) latitude: String,
    pub(crate) from_day: String,
    /// `1`: the posts of its level are set up, vacant.
    pub(crate) posts: String,
}

/// What is kept of a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    pub(crate) name: String,
    pub(crate) party_name: String,
    /// Households, of a unit.
    pub(crate) households: Option<i32>,
    /// Degrees east and north (WGS-84), of a building or unit.
    pub(crate) point: Option<(f64, f64)>,
}

impl NodeForm {
    /// What the form says of a node of this level.
    pub(crate) fn read(&self, level: Level) -> Result<Facts, FieldErrors> {
        let mut errors = FieldErrors::new();
        let facts = self.facts(&mut errors, level);
        errors.or(facts)
    }

    /// What the form says of a new node, and from which day it stands.
    pub(crate) fn read_new(
        &self,
        level: Level,
        today: NaiveDate,
    ) -> Result<(Facts, NaiveDate), FieldErrors> {
        let mut errors = FieldErrors::new();
        let facts = self.facts(&mut errors, level);
        let last = today + Duration::days(AHEAD);
        let from = errors.day("from_day", "设立日期", &self.from_day);
        if from.is_some_and(|from| !(today..=last).contains(&from)) {
            let sentence = format!(
                "设立日期要在今天 {} 至 {} 之间，不能补设以前的。",
                words::day(today),
                words::day(last)
            );
            errors.add("from_day", sentence);
        }
        errors.or((facts, from.unwrap_or(today)))
    }

    fn facts(&self, errors: &mut FieldErrors, level: Level) -> Facts {
        Facts {
            name: line(errors, "name", "名称", &self.name),
            party_name: line(errors, "party_name", "党组织名称", &self.party_name),
            households: (level == Level::Unit)
                .then(|| households(errors, &self.households))
                .flatten(),
            point: (level >= Level::Building)
                .then(|| point(errors, &self.longitude, &self.latitude))
                .flatten(),
        }
    }
}

/// A name on one line.
pub(crate) fn line(errors: &mut FieldErrors, field: &str, label: &str, typed: &str) -> String {
    let name = errors.text(field, label, typed, (2, 40));
    if name.contains(['\n', '\t']) {
        errors.add(field, format!("{label}写在一行里。"));
    }
    name
}

fn households(errors: &mut FieldErrors, typed: &str) -> Option<i32> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse().ok().filter(|n| (0..=999).contains(n));
    if read.is_none() {
        errors.add("households", "户数写 0 至 999 的整数，不清楚就留空。");
    }
    read
}

/// Both degrees, within China, or neither.
fn point(errors: &mut FieldErrors, longitude: &str, latitude: &str) -> Option<(f64, f64)> {
    let (longitude, latitude) = (longitude.trim(), latitude.trim());
    if longitude.is_empty() && latitude.is_empty() {
        return None;
    }
    let mut degrees = |field, label: &str, typed: &str, (low, high): (f64, f64)| {
        let read = typed
            .parse::<f64>()
            .ok()
            .filter(|d| (low..=high).contains(d));
        if read.is_none() {
            errors.add(
                field,
                format!("{label}写 {low} 至 {high} 之间的度数，例如 {low}.123456；经度、纬度要么都填，要么都不填。"),
            );
        }
        read
    };
    let east = degrees("longitude", "经度", longitude, (73.0, 136.0));
    let north = degrees("latitude", "纬度", latitude, (3.0, 54.0));
    east.zip(north)
}

impl Facts {
    /// What differs from before, as one sentence with both sides; nothing if nothing does.
    pub(crate) fn changes(&self, before: &Self) -> Option<String> {
        let shown = |facts: &Self| {
            [
                facts.name.clone(),
                facts.party_name.clone(),
                facts
                    .households
                    .map_or_else(none, |households| format!("{households} 户")),
                facts
                    .point
                    .map_or_else(none, |(east, north)| format!("经度 {east}、纬度 {north}")),
            ]
        };
        told(
            ["名称", "党组织名称", "户数", "位置"],
            &shown(before),
            &shown(self),
        )
    }
}

fn none() -> String {
    "空".to_owned()
}

/// `名称：甲 → 乙；户数：空 → 12 户。`
fn told<const N: usize>(labels: [&str; N], old: &[String; N], new: &[String; N]) -> Option<String> {
    let pairs = old.iter().zip(new).zip(labels);
    let changed: Vec<String> = pairs
        .filter(|((old, new), _)| old != new)
        .map(|((old, new), label)| format!("{label}：{old} → {new}"))
        .collect();
    (!changed.is_empty()).then(|| format!("{}。", changed.join("；")))
}

/// What is wrong with a name if one beside it has it already.
pub(crate) fn same_name(level: Level, taken: &str) -> String {
    format!(
        "已有叫“{taken}”的{}。请另起一个名称，撤销的除外。",
        level.label()
    )
}

/// A department as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DepartmentForm {
    pub(crate) once: String,
    pub(crate) version: String,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) position: String,
}

/// What is kept of a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DepartmentFacts {
    pub(crate) name: String,
    pub(crate) kind: DepartmentKind,
    /// Its place among those of its kind, from above.
    pub(crate) position: i16,
}

impl DepartmentForm {
    /// What the form says.
    pub(crate) fn read(&self) -> Result<DepartmentFacts, FieldErrors> {
        let mut errors = FieldErrors::new();
        let facts = self.facts(&mut errors);
        errors.or(facts)
    }

    /// What the form says of a new one, with its code: two capitals or figures.
    pub(crate) fn read_new(&self) -> Result<(String, DepartmentFacts), FieldErrors> {
        let mut errors = FieldErrors::new();
        let code = self.code.trim().to_ascii_uppercase();
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            errors.add("code", "代码写两个字母或数字，例如 ZJ。");
        }
        let facts = self.facts(&mut errors);
        errors.or((code, facts))
    }

    fn facts(&self, errors: &mut FieldErrors) -> DepartmentFacts {
        let name = line(errors, "name", "名称", &self.name);
        let kind = DepartmentKind::ALL
            .into_iter()
            .find(|kind| kind.code() == self.kind);
        if kind.is_none() {
            errors.add("kind", "请选择种类。");
        }
        let position = self.position.trim().parse().ok();
        let position = position.filter(|p| (0..=999).contains(p));
        if position.is_none() {
            errors.add("position", "排序写 0 至 999 的整数，小的在前。");
        }
        DepartmentFacts {
            name,
            kind: kind.unwrap_or(DepartmentKind::Bureau),
            position: position.unwrap_or_default(),
        }
    }
}

impl DepartmentFacts {
    /// What differs from before, as one sentence with both sides; nothing if nothing does.
    pub(crate) fn changes(&self, before: &Self) -> Option<String> {
        let shown = |facts: &Self| {
            [
                facts.name.clone(),
                facts.kind.label().to_owned(),
                facts.position.to_string(),
            ]
        };
        told(["名称", "种类", "排序"], &shown(before), &shown(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> NodeForm {
        NodeForm {
            name: " 滨河网格 ".to_owned(),
            party_name: "滨河网格党支部".to_owned(),
            ..NodeForm::default()
        }
    }

    #[test]
    fn a_position_is_whole_or_not_there() {
        let mut typed = form();
        assert_eq!(typed.read(Level::Building).unwrap().point, None);
        typed.longitude = "124.2911".to_owned();
        let errors = typed.read(Level::Building).unwrap_err();
        assert!(errors.of("latitude").contains("要么都填"));
        typed.latitude = "45.5072".to_owned();
        let read = typed.read(Level::Building).unwrap();
        assert_eq!(read.point, Some((124.2911, 45.5072)));
        // What is wider than a building is no point.
        assert_eq!(typed.read(Level::Grid).unwrap().point, None);
        typed.latitude = "124.2911".to_owned();
        assert!(typed.read(Level::Unit).is_err());
        typed.latitude = "NaN".to_owned();
        assert!(typed.read(Level::Unit).is_err());
    }

    #[test]
    fn a_change_tells_both_sides() {
        let before = form().read(Level::Grid).unwrap();
        let mut after = before.clone();
        assert_eq!(after.changes(&before), None);
        after.name = "江滨网格".to_owned();
        assert_eq!(
            after.changes(&before).as_deref(),
            Some("名称：滨河网格 → 江滨网格。")
        );
    }

    #[test]
    fn a_new_node_begins_today_or_soon() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let begins = |typed: &str| {
            let form = NodeForm {
                from_day: typed.to_owned(),
                ..form()
            };
            form.read_new(Level::Grid, today).map(|(_, from)| from)
        };
        assert_eq!(begins("2026-11-23"), Ok(today));
        assert!(begins("2027-02-21").is_ok());
        for wrong in ["2026-11-22", "2027-02-22", "gestern", ""] {
            assert!(begins(wrong).is_err(), "{wrong}");
        }
    }
}
