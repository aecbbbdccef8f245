//! The page: a person, a number, and the rule for each post.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Answer, Held, Item, sight, why};
use super::queries;
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const EXPLAIN: Access = Access::Can(Permission::ExplainSight);
    Routes::new().get("/people/{id}/sight", EXPLAIN, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    number: String,
}

#[derive(Template)]
#[template(path = "why/show.html")]
struct Show {
    chrome: Chrome,
    person: Uuid,
    name: String,
    /// What was typed.
    number: String,
    item: Option<Item>,
    /// Each post with what it sees at all, and of the item.
    posts: Vec<(Held, String, Option<Answer>)>,
    today: String,
}

impl Show {
    fn trail(&self) -> [(String, String); 2] {
        [
            ("/people".to_owned(), "人员".to_owned()),
            (format!("/people/{}", self.person), self.name.clone()),
        ]
    }

    /// Whether any post sees the item.
    fn sees(&self) -> bool {
        self.posts
            .iter()
            .any(|(.., answer)| answer.as_ref().is_some_and(|a| a.sees))
    }
}

/// What a person sees by each post, and why he sees or does not see one item.
async fn show(
    mut visit: Visit,
    Path(person): Path<Uuid>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let number = wish.number.trim().to_owned();
    let asked = queries::asked(&mut visit.tx, &visit.me, person, &number).await?;
    let posts = asked.posts.into_iter().map(|post| {
        let sees = sight(&post);
        let answer = asked.item.as_ref().map(|item| why(&post, item));
        (post, sees, answer)
    });
    Ok(Page(Show {
        posts: posts.collect(),
        chrome: visit.chrome(Section::People),
        person,
        name: asked.name,
        number,
        item: asked.item,
        today: words::day(visit.tx.today()),
    })
    .into_response())
}
