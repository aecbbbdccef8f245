//! The pages of people (人员) and of posts (任职).

mod account;
mod appoint;
mod people;
mod person;
mod post;
mod posts;
mod slips;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeStaff);
    const PEOPLE: Access = Access::Can(Permission::ChangePeople);
    const APPOINT: Access = Access::Can(Permission::Appoint);
    Routes::new()
        .get("/people", SEE, people::list)
        .get("/people.csv", SEE, people::export)
        .get("/people.xlsx", SEE, people::export)
        .post("/people/number", SEE, people::by_number)
        .get("/people/new", PEOPLE, person::blank)
        .post("/people", PEOPLE, person::enter)
        .get("/people/slips", APPOINT, slips::ask)
        .post("/people/slips", APPOINT, slips::make)
        .get("/people/{id}", SEE, person::show)
        .post("/people/{id}/unmasking", SEE, person::unmask)
        .get("/people/{id}/edit", PEOPLE, person::edit)
        .post("/people/{id}/edit", PEOPLE, person::change)
        .get("/people/{id}/account", APPOINT, account::ask)
        .post("/people/{id}/account", APPOINT, account::make)
        .post("/people/{id}/account/unlock", APPOINT, account::unlock)
        .get(
            "/people/{id}/account/closing",
            APPOINT,
            account::ask_closing,
        )
        .post("/people/{id}/account/closing", APPOINT, account::close)
        .post("/people/{id}/account/reopening", APPOINT, account::reopen)
        .post("/people/{id}/factor/reset", APPOINT, account::reset_factor)
        .post(
            "/people/{id}/sessions/{session}/end",
            APPOINT,
            account::end_session,
        )
        .get("/staffing", SEE, posts::list)
        .get("/staffing.csv", SEE, posts::export)
        .get("/staffing.xlsx", SEE, posts::export)
        .get("/staffing/new", APPOINT, posts::blank)
        .post("/staffing", APPOINT, posts::set_up)
        .get("/staffing/{id}", SEE, post::show)
        .get("/staffing/{id}/appointment", APPOINT, appoint::ask)
        .post("/staffing/{id}/appointment", APPOINT, appoint::appoint)
        .get("/staffing/{id}/relief", APPOINT, appoint::ask_relief)
        .post("/staffing/{id}/relief", APPOINT, appoint::relieve)
        .post("/staffing/{id}/cancel", APPOINT, post::cancel)
        .post("/staffing/{id}/term", APPOINT, post::set_term)
        .get("/staffing/{id}/abolition", APPOINT, appoint::ask_abolition)
        .post("/staffing/{id}/abolition", APPOINT, appoint::abolish)
}
