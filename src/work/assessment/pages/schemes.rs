//! The scheme in force, or an earlier or later version.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::model::{Component, Department, Group, Item, Scheme, Subject};
use super::super::queries::schemes;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
    done: String,
}

#[derive(Template)]
#[template(path = "assessment/schemes.html")]
struct SchemesPage {
    chrome: Chrome,
    today: NaiveDate,
    schemes: Vec<Scheme>,
    departments: Vec<Department>,
    scheme: Scheme,
    may_change: bool,
    flash: String,
}

impl SchemesPage {
    fn state(&self, scheme: &Scheme) -> &'static str {
        let current = Scheme::in_force(&self.schemes, self.today);
        if current.is_some_and(|c| c.id == scheme.id) {
            "现行"
        } else if scheme.from_day > self.today {
            "还没起用"
        } else {
            "已停用"
        }
    }

    fn is_shown(&self, scheme: &Scheme) -> bool {
        self.scheme.id == scheme.id
    }

    fn members(&self, group: &Group) -> String {
        let of = |d: &&Department| self.scheme.group_of(d) == group.position;
        let names: Vec<&str> = self
            .departments
            .iter()
            .filter(of)
            .map(|d| d.name.as_str())
            .collect();
        names.join("、")
    }
}

/// A version.
pub(super) async fn look(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (schemes, departments) = schemes::all(&mut visit.tx, &visit.me).await?;
    let today = visit.tx.today();
    let scheme = match asked.version.as_str() {
        "" => Scheme::in_force(&schemes, today),
        number => schemes.iter().find(|s| number.parse() == Ok(s.number)),
    };
    let scheme = scheme.cloned().ok_or(Error::NotFound)?;
    let flash = if asked.done.is_empty() {
        String::new()
    } else {
        let from = words::day(scheme.from_day);
        format!(
            "已立评分规则{}，{from} 起用。以前各时期不变。",
            scheme.name()
        )
    };
    let page = SchemesPage {
        chrome: visit.chrome(Section::Assessment),
        today,
        may_change: visit.me.kind.may(Permission::ChangeAssessment),
        schemes,
        departments,
        scheme,
        flash,
    };
    Ok(Page(page).into_response())
}
