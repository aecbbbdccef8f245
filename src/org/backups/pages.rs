//! The page of backups.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};

use super::queries::{self, Row};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::web::Page;
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::org::events::Verb;

/// How many lines the page shows: a month of daily backups, and as many more.
const SHOWN: i64 = 60;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new().get("/backups", Access::Can(Permission::SeeBackups), list)
}

#[derive(Template)]
#[template(path = "backups/list.html")]
struct List {
    chrome: Chrome,
    now: DateTime<Utc>,
    rows: Vec<Row>,
    warning: Option<String>,
}

impl List {
    fn label(row: &Row) -> &str {
        Verb::read(&row.verb).map_or(row.verb.as_str(), |verb| verb.label())
    }

    fn is_failure(row: &Row) -> bool {
        row.verb == Verb::FailBackup.code()
    }
}

async fn list(mut visit: Visit) -> Result<Response> {
    let rows = queries::list(&mut visit.tx, visit.me.tenant, SHOWN).await?;
    let now = visit.tx.now;
    Ok(Page(List {
        chrome: visit.chrome(Section::Backups),
        now,
        warning: queries::standing(&rows).warning(now),
        rows,
    })
    .into_response())
}
