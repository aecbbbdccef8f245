//! The warnings of a period, each with the list behind it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{Ground, Period, Sight, Sign, Warning, warnings};
use super::super::queries::book;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    of: String,
}

#[derive(Template)]
#[template(path = "assessment/warnings.html")]
struct WarningsPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    period: Period,
    min_n: i16,
    warnings: Vec<Warning>,
    opened: Option<Warning>,
    /// The street of the viewer, whose whistles alone are opened from here; none sees all.
    street: Option<String>,
}

impl WarningsPage {
    fn path(&self) -> String {
        format!("{}/warnings", self.period.path())
    }

    /// The kinds that have a warning, with theirs.
    fn signs(&self) -> Vec<(Sign, Vec<&Warning>)> {
        let of = |sign: &Sign| {
            let found = self.warnings.iter().filter(|w| w.sign == *sign);
            let found: Vec<&Warning> = found.collect();
            (!found.is_empty()).then_some((*sign, found))
        };
        Sign::ALL.iter().filter_map(of).collect()
    }

    fn href(&self, warning: &Warning) -> String {
        let of = [("of", warning.key())];
        let query = serde_html_form::to_string(of).unwrap_or_default();
        format!("{}?{query}#cases", self.path())
    }

    fn is_open(&self, warning: &Warning) -> bool {
        self.opened.as_ref() == Some(warning)
    }

    fn sees(&self, ground: &Ground) -> bool {
        self.street.as_ref().is_none_or(|s| *s == ground.street)
    }
}

/// The warnings; departments have none.
pub(super) async fn look(
    mut visit: Visit,
    Path(period): Path<Period>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    match Sight::of(&visit.me, None) {
        Sight::All => {}
        Sight::Own(_) | Sight::OwnAndRanking(_) | Sight::Nothing => return Err(Error::NotFound),
    }
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let warnings = warnings(&book);
    let opened = warnings.iter().find(|w| w.key() == asked.of).cloned();
    let street = visit.me.kind.is_street();
    let page = WarningsPage {
        chrome: visit.chrome(Section::Assessment),
        now: visit.tx.now,
        period,
        min_n: book.scheme.min_n,
        warnings,
        opened,
        street: street.then(|| visit.me.seat_name().to_owned()),
    };
    Ok(Page(page).into_response())
}
