//! All SQL of places.

mod circle;
mod stations;
mod uploads;

pub(super) use circle::{Found as FoundBuildings, Part, buildings, circle};
pub(super) use stations::{Found as FoundStation, add, amend, close, grounds, hold, station};
pub(super) use uploads::{Past, end, facts, insert, keep_outlines, move_station, past, upload};
