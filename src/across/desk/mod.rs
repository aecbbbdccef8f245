//! The desk (工作台) answers one question for each role: what must I do now? The leader's desk
//! answers how the city stands; each of its figures opens the list behind it.

mod figures;
mod model;
mod pages;
mod queries;

use std::future::Future;
use std::pin::Pin;

use sqlx::PgConnection;

use crate::base::db::Plans;
use crate::base::error::Result;
use crate::org::access::{Viewer, Waiting};

pub use pages::routes;

/// Counts what waits for a post, for the navigation of every page; what the page asks next is planned so.
pub fn waiting<'a>(
    db: &'a mut PgConnection,
    me: &'a Viewer,
    plans: Plans,
) -> Pin<Box<dyn Future<Output = Result<Waiting>> + Send + 'a>> {
    Box::pin(queries::waiting(db, me, plans))
}
