//! Places with their matters, and the circles that stand for them. Pure.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::org::places::{Bounds, Frame, Outline, tenth};

/// How many places are drawn and listed: those with the most matters.
pub(super) const MOST: i64 = 400;
/// Up to so many circles have their names beside them.
const NAMED: usize = 24;
/// The radii of the smallest and the largest circle, in units of the drawing.
const RADII: (f64, f64) = (8.0, 30.0);

/// By what matters are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Street,
    Community,
    Grid,
    Building,
}

impl By {
    const ALL: [Self; 4] = [Self::Street, Self::Community, Self::Grid, Self::Building];

    /// The word of addresses.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Community => "community",
            Self::Grid => "grid",
            Self::Building => "building",
        }
    }

    /// What such a place is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Street => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::Building => "楼栋",
        }
    }

    /// Reads the word of an address.
    pub(super) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }

    /// How long the codes of such places are.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Street => 9,
            Self::Community => 12,
            Self::Grid => 15,
            Self::Building => 18,
        }
    }

    /// The levels whose outlines are drawn behind them.
    pub(super) fn deepest(self) -> i16 {
        match self {
            Self::Street => 1,
            Self::Community => 2,
            Self::Grid | Self::Building => 3,
        }
    }

    /// What a place is divided into, the usual one first.
    pub(super) fn of(code: &str) -> &'static [Self] {
        match code.len() {
            0 => &[Self::Community, Self::Street, Self::Grid],
            9 => &[Self::Grid, Self::Community, Self::Building],
            12 => &[Self::Building, Self::Grid],
            _ => &[Self::Building],
        }
    }
}

/// A place with how many matters it had.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) name: String,
    /// Whether it is no more.
    pub(super) is_closed: bool,
    pub(super) n: i64,
    /// The same by major class.
    pub(super) by: BTreeMap<String, i64>,
    pub(super) longitude: Option<f64>,
    pub(super) latitude: Option<f64>,
}

impl Row {
    /// How many of a major class.
    pub(super) fn of(&self, major: &str) -> i64 {
        self.by.get(major).copied().unwrap_or(0)
    }

    fn at(&self) -> Option<(f64, f64)> {
        self.longitude.zip(self.latitude)
    }
}

/// A circle.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Which row it stands for.
    pub(super) row: usize,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) r: f64,
    /// Where its name stands.
    pub(super) below: f64,
    /// Whether the number fits into it.
    pub(super) has_number: bool,
}

/// What is drawn.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) frame: Frame,
    pub(super) lines: Vec<(i16, String)>,
    /// The largest first, so that no small one is hidden.
    pub(super) marks: Vec<Mark>,
    /// Whether the circles have their names beside them.
    pub(super) are_named: bool,
    pub(super) ruler: (String, f64),
}

/// Draws the places that have a position; nothing if there is nothing to be drawn.
pub(super) fn drawn(rows: &[Row], outlines: &[Outline]) -> Option<Drawn> {
    let points = Bounds::of(rows.iter().filter_map(Row::at));
    let bounds = Bounds::both(points, Bounds::of_outlines(outlines))?;
    let frame = Frame::around(bounds);
    let most = rows.iter().map(|r| r.n).max().unwrap_or(1);
    let mark = |(row, of): (usize, &Row)| {
        let (x, y) = frame.at(of.at()?);
        let r = radius(of.n, most);
        Some(Mark {
            row,
            x,
            y,
            r,
            below: tenth(y + r + 15.0),
            // A figure is half as wide as it is high.
            has_number: r >= 4.0 + 4.0 * figures(of.n),
        })
    };
    let mut marks: Vec<Mark> = rows.iter().enumerate().filter_map(mark).collect();
    marks.sort_by(|a, b| b.r.total_cmp(&a.r).then(a.row.cmp(&b.row)));
    Some(Drawn {
        lines: outlines.iter().map(|o| (o.level, frame.line(o))).collect(),
        are_named: marks.len() <= NAMED,
        marks,
        ruler: frame.ruler(),
        frame,
    })
}

/// The area of a circle says how many.
fn radius(n: i64, most: i64) -> f64 {
    let share = ratio(n, most);
    tenth(RADII.0 + (RADII.1 - RADII.0) * share.sqrt())
}

fn ratio(n: i64, most: i64) -> f64 {
    let exact = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    exact(n) / exact(most.max(1))
}

fn figures(n: i64) -> f64 {
    f64::from(u32::try_from(n.to_string().len()).unwrap_or(1))
}

/// All that the page shows.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// From the street down to the place itself; nothing: the whole city.
    pub(super) path: Vec<(String, String)>,
    /// The places with the most matters.
    pub(super) rows: Vec<Row>,
    /// All matters meant.
    pub(super) total: i64,
    /// Those of them whose place is wider than what is counted by.
    pub(super) wider: i64,
    /// How many places have any.
    pub(super) places: i64,
    pub(super) outlines: Vec<Outline>,
    /// Classes to choose from: code and name.
    pub(super) quick: Vec<(String, String)>,
    pub(super) majors: Vec<String>,
}

impl Found {
    /// The major classes that occur, in the order of the register.
    pub(super) fn columns(&self) -> Vec<&str> {
        let occurs = |major: &&String| self.rows.iter().any(|row| row.of(major) > 0);
        let occurring = self.majors.iter().filter(occurs);
        occurring.map(String::as_str).collect()
    }

    /// How many places are not listed.
    pub(super) fn unlisted(&self) -> i64 {
        self.places - i64::try_from(self.rows.len()).unwrap_or(i64::MAX)
    }

    /// How many of the listed places have no position.
    pub(super) fn unplaced(&self) -> usize {
        self.rows.iter().filter(|row| row.at().is_none()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: i64, at: Option<(f64, f64)>) -> Row {
        Row {
            code: String::new(),
            name: String::new(),
            is_closed: false,
            n,
            by: BTreeMap::new(),
            longitude: at.map(|p| p.0),
            latitude: at.map(|p| p.1),
        }
    }

    #[test]
    fn the_area_says_how_many_and_the_largest_lies_below() {
        let rows = [
            row(1, Some((124.30, 45.50))),
            row(100, Some((124.31, 45.51))),
            row(25, Some((124.32, 45.50))),
            row(50, None),
        ];
        let drawn = drawn(&rows, &[]).unwrap();
        let order: Vec<usize> = drawn.marks.iter().map(|m| m.row).collect();
        assert_eq!(order, [1, 2, 0], "what has no position is not drawn");
        let radii: Vec<f64> = drawn.marks.iter().map(|m| m.r).collect();
        assert!((radii[0] - 30.0).abs() < 0.1 && (radii[1] - 19.0).abs() < 0.1);
        assert!(radii[2] >= 8.0 && radii[2] < 11.0);
        for mark in &drawn.marks {
            assert!((0.0..=drawn.frame.width).contains(&mark.x));
            assert!((0.0..=drawn.frame.height).contains(&mark.y));
        }
    }

    #[test]
    fn where_nothing_has_a_position_nothing_is_drawn() {
        assert!(drawn(&[row(3, None)], &[]).is_none());
        assert!(drawn(&[], &[]).is_none());
    }
}
