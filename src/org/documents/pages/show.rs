//! One version of a document: its clauses, its files and its versions.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::model::{Document, Standing};
use super::super::queries;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::DocumentId;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::files::Shown;
use crate::org::photos::Album;

#[derive(Template)]
#[template(path = "documents/show.html")]
pub(super) struct Show {
    chrome: Chrome,
    document: Document,
    standing: Standing,
    flash: &'static str,
    may_change: bool,
    /// With what was typed, if the page is shown again.
    pub(super) files: Shown,
    /// The same of its photos.
    pub(super) album: Album,
    pub(super) refused: String,
    now: DateTime<Utc>,
}

impl Show {
    /// From when, and until when.
    fn span(from: &NaiveDate, to: Option<&NaiveDate>) -> String {
        let from = words::day(*from);
        match to {
            Some(to) => format!("{from} 起，{} 止", words::day(*to)),
            None => format!("{from} 起"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One version.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<DocumentId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = page(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已登记。",
        "revised" => "已登记新版本。引用旧版本的规则不变。",
        "repealed" => "已登记废止。引用这份文件的规则不变。",
        "attached" => "已添加附件。",
        "removed" => "已移除附件，登记保留。",
        "photographed" => "已添加照片。",
        "unphotographed" => "已移除照片，登记保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// The version as it stands.
pub(super) async fn page(visit: &mut Visit, id: DocumentId) -> Result<Show> {
    let mut document = queries::document(&mut visit.tx, &visit.me, id).await?;
    let may_write = visit.me.kind.may(Permission::ChangeDocuments);
    let files = Shown::of(
        std::mem::take(&mut document.files),
        ("文件原文和附件", format!("/documents/{id}/files")),
        may_write,
        || visit.once(),
    );
    let album = Album::of(
        std::mem::take(&mut document.photos),
        format!("/documents/{id}"),
        may_write,
        (visit.tx.now, visit.once()),
    );
    Ok(Show {
        chrome: visit.chrome(Section::Documents),
        standing: document.standing(visit.tx.today()),
        may_change: may_write && document.newest() == id && document.to_day.is_none(),
        document,
        flash: "",
        files: files.without_pictures(),
        album,
        refused: String::new(),
        now: visit.tx.now,
    })
}
