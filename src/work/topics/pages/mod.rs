//! The pages of topics: what is proposed and what was taken up, one topic, and their forms.

mod aside;
mod edit;
mod list;
mod new;
mod show;

use serde::Deserialize;

use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::org::access::{Access, Permission, Routes};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeTopics);
    const CHANGE: Access = Access::Can(Permission::ChangeTopics);
    const REPORT: Access = Access::Can(Permission::ReportProgress);
    Routes::new()
        .get("/topics", SEE, list::list)
        .get("/topics.csv", SEE, list::export)
        .get("/topics.xlsx", SEE, list::export)
        .get("/topics/new", CHANGE, new::blank)
        .post("/topics", CHANGE, new::create)
        .get("/topics/set-aside/new", CHANGE, aside::blank)
        .post("/topics/set-aside", CHANGE, aside::create)
        .get("/topics/{id}", SEE, show::show)
        .post("/topics/{id}", CHANGE, edit::keep)
        .get("/topics/{id}/edit", CHANGE, edit::form)
        .post("/topics/{id}/scheme", REPORT, show::hand_in)
        .post("/topics/{id}/items", REPORT, show::add)
        .post("/topics/{id}/done", REPORT, show::finish)
        .post("/topics/{id}/dropped", CHANGE, show::drop_item)
        .post("/topics/{id}/conclusion", CHANGE, show::conclude)
        .post("/topics/{id}/withdrawal", CHANGE, show::withdraw)
}

/// What an act was told to say when it leads back to its page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    done: String,
}

/// The version that a form was drawn from.
fn version(typed: &str) -> Result<i32> {
    typed
        .parse()
        .map_err(|_| Error::Unreadable("表单不完整。请返回上一页，刷新后重新填写。"))
}

const STALE: &str = "刚有人办过这件事，您填的还没有保存。下面是最新情况，看过后再办。";
