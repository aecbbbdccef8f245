//! The pages by which the chain and the departments are changed.

mod close;
mod departments;
mod join;
mod node;
mod part;

use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::actions;
use super::model::{Root, Sight};
use super::queries;
use crate::base::db::Db;
use crate::base::error::{Again, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Typed};
use crate::org::access::{Access, Permission, Routes, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const CHANGE: Access = Access::Can(Permission::ChangeChain);
    Routes::new()
        .get("/chain/new", CHANGE, node::blank)
        .post("/chain", CHANGE, node::add)
        .get("/chain/{id}/edit", CHANGE, node::edit)
        .post("/chain/{id}/edit", CHANGE, node::amend)
        .get("/chain/{id}/closing", CHANGE, close::ask)
        .post("/chain/{id}/closing", CHANGE, close::close)
        .get("/chain/{id}/merging", CHANGE, join::ask)
        .post("/chain/{id}/merging", CHANGE, join::join)
        .get("/chain/{id}/splitting", CHANGE, part::ask)
        .post("/chain/{id}/splitting", CHANGE, part::part)
        .get("/departments/new", CHANGE, departments::blank)
        .post("/departments", CHANGE, departments::add)
        .get("/departments/{id}/edit", CHANGE, departments::edit)
        .post("/departments/{id}/edit", CHANGE, departments::amend)
        .get("/departments/{id}/ending", CHANGE, departments::ask_ending)
        .post("/departments/{id}/ending", CHANGE, departments::end)
}

/// What is said when somebody else was first.
const STALE: &str =
    "您打开这一页以后，这里的单位、职务或任职有变动，没有办。下面是现在的情况，请核对后再办。";

/// Why a form is shown again.
#[derive(Debug, Default)]
struct Wrong {
    errors: FieldErrors,
    refused: String,
}

impl Wrong {
    fn of(why: Again) -> Self {
        match why {
            Again::Invalid(errors) => Self {
                errors,
                refused: String::new(),
            },
            Again::Refused(refused) => Self {
                refused,
                ..Self::default()
            },
            Again::Stale => Self {
                refused: STALE.to_owned(),
                ..Self::default()
            },
        }
    }
}

/// The nodes as they stand; what was closed cannot be changed any more.
async fn sight(visit: &mut Visit, ids: &[Uuid]) -> Result<Sight> {
    let sight = queries::sight(&mut visit.tx, &visit.me, ids).await?;
    if sight.roots.iter().any(|root| root.valid_to.is_some()) {
        return Err(actions::gone());
    }
    Ok(sight)
}

/// The way to a node's own page, for the crumbs of what is done with it.
fn trail(root: &Root) -> [(String, String); 2] {
    [
        ("/chain".to_owned(), "组织与网格".to_owned()),
        (format!("/chain/{}", root.id), root.name.clone()),
    ]
}

/// What a field of a form without type holds.
fn field<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.field(name).unwrap_or_default()
}

/// The ids in names such as `w.0192…`, each with its value.
fn by_id<'a>(typed: &'a Typed, prefix: &str) -> impl Iterator<Item = (Uuid, &'a str)> {
    typed.0.iter().filter_map(move |(name, value)| {
        let id = name.strip_prefix(prefix)?.strip_prefix('.')?;
        Some((id.parse().ok()?, value.as_str()))
    })
}

fn shown<T: askama::Template>(page: T, status: Option<axum::http::StatusCode>) -> Response {
    match status {
        Some(status) => (status, Page(page)).into_response(),
        None => Page(page).into_response(),
    }
}
