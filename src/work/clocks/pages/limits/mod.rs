//! The limits (时限设置): what holds and its versions; below, the form that makes a new one.

mod form;

pub(super) use form::{edit, keep};

use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::base::error::{Error, Result};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::work::clocks::model::{Book, OfClass, Rule, STAGES, Stage, Version};
use crate::work::clocks::queries::versions;
use crate::work::whistles::Kind;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
    major: String,
    done: String,
}

#[derive(Template)]
#[template(path = "clocks/limits.html")]
pub(super) struct LimitsPage {
    chrome: Chrome,
    today: NaiveDate,
    book: Book,
    major: String,
    may_set: bool,
    flash: String,
}

impl LimitsPage {
    fn shown(&self) -> Option<&Version> {
        let shown = |v: &&Version| Some(v.id) == self.book.shown;
        self.book.versions.iter().find(shown)
    }

    /// The version that holds today.
    fn current(&self) -> Option<&Version> {
        self.book.versions.iter().find(|v| v.from_day <= self.today)
    }

    fn is_current(&self, version: &Version) -> bool {
        self.current().is_some_and(|c| c.id == version.id)
    }

    fn is_shown(&self, version: &Version) -> bool {
        self.book.shown == Some(version.id)
    }

    fn state(&self, version: &Version) -> &'static str {
        if self.is_current(version) {
            "现行"
        } else if version.from_day > self.today {
            "还没起用"
        } else {
            "已停用"
        }
    }

    fn rule(&self, rule: &Rule) -> String {
        self.book.rules.words(*rule)
    }

    fn cell(&self, kind: &Kind, stage: &Stage) -> String {
        let found = self
            .book
            .kinds
            .iter()
            .find(|l| l.kind == *kind && l.stage == *stage);
        found.map_or("—".to_owned(), |l| l.limit.words())
    }

    fn majors(&self) -> Vec<(String, String)> {
        majors(&self.book.classes)
    }

    fn classes(&self) -> Vec<&OfClass> {
        let of = |c: &&OfClass| self.major.is_empty() || key(c) == self.major;
        self.book.classes.iter().filter(of).collect()
    }

    /// The address of a version with a major class.
    fn link(&self, version: &Version) -> String {
        format!("/limits?version={}", version.number)
    }

    fn number(&self) -> i32 {
        self.shown().map_or(0, |v| v.number)
    }
}

/// A major class, since both families have some of one name: `event-市容环境`.
fn key(class: &OfClass) -> String {
    format!("{}-{}", class.family, class.major)
}

/// The major classes with what they are called, in order.
fn majors(classes: &[OfClass]) -> Vec<(String, String)> {
    let mut majors: Vec<(String, String)> = Vec::new();
    for class in classes {
        let key = key(class);
        if majors.iter().all(|(known, _)| *known != key) {
            let family = if class.family == "component" {
                "部件"
            } else {
                "事件"
            };
            majors.push((key, format!("{family}·{}", class.major)));
        }
    }
    majors
}

/// The limits that hold, or those of an earlier or later version.
pub(super) async fn look(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Page<LimitsPage>> {
    let today = visit.tx.today();
    let number = match asked.version.as_str() {
        "" => None,
        number => Some(number.parse::<i32>().map_err(|_| Error::NotFound)?),
    };
    let day = number.is_none().then_some(today);
    let book = versions::book(&mut visit.tx, &visit.me, (day, number)).await?;
    if number.is_some() && book.shown.is_none() {
        return Err(Error::NotFound);
    }
    let known = majors(&book.classes)
        .into_iter()
        .any(|m| m.0 == asked.major);
    let flash = match (asked.done.is_empty(), book.versions.first()) {
        (false, Some(latest)) => format!(
            "已立第 {} 版时限，{} 起用。已经吹响的哨单不变。",
            latest.number, latest.from_day
        ),
        _ => String::new(),
    };
    Ok(Page(LimitsPage {
        chrome: visit.chrome(Section::Limits),
        today,
        book,
        major: if known { asked.major } else { String::new() },
        may_set: visit.me.kind.may(Permission::SetCalendar),
        flash,
    }))
}
