//! When the office works (工作日历): days, office hours, and due times that explain themselves.

mod model;
mod queries;

pub use model::{
    Calendar, DayKind, Due, Limit, Line, NoDue, OfficeHours, Pause, Plan, SpecialDay, Unit,
    WorkDayMode,
};
pub use queries::{all, between, furnish, load};
