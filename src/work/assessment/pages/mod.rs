//! The pages of the assessment: ranking, one score, the steps of a period, the schemes.

mod cases;
mod export;
mod objections;
mod ranking;
mod schemes;
mod score;
mod steps;
mod typed;
mod warnings;
mod write;

use super::model::Exact;
use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeAssessment);
    let change = Access::Can(Permission::ChangeAssessment);
    with_evidence(of_objections())
        .get("/assessment", see, ranking::current)
        .get("/assessment/schemes", see, schemes::look)
        .get("/assessment/schemes/new", change, write::blank)
        .post("/assessment/schemes/preview", change, write::preview)
        .post("/assessment/schemes", change, write::keep)
        .get("/assessment/{period}", see, ranking::look)
        .get("/assessment/{period}/warnings", see, warnings::look)
        .get("/assessment/{period}/scores.csv", see, export::scores)
        .get("/assessment/{period}/scores.xlsx", see, export::scores)
        .get("/assessment/{period}/cases.csv", see, export::cases)
        .get("/assessment/{period}/cases.xlsx", see, export::cases)
        .get("/assessment/{period}/snapshot.json", see, export::snapshot)
        .get("/assessment/{period}/showing", change, steps::ask_show)
        .post("/assessment/{period}/showing", change, steps::show)
        .get("/assessment/{period}/freezing", change, steps::ask_freeze)
        .post("/assessment/{period}/freezing", change, steps::freeze)
        .get("/assessment/{period}/{department}", see, score::look)
}

/// The paths of objections; they come first, because a department may stand where they do.
fn of_objections() -> Routes<Db> {
    let see = Access::Can(Permission::SeeAssessment);
    let change = Access::Can(Permission::ChangeAssessment);
    let object = Access::Can(Permission::ObjectToScores);
    let judge = Access::Can(Permission::JudgeObjections);
    Routes::new()
        .get("/assessment/objections", see, objections::list::all)
        .get("/assessment/{period}/objections", see, objections::list::of)
        .get(
            "/assessment/{period}/objections.csv",
            see,
            objections::list::export,
        )
        .get(
            "/assessment/{period}/objections.xlsx",
            see,
            objections::list::export,
        )
        .get(
            "/assessment/{period}/objections/new",
            object,
            objections::ask::blank,
        )
        .post(
            "/assessment/{period}/objections",
            object,
            objections::ask::create,
        )
        .get(
            "/assessment/{period}/objections/{objection}",
            see,
            objections::show::look,
        )
        .get(
            "/assessment/{period}/objections/{objection}/panel/new",
            change,
            objections::panel::blank,
        )
        .post(
            "/assessment/{period}/objections/{objection}/panel",
            change,
            objections::panel::call,
        )
        .post(
            "/assessment/{period}/objections/{objection}/vote",
            judge,
            objections::show::vote,
        )
        .post(
            "/assessment/{period}/objections/{objection}/withdrawal",
            object,
            objections::show::take_back,
        )
}

/// The paths of the evidence of objections.
fn with_evidence(routes: Routes<Db>) -> Routes<Db> {
    let see = Access::Can(Permission::SeeAssessment);
    let object = Access::Can(Permission::ObjectToScores);
    routes
        .post(
            "/assessment/{period}/objections/{objection}/files",
            object,
            objections::files::attach,
        )
        .get(
            "/assessment/{period}/objections/{objection}/files/{file}",
            see,
            objections::files::download,
        )
        .post(
            "/assessment/{period}/objections/{objection}/files/{file}/removal",
            object,
            objections::files::remove,
        )
}

/// Points with one place, or a dash where nothing was counted.
fn points(exact: Option<&Exact>) -> String {
    exact.map_or("—".to_owned(), |e| e.decimal(1))
}

/// What was lost: `−6.2`, or `0`.
fn lost(exact: impl std::borrow::Borrow<Exact>) -> String {
    match exact.borrow().decimal(1).as_str() {
        "0.0" => "0".to_owned(),
        figure => format!("−{figure}"),
    }
}
