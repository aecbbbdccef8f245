//! The pages of the five powers: the ledger, the record with the form of whoever's turn it is, the
//! form that begins one.

mod begin;
mod cadre;
mod list;
mod said;
mod show;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeePowers);
    let exercise = Access::Can(Permission::ExercisePowers);
    let rule = Access::Can(Permission::RulePowers);
    let cadre = Access::Can(Permission::ReadCadre);
    Routes::new()
        .get("/powers/records", see, list::list)
        .get("/powers/records.csv", see, list::export)
        .get("/powers/new", exercise, begin::blank)
        .post("/powers", exercise, begin::create)
        .get("/powers/cadre/new", cadre, cadre::blank)
        .post("/powers/cadre", cadre, cadre::create)
        .get("/powers/{id}", see, show::show)
        .post("/powers/{id}/reading", see, cadre::read)
        .post("/powers/{id}/opinion", exercise, said::opine)
        .post("/powers/{id}/minutes", exercise, said::minute)
        .post("/powers/{id}/tasks/{task}", exercise, said::perform)
        .post("/powers/{id}/answer", exercise, said::answer)
        .post("/powers/{id}/reaction", exercise, said::react)
        .post("/powers/{id}/ruling", rule, said::rule)
        .post("/powers/{id}/withdrawal", exercise, said::call_off)
}
