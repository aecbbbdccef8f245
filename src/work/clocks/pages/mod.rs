//! The pages of the calendar and of the limits.

mod calendar;
mod change;
mod limits;
mod months;
mod notice;
mod preview;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeCalendar);
    const SET: Access = Access::Can(Permission::SetCalendar);
    Routes::new()
        .get("/calendar", SEE, calendar::look)
        .get("/calendar/edit", SET, calendar::edit)
        .post("/calendar/edit", SET, calendar::change)
        .get("/calendar/notice", SET, notice::paste)
        .post("/calendar/notice", SET, notice::read)
        .post("/calendar/notice/entry", SET, notice::enter)
        .get("/limits", SEE, limits::look)
        .get("/limits/edit", SET, limits::edit)
        .post("/limits/edit", SET, limits::keep)
}
