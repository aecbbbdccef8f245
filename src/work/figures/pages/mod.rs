//! The page of figures and exactly the same as a file, and for another program: what is asked for, and by whom.

mod interface;
mod sheet;
mod show;
mod tables;

pub use sheet::table;

use serde::Deserialize;

use super::model::{Read, ScopeKind, Span};
use super::queries::{self, Asked};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::org::access::{Access, Permission, Routes, Seat, Viewer, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const READ: Access = Access::Can(Permission::ReadFigures);
    Routes::new()
        .get("/figures", READ, show::show)
        .get("/figures.xlsx", READ, sheet::sheet)
        .get("/figures.csv", READ, sheet::sheet)
        .get("/figures.json", READ, interface::interface)
}

/// The address: which days, and of which part of the city.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    from: String,
    to: String,
    /// A node by its code.
    place: String,
    /// A department by its id.
    department: String,
}

/// The viewer's own part, as the counts name it.
pub fn own_key(me: &Viewer) -> String {
    match &me.seat {
        Seat::City => String::new(),
        Seat::Node { code, .. } => code.clone(),
        Seat::Department { id, .. } => id.0.to_string(),
    }
}

/// The part asked for, if it is the viewer's own or within it.
fn key_of(me: &Viewer, wish: &Wish) -> Result<(String, ScopeKind)> {
    let own = own_key(me);
    let (place, department) = (wish.place.trim(), wish.department.trim());
    // What does not fit the post is left out: a street is not asked for a department.
    let asked = match &me.seat {
        Seat::Department { .. } => department,
        Seat::City if place.is_empty() => department,
        Seat::City | Seat::Node { .. } => place,
    };
    let key = if asked.is_empty() {
        own.clone()
    } else {
        asked.to_lowercase()
    };
    let kind = ScopeKind::within(&own, &key).ok_or(Error::NotFound)?;
    Ok((key, kind))
}

/// What is read for an address, of which days, and what is wrong with it.
async fn read(visit: &mut Visit, wish: &Wish) -> Result<(Read, Span, FieldErrors)> {
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let span = Span::read(&wish.from, &wish.to, today, &mut errors);
    let (key, kind) = key_of(&visit.me, wish)?;
    let tenant = visit.me.tenant;
    let asked = Asked::of((&key, kind), span);
    let read = queries::read(&mut visit.tx, tenant, asked).await?;
    Ok((read.ok_or(Error::NotFound)?, span, errors))
}
