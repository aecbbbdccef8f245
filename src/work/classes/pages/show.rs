//! One class: what holds, what is coming, what was.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::model::{Class, Difference, Standing, Version, difference};
use super::super::queries;
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, PostKind, Section, Visit};

#[derive(Template)]
#[template(path = "classes/show.html")]
struct Show {
    chrome: Chrome,
    class: Class,
    /// The version that holds, or the first one while none does.
    version: Version,
    flash: &'static str,
    kind: PostKind,
    today: NaiveDate,
}

impl Show {
    /// Whether it has not begun yet.
    fn is_new(&self) -> bool {
        self.class.held(self.today).is_none()
    }

    fn may_change(&self) -> bool {
        self.kind.may(Permission::ChangeClasses)
    }

    fn sees_duties(&self) -> bool {
        self.kind.may(Permission::SeeDuties)
    }

    fn sees_documents(&self) -> bool {
        self.kind.may(Permission::SeeDocuments)
    }

    fn sees_matters(&self) -> bool {
        self.kind.may(Permission::SeeMatters)
    }

    /// Whether it can be put out of use.
    fn may_end(&self) -> bool {
        self.class.last().is_some_and(|v| v.content.in_use)
    }

    fn standing(&self, version: &Version) -> Standing {
        self.class.standing(version, self.today)
    }

    /// What a version says otherwise than the one it stood on.
    fn changes(&self, version: &Version) -> Vec<Difference> {
        let before = self.class.before(version);
        before.map_or_else(Vec::new, |b| difference(Some(&b.content), &version.content))
    }

    /// The versions to come, the nearest first, each with what it changes.
    fn coming(&self) -> Vec<(&Version, Vec<Difference>)> {
        let coming = self.class.coming(self.today).into_iter();
        coming.map(|v| (v, self.changes(v))).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One class.
pub(super) async fn show(
    mut visit: Visit,
    Path(code): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let class = queries::class(&mut visit.tx, &visit.me, &code).await?;
    let today = visit.tx.today();
    let version = class.shown(today).cloned().ok_or(Error::NotFound)?;
    let page = Show {
        chrome: visit.chrome(Section::Classes),
        version,
        flash: match wish.done.as_str() {
            "new" => "已增设。要给它定承诺时限，到时限设置；要让权责清单管到它，请市治理办改清单。",
            "change" => "已保存。已经受理的事项仍照当时选的条件。",
            _ => "",
        },
        kind: visit.me.kind,
        today,
        class,
    };
    Ok(Page(page).into_response())
}
