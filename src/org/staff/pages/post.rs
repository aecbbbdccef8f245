//! One post: who holds it, who did and who will, and how much is open there.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions;
use super::super::model::{Term, kind_label};
use super::super::queries::{self, Post};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::PostId;
use crate::org::access::{Chrome, Permission, Section, Visit};

#[derive(Template)]
#[template(path = "staff/post.html")]
pub(super) struct Show {
    chrome: Chrome,
    post: Post,
    today: NaiveDate,
    now: DateTime<Utc>,
    once: String,
    may_appoint: bool,
    flash: &'static str,
    /// What was typed as the end of the term.
    term_to: String,
    errors: FieldErrors,
    refused: String,
}

impl Show {
    fn kind(&self) -> &'static str {
        kind_label(self.post.kind)
    }

    fn holder(&self) -> Option<&Term> {
        self.post.holder(self.today)
    }

    fn next(&self) -> Option<&Term> {
        self.post.next(self.today)
    }

    fn span(term: &Term) -> String {
        span(term.from_day, term.to_day)
    }

    /// How an appointment stands.
    fn stands(&self, term: &Term) -> &'static str {
        if term.is_void() {
            "已取消"
        } else if term.from_day > self.today {
            "未到任"
        } else if term.holds_on(self.today) {
            "在任"
        } else {
            "已离任"
        }
    }
}

/// `2024-03-01 起` or `2021-05-10 至 2024-02-29`, the last day included.
pub(super) fn span(from: NaiveDate, to: Option<NaiveDate>) -> String {
    let from_word = words::day(from);
    match to.and_then(|to| to.pred_opt()) {
        Some(last) if last >= from => format!("{from_word} 至 {}", words::day(last)),
        Some(_) => format!("原定 {from_word} 起"),
        None => format!("{from_word} 起"),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One post.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<PostId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let mut page = page(&mut visit, id).await?;
    page.flash = match wish.done.as_str() {
        "new" => "已设立职务，现在空缺。",
        "appointed" => "已任命。新任职的人到任后在“工作交接”里确认职务上的工作。",
        "relieved" => "已免职。",
        "cancelled" => "已取消任命。",
        "term" => "已保存任期届满日。",
        "abolished" => "已撤销职务，历任记录保留。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

/// The post as it stands.
async fn page(visit: &mut Visit, id: PostId) -> Result<Show> {
    let post = queries::post(&mut visit.tx, &visit.me, id).await?;
    let today = visit.tx.today();
    let term_to = post.holder(today).and_then(|h| h.term_to);
    Ok(Show {
        chrome: visit.chrome(Section::Staffing),
        may_appoint: visit.me.kind.may(Permission::Appoint) && post.valid_to.is_none(),
        today,
        now: visit.tx.now,
        once: visit.once(),
        flash: "",
        term_to: term_to.map(words::day).unwrap_or_default(),
        errors: FieldErrors::new(),
        refused: String::new(),
        post,
    })
}

/// What the small forms of the page send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TermForm {
    once: String,
    term: String,
    term_to: String,
}

/// Takes an appointment back before it begins.
pub(super) async fn cancel(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PostId>,
    Form(form): Form<TermForm>,
) -> Result<Response> {
    let location = format!("/staffing/{id}?done=cancelled");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let done = match form.term.parse::<Uuid>() {
        Ok(term) => actions::cancel(&mut visit.tx, &visit.me, id, term).await,
        Err(_) => Err(Error::Stale),
    };
    stepped(visit, &db, (id, location), (form, done)).await
}

/// Notes when the holder's term ends; an empty field takes the note away.
pub(super) async fn set_term(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PostId>,
    Form(form): Form<TermForm>,
) -> Result<Response> {
    let location = format!("/staffing/{id}?done=term");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let mut errors = FieldErrors::new();
    let to = optional_day(&mut errors, &form.term_to);
    let done = match (form.term.parse::<Uuid>(), errors.or(to)) {
        (Ok(term), Ok(to)) => actions::set_term(&mut visit.tx, &visit.me, id, (term, to)).await,
        (Ok(_), Err(errors)) => Err(Error::Invalid(errors)),
        (Err(_), _) => Err(Error::Stale),
    };
    stepped(visit, &db, (id, location), (form, done)).await
}

/// The day on which a term ends, or none.
pub(super) fn optional_day(errors: &mut FieldErrors, typed: &str) -> Option<NaiveDate> {
    if typed.trim().is_empty() {
        None
    } else {
        errors.day("term_to", "任期届满日", typed)
    }
}

async fn stepped(
    visit: Visit,
    db: &Db,
    (id, location): (PostId, String),
    (form, done): (TermForm, Result<()>),
) -> Result<Response> {
    match done {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(db).await?;
            let mut page = page(&mut visit, id).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => {
                    page.errors = errors;
                    page.term_to = form.term_to;
                }
                Again::Refused(sentence) => page.refused = sentence,
                Again::Stale => STALE.clone_into(&mut page.refused),
            }
            Ok((status, Page(page)).into_response())
        }
    }
}

/// What is said when somebody else was first.
pub(super) const STALE: &str = "这个职务刚有变动，下面是现在的情况。请核对后再办。";
