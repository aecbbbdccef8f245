//! The pages by which registers come in: before the upload, what the check says, how far it is.

mod begin;
mod files;
mod show;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::model::Register;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::org::access::{Access, Routes};

/// The paths of one register.
struct Paths {
    register: Register,
    start: &'static str,
    template: &'static str,
    one: &'static str,
    workbook: &'static str,
    confirmation: &'static str,
    dropping: &'static str,
}

const PATHS: [Paths; 8] = [
    Paths {
        register: Register::People,
        start: "/people/import",
        template: "/people/import/template",
        one: "/people/import/{import}",
        workbook: "/people/import/{import}/workbook",
        confirmation: "/people/import/{import}/confirmation",
        dropping: "/people/import/{import}/dropping",
    },
    Paths {
        register: Register::Posts,
        start: "/staffing/import",
        template: "/staffing/import/template",
        one: "/staffing/import/{import}",
        workbook: "/staffing/import/{import}/workbook",
        confirmation: "/staffing/import/{import}/confirmation",
        dropping: "/staffing/import/{import}/dropping",
    },
    Paths {
        register: Register::Chain,
        start: "/chain/import",
        template: "/chain/import/template",
        one: "/chain/import/{import}",
        workbook: "/chain/import/{import}/workbook",
        confirmation: "/chain/import/{import}/confirmation",
        dropping: "/chain/import/{import}/dropping",
    },
    Paths {
        register: Register::Departments,
        start: "/departments/import",
        template: "/departments/import/template",
        one: "/departments/import/{import}",
        workbook: "/departments/import/{import}/workbook",
        confirmation: "/departments/import/{import}/confirmation",
        dropping: "/departments/import/{import}/dropping",
    },
    Paths {
        register: Register::Classes,
        start: "/classes/import",
        template: "/classes/import/template",
        one: "/classes/import/{import}",
        workbook: "/classes/import/{import}/workbook",
        confirmation: "/classes/import/{import}/confirmation",
        dropping: "/classes/import/{import}/dropping",
    },
    Paths {
        register: Register::Duties,
        start: "/duties/import",
        template: "/duties/import/template",
        one: "/duties/import/{import}",
        workbook: "/duties/import/{import}/workbook",
        confirmation: "/duties/import/{import}/confirmation",
        dropping: "/duties/import/{import}/dropping",
    },
    Paths {
        register: Register::Phrases,
        start: "/phrases/import",
        template: "/phrases/import/template",
        one: "/phrases/import/{import}",
        workbook: "/phrases/import/{import}/workbook",
        confirmation: "/phrases/import/{import}/confirmation",
        dropping: "/phrases/import/{import}/dropping",
    },
    Paths {
        register: Register::Limits,
        start: "/limits/import",
        template: "/limits/import/template",
        one: "/limits/import/{import}",
        workbook: "/limits/import/{import}/workbook",
        confirmation: "/limits/import/{import}/confirmation",
        dropping: "/limits/import/{import}/dropping",
    },
];

/// The area's paths.
pub fn routes() -> Routes<Db> {
    PATHS.iter().fold(Routes::new(), |routes, paths| {
        let may = Access::Can(paths.register.permission());
        routes
            .get(paths.start, may, begin::start)
            .post(paths.start, may, begin::upload)
            .get(paths.template, may, files::template)
            .get(paths.one, may, show::show)
            .get(paths.workbook, may, files::workbook)
            .post(paths.confirmation, may, show::confirm)
            .post(paths.dropping, may, show::drop_it)
    })
}

/// The path says which register it is.
impl<S: Send + Sync> FromRequestParts<S> for Register {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        Self::at(parts.uri.path()).ok_or(Error::NotFound)
    }
}
