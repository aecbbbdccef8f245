//! Evidence packs (佐证材料包) for review, appraisal and inspection: one file for a department or a
//! street and a period, made from recorded facts alone. The same facts give the same bytes; who made
//! it and when stands beside them, not in them. Anybody can check a pack without this program's data.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{LARGEST, Purpose, verified};
pub use pages::routes;
