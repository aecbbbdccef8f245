//! The code after the password, and one's own second factor.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::actions::{self, Given};
use super::{model, queries};
use crate::base::assets;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::seal::Keys;
use crate::base::web::{Form, Page, Query, inside, see_other};
use crate::base::words;
use crate::org::access::{Access, Chrome, Routes, Section, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/second-factor", Access::SignedIn, ask)
        .post("/second-factor", Access::SignedIn, pass)
        .get("/account/second-factor", Access::SignedIn, own)
        .post("/account/second-factor", Access::SignedIn, begin)
        .post(
            "/account/second-factor/confirmation",
            Access::SignedIn,
            confirm,
        )
        .post("/account/second-factor/codes", Access::SignedIn, renew)
        .post("/account/second-factor/removal", Access::SignedIn, disable)
}

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct CodeForm {
    once: String,
    code: String,
    /// Where to go after the code.
    to: String,
}

/// Where somebody wanted to go when the code came first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    to: String,
}

/// Asked right after the password, on a page without the frame: nothing is open yet.
#[derive(Template)]
#[template(path = "factors/ask.html")]
struct Ask {
    city: String,
    name: String,
    css: &'static str,
    narrow_css: &'static str,
    large: bool,
    wrong: &'static str,
    to: String,
}

fn asking(visit: &Visit, to: String, wrong: &'static str) -> Ask {
    Ask {
        city: visit.me.city.clone(),
        name: visit.me.name.clone(),
        css: assets::css(),
        narrow_css: assets::narrow_css(),
        large: visit.me.large,
        wrong,
        to,
    }
}

async fn ask(visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let to = inside(&wish.to);
    if !visit.me.owes_code() {
        return Ok(see_other(&to));
    }
    Ok(Page(asking(&visit, to, "")).into_response())
}

async fn pass(
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let to = inside(&form.to);
    if !visit.me.owes_code() {
        return Ok(see_other(&to));
    }
    match actions::pass(&mut visit.tx, &visit.me, &keys, &form.code).await? {
        Given::Right => visit.done(&to).await,
        Given::Wrong(sentence) => {
            let page = asking(&visit, to, sentence);
            visit.tx.commit().await?;
            Ok(Page(page).unprocessable())
        }
    }
}

/// One's own second factor: none, begun, or in use.
#[derive(Template)]
#[template(path = "factors/own.html")]
struct Own {
    chrome: Chrome,
    /// Whether the post asks for one.
    needs: bool,
    confirmed_at: Option<DateTime<Utc>>,
    /// What the phone reads, and the secret to be typed, while it is set up.
    drawn: Option<Drawn>,
    codes: i64,
    once: String,
    errors: FieldErrors,
    refused: String,
    flash: &'static str,
}

/// The secret while it is set up.
struct Drawn {
    width: usize,
    path: String,
    secret: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn page(visit: &mut Visit, keys: &Keys) -> Result<Own> {
    let factor = queries::own(&mut visit.tx, &visit.me).await?;
    let mut refused = String::new();
    let drawn = if factor.confirmed_at.is_none() && factor.sealed.is_some() {
        match actions::opened(&visit.me, keys, &factor) {
            Ok(secret) => {
                let totp = model::totp(&secret, &factor.login, &visit.me.city)?;
                let (width, path) = model::picture(&totp)?;
                let typed = totp_rs::Secret::from(secret.to_vec()).to_base32();
                Some(Drawn {
                    width,
                    path,
                    secret: model::in_groups(&typed),
                })
            }
            Err(Error::Refused(sentence)) => {
                refused = sentence;
                None
            }
            Err(error) => return Err(error),
        }
    } else {
        None
    };
    Ok(Own {
        chrome: visit.chrome(Section::Account),
        needs: visit.me.needs_factor(),
        confirmed_at: factor.confirmed_at,
        drawn,
        codes: factor.codes,
        once: visit.once(),
        errors: FieldErrors::new(),
        refused,
        flash: "",
    })
}

async fn own(
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Query(done): Query<Done>,
) -> Result<Response> {
    let mut page = page(&mut visit, &keys).await?;
    page.flash = match done.done.as_str() {
        "codes" => "恢复码已显示过，不再显示。没有记下的，请重新生成。",
        "off" => "第二因子已停用。",
        _ => "",
    };
    Ok(Page(page).into_response())
}

async fn begin(Extension(keys): Extension<Keys>, mut visit: Visit) -> Result<Response> {
    actions::begin(&mut visit.tx, &visit.me, &keys).await?;
    visit.done("/account/second-factor").await
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "factors/codes.html")]
struct Codes {
    chrome: Chrome,
    codes: Vec<String>,
    now: DateTime<Utc>,
}

async fn confirm(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    if let Some(answer) = claimed(&mut visit, &form).await? {
        return Ok(answer);
    }
    let given = actions::confirm(&mut visit.tx, &visit.me, &keys, &form.code).await;
    given_codes(visit, (&db, &keys), given).await
}

async fn renew(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    if let Some(answer) = claimed(&mut visit, &form).await? {
        return Ok(answer);
    }
    let given = actions::renew(&mut visit.tx, &visit.me, &keys, &form.code).await;
    given_codes(visit, (&db, &keys), given).await
}

/// The answer of the first click, if this is the second.
async fn claimed(visit: &mut Visit, form: &CodeForm) -> Result<Option<Response>> {
    if form.once.parse::<Uuid>().is_err() {
        return Err(Error::Unreadable(
            "这一页不完整。请从“登录与密码”重新打开“第二因子”。",
        ));
    }
    visit
        .claim(&form.once, "/account/second-factor?done=codes")
        .await
}

async fn given_codes(
    visit: Visit,
    (db, keys): (&Db, &Keys),
    given: Result<std::result::Result<Vec<String>, &'static str>>,
) -> Result<Response> {
    match given {
        Ok(Ok(codes)) => {
            let page = Codes {
                chrome: visit.chrome(Section::Account),
                codes,
                now: visit.tx.now,
            };
            visit.tx.commit().await?;
            Ok(Page(page).into_response())
        }
        Ok(Err(sentence)) => wrong(visit, (db, keys), sentence).await,
        Err(error) => refused(visit, (db, keys), error).await,
    }
}

async fn disable(
    State(db): State<Db>,
    Extension(keys): Extension<Keys>,
    mut visit: Visit,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    match actions::disable(&mut visit.tx, &visit.me, &keys, &form.code).await {
        Ok(Given::Right) => visit.done("/account/second-factor?done=off").await,
        Ok(Given::Wrong(sentence)) => wrong(visit, (&db, &keys), sentence).await,
        Err(error) => refused(visit, (&db, &keys), error).await,
    }
}

/// The page with what is wrong with the code; the failure is kept.
async fn wrong(visit: Visit, (db, keys): (&Db, &Keys), sentence: &str) -> Result<Response> {
    let me = visit.me.clone();
    let waiting = visit.waiting;
    visit.tx.commit().await?;
    let tx = db.begin(me.tenant.0).await?;
    let mut visit = Visit { me, tx, waiting };
    let mut page = page(&mut visit, keys).await?;
    page.errors = actions::beside(sentence);
    Ok(Page(page).unprocessable())
}

async fn refused(visit: Visit, (db, keys): (&Db, &Keys), error: Error) -> Result<Response> {
    let Error::Refused(sentence) = error else {
        return Err(error);
    };
    let mut visit = visit.afresh(db).await?;
    let mut page = page(&mut visit, keys).await?;
    page.refused = sentence;
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
