//! A service station: what is kept of it, and its form.

use std::ops::RangeInclusive;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::words;
use crate::coded;
use crate::org::NodeId;

/// How far ahead a station may be registered to open or to close, in days.
const AHEAD: i64 = 90;

coded! {
    /// Kinds of places where residents are served.
    StationKind as "station_kind" {
        /// The centre of a community.
        Centre = "centre" "社区党群服务中心",
        /// A station in a grid far from it (驿站).
        Station = "station" "网格党群服务站",
    }
}

/// A community that a station may belong to.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Ground {
    pub(in super::super) id: NodeId,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    /// The name of its street.
    pub(in super::super) street: String,
}

/// A station in the list of a page.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct StationLine {
    pub(in super::super) id: Uuid,
    pub(in super::super) kind: StationKind,
    pub(in super::super) name: String,
    pub(in super::super) address: String,
    pub(in super::super) hours: String,
    pub(in super::super) longitude: f64,
    pub(in super::super) latitude: f64,
    pub(in super::super) community: String,
    pub(in super::super) street: String,
    pub(in super::super) opened_on: NaiveDate,
    pub(in super::super) closed_on: Option<NaiveDate>,
    /// The buildings within reach of it.
    pub(in super::super) buildings: i64,
    /// Whether its community was closed meanwhile.
    pub(in super::super) is_homeless: bool,
}

impl StationLine {
    /// Whether it is open on a day.
    pub(in super::super) fn is_open(&self, day: &NaiveDate) -> bool {
        self.opened_on <= *day && self.closed_on.is_none_or(|closed| closed > *day)
    }

    /// From when, or until when.
    pub(in super::super) fn standing(&self, day: &NaiveDate) -> String {
        match self.closed_on {
            Some(closed) if closed <= *day => format!("{} 起关闭", words::day(closed)),
            Some(closed) => format!("{} 起将关闭", words::day(closed)),
            None => format!("{} 起开放", words::day(self.opened_on)),
        }
    }
}

/// A station as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Station {
    pub(in super::super) kind: StationKind,
    pub(in super::super) name: String,
    pub(in super::super) address: String,
    pub(in super::super) hours: String,
    /// Longitude and latitude.
    pub(in super::super) point: (f64, f64),
    pub(in super::super) community: NodeId,
    pub(in super::super) community_code: String,
    pub(in super::super) community_name: String,
    pub(in super::super) opened_on: NaiveDate,
}

/// A station as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct StationForm {
    pub(in super::super) once: String,
    pub(in super::super) version: String,
    pub(in super::super) kind: String,
    pub(in super::super) name: String,
    pub(in super::super) community: String,
    pub(in super::super) address: String,
    pub(in super::super) hours: String,
    pub(in super::super) longitude: String,
    pub(in super::super) latitude: String,
    pub(in super::super) opened_on: String,
}

impl StationForm {
    /// The form of a station.
    pub(in super::super) fn of(station: &Station, version: i32) -> Self {
        Self {
            version: version.to_string(),
            kind: station.kind.code().to_owned(),
            name: station.name.clone(),
            community: station.community.to_string(),
            address: station.address.clone(),
            hours: station.hours.clone(),
            longitude: station.point.0.to_string(),
            latitude: station.point.1.to_string(),
            opened_on: words::day(station.opened_on),
            ..Self::default()
        }
    }

    /// What the form says; the community must be one of these.
    pub(in super::super) fn read(
        &self,
        grounds: &[Ground],
        today: NaiveDate,
    ) -> Result<Station, FieldErrors> {
        let mut errors = FieldErrors::new();
        let kind = errors.choice::<StationKind>("kind", "站点种类", &self.kind);
        let name = line(&mut errors, ("name", "名称"), &self.name, (2, 40));
        let ground = grounds.iter().find(|g| g.id.to_string() == self.community);
        if ground.is_none() {
            errors.add("community", "请从名单里选所属社区。");
        }
        let address = line(&mut errors, ("address", "地址"), &self.address, (0, 100));
        let hours = line(&mut errors, ("hours", "开放时间"), &self.hours, (0, 60));
        let point = point(&mut errors, &self.longitude, &self.latitude);
        let opened_on = errors.day("opened_on", "启用日期", &self.opened_on);
        if opened_on.is_some_and(|day| day > today + Duration::days(AHEAD)) {
            errors.add("opened_on", "启用日期最多写到 90 天以后。");
        }
        match (kind, ground, point, opened_on) {
            (Some(kind), Some(ground), Some(point), Some(opened_on)) if errors.is_empty() => {
                Ok(Station {
                    kind,
                    name,
                    address,
                    hours,
                    point,
                    community: ground.id,
                    community_code: ground.code.clone(),
                    community_name: ground.name.clone(),
                    opened_on,
                })
            }
            _ => Err(errors),
        }
    }
}

