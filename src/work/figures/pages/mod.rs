//! The page of figures and exactly the same as a file: what is asked for, and by whom.

mod sheet;
mod show;
mod tables;

use serde::Deserialize;

use super::model::{CATALOGUE, Definition, Group, Read, Reading, ScopeKind, Shown, Span, When};
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

/// One figure of the catalogue as the page shows it.
#[derive(Clone, Debug)]
struct Line {
    definition: &'static Definition,
    now: Shown,
    before: Reading,
    year: Reading,
}

/// The viewer's own part, as the counts name it.
fn own_key(me: &Viewer) -> String {
    match &me.seat {
        Seat::City => String::new(),
        Seat::Node { code, .. } => code.clone(),
        Seat::Department { id, .. } => id.0.to_string(),
    }
}

/// The part asked for, if it is the viewer's own or within it.
fn key_of(me: &Viewer, wish: &Wish) -> Result<(String, ScopeKind)> {
    let own = own_key(me);
    let department = wish.department.trim();
    match &me.seat {
        Seat::Department { .. } if department.is_empty() || department == own => {
            Ok((own, ScopeKind::Department))
        }
        Seat::City if !department.is_empty() && wish.place.is_empty() => {
            let id: uuid::Uuid = department.parse().map_err(|_| Error::NotFound)?;
            Ok((id.to_string(), ScopeKind::Department))
        }
        Seat::Department { .. } => Err(Error::NotFound),
        Seat::City | Seat::Node { .. } => {
            let place = wish.place.trim();
            let code = if place.is_empty() {
                own.as_str()
            } else {
                place
            };
            let kind = ScopeKind::of_code(code).filter(|_| code.starts_with(&own));
            Ok((code.to_owned(), kind.ok_or(Error::NotFound)?))
        }
    }
}

/// The groups whose lists the viewer may open, in such a part.
fn groups(me: &Viewer, kind: ScopeKind) -> Vec<Group> {
    let all = Group::ALL.into_iter();
    all.filter(|g| g.covers(kind) && me.kind.may(g.needs()))
        .collect()
}

/// What is read for an address, of which days, and what is wrong with it.
async fn read(visit: &mut Visit, wish: &Wish) -> Result<(Read, Span, FieldErrors)> {
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let span = Span::read(&wish.from, &wish.to, today, &mut errors);
    let (key, kind) = key_of(&visit.me, wish)?;
    let asked = Asked {
        key: &key,
        level_below: kind.level_below(),
        departments: kind == ScopeKind::City,
        parts: span,
        span,
    };
    let tenant = visit.me.tenant;
    let read = queries::read(&mut visit.tx, tenant, asked).await?;
    Ok((read.ok_or(Error::NotFound)?, span, errors))
}

/// The figures of a group, with what they are compared with.
fn lines(read: &Read, group: Group, span: Span) -> Vec<Line> {
    let of_group = CATALOGUE.iter().filter(|d| d.group == group);
    let line = |definition: &'static Definition| Line {
        definition,
        now: Shown {
            reading: read.sums.read(definition.measure, When::Now),
            href: definition.measure.href(&read.scope, span),
        },
        before: read.sums.read(definition.measure, When::Before),
        year: read.sums.read(definition.measure, When::Year),
    };
    of_group.map(line).collect()
}
