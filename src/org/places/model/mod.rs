//! Positions, how they are drawn, what is kept of a station, and what a `GeoJSON` file says. Pure.

mod check;
mod circle;
mod drawing;
mod geojson;
mod plan;
mod remarks;
mod shape;
mod station;

pub(super) use check::check;
pub(super) use circle::{Building, Circle, Dot, METRES, Part, Place, Which};
pub use drawing::{Bounds, Frame, Outline, tenth};
pub(super) use geojson::{Feature, LARGEST, read};
pub(super) use plan::{Facts, Holds, Kept, Plan};
pub(super) use shape::Polygons;
pub use station::StationKind;
pub(super) use station::{Ground, Station, StationForm, StationLine, closing_day};
