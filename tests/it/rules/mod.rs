//! What must hold in every file, every table, every path and every page.

mod axe;
mod cancel;
mod catalogue;
pub(crate) mod figures;
mod imports;
mod inputs;
mod judges;
mod lamps;
mod migrations;
mod moves;
mod queries;
mod routes;
mod spider;
mod templates;
mod tidiness;
