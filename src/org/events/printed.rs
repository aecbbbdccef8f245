//! Printing is recorded without any script: every page carries a picture of nothing that browsers
//! fetch only when they print, and say for which page.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Subject, Verb, record};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::org::access::{Access, Routes, Visit};

/// A picture of nothing.
const NOTHING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
/// A path is told so far.
const LONGEST: usize = 200;

/// The path that printed pages fetch.
const PATH: &str = "/printed.svg";

/// The paths of what is recorded by itself.
pub fn routes() -> Routes<Db> {
    Routes::new().get(PATH, Access::SignedIn, printed)
}

/// Carries the record of a print to its end: a browser that has laid out its paper no longer waits
/// for the picture, and what nobody waits for would be given up.
pub async fn to_the_end(request: Request, next: Next) -> Response {
    if request.uri().path() != PATH {
        return next.run(request).await;
    }
    #[expect(clippy::disallowed_methods, reason = "the task is awaited")]
    let recorded = tokio::spawn(next.run(request)).await;
    recorded.unwrap_or_else(|error| Error::Internal(error.into()).into_response())
}

/// Records that the page which asks is being printed.
async fn printed(mut visit: Visit, headers: HeaderMap) -> Result<Response> {
    let from = headers.get(header::REFERER).and_then(|v| v.to_str().ok());
    let sentence = match from.and_then(page_of) {
        Some(path) => format!("打印页面 {path}。"),
        None => "打印了一页，浏览器没有说是哪一页。".to_owned(),
    };
    let subject = (Subject::Sheet, visit.me.tenant.0);
    record(&mut visit.tx, &visit.me, subject, Verb::Print, &sentence).await?;
    visit.tx.commit().await?;
    let kind = [(header::CONTENT_TYPE, "image/svg+xml")];
    Ok((kind, NOTHING).into_response())
}

/// The path of an address; what was searched for stays out of the record.
fn page_of(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    let path = path.split(['?', '#']).next()?;
    Some(path.chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_page_is_told_without_what_was_asked_of_it() {
        let told = |address| page_of(address);
        assert_eq!(told("http://a.cn/people?q=王"), Some("/people".to_owned()));
        assert_eq!(told("https://a.cn:8080/"), Some("/".to_owned()));
        assert_eq!(told("about:blank"), None);
        assert_eq!(told("http://a.cn"), None);
    }
}
