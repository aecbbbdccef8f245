//! Who answers for what (问责体系): the tasks of the three-year plan (三年工作计划) with their milestones
//! and the program's own figures as proof, and the items that inspections found, until each is
//! verified and struck off (整改销号). What was reported is never judged by who reported it.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{ItemMove, Measure, Source, Stage};
pub use pages::routes;
