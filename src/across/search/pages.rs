//! The page of what was found.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Found, Kind, counted};
use super::queries::{self, Sought};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::finding::{self, Piece};
use crate::base::form::{FieldErrors, address};
use crate::base::paging::PAGE;
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Routes, Seat, Section, Viewer, Visit};
use crate::org::calendar::Calendar;
use crate::work::clocks::Nearest;

/// How many of each kind stand on the page of all kinds.
const FIRST: i64 = 6;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    // What is looked for looks itself up by indices, whatever the words are; planning it anew would
    // take a quarter of its time.
    Routes::new().show("/search", Access::SignedIn, search)
}

/// The address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    /// One kind alone, or all.
    kind: String,
    after: String,
}

/// One of the tabs.
struct Tab {
    label: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "search/show.html")]
struct Show {
    chrome: Chrome,
    now: DateTime<Utc>,
    calendar: Option<Calendar>,
    /// What was typed.
    q: String,
    only: Option<Kind>,
    errors: FieldErrors,
    found: Found,
    /// The kinds that the viewer finds anything of.
    kinds: Vec<Kind>,
    /// Whether there was anything to look for.
    asked: bool,
    /// Whether the page stands after another.
    continues: bool,
    scope: String,
}

impl Show {
    fn marked<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        finding::marked(text, &self.found.words)
    }

    fn marked_name<'a>(&self, name: &'a str) -> Vec<Piece<'a>> {
        finding::marked_name(name, &self.found.words)
    }

    /// How long there is.
    fn left(&self, nearest: &Nearest) -> String {
        let calendar = self.calendar.as_ref();
        calendar.map_or_else(String::new, |c| nearest.words(c, &self.now))
    }

    fn tabs(&self) -> Vec<Tab> {
        let all = Tab {
            label: "全部".to_owned(),
            href: address("/search", [("q", &self.q)]),
            current: self.only.is_none(),
        };
        let kinds = self.kinds.iter().map(|kind| Tab {
            label: if self.only.is_none() || self.only == Some(*kind) {
                format!("{} {}", kind.label(), counted(self.found.n(kind)))
            } else {
                kind.label().to_owned()
            },
            href: address("/search", [("q", self.q.as_str()), ("kind", kind.code())]),
            current: self.only == Some(*kind),
        });
        std::iter::once(all).chain(kinds).collect()
    }

    fn any(&self) -> bool {
        Kind::ALL.iter().any(|kind| self.found.n(kind) > 0)
    }

    fn many(&self, kind: &Kind) -> String {
        format!("{} {}", counted(self.found.n(kind)), kind.unit())
    }

    /// Where the rest of a kind is: in its list, or on a page of its own. None if all is shown.
    fn rest(&self, kind: &Kind) -> Option<String> {
        let n = self.found.n(kind);
        match kind.list() {
            Some(list) => (n > 0).then(|| address(list, [("q", &self.q)])),
            None => (self.only.is_none() && n > FIRST)
                .then(|| address("/search", [("q", self.q.as_str()), ("kind", kind.code())])),
        }
    }

    /// The next page of one kind.
    fn next(&self) -> Option<String> {
        let kind = self.only?;
        let after = self.found.next(kind, PAGE)?.to_string();
        let fields = [
            ("q", self.q.as_str()),
            ("kind", kind.code()),
            ("after", after.as_str()),
        ];
        Some(address("/search", fields))
    }

    fn first_page(&self) -> String {
        let kind = self.only.map_or("", Kind::code);
        address("/search", [("q", self.q.as_str()), ("kind", kind)])
    }
}

/// Where was looked for what.
fn scope(me: &Viewer, kinds: &[Kind], now: DateTime<Utc>) -> String {
    let at = match &me.seat {
        Seat::City => format!("{}全市", me.city),
        Seat::Node { name, .. } => format!("{name}范围内"),
        Seat::Department { name, .. } => format!("派给{name}"),
    };
    let (own, all): (Vec<Kind>, Vec<Kind>) = kinds.iter().partition(|kind| kind.is_local());
    let named = |at: &str, kinds: &[Kind]| {
        let labels: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
        (!labels.is_empty()).then(|| format!("{at}的{}", labels.join("、")))
    };
    let parts: Vec<String> = named(&at, &own)
        .into_iter()
        .chain(named("全市", &all))
        .collect();
    format!("{}，{}。", parts.join("，和"), words::minute(now))
}

/// What was found in all kinds, or in one.
async fn search(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let sought = finding::words(&mut errors, "f-q", &asked.q);
    let only: Option<Kind> = asked.kind.parse().ok();
    let only = only.filter(|kind| kind.is_for(&visit.me));
    let after: Option<Uuid> = asked.after.parse().ok();
    let today = visit.tx.today();
    let (found, calendar) = match &sought {
        Some(words) => {
            let sought = Sought {
                words,
                number: finding::folded(asked.q.trim()).to_ascii_uppercase(),
                only,
                size: if only.is_some() { PAGE } else { FIRST },
                after: after.filter(|_| only.is_some()),
            };
            let found = queries::find(&mut visit.tx, &visit.me, &sought, today).await?;
            (found.0, Some(found.1))
        }
        None => (Found::default(), None),
    };
    let mut chrome = visit.chrome(Section::Search);
    chrome.sought.clone_from(&asked.q);
    let wrong = !errors.is_empty();
    let kinds = Kind::ALL.into_iter().filter(|k| k.is_for(&visit.me));
    let kinds: Vec<Kind> = kinds.collect();
    let looked: Vec<Kind> = only.map_or_else(|| kinds.clone(), |kind| vec![kind]);
    let page = Page(Show {
        scope: scope(&visit.me, &looked, visit.tx.now),
        kinds,
        now: visit.tx.now,
        q: asked.q,
        asked: sought.is_some(),
        continues: only.is_some() && after.is_some(),
        chrome,
        calendar,
        only,
        errors,
        found,
    });
    Ok(if wrong {
        page.unprocessable()
    } else {
        page.into_response()
    })
}
