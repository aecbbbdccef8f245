//! The form of a notice: a new one, or the next version of one. What it keeps is a draft.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::super::model::{ALL, Announcement, AnnouncementForm, Audience, seen};
use super::super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};

#[derive(Template)]
#[template(path = "announcements/write.html")]
struct Write {
    chrome: Chrome,
    found: Option<Announcement>,
    form: AnnouncementForm,
    errors: FieldErrors,
    refused: String,
    /// What somebody else saved meanwhile.
    kept_now: Vec<(&'static str, String)>,
}

impl Write {
    fn action(&self) -> String {
        self.found.as_ref().map_or_else(
            || "/announcements".to_owned(),
            |found| format!("/announcements/{}/edit", found.id),
        )
    }

    fn back(&self) -> String {
        self.found.as_ref().map_or_else(
            || "/announcements".to_owned(),
            |found| format!("/announcements/{}", found.id),
        )
    }

    fn title(&self) -> &'static str {
        match &self.found {
            None => "起草公告",
            Some(found) if found.in_force().is_none() => "修改草稿",
            Some(_) => "起草新的一版",
        }
    }
}

fn page(visit: &Visit, found: Option<Announcement>, form: AnnouncementForm) -> Write {
    Write {
        chrome: visit.chrome(Section::Announcements),
        found,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        kept_now: Vec::new(),
    }
}

/// A blank notice: to be shown from now on.
pub(super) async fn blank(visit: Visit) -> Result<Response> {
    let form = AnnouncementForm {
        once: visit.once(),
        from_at: words::minute(visit.tx.now),
        ..AnnouncementForm::default()
    };
    Ok(Page(page(&visit, None, form)).into_response())
}

/// The draft of the next version, begun from the newest.
pub(super) async fn edit(mut visit: Visit, Path(id): Path<Uuid>) -> Result<Response> {
    let found = queries::one(&mut visit.tx, &visit.me, id).await?;
    if found.withdrawn_at.is_some() {
        return Err(Error::Refused(
            "这条公告已经撤回，不能再改。需要时请另起草一条。".to_owned(),
        ));
    }
    let newest = found.versions.first().ok_or(Error::NotFound)?;
    let form = AnnouncementForm {
        once: visit.once(),
        ..AnnouncementForm::of(newest)
    };
    Ok(Page(page(&visit, Some(found), form)).into_response())
}

/// Keeps a new draft.
pub(super) async fn create(
    State(db): State<Db>,
    visit: Visit,
    Form(form): Form<AnnouncementForm>,
) -> Result<Response> {
    keep(&db, visit, None, form).await
}

/// Keeps the draft of the next version.
pub(super) async fn change(
    State(db): State<Db>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<AnnouncementForm>,
) -> Result<Response> {
    keep(&db, visit, Some(id), form).await
}

async fn keep(
    db: &Db,
    mut visit: Visit,
    own: Option<Uuid>,
    form: AnnouncementForm,
) -> Result<Response> {
    let id = own.unwrap_or_else(|| uuid_at(visit.tx.now));
    let location = format!("/announcements/{id}/preview");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let (tx, me) = (&mut visit.tx, &visit.me);
    let done = if own.is_some() {
        actions::redraft(tx, me, id, &form).await
    } else {
        actions::draft(tx, me, id, &form).await
    };
    match done {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, own, form, why).await
        }
    }
}

/// The form again with everything that was typed. Where somebody else was first it goes on from
/// what is kept now, which stands beside it.
async fn again(
    mut visit: Visit,
    own: Option<Uuid>,
    mut form: AnnouncementForm,
    why: Again,
) -> Result<Response> {
    let found = match own {
        Some(id) => Some(queries::one(&mut visit.tx, &visit.me, id).await?),
        None => None,
    };
    let status = why.status();
    let mut kept_now = Vec::new();
    if let (Again::Stale, Some(newest)) = (&why, found.as_ref().and_then(|f| f.versions.first())) {
        form.version = seen(newest);
        kept_now = vec![
            (
                "谁改的",
                format!("{}，{}", newest.saved_by, words::minute(newest.saved_at)),
            ),
            ("标题", newest.title.clone()),
            ("正文", newest.body.clone()),
            ("发给", newest.whom()),
            ("显示", newest.span()),
        ];
    }
    let mut page = page(&visit, found, form);
    page.kept_now = kept_now;
    (page.errors, page.refused) =
        why.said("这条公告刚被别人改过，您的还没有保存。表单里是您填的，再存一次就以您的为准。");
    Ok((status, Page(page)).into_response())
}
