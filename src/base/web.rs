//! Requests and responses: extractors that refuse in Chinese, pages that render themselves.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::error::{Error, Result};

/// The most a form may carry, in bytes.
pub const FORM_LIMIT: usize = 256 * 1024;

/// A rendered page.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(body) => {
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                ([(header::CONTENT_TYPE, html)], body).into_response()
            }
            Err(error) => Error::from(error).into_response(),
        }
    }
}

impl<T: Template> Page<T> {
    /// The page again, with wrong fields (422).
    pub fn unprocessable(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, self).into_response()
    }
}

/// Sends the browser to look at another page.
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(error) => Error::Internal(error.into()).into_response(),
    }
}

/// How a file is handed out (RFC 6266): under a name in plain letters for old browsers, which gets
/// the ending of the other, and under its own.
pub fn attachment(plain: &str, name: &str) -> String {
    use std::fmt::Write as _;
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut value = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(value, "%{byte:02X}");
        }
    }
    value
}

const TWICE: Error =
    Error::Unreadable("同一项提交了两次，不知道以哪个为准。请返回上一页，刷新后重新填写。");

/// Where somebody wanted to go: a path of this program, never another site.
pub fn inside(to: &str) -> String {
    let plain = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    if plain && !to.chars().any(char::is_control) {
        to.to_owned()
    } else {
        "/".to_owned()
    }
}

/// A path as the value of a query.
pub fn escaped(path: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"/-._".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.bytes().map(byte).collect()
}

/// A form as it came: names and values, in order.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// Reads `application/x-www-form-urlencoded`; wrong bytes are refused, not replaced.
    pub fn read(body: &[u8]) -> Result<Self> {
        const BROKEN: Error =
            Error::Unreadable("提交的文字编码不对。请用本系统页面重新填写后提交。");
        let mut fields = Vec::new();
        for pair in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let name = decoded(halves.next().unwrap_or_default()).ok_or(BROKEN)?;
            let value = decoded(halves.next().unwrap_or_default()).ok_or(BROKEN)?;
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// The form, if no name comes twice: for forms whose names no type can list.
    pub fn single(self) -> Result<Self> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(TWICE);
        }
        Ok(self)
    }

    /// What a field holds, if it came.
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The fields as a form type. Fields the type does not know are ignored.
    pub fn into_form<T: DeserializeOwned>(&self) -> Result<T> {
        let text = serde_html_form::to_string(&self.0).map_err(anyhow::Error::from)?;
        serde_html_form::from_str(&text).map_err(|_| TWICE)
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [*rest.next()?, *rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?
            }
            byte => *byte,
        });
    }
    String::from_utf8(out).ok()
}

/// A posted form. Every form type defaults its fields, so a missing one is an empty one and
/// gets its sentence from the form's own check.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let typed = Typed::from_request(request, state).await?;
        Ok(Self(typed.into_form()?))
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Error;
    async fn from_request(request: Request, _state: &S) -> Result<Self> {
        if let Some(typed) = request.extensions().get::<Typed>() {
            return Ok(typed.clone());
        }
        read_form(request).await
    }
}

/// Reads the body of a posted form.
pub async fn read_form(request: Request) -> Result<Typed> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    let urlencoded = kind.is_none_or(|k| k.starts_with(b"application/x-www-form-urlencoded"));
    if !urlencoded {
        return Err(Error::Unreadable(
            "提交的格式不对。请用本系统页面重新填写后提交。",
        ));
    }
    let body = to_bytes(request.into_body(), FORM_LIMIT)
        .await
        .map_err(|_| Error::TooLarge)?;
    Typed::read(&body)
}

/// The ids in a path; what is no id is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        #[expect(clippy::disallowed_types, reason = "the one place that wraps it")]
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|p| Self(p.0)).map_err(|_| Error::NotFound)
    }
}

/// The query of an address.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        const WRONG: Error =
            Error::Unreadable("网址里的查询条件不对。请回到列表，重新选择条件后查询。");
        let typed = Typed::read(parts.uri.query().unwrap_or_default().as_bytes());
        typed
            .ok()
            // The database knows no such character, and nobody searches for it.
            .filter(|t| !t.0.iter().any(|(_, value)| value.contains('\0')))
            .ok_or(WRONG)
            .and_then(|t| t.into_form())
            .map(Self)
            .map_err(|_| WRONG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_survive_and_broken_ones_are_refused() {
        let typed = Typed::read("a=%F0%A0%AE%B7+x&b=".as_bytes()).unwrap();
        assert_eq!(typed.0[0], ("a".to_owned(), "𠮷 x".to_owned()));
        assert!(Typed::read(b"a=%FF%FE").is_err());
        assert!(Typed::read(b"a=%F").is_err());
    }

    #[test]
    fn a_name_is_handed_out_in_plain_letters() {
        assert_eq!(
            attachment("file", "办法 1\".pdf"),
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E5%8A%9E%E6%B3%95%201%22.pdf"
        );
    }
}
