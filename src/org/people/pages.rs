//! The door (登录), one's own account, and the choice of the post one acts for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::actions::{self, Answer, Knock};
use super::queries::{self, Held, OpenSession};
use crate::base::assets;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query, Typed, escaped, inside, see_other};
use crate::base::words;
use crate::org::access::{
    Access, Chrome, Routes, SESSION_COOKIE, Section, SignedOut, Visit, is_large, large_cookie,
};
use crate::org::tenants::{self, Tenant};
use crate::org::{AppointmentId, SessionId};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .get("/sign-in", Access::Public, door)
        .post("/sign-in", Access::Public, sign_in)
        .post("/large-type", Access::Public, large_type)
        .post("/sign-out", Access::SignedIn, sign_out)
        .get("/account", Access::SignedIn, account)
        .post("/account/sessions/{id}/end", Access::SignedIn, end_session)
        .get("/password", Access::SignedIn, password)
        .post("/password", Access::SignedIn, change_password)
        .get("/posts", Access::SignedIn, posts)
        .post("/posts", Access::SignedIn, switch)
}

/// Sample people whom the sign-in page of a demo offers, and their common password.
#[derive(Clone, Debug, Default)]
pub struct Doors {
    /// Their password; empty outside a demo.
    pub password: &'static str,
    /// Tenant code, role, person, seat, sign-in name.
    pub people: Vec<(
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    )>,
}

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct Door {
    city: String,
    css: &'static str,
    narrow_css: &'static str,
    large: bool,
    tenants: Vec<Tenant>,
    chosen: String,
    login: String,
    to: String,
    kept: Vec<(String, String)>,
    wrong: &'static str,
    doors: Doors,
}

impl Door {
    /// What had been typed, as one line for a hidden field.
    fn kept_line(&self) -> String {
        serde_html_form::to_string(&self.kept).unwrap_or_default()
    }

    /// The sample people of a tenant: role, name, seat, sign-in name.
    fn people_of(
        &self,
        tenant: &Tenant,
    ) -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
        let of = self.doors.people.iter().filter(|p| p.0 == tenant.code);
        of.map(|p| (p.1, p.2, p.3, p.4)).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    to: String,
}

async fn door_page(db: &Db, headers: &HeaderMap, doors: Doors) -> Result<Door> {
    let mut tx = db.begin_outside().await?;
    let tenants = tenants::of_host(&mut tx, &host(headers)).await?;
    if tenants.is_empty() {
        return Err(Error::NotFound);
    }
    let city = match tenants.as_slice() {
        [one] => one.name.clone(),
        _ => String::new(),
    };
    Ok(Door {
        city,
        css: assets::css(),
        narrow_css: assets::narrow_css(),
        large: is_large(headers),
        tenants,
        chosen: String::new(),
        login: String::new(),
        to: "/".to_owned(),
        kept: Vec::new(),
        wrong: "",
        doors,
    })
}

/// The host name asked for, without the port.
fn host(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    host.rsplit_once(':')
        .map_or(host, |(name, _)| name)
        .to_lowercase()
}

