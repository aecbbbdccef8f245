//! The pages of the five powers: the ledger, the record with the form of whoever's turn it is, the
//! form that begins one; the matrix, the plans, the violations.

mod album;
mod begin;
mod cadre;
mod files;
mod list;
mod matrix;
mod plan;
mod plans;
mod said;
mod show;
mod violations;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeePowers);
    let exercise = Access::Can(Permission::ExercisePowers);
    let rule = Access::Can(Permission::RulePowers);
    let change = Access::Can(Permission::ChangePlans);
    let cadre = Access::Can(Permission::ReadCadre);
    Routes::new()
        .get("/powers", see, matrix::show)
        .get("/powers.csv", see, matrix::export)
        .get("/powers.xlsx", see, matrix::export)
        .get("/powers/records", see, list::list)
        .get("/powers/records.csv", see, list::export)
        .get("/powers/records.xlsx", see, list::export)
        .get("/powers/plans", see, plans::list)
        .get("/powers/plans/new", change, plan::blank)
        .post("/powers/plans", change, plan::create)
        .get("/powers/plans/{id}", see, plans::show)
        .get("/powers/plans/{id}/end", change, plans::ask)
        .post("/powers/plans/{id}/end", change, plans::end)
        .get("/powers/violations", see, violations::list)
        .get("/powers/violations.csv", see, violations::export)
        .get("/powers/violations.xlsx", see, violations::export)
        .get("/powers/violations/new", see, violations::blank)
        .post("/powers/violations", see, violations::create)
        .get("/powers/violations/{id}/strike", rule, violations::ask)
        .post("/powers/violations/{id}/strike", rule, violations::strike)
        .get("/powers/new", exercise, begin::blank)
        .post("/powers", exercise, begin::create)
        .get("/powers/cadre/new", cadre, cadre::blank)
        .post("/powers/cadre", cadre, cadre::create)
        .show("/powers/{id}", see, show::show)
        .post("/powers/{id}/files", exercise, files::attach)
        .get("/powers/{id}/files/{file}", see, files::download)
        .post("/powers/{id}/files/{file}/removal", exercise, files::remove)
        .and(album::routes())
        .post("/powers/{id}/reading", see, cadre::read)
        .post("/powers/{id}/opinion", exercise, said::opine)
        .post("/powers/{id}/minutes", exercise, said::minute)
        .post("/powers/{id}/tasks/{task}", exercise, said::perform)
        .post("/powers/{id}/answer", exercise, said::answer)
        .post("/powers/{id}/reaction", exercise, said::react)
        .post("/powers/{id}/ruling", rule, said::rule)
        .post("/powers/{id}/withdrawal", exercise, said::call_off)
}