fn line(
    errors: &mut FieldErrors,
    (field, label): (&str, &str),
    typed: &str,
    bounds: (usize, usize),
) -> String {
    let text = errors.text(field, label, typed, bounds);
    if text.contains(['\n', '\t']) {
        errors.add(field, format!("{label}写在一行里。"));
    }
    text
}

/// A position in China as it was typed. What was typed the other way round is said to be so.
fn point(errors: &mut FieldErrors, longitude: &str, latitude: &str) -> Option<(f64, f64)> {
    let read = |typed: &str| typed.trim().parse::<f64>().ok().filter(|d| d.is_finite());
    let (east, north) = (read(longitude), read(latitude));
    if let (Some(east), Some(north)) = (east, north)
        && is_swapped((east, north))
    {
        errors.add(
            "longitude",
            "经度和纬度写反了：经度是大的那个数（如 124.29），纬度是小的（如 45.51）。",
        );
        return None;
    }
    let east = east.filter(|d| LONGITUDES.contains(d));
    let north = north.filter(|d| LATITUDES.contains(d));
    if east.is_none() {
        errors.add("longitude", "经度写 73 至 136 之间的度数，例如 124.2911。");
    }
    if north.is_none() {
        errors.add("latitude", "纬度写 3 至 54 之间的度数，例如 45.5072。");
    }
    east.zip(north)
}

/// Between which degrees China lies.
const LONGITUDES: RangeInclusive<f64> = 73.0..=136.0;
const LATITUDES: RangeInclusive<f64> = 3.0..=54.0;

/// Whether a position lies in China.
pub(super) fn is_inside((longitude, latitude): (f64, f64)) -> bool {
    LONGITUDES.contains(&longitude) && LATITUDES.contains(&latitude)
}

/// Whether it would, if its two numbers changed places.
pub(super) fn is_swapped((longitude, latitude): (f64, f64)) -> bool {
    !is_inside((longitude, latitude)) && is_inside((latitude, longitude))
}

impl Station {
    /// What differs from before, as one sentence with both sides; nothing if nothing does.
    pub(in super::super) fn changes(&self, before: &Self) -> Option<String> {
        let shown = |s: &Self| {
            let or_none = |text: &str| {
                if text.is_empty() {
                    "空".to_owned()
                } else {
                    text.to_owned()
                }
            };
            [
                s.kind.label().to_owned(),
                s.name.clone(),
                s.community_name.clone(),
                or_none(&s.address),
                or_none(&s.hours),
                format!("经度 {}、纬度 {}", s.point.0, s.point.1),
                words::day(s.opened_on),
            ]
        };
        let labels = [
            "种类",
            "名称",
            "所属社区",
            "地址",
            "开放时间",
            "位置",
            "启用日期",
        ];
        let changed: Vec<String> = (shown(before).iter())
            .zip(&shown(self))
            .zip(labels)
            .filter(|((old, new), _)| old != new)
            .map(|((old, new), label)| format!("{label}：{old} → {new}"))
            .collect();
        (!changed.is_empty()).then(|| format!("{}：{}。", self.name, changed.join("；")))
    }

    /// How a new one is told.
    pub(in super::super) fn told(&self) -> String {
        format!(
            "{}，{}，{}，经度 {}、纬度 {}，{} 起开放。",
            self.name,
            self.kind.label(),
            self.community_name,
            self.point.0,
            self.point.1,
            words::day(self.opened_on)
        )
    }
}

/// The first day on which a station is no more, as it was typed.
pub(in super::super) fn closing_day(
    typed: &str,
    opened_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<NaiveDate, FieldErrors> {
    let today = crate::base::clock::day_of(now);
    let mut errors = FieldErrors::new();
    let day = errors.day_ahead("closed_on", ("关闭日期", typed), (today, AHEAD));
    if day.is_some_and(|day| day < opened_on) {
        errors.add(
            "closed_on",
            format!("关闭日期不能早于启用日期 {}。", words::day(opened_on)),
        );
    }
    errors.or(day.unwrap_or(today))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_typed_the_other_way_round_is_called_so() {
        let mut errors = FieldErrors::new();
        assert_eq!(point(&mut errors, "45.5", "124.29"), None);
        assert!(errors.of("longitude").contains("写反了"));
        let mut errors = FieldErrors::new();
        assert_eq!(point(&mut errors, " 124.29 ", "45.5"), Some((124.29, 45.5)));
        assert!(errors.is_empty());
        for wrong in ["", "NaN", "inf", "124,29", "21457832.1"] {
            let mut errors = FieldErrors::new();
            assert_eq!(point(&mut errors, wrong, "45.5"), None);
            assert!(!errors.of("longitude").is_empty(), "{wrong}");
        }
    }
}