async fn door(
    State(db): State<Db>,
    Extension(doors): Extension<Doors>,
    headers: HeaderMap,
    Query(wish): Query<Wish>,
) -> Result<Page<Door>> {
    let mut page = door_page(&db, &headers, doors).await?;
    page.to = inside(&wish.to);
    Ok(Page(page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignInForm {
    tenant: String,
    name: String,
    word: String,
    /// A sample person's name, if one was chosen by button.
    as_sample: String,
    to: String,
    kept: String,
}

async fn sign_in(
    State(db): State<Db>,
    Extension(doors): Extension<Doors>,
    source: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let sample = doors.clone();
    let mut page = door_page(&db, &headers, doors).await?;
    page.to = inside(&form.to);
    page.kept = Typed::read(form.kept.as_bytes()).unwrap_or_default().0;
    let tenant = match page.tenants.as_slice() {
        [one] => Some(one.id),
        several => several.iter().find(|t| t.code == form.tenant).map(|t| t.id),
    };
    page.chosen = form.tenant;
    let (login, word) = if sample.password.is_empty() || form.as_sample.is_empty() {
        (form.name, form.word)
    } else {
        (form.as_sample, sample.password.to_owned())
    };
    let Some(tenant) = tenant else {
        return Ok(refused(page, login, "请先选择单位。"));
    };
    let source = source.map_or(
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        |Extension(ConnectInfo(a))| a.ip(),
    );
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|a| a.to_str().ok())
        .unwrap_or_default();
    let knock = Knock {
        tenant,
        login: &login,
        password: &word,
        source,
        agent,
    };
    let mut tx = db.begin(tenant.0).await?;
    let answer = actions::sign_in(&mut tx, knock).await?;
    tx.commit().await?;
    match answer {
        Answer::No(sentence) => Ok(refused(page, login, sentence)),
        Answer::Welcome(cookie) => welcome(page, &cookie),
    }
}

fn refused(mut page: Door, login: String, sentence: &'static str) -> Response {
    page.login = login;
    page.wrong = sentence;
    (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
}

#[derive(Template)]
#[template(path = "people/resume.html")]
struct Resume {
    city: String,
    css: &'static str,
    narrow_css: &'static str,
    large: bool,
    to: String,
    kept: Vec<(String, String)>,
}

impl Resume {
    /// Whether a kept field is something a person wrote.
    fn is_words(&self, name: &str, value: &str) -> bool {
        !["once", "version"].contains(&name) && !value.is_ascii()
    }
}

/// Sets the cookie and leads on; what had been typed before the sign-in is offered again.
fn welcome(page: Door, cookie: &str) -> Result<Response> {
    let mut response = if page.kept.is_empty() {
        see_other(&page.to)
    } else {
        let Door {
            city,
            css,
            narrow_css,
            large,
            to,
            kept,
            ..
        } = page;
        Page(Resume {
            city,
            css,
            narrow_css,
            large,
            to,
            kept,
        })
        .into_response()
    };
    let cookie = format!("{SESSION_COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax");
    let cookie = HeaderValue::from_str(&cookie).map_err(anyhow::Error::from)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The layer that turns "not signed in" into the door: looking is led there, a posted form is
/// answered with the door that keeps what was typed.
pub async fn offer_sign_in(
    State(db): State<Db>,
    Extension(doors): Extension<Doors>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let Some(out) = response.extensions_mut().remove::<SignedOut>() else {
        return response;
    };
    let Some(typed) = out.typed else {
        return see_other(&format!("/sign-in?to={}", escaped(&out.to)));
    };
    match door_page(&db, &headers, doors).await {
        Ok(mut page) => {
            page.to = inside(&out.to);
            page.kept = typed.0;
            page.wrong = "登录已失效，刚才填写的内容还在。登录后可以接着提交。";
            (StatusCode::UNAUTHORIZED, Page(page)).into_response()
        }
        Err(error) => error.into_response(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LargeForm {
    large: String,
}

/// Large type on or off, and back to the page it was asked from.
async fn large_type(headers: HeaderMap, Form(form): Form<LargeForm>) -> Result<Response> {
    let from = headers
        .get(header::REFERER)
        .and_then(|r| r.to_str().ok())
        .unwrap_or_default();
    let path = from
        .splitn(4, '/')
        .nth(3)
        .map_or_else(|| "/".to_owned(), |p| format!("/{p}"));
    let mut response = see_other(&inside(&path));
    let cookie =
        HeaderValue::from_str(&large_cookie(form.large == "true")).map_err(anyhow::Error::from)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn sign_out(mut visit: Visit) -> Result<Response> {
    let session = visit.me.session;
    actions::end_session(&mut visit.tx, &visit.me, session).await?;
    let mut response = visit.done("/sign-in").await?;
    let gone =
        HeaderValue::from_static("whistle_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    chrome: Chrome,
    sessions: Vec<OpenSession>,
    this: SessionId,
    flash: &'static str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn account(mut visit: Visit, Query(done): Query<Done>) -> Result<Page<AccountPage>> {
    let sessions = queries::sessions(&mut visit.tx, &visit.me).await?;
    let flash = match done.done.as_str() {
        "password" => "密码已修改，其他设备已退出。",
        "session" => "那台设备已退出。",
        _ => "",
    };
    let chrome = visit.chrome(Section::Account);
    Ok(Page(AccountPage {
        chrome,
        sessions,
        this: visit.me.session,
        flash,
    }))
}

async fn end_session(mut visit: Visit, Path(id): Path<SessionId>) -> Result<Response> {
    actions::end_session(&mut visit.tx, &visit.me, id).await?;
    visit.done("/account?done=session").await
}

#[derive(Template)]
#[template(path = "people/password.html")]
struct PasswordPage {
    chrome: Chrome,
    forced: bool,
    errors: FieldErrors,
}

async fn password(visit: Visit) -> Page<PasswordPage> {
    let chrome = visit.chrome(Section::Account);
    Page(PasswordPage {
        chrome,
        forced: visit.me.must_change,
        errors: FieldErrors::new(),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

async fn change_password(mut visit: Visit, Form(form): Form<PasswordForm>) -> Result<Response> {
    let changed =
        actions::change_password(&mut visit.tx, &visit.me, &form.old, &form.new, &form.again).await;
    match changed {
        Ok(()) => visit.done("/account?done=password").await,
        Err(Error::Invalid(errors)) => {
            let chrome = visit.chrome(Section::Account);
            Ok(Page(PasswordPage {
                chrome,
                forced: visit.me.must_change,
                errors,
            })
            .unprocessable())
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "people/posts.html")]
struct PostsPage {
    chrome: Chrome,
    held: Vec<Held>,
    current: AppointmentId,
}

async fn posts(mut visit: Visit) -> Result<Page<PostsPage>> {
    let held = queries::held(&mut visit.tx, &visit.me).await?;
    let chrome = visit.chrome(Section::Account);
    Ok(Page(PostsPage {
        chrome,
        held,
        current: visit.me.appointment,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SwitchForm {
    appointment: String,
}

async fn switch(mut visit: Visit, Form(form): Form<SwitchForm>) -> Result<Response> {
    let to: AppointmentId = form.appointment.parse().map_err(|_| Error::NotFound)?;
    actions::switch(&mut visit.tx, &visit.me, to).await?;
    visit.done("/").await
}
