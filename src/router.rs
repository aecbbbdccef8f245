//! Joins the areas and lays the layers in order.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _};
use tower_http::compression::{CompressionLayer, CompressionLevel, DefaultPredicate};
use tower_http::csrf::CsrfLayer;
use tower_http::trace::TraceLayer;

use crate::across::{desk, imports, map, search, why};
use crate::app::App;
use crate::base::assets;
use crate::base::db::Db;
use crate::base::error::Error;
use crate::org::access::{Access, Routes};
use crate::org::{
    announcements, audit, backups, documents, events, factors, leaves, notices, parameters, people,
    personal, photos, places, redraw, setup, staff, units,
};
use crate::work::{
    accountability, assessment, bulletins, classes, clocks, disclosures, duties, figures,
    handovers, matters, packs, phrases, powers, reports, requests, supervision, told, topics,
    visits, whistles,
};

/// Every path of the program, with who may use it.
pub fn routes() -> Routes<Db> {
    Routes::new()
        .and(desk::routes())
        .and(figures::routes())
        .and(map::routes())
        .and(bulletins::routes())
        .and(reports::routes())
        .and(topics::routes())
        .and(search::routes())
        .and(matters::routes())
        .and(whistles::routes())
        .and(requests::routes())
        .and(powers::routes())
        .and(duties::routes())
        .and(phrases::routes())
        .and(documents::routes())
        .and(visits::routes())
        .and(supervision::routes())
        .and(accountability::routes())
        .and(assessment::routes())
        .and(packs::routes())
        .and(disclosures::routes())
        .and(clocks::routes())
        .and(classes::routes())
        .and(units::routes())
        .and(places::routes())
        .and(handovers::routes())
        .and(told::routes())
        .and(notices::routes())
        .and(announcements::routes())
        .and(leaves::routes())
        .and(people::routes())
        .and(photos::routes())
        .and(staff::routes())
        .and(why::routes())
        .and(factors::routes())
        .and(personal::routes())
        .and(audit::routes())
        .and(backups::routes())
        .and(events::routes())
        .and(redraw::routes())
        .and(setup::routes())
        .and(parameters::routes())
        .and(imports::routes())
        .get("/health/live", Access::Public, live)
        .get("/health/ready", Access::Public, ready)
        .get("/static/{digest}/{name}", Access::Public, assets::serve)
}

/// The program as a service. Layers are named from the outside in, each with its reason.
pub fn router(app: &App) -> Router {
    let paths = routes()
        .into_router(&app.db, desk::waiting)
        .fallback(get(|| async { Error::NotFound }))
        .method_not_allowed_fallback(|| async { Error::NotFound })
        .with_state(app.db.clone());
    paths
        // Innermost: a print is recorded also if the browser no longer waits.
        .layer(from_fn(events::to_the_end))
        // Turns "not signed in" into the sign-in page, keeping what was typed.
        .layer(from_fn_with_state(app.db.clone(), people::offer_sign_in))
        .layer(Extension(app.doors.clone()))
        .layer(Extension(app.mail.clone()))
        .layer(Extension(app.keys.clone()))
        .layer(Extension(app.files.clone()))
        // A form comes from our own pages or not at all.
        .layer(from_fn(same_origin))
        .layer(
            CsrfLayer::new().with_rejection_response(|_error| Error::OtherOrigin.into_response()),
        )
        .layer(from_fn(security_headers))
        // Attached files are packed already, and the browser wants to know how long they are. Packing a
        // page harder takes as long as drawing it and saves 2 of the 20 KB that it may weigh.
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .quality(CompressionLevel::Fastest)
                .compress_when(
                    DefaultPredicate::new().and(NotForContentType::const_new("application/")),
                ),
        )
        .layer(CatchPanicLayer::custom(|_| {
            Error::Internal(anyhow::anyhow!("a handler panicked")).into_response()
        }))
        // Outermost: one line for each request, with path but without query or form.
        .layer(
            TraceLayer::new_for_http().make_span_with(|request: &Request| {
                let path = without_token(request.uri().path());
                tracing::info_span!("request", method = %request.method(), path)
            }),
        )
}

/// A resident's link is a key: the log names the door and not the key.
fn without_token(path: &str) -> &str {
    if path.starts_with("/r/") { "/r/" } else { path }
}

async fn live() -> &'static str {
    "ok"
}

async fn ready(State(db): State<Db>) -> (StatusCode, &'static str) {
    if db.answers().await {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "no database")
    }
}

/// Refuses a posted form that carries our cookie but says neither where it is from nor how it
/// was fetched: no browser of the last years does that.
async fn same_origin(request: Request, next: Next) -> Response {
    const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    let headers = request.headers();
    let silent = !headers.contains_key(header::ORIGIN) && !headers.contains_key(FETCH_SITE);
    if request.method() == Method::POST && silent && headers.contains_key(header::COOKIE) {
        return Error::OtherOrigin.into_response();
    }
    next.run(request).await
}

/// What every answer tells the browser: nothing from elsewhere, no script, no frame, no guess,
/// and pages are not kept.
async fn security_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(&str, &str); 5] = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
