//! The gate: every request passes it with what its path asks for. It finds the person behind
//! the cookie, opens the one transaction of the request, and lets in or not.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::chrome::{Chrome, Section};
use super::model::{Viewer, Waiting};
use super::queries;
use super::routes::Access;
use crate::base::db::{Db, Plans, Tx};
use crate::base::error::{Error, Result};
use crate::base::upload;
use crate::base::web::{Typed, escaped, read_form, see_other};
use crate::org::TenantId;

/// The session cookie: `<tenant>.<token>`, so that the tenant is known before the first query.
pub const SESSION_COOKIE: &str = "whistle_session";
const LARGE_COOKIE: &str = "whistle_large";

/// Counts what waits for a post, and turns to the plans of the page; the areas that know are higher up,
/// so the router hands it in.
pub type WaitingHook = for<'a> fn(
    &'a mut PgConnection,
    &'a Viewer,
    Plans,
) -> Pin<Box<dyn Future<Output = Result<Waiting>> + Send + 'a>>;

/// One visit: the person at the desk and the transaction of this request. Writing handlers
/// commit it; a reading one drops it.
#[derive(Debug)]
pub struct Visit {
    /// Who is at the desk.
    pub me: Viewer,
    /// The request's transaction.
    pub tx: Tx,
    /// What waits for the post, for the navigation.
    pub waiting: Waiting,
}

impl Visit {
    /// The frame of a page in this section.
    pub fn chrome(&self, section: Section) -> Chrome {
        Chrome::of(&self.me, self.waiting, section)
    }

    /// Makes a posted form act once: gives the answer of the first click if this is the second.
    /// `location` is where the first click leads.
    pub async fn claim(&mut self, once: &str, location: &str) -> Result<Option<Response>> {
        let Ok(key) = once.parse::<Uuid>() else {
            return Ok(None);
        };
        let now = self.tx.now;
        let earlier = queries::claim(&mut self.tx, &self.me, key, location, now).await?;
        Ok(earlier.map(|there| see_other(&there)))
    }

    /// The same visit in a new transaction: whatever the old one wrote is gone, and a statement
    /// that the database refused does not stand in the way of the next. The old one is let go
    /// first, so that no request holds two connections.
    pub async fn afresh(self, db: &Db) -> Result<Self> {
        let Self { me, tx, waiting } = self;
        drop(tx);
        let tx = db.begin(me.tenant.0).await?;
        Ok(Self { me, tx, waiting })
    }

    /// The same visit in a new transaction, begun after something slow has come in: meanwhile no
    /// connection waits for it.
    pub async fn meanwhile<T>(
        self,
        db: &Db,
        slow: impl Future<Output = Result<T>>,
    ) -> Result<(Self, T)> {
        let Self { me, tx, waiting } = self;
        drop(tx);
        let came = slow.await?;
        let tx = db.begin(me.tenant.0).await?;
        Ok((Self { me, tx, waiting }, came))
    }

    /// The same visit in a new transaction, after what the old one wrote has become true: for what
    /// stays, whatever becomes of the rest.
    pub async fn kept(self, db: &Db) -> Result<Self> {
        let Self { me, tx, waiting } = self;
        tx.commit().await?;
        let tx = db.begin(me.tenant.0).await?;
        Ok(Self { me, tx, waiting })
    }

    /// A key for a form that is about to be shown.
    pub fn once(&self) -> String {
        crate::base::id::uuid_at(self.tx.now).to_string()
    }

    /// Makes it true and sends the browser on.
    pub async fn done(self, location: &str) -> Result<Response> {
        self.tx.commit().await?;
        Ok(see_other(location))
    }

    /// Answers a form that was kept: now, or by an earlier click.
    pub async fn saved(self, saved: Saved) -> Result<Response> {
        match saved {
            Saved::Earlier(response) => Ok(response),
            Saved::Now(location) => self.done(&location).await,
        }
    }
}

/// What came of keeping a form.
#[derive(Debug)]
pub enum Saved {
    /// The same form was sent before.
    Earlier(Response),
    /// It is kept, and this is where to go.
    Now(String),
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let slot = parts.extensions.get::<Slot>().cloned();
        let visit = slot.and_then(|s| s.0.lock().ok().and_then(|mut v| v.take()));
        visit.ok_or_else(|| Error::Internal(anyhow::anyhow!("no visit on a path without gate")))
    }
}

/// Carries the visit from the gate to the handler.
#[derive(Clone)]
struct Slot(Arc<Mutex<Option<Visit>>>);

