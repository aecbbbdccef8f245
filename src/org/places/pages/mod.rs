//! The five-minute circle, its stations and its buildings; the import from `GeoJSON`.

mod buildings;
mod circle;
mod import;
mod stations;

use serde::Deserialize;

use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::org::access::{Access, Permission, Routes, Viewer};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeChain);
    const KEEP: Access = Access::Can(Permission::KeepStations);
    const DRAW: Access = Access::Can(Permission::ChangeChain);
    Routes::new()
        .get("/circle", SEE, circle::show)
        .get("/circle/buildings", SEE, buildings::list)
        .get("/circle/buildings.xlsx", SEE, buildings::sheet)
        .get("/circle/buildings.csv", SEE, buildings::sheet)
        .get("/circle/stations/new", KEEP, stations::blank)
        .post("/circle/stations", KEEP, stations::add)
        .get("/circle/stations/{id}/edit", KEEP, stations::edit)
        .post("/circle/stations/{id}/edit", KEEP, stations::amend)
        .post("/circle/stations/{id}/closing", KEEP, stations::close)
        .get("/map/import", DRAW, import::start)
        .post("/map/import", DRAW, import::upload)
        .get("/map/import/{import}", DRAW, import::show)
        .post("/map/import/{import}", DRAW, import::confirm)
}

/// The address of a page of the circle.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    /// A street, community or grid by its code.
    place: String,
    /// Which buildings, in their list.
    which: String,
    after: String,
    first: String,
    done: String,
}

/// The widest place that the viewer's circle is about: his own, but a grid at least.
fn own(me: &Viewer) -> &str {
    let code = me.node_code();
    code.get(..15).unwrap_or(code)
}

/// The place asked for, if it is the viewer's own or within it.
fn asked<'a>(me: &'a Viewer, wish: &'a Wish) -> Result<&'a str> {
    let (own, place) = (own(me), wish.place.trim());
    let code = if place.is_empty() { own } else { place };
    let known = [0, 9, 12, 15].contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    (known && code.starts_with(own))
        .then_some(code)
        .ok_or(Error::NotFound)
}
