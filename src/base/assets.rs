//! The style sheets, bundled in one and named by their digest, so that a browser keeps them
//! until they change.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// One bundle: where it is found and what it says.
struct Bundle {
    path: String,
    text: String,
}

impl Bundle {
    fn of(name: &str, parts: &[&str]) -> Self {
        let text = parts.concat();
        let digest = Sha256::digest(text.as_bytes());
        let short: String = hex(&digest[..5]);
        Self {
            path: format!("/static/{short}/{name}"),
            text,
        }
    }
}

/// Bytes in hexadecimal figures.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

static WIDE: LazyLock<Bundle> = LazyLock::new(|| {
    Bundle::of(
        "street.css",
        &[
            include_str!("../../static/css/tokens.css"),
            include_str!("../../static/css/ground.css"),
            include_str!("../../static/css/frame.css"),
            include_str!("../../static/css/words.css"),
            include_str!("../../static/css/controls.css"),
            include_str!("../../static/css/lists.css"),
            include_str!("../../static/css/case.css"),
            include_str!("../../static/css/desk.css"),
            include_str!("../../static/css/phone.css"),
            include_str!("../../static/css/draft.css"),
            include_str!("../../static/css/duties.css"),
            include_str!("../../static/css/staff.css"),
            include_str!("../../static/css/audit.css"),
            include_str!("../../static/css/imports.css"),
            include_str!("../../static/css/chain.css"),
            include_str!("../../static/css/matrix.css"),
            include_str!("../../static/css/powers.css"),
            include_str!("../../static/css/score.css"),
            include_str!("../../static/css/figures.css"),
            include_str!("../../static/css/map.css"),
            include_str!("../../static/css/months.css"),
            include_str!("../../static/css/inbox.css"),
            include_str!("../../static/css/visit.css"),
            include_str!("../../static/css/photos.css"),
            include_str!("../../static/css/forced-colors.css"),
            include_str!("../../static/css/print.css"),
        ],
    )
});
static NARROW: LazyLock<Bundle> =
    LazyLock::new(|| Bundle::of("narrow.css", &[include_str!("../../static/css/narrow.css")]));

/// Where the style sheet is found.
pub fn css() -> &'static str {
    &WIDE.path
}

/// Where the rules for narrow screens are found.
pub fn narrow_css() -> &'static str {
    &NARROW.path
}

/// Answers for both bundles; an old digest is not found, so nothing stale is kept for new.
#[expect(clippy::disallowed_types, reason = "two plain words, no id")]
pub async fn serve(path: axum::extract::Path<(String, String)>) -> Response {
    let (digest, name) = path.0;
    let asked = format!("/static/{digest}/{name}");
    match [&*WIDE, &*NARROW]
        .into_iter()
        .find(|bundle| bundle.path == asked)
    {
        Some(bundle) => {
            let headers = [
                (header::CONTENT_TYPE, "text/css; charset=utf-8"),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, bundle.text.as_str()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
