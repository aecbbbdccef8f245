//! The pages of plan tasks and rectification items: lists, one of each, their forms.

mod files;
mod item;
mod items;
mod new_item;
mod new_plan;
mod new_task;
mod task;
mod tasks;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::model::Body;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeAccountability);
    let change = Access::Can(Permission::ChangeAccountability);
    let report = Access::Can(Permission::ReportProgress);
    let confirm = Access::Can(Permission::ConfirmAccountability);
    Routes::new()
        .get("/tasks", see, tasks::list)
        .get("/tasks.csv", see, tasks::export)
        .get("/tasks.xlsx", see, tasks::export)
        .get("/tasks/new", change, new_task::blank)
        .post("/tasks", change, new_task::create)
        .get("/tasks/{id}", see, task::show)
        .post("/tasks/{id}/progress", report, task::progress)
        .post("/tasks/{id}/reached", report, task::reach)
        .post("/tasks/{id}/milestones", change, task::add_milestone)
        .post("/tasks/{id}/confirmation", confirm, task::confirm)
        .post("/tasks/{id}/end", change, task::end)
        .post("/tasks/{id}/files", report, files::attach_to_task)
        .get("/tasks/{id}/files/{file}", see, files::download_of_task)
        .post(
            "/tasks/{id}/files/{file}/removal",
            report,
            files::remove_of_task,
        )
        .get("/three-year-plans/new", change, new_plan::blank)
        .post("/three-year-plans", change, new_plan::create)
        .get("/rectifications", see, items::list)
        .get("/rectifications.csv", see, items::export)
        .get("/rectifications.xlsx", see, items::export)
        .get("/rectifications/new", change, new_item::blank)
        .post("/rectifications", change, new_item::create)
        .get("/rectifications/{id}", see, item::show)
        .post("/rectifications/{id}/progress", report, item::progress)
        .post("/rectifications/{id}/report", report, item::report)
        .post("/rectifications/{id}/return", confirm, item::send_back)
        .post("/rectifications/{id}/verification", confirm, item::verify)
        .post("/rectifications/{id}/files", report, files::attach_to_item)
        .get(
            "/rectifications/{id}/files/{file}",
            see,
            files::download_of_item,
        )
        .post(
            "/rectifications/{id}/files/{file}/removal",
            report,
            files::remove_of_item,
        )
}

/// What an act was told to say when it leads back to its page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    done: String,
}

/// A day as it is typed.
fn day(errors: &mut FieldErrors, field: &str, label: &str, typed: &str) -> Option<NaiveDate> {
    let read = typed.trim().parse::<NaiveDate>().ok();
    let read = read.filter(|d| (1949..=2100).contains(&d.year()));
    if read.is_none() {
        errors.add(field, format!("{label}写成 2026-11-23 这样的日期。"));
    }
    read
}

/// The version that a form was drawn from.
fn version(typed: &str) -> Result<i32> {
    typed
        .parse()
        .map_err(|_| Error::Unreadable("表单不完整。请返回上一页，刷新后重新填写。"))
}

/// The body that a form names.
fn body(errors: &mut FieldErrors, bodies: &[Body], field: &str, typed: &str) -> Option<Body> {
    let found = bodies.iter().find(|b| b.key() == typed).cloned();
    if found.is_none() {
        errors.add(field, "请选择责任单位。");
    }
    found
}

/// The words of a search, as far as they are looked at.
fn searched(typed: &str) -> Option<String> {
    let words = typed.trim();
    (!words.is_empty()).then(|| words.chars().take(60).collect())
}

const STALE: &str = "刚有人办过这件事，您填的还没有保存。下面是最新情况，看过后再办。";
