//! The desk (工作台): what must I do now?

mod queries;

use std::future::Future;
use std::pin::Pin;

use sqlx::PgConnection;

use crate::base::db::Db;
use crate::base::error::Result;
use crate::org::access::{Routes, Viewer, Waiting};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
}

/// Counts what waits for a post, for the navigation of every page.
pub fn waiting<'a>(
    db: &'a mut PgConnection,
    me: &'a Viewer,
) -> Pin<Box<dyn Future<Output = Result<Waiting>> + Send + 'a>> {
    Box::pin(queries::waiting(db, me))
}
