//! When the office works (工作日历): days, office hours, and due times that explain themselves.

mod actions;
mod model;
mod queries;

pub use actions::{step, store};
pub use model::{
    Calendar, Change, DayKind, Due, Limit, Line, NoChange, NoDue, OfficeHours, Pause, Plan,
    SpecialDay, Unit, WorkDayMode, Wrong, read_notice, span,
};
pub use queries::{Changed, OwnDay, Standing, Year, all, furnish, knows_year, load, standing};
