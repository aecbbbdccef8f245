//! Where things are: the outlines of the chain's nodes, the service stations (服务站点), how many buildings
//! one reaches from them on foot (五分钟服务圈), and the import of all of it from `GeoJSON`. What is drawn is
//! drawn by the server from these positions alone, without the tiles of anybody's map.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{Bounds, Frame, Outline, StationKind, tenth};
pub use pages::routes;
