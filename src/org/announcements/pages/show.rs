//! One notice, in the version in force or an earlier one.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions;
use super::super::model::{Announcement, Standing, Version};
use crate::base::error::{Error, Result};
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// Which version, and what was done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
    done: String,
}

#[derive(Template)]
#[template(path = "announcements/show.html")]
struct Show {
    chrome: Chrome,
    found: Announcement,
    /// The version that is shown.
    version: Version,
    standing: Standing,
    flash: &'static str,
    may_write: bool,
    now: DateTime<Utc>,
}

impl Show {
    /// Whether it is the version in force.
    fn is_newest(&self) -> bool {
        let newest = self.found.in_force().map(|v| v.version);
        newest == Some(self.version.version)
    }

    /// Whether the viewer has still to say that it was read.
    fn is_unread(&self) -> bool {
        self.standing == Standing::Shown
            && self.is_newest()
            && self.found.is_mine
            && !self.found.is_read
    }

    /// Versions that were put out.
    fn put_out(&self) -> Vec<&Version> {
        let all = self.found.versions.iter();
        all.filter(|v| v.put_out_at.is_some()).collect()
    }
}

/// One notice. A draft that was never put out leads to its preview.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let found = actions::found(&mut visit.tx, &visit.me, id).await?;
    let wanted: Option<i32> = asked.version.parse().ok();
    let version = match wanted {
        Some(wanted) => found.versions.iter().find(|v| v.version == wanted),
        None => found.in_force().or(found.versions.first()),
    };
    let version = version.cloned().ok_or(Error::NotFound)?;
    let flash = match asked.done.as_str() {
        "out" => "已发布。发给的人打开工作台就能看到，直到打开过为止。",
        _ => "",
    };
    Ok(Page(Show {
        chrome: visit.chrome(Section::Announcements),
        standing: found.standing(visit.tx.now),
        found,
        version,
        flash,
        may_write: visit.me.kind.may(Permission::WriteAnnouncements),
        now: visit.tx.now,
    })
    .into_response())
}

/// Opens it: it is read from then on. Twice is once, so the form carries no key.
pub(super) async fn read(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    actions::read(&mut visit.tx, &visit.me, id).await?;
    visit.done(&format!("/announcements/{id}")).await
}
