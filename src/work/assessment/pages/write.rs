//! A new version of the scheme: the form, what last period would have been under it, and keeping it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::super::model::{
    Component, Department, Exemption, Item, NoCases, Period, Scheme, Small, Standing, Subject, Ties,
};
use super::super::queries::{book, schemes};
use super::super::{actions, model};
use super::points;
use super::typed::{GROUPS, asked, filled};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::web::{Page, Typed};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::documents::{self, Basis};

#[derive(Template)]
#[template(path = "assessment/scheme_edit.html")]
struct EditPage {
    chrome: Chrome,
    last: i32,
    soonest: NaiveDate,
    departments: Vec<Department>,
    citable: Vec<Basis>,
    typed: Typed,
    errors: FieldErrors,
    refused: String,
}

impl EditPage {
    fn value(&self, name: &str) -> &str {
        self.typed.field(name).unwrap_or_default()
    }

    fn wrong(&self, name: &str) -> &str {
        self.errors.of(name)
    }

    /// The groups by the names that are typed.
    fn groups(&self) -> Vec<(String, String)> {
        let group = |position: i16| {
            let name = self.value(&format!("g.{position}")).to_owned();
            (
                position.to_string(),
                if name.is_empty() {
                    format!("第 {position} 组")
                } else {
                    name
                },
            )
        };
        GROUPS.map(group).collect()
    }
}

/// A department before and after.
#[derive(Debug)]
struct Change {
    name: String,
    group: String,
    old: (String, String),
    new: (String, String),
}

#[derive(Template)]
#[template(path = "assessment/scheme_preview.html")]
struct PreviewPage {
    chrome: Chrome,
    typed: Typed,
    once: String,
    period: Period,
    old: String,
    scheme: Scheme,
    changes: Vec<Change>,
}

/// What a form of a scheme stands on.
struct Ground {
    schemes: Vec<Scheme>,
    departments: Vec<Department>,
    citable: Vec<Basis>,
}

impl Ground {
    async fn of(visit: &mut Visit) -> Result<Self> {
        let (schemes, departments) = schemes::all(&mut visit.tx, &visit.me).await?;
        let citable = documents::citable(&mut visit.tx, &visit.me).await?;
        Ok(Self {
            schemes,
            departments,
            citable,
        })
    }

    fn last(&self) -> i32 {
        self.schemes.iter().map(|s| s.number).max().unwrap_or(0)
    }

    fn asked(&self, visit: &Visit, typed: &Typed) -> Result<Scheme> {
        let (id, today) = (uuid_at(visit.tx.now), visit.tx.today());
        let offered = (self.departments.as_slice(), self.citable.as_slice());
        let scheme = asked(&self.schemes, offered, typed, (id, today)).map_err(Error::Invalid)?;
        if typed.field("version").and_then(|v| v.parse().ok()) != Some(self.last()) {
            return Err(Error::Stale);
        }
        Ok(scheme)
    }

    fn page(self, visit: &Visit, typed: Typed) -> EditPage {
        EditPage {
            chrome: visit.chrome(Section::Assessment),
            last: self.last(),
            soonest: model::earliest_start(visit.tx.today()),
            departments: self.departments,
            citable: self.citable,
            typed,
            errors: FieldErrors::new(),
            refused: String::new(),
        }
    }
}

/// The form, filled in with the last version.
pub(super) async fn blank(mut visit: Visit) -> Result<Response> {
    let ground = Ground::of(&mut visit).await?;
    let last = ground.schemes.iter().max_by_key(|s| s.from_day);
    let typed = last
        .map(|s| filled(s, &ground.departments))
        .unwrap_or_default();
    Ok(Page(ground.page(&visit, typed)).into_response())
}

/// What the last period would have been under it; nothing is kept.
pub(super) async fn preview(
    State(db): State<Db>,
    mut visit: Visit,
    typed: Typed,
) -> Result<Response> {
    let typed = typed.single()?;
    let ground = Ground::of(&mut visit).await?;
    if typed.field("back").is_some() {
        return Ok(Page(ground.page(&visit, typed)).into_response());
    }
    let scheme = match ground.asked(&visit, &typed) {
        Ok(scheme) => scheme,
        Err(error) => return again(visit.afresh(&db).await?, typed, error.again()?).await,
    };
    let period = Period::quarter_of(visit.tx.today()).previous();
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let before = book.assessed(visit.tx.now);
    let after = model::standings(&scheme, &book.departments, &before.cases);
    let changes = after
        .iter()
        .map(|new| change(&scheme, &before.standings, new))
        .collect();
    let page = PreviewPage {
        chrome: visit.chrome(Section::Assessment),
        once: visit.once(),
        old: before.scheme.name(),
        typed,
        period,
        scheme,
        changes,
    };
    Ok(Page(page).into_response())
}

fn change(scheme: &Scheme, before: &[Standing], new: &Standing) -> Change {
    let department = &new.score.department;
    let old = before
        .iter()
        .find(|s| s.score.department.id == department.id);
    let shown = |s: &Standing| {
        let place = s.place.map_or("—".to_owned(), |p| p.to_string());
        (points(s.score.total.as_ref()), place)
    };
    let group = scheme.groups.iter().find(|g| g.position == new.score.group);
    Change {
        name: department.name.clone(),
        group: group.map(|g| g.name.clone()).unwrap_or_default(),
        old: old.map_or_else(|| ("—".to_owned(), "—".to_owned()), shown),
        new: shown(new),
    }
}

/// Keeps the version, once.
pub(super) async fn keep(State(db): State<Db>, mut visit: Visit, typed: Typed) -> Result<Response> {
    let typed = typed.single()?;
    let number = typed
        .field("version")
        .and_then(|v| v.parse::<i32>().ok())
        .unwrap_or(0);
    let location = format!(
        "/assessment/schemes?version={}&done=1",
        number.saturating_add(1)
    );
    let once = typed.field("once").unwrap_or_default();
    if let Some(answer) = visit.claim(once, &location).await? {
        return Ok(answer);
    }
    let ground = Ground::of(&mut visit).await?;
    let kept = match ground.asked(&visit, &typed) {
        Ok(scheme) => actions::make_scheme(&mut visit.tx, &visit.me, &scheme).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, typed, why).await
        }
    }
}

/// The form again with everything that was typed.
async fn again(mut visit: Visit, typed: Typed, why: Again) -> Result<Response> {
    let ground = Ground::of(&mut visit).await?;
    let mut page = ground.page(&visit, typed);
    let status: StatusCode = why.status();
    (page.errors, page.refused) =
        why.said("刚有人立了新的一版，您填的还没有保存，都在下面。请对照最新一版再决定。");
    Ok((status, Page(page)).into_response())
}
