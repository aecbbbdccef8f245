//! One version of a document: its clauses and its versions.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::model::{Document, Standing};
use super::super::queries;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::DocumentId;
use crate::org::access::{Chrome, Permission, Section, Visit};

#[derive(Template)]
#[template(path = "documents/show.html")]
struct Show {
    chrome: Chrome,
    document: Document,
    standing: Standing,
    flash: &'static str,
    may_change: bool,
    now: DateTime<Utc>,
}

impl Show {
    /// From when, and until when.
    fn span(from: &NaiveDate, to: Option<&NaiveDate>) -> String {
        let from = words::day(*from);
        match to {
            Some(to) => format!("{from} 起，{} 止", words::day(*to)),
            None => format!("{from} 起"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One version.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<DocumentId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let document = queries::document(&mut visit.tx, &visit.me, id).await?;
    let standing = document.standing(visit.tx.today());
    let may_change = visit.me.kind.may(Permission::ChangeDocuments)
        && document.newest() == id
        && document.to_day.is_none();
    let page = Show {
        chrome: visit.chrome(Section::Documents),
        document,
        standing,
        flash: match wish.done.as_str() {
            "new" => "已登记。",
            "revised" => "已登记新版本。引用旧版本的规则不变。",
            "repealed" => "已登记废止。引用这份文件的规则不变。",
            _ => "",
        },
        may_change,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}
