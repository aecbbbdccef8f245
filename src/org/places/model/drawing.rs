//! From degrees to the units of a drawing: a plane that touches the earth in the middle of what is
//! drawn (equirectangular), north above. Over a city it errs by less than a line is wide.

use std::fmt::Write as _;

use serde::Deserialize;

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_195.0;
/// The widest and the highest drawing, in its own units.
const WIDEST: f64 = 960.0;
const HIGHEST: f64 = 600.0;
/// What stays free around what is drawn.
const EDGE: f64 = 28.0;
/// Nothing is drawn larger than if it were so many metres wide.
const LEAST: f64 = 240.0;
/// Corners nearer to each other than so many units are one.
const NEAR: f64 = 0.6;

/// The outline of a node as it is drawn.
#[derive(Clone, Debug, Deserialize)]
pub struct Outline {
    /// The level of the node: 1 is a street.
    pub level: i16,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Polygons of rings of positions, the longitude first.
    pub shape: Vec<Vec<Vec<(f64, f64)>>>,
}

/// From where to where something reaches, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bounds {
    /// The bounds of these positions, if there are any.
    pub fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        points.into_iter().fold(None, |bounds, point| {
            let here = Self {
                west: point.0,
                east: point.0,
                south: point.1,
                north: point.1,
            };
            Some(bounds.map_or(here, |b: Self| b.with(here)))
        })
    }

    /// The bounds of outlines, if there are any.
    pub fn of_outlines(outlines: &[Outline]) -> Option<Self> {
        let rings = outlines.iter().flat_map(|o| o.shape.iter().flatten());
        Self::of(rings.flatten().copied())
    }

    /// The bounds of both.
    pub fn both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(one.with(other)),
            (one, None) => one,
            (None, other) => other,
        }
    }

    /// West, south, east, north.
    pub fn sides(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }
}

/// The drawing that something fits into.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    middle: (f64, f64),
    /// Units of one metre.
    scale: f64,
    /// How much shorter a degree of longitude is than one of latitude.
    squeeze: f64,
    /// The width in units.
    pub width: f64,
    /// The height in units.
    pub height: f64,
}

impl Frame {
    /// The drawing of what lies within these bounds.
    pub fn around(bounds: Bounds) -> Self {
        let middle = (
            f64::midpoint(bounds.west, bounds.east),
            f64::midpoint(bounds.south, bounds.north),
        );
        let squeeze = middle.1.to_radians().cos();
        let wide = ((bounds.east - bounds.west) * DEGREE * squeeze).max(LEAST);
        let high = ((bounds.north - bounds.south) * DEGREE).max(LEAST);
        let scale = ((WIDEST - 2.0 * EDGE) / wide).min((HIGHEST - 2.0 * EDGE) / high);
        Self {
            middle,
            scale,
            squeeze,
            width: WIDEST,
            height: (high * scale + 2.0 * EDGE).round(),
        }
    }

    /// Where a position lies in the drawing.
    pub fn at(&self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        let east = (longitude - self.middle.0) * DEGREE * self.squeeze;
        let north = (latitude - self.middle.1) * DEGREE;
        (
            tenth(self.width / 2.0 + east * self.scale),
            tenth(self.height / 2.0 - north * self.scale),
        )
    }

    /// So many metres in units.
    pub fn metres(&self, metres: f64) -> f64 {
        tenth(metres * self.scale)
    }

    /// The line of an outline: corners that would fall on one another are left out.
    pub fn line(&self, outline: &Outline) -> String {
        let mut line = String::new();
        for ring in outline.shape.iter().flatten() {
            let mut last: Option<(f64, f64)> = None;
            for point in ring {
                let (x, y) = self.at(*point);
                let near = last.is_some_and(|(a, b)| (a - x).abs() < NEAR && (b - y).abs() < NEAR);
                if near {
                    continue;
                }
                let mark = if last.is_some() { 'L' } else { 'M' };
                // Writing to a string does not fail.
                let _ = write!(line, "{mark}{x} {y}");
                last = Some((x, y));
            }
            line.push('Z');
        }
        line
    }

