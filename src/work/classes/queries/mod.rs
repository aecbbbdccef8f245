//! All SQL of the classes.

mod class;
mod list;
mod writes;

pub(super) use class::{Sight, class, sight};
pub use class::{classes, conditions_on, majors};
pub(super) use list::{Filter, Row, State, export, list};
pub use writes::furnish;
pub(super) use writes::{insert_class, insert_version};
