//! The page of files with personal data: what was asked for, the form, the decision, the file.

use askama::Template;
use axum::Extension;
use axum::extract::State as Shared;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{AskForm, HOLDS, Kind, MOST, Row, State, lacks_factor};
use super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::id::uuid_at;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Viewer, Visit};
use crate::org::personal::Purpose;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    let see = Access::Can(Permission::SeeDisclosures);
    Routes::new()
        .get("/disclosures", see, list)
        .post("/disclosures", see, ask)
        .post("/disclosures/{id}/granting", see, grant)
        .post("/disclosures/{id}/denial", see, deny)
        .get("/disclosures/{id}/file", see, file)
}

#[derive(Template)]
#[template(path = "disclosures/list.html")]
struct List {
    chrome: Chrome,
    me: Viewer,
    rows: Vec<Row>,
    /// What the viewer may ask for.
    asks: Option<Kind>,
    form: AskForm,
    errors: FieldErrors,
    flash: &'static str,
    refused: String,
    once: String,
    now: DateTime<Utc>,
}

impl List {
    async fn of(visit: &mut Visit) -> Result<Self> {
        let rows = queries::list(&mut visit.tx, &visit.me, None).await?;
        let today = words::day(visit.tx.today());
        Ok(Self {
            chrome: visit.chrome(Section::Disclosures),
            me: visit.me.clone(),
            rows,
            asks: Kind::of(&visit.me),
            form: AskForm {
                to: today,
                ..AskForm::default()
            },
            errors: FieldErrors::new(),
            flash: "",
            refused: String::new(),
            once: visit.once(),
            now: visit.tx.now,
        })
    }

    fn lacks(&self) -> Option<&'static str> {
        lacks_factor(&self.me)
    }

    fn asks_for_days(&self) -> bool {
        self.asks == Some(Kind::Tellers)
    }

    fn hours(&self) -> i64 {
        HOLDS.num_hours()
    }

    fn wrong(&self) -> String {
        format!("没有提交，有 {} 处要改：", self.errors.len())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    done: String,
}

async fn list(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let mut page = List::of(&mut visit).await?;
    page.flash = match wish.done.as_str() {
        "asked" => "已提交，等另一个人同意。",
        "granted" => "已同意，申请人 24 小时内可以取。",
        "denied" => "已退回，理由申请人看得到。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

async fn ask(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    const DONE: &str = "/disclosures?done=asked";
    let kind = Kind::of(&visit.me).ok_or(Error::Forbidden)?;
    if let Some(earlier) = visit.claim(&form.once, DONE).await? {
        return Ok(earlier);
    }
    let today = visit.tx.today();
    let asked = match form.read(kind, today) {
        Ok(ask) => {
            let id = uuid_at(visit.tx.now);
            actions::ask(&mut visit.tx, &visit.me, id, &ask).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match asked {
        Ok(()) => visit.done(DONE).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, Some(form), why).await
        }
    }
}

/// The page again, with what was typed and why it was not done.
async fn again(mut visit: Visit, form: Option<AskForm>, why: Again) -> Result<Response> {
    let mut page = List::of(&mut visit).await?;
    let status = why.status();
    if let Some(form) = form {
        page.form = form;
    }
    (page.errors, page.refused) = why.said("刚有人决定过这份申请，见下表。");
    Ok((status, Page(page)).into_response())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    once: String,
    reason: String,
}

async fn grant(
    Shared(db): Shared<Db>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<DecisionForm>,
) -> Result<Response> {
    decide(
        visit,
        &db,
        (id, &form.once, "/disclosures?done=granted"),
        None,
    )
    .await
}

async fn deny(
    Shared(db): Shared<Db>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Form(form): Form<DecisionForm>,
) -> Result<Response> {
    queries::hold(&mut visit.tx, &visit.me, id).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.text("reason", "不同意的理由", &form.reason, (2, 200));
    if !errors.is_empty() {
        let mut page = List::of(&mut visit).await?;
        page.refused = errors.sentences();
        return Ok(Page(page).unprocessable());
    }
    let at = (id, form.once.as_str(), "/disclosures?done=denied");
    decide(visit, &db, at, Some(&reason)).await
}

async fn decide(
    mut visit: Visit,
    db: &Db,
    (id, once, done): (Uuid, &str, &str),
    denial: Option<&str>,
) -> Result<Response> {
    if let Some(earlier) = visit.claim(once, done).await? {
        return Ok(earlier);
    }
    match actions::decide(&mut visit.tx, &visit.me, id, denial).await {
        Ok(()) => visit.done(done).await,
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(db).await?, None, why).await
        }
    }
}

/// The file, made now. That it is fetched is true before it leaves.
async fn file(
    Shared(db): Shared<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    match actions::take(&mut visit.tx, &visit.me, &keys, id).await {
        Ok(sheet) => {
            visit.tx.commit().await?;
            sheet.finish().await
        }
        Err(error) => {
            let why = error.again()?;
            again(visit.afresh(&db).await?, None, why).await
        }
    }
}