    /// Dots at these positions, as one line of no length each: its caps are round.
    pub fn dots(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut line = String::new();
        for point in points {
            let (x, y) = self.at(point);
            let _ = write!(line, "M{x} {y}h0");
        }
        line
    }

    /// A round length that fits into a quarter of the drawing: how it is called, and its units.
    pub fn ruler(&self) -> (String, f64) {
        const LENGTHS: [u32; 10] = [20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20];
        let fits = |metres: &&u32| f64::from(**metres) * self.scale <= self.width / 4.0;
        let metres = LENGTHS.iter().find(fits).copied().unwrap_or(20);
        let name = if metres >= 1_000 {
            format!("{} 公里", metres / 1_000)
        } else {
            format!("{metres} 米")
        };
        (name, self.metres(f64::from(metres)))
    }
}

/// Drawings are exact to a tenth of a unit.
pub fn tenth(units: f64) -> f64 {
    (units * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(points: &[(f64, f64)]) -> Bounds {
        Bounds::of(points.iter().copied()).unwrap()
    }

    #[test]
    fn north_is_above_and_east_is_right_and_everything_fits() {
        let corners = [(124.20, 45.45), (124.40, 45.55)];
        let frame = Frame::around(bounds(&corners));
        let (south_west, north_east) = (frame.at(corners[0]), frame.at(corners[1]));
        assert!(south_west.0 < north_east.0 && south_west.1 > north_east.1);
        for (x, y) in [south_west, north_east] {
            assert!((0.0..=frame.width).contains(&x) && (0.0..=frame.height).contains(&y));
        }
        // A kilometre is as long to the east as to the north.
        let here = frame.at((124.3, 45.5));
        let north = frame.at((124.3, 45.5 + 1_000.0 / DEGREE));
        let wide = DEGREE * 45.5_f64.to_radians().cos();
        let east = frame.at((124.3 + 1_000.0 / wide, 45.5));
        assert!(((here.1 - north.1) - (east.0 - here.0)).abs() < 0.3);
        assert!((frame.metres(1_000.0) - (here.1 - north.1)).abs() < 0.3);
    }

    #[test]
    fn one_point_is_drawn_in_the_middle_and_a_high_city_keeps_its_height() {
        let frame = Frame::around(bounds(&[(124.3, 45.5)]));
        assert_eq!(
            frame.at((124.3, 45.5)),
            (frame.width / 2.0, frame.height / 2.0)
        );
        let high = Frame::around(bounds(&[(124.3, 45.0), (124.3, 46.0)]));
        assert!(high.height <= HIGHEST + 1.0);
        assert_eq!(high.ruler().0, "20 公里");
    }

    #[test]
    fn corners_that_fall_on_one_another_are_drawn_once() {
        let ring = vec![
            (124.30, 45.50),
            (124.300_000_1, 45.50),
            (124.32, 45.50),
            (124.32, 45.52),
            (124.30, 45.50),
        ];
        let outline = Outline {
            level: 1,
            name: String::new(),
            code: String::new(),
            shape: vec![vec![ring]],
        };
        let frame = Frame::around(Bounds::of_outlines(std::slice::from_ref(&outline)).unwrap());
        let line = frame.line(&outline);
        assert_eq!(line.matches('L').count(), 3, "{line}");
        assert!(line.starts_with('M') && line.ends_with('Z'));
        assert_eq!(
            frame
                .dots([(124.3, 45.5), (124.31, 45.5)])
                .matches("h0")
                .count(),
            2
        );
    }

    #[test]
    fn no_bounds_where_nothing_is() {
        assert_eq!(Bounds::of([]), None);
        let one = Bounds::of([(1.0, 2.0)]);
        assert_eq!(Bounds::both(None, one), one);
        let both = Bounds::both(one, Bounds::of([(3.0, -2.0)]));
        assert_eq!(both, Bounds::of([(1.0, -2.0), (3.0, 2.0)]));
    }
}
