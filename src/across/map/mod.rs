//! The map (地图): the matters of some days by place, as circles on the chain's outlines and as a table, both
//! with the numbers of the same lists. Drawn by the server; there are no tiles and no script.

mod model;
mod pages;
mod queries;

pub use pages::routes;