/// Left in the answer to someone who is not signed in, for the layer that offers the sign-in
/// page: where he wanted to go and what he had typed.
#[derive(Clone, Debug)]
pub(crate) struct SignedOut {
    pub(crate) to: String,
    pub(crate) typed: Option<Typed>,
}

/// Lets a request through if its post may use the path.
pub async fn gate(
    State((db, waiting, access, plans)): State<(Db, WaitingHook, Access, Plans)>,
    mut request: Request,
    next: Next,
) -> Response {
    if access == Access::Public {
        return next.run(request).await;
    }
    let waits = (request.method() == Method::GET).then_some((waiting, plans));
    match admit(&db, waits, access, request.headers().clone()).await {
        Ok(visit) => {
            if let Some(first) = comes_first(&visit.me, request.uri().path()) {
                return see_other(&with_way_back(first, &request));
            }
            request
                .extensions_mut()
                .insert(Slot(Arc::new(Mutex::new(Some(visit)))));
            next.run(request).await
        }
        Err(Error::SignIn) => signed_out(request).await,
        Err(error) => error.into_response(),
    }
}

/// What must be done before this path may be used: the code, then a password of one's own, then a
/// second factor where the post asks for one.
fn comes_first(me: &Viewer, path: &str) -> Option<&'static str> {
    let out = path == "/sign-out";
    if me.owes_code() {
        (!out && path != "/second-factor").then_some("/second-factor")
    } else if me.must_change {
        (!out && path != "/password").then_some("/password")
    } else if me.must_set_up() {
        let own = path.starts_with("/account/second-factor");
        (!out && !own).then_some("/account/second-factor")
    } else {
        None
    }
}

/// The page that comes first. The code leads on to what was looked for; a password or a factor that
/// is still to be set up ends elsewhere.
fn with_way_back(first: &str, request: &Request) -> String {
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
    if first == "/second-factor" && request.method() == Method::GET && wanted != "/" {
        format!("{first}?to={}", escaped(wanted))
    } else {
        first.to_owned()
    }
}

async fn admit(
    db: &Db,
    waits: Option<(WaitingHook, Plans)>,
    access: Access,
    headers: HeaderMap,
) -> Result<Visit> {
    let (tenant, digest) = cookie(&headers, SESSION_COOKIE)
        .and_then(opened)
        .ok_or(Error::SignIn)?;
    let mut tx = db.begin_kept(tenant.0).await?;
    let found = queries::viewer(&mut tx, tenant, &digest)
        .await?
        .ok_or(Error::SignIn)?;
    let mut me = found.viewer;
    me.large = cookie(&headers, LARGE_COOKIE) == Some("1");
    if let Access::Can(permission) = access
        && !me.kind.may(permission)
    {
        return Err(Error::Forbidden);
    }
    if tx.now - found.seen_at > chrono::Duration::minutes(1) {
        queries::seen(&mut tx, &me).await?;
        tx.commit().await?;
        tx = db.begin_kept(tenant.0).await?;
    }
    let waiting = match waits {
        Some((waiting, plans)) => waiting(&mut tx, &me, plans).await?,
        None => Waiting::default(),
    };
    Ok(Visit { me, tx, waiting })
}

async fn signed_out(request: Request) -> Response {
    let to = request
        .uri()
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .to_owned();
    let posted = request.method() == Method::POST;
    let kind = request.headers().get(header::CONTENT_TYPE);
    let in_parts = kind.is_some_and(|k| k.as_bytes().starts_with(b"multipart/form-data"));
    let typed = match posted {
        // What was chosen as a file is chosen again.
        true if in_parts => upload::texts(request).await.ok(),
        true => read_form(request).await.ok(),
        false => None,
    };
    let mut response = Error::SignIn.into_response();
    response.extensions_mut().insert(SignedOut { to, typed });
    response
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then_some(value))
}

/// Tenant and token digest of a session cookie.
fn opened(value: &str) -> Option<(TenantId, Vec<u8>)> {
    let (tenant, token) = value.split_once('.')?;
    let tenant = tenant.parse().ok()?;
    (token.len() == 64).then(|| (TenantId(tenant), digest(token)))
}

/// What the database keeps of a token.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The cookie that keeps large type on or off for a year.
pub fn large_cookie(on: bool) -> String {
    let (value, age) = if on { ("1", 31_536_000) } else { ("0", 0) };
    format!("{LARGE_COOKIE}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax")
}

/// Whether this browser asked for large type.
pub(crate) fn is_large(headers: &HeaderMap) -> bool {
    cookie(headers, LARGE_COOKIE) == Some("1")
}
