//! The five-minute circle (五分钟服务圈): how many buildings lie within reach of a station.

use serde::Deserialize;

use crate::base::form::address;
use crate::org::NodeId;

/// How far five minutes on foot are, in metres (GB 50180-2018, 5 分钟生活圈). Measured in a straight line.
pub(in super::super) const METRES: f64 = 300.0;

/// Which buildings a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Which {
    /// Those with a position and no station within reach.
    Uncovered,
    /// Those within reach of one.
    Covered,
    /// Those without a position.
    Unplaced,
}

impl Which {
    pub(in super::super) const ALL: [Self; 3] = [Self::Uncovered, Self::Covered, Self::Unplaced];

    /// The word of addresses.
    pub(in super::super) fn code(self) -> &'static str {
        match self {
            Self::Uncovered => "uncovered",
            Self::Covered => "covered",
            Self::Unplaced => "unplaced",
        }
    }

    /// What such buildings are called.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::Uncovered => "圈外",
            Self::Covered => "圈内",
            Self::Unplaced => "没有位置",
        }
    }

    /// Reads the word of an address.
    pub(in super::super) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.code() == code)
    }
}

/// Counted buildings of a place.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Part {
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) covered: i64,
    pub(in super::super) uncovered: i64,
    pub(in super::super) unplaced: i64,
}

impl Part {
    /// The buildings whose position is known.
    pub(in super::super) fn placed(&self) -> i64 {
        self.covered + self.uncovered
    }

    /// The share of these that is within reach, in per cent; none of none.
    pub(in super::super) fn share(&self) -> Option<String> {
        let placed = self.placed();
        (placed > 0).then(|| {
            // In tenths, rounded half up, so that the page and the file say the same.
            let tenths = (self.covered * 2_000 + placed) / (2 * placed);
            // What is not whole is never said to be.
            let tenths = if self.uncovered > 0 {
                tenths.min(999)
            } else {
                tenths
            };
            format!("{}.{}%", tenths / 10, tenths % 10)
        })
    }

    /// The list of some of its buildings.
    pub(in super::super) fn list(&self, which: Which) -> String {
        let fields = [("place", self.code.as_str()), ("which", which.code())];
        address("/circle/buildings", fields)
    }

    /// Its own page.
    pub(in super::super) fn page(&self) -> String {
        address("/circle", [("place", &self.code)])
    }

    /// Whether it has a page of its own: parts of a grid are buildings.
    pub(in super::super) fn has_page(&self) -> bool {
        self.code.len() <= 15
    }
}

/// Buildings that are drawn as one dot.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in super::super) struct Dot {
    pub(in super::super) longitude: f64,
    pub(in super::super) latitude: f64,
    pub(in super::super) reached: bool,
}

/// A place above the one that is looked at, or that itself.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Place {
    pub(in super::super) code: String,
    pub(in super::super) name: String,
}

/// All that the page of the circle shows.
#[derive(Clone, Debug)]
pub(in super::super) struct Circle {
    /// From the street down to the place itself; nothing: the whole city.
    pub(in super::super) path: Vec<Place>,
    pub(in super::super) parts: Vec<Part>,
    pub(in super::super) dots: Vec<Dot>,
    pub(in super::super) stations: Vec<super::StationLine>,
    pub(in super::super) outlines: Vec<super::Outline>,
}

impl Circle {
    /// All parts together.
    pub(in super::super) fn total(&self, code: &str, name: &str) -> Part {
        let sum = |of: fn(&Part) -> i64| self.parts.iter().map(of).sum();
        Part {
            code: code.to_owned(),
            name: name.to_owned(),
            covered: sum(|p| p.covered),
            uncovered: sum(|p| p.uncovered),
            unplaced: sum(|p| p.unplaced),
        }
    }
}

/// A building in the list.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Building {
    pub(in super::super) id: NodeId,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) grid: String,
    pub(in super::super) community: String,
    pub(in super::super) street: String,
    /// The nearest station and how far it is in whole metres, rounded up, if both have a position.
    pub(in super::super) nearest: Option<String>,
    pub(in super::super) metres: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_once_and_never_to_all_that_is_not_all() {
        let share = |covered, uncovered| {
            Part {
                code: String::new(),
                name: String::new(),
                covered,
                uncovered,
                unplaced: 7,
            }
            .share()
        };
        assert_eq!(share(0, 0), None);
        assert_eq!(share(1, 0).as_deref(), Some("100.0%"));
        assert_eq!(share(1, 2).as_deref(), Some("33.3%"));
        assert_eq!(share(2, 1).as_deref(), Some("66.7%"));
        assert_eq!(share(99_999, 1).as_deref(), Some("99.9%"));
        assert_eq!(share(0, 5).as_deref(), Some("0.0%"));
    }
}
