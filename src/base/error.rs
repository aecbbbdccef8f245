//! What can go wrong, and what each looks like to a person: one sentence that says what to do.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::assets;
use super::form::FieldErrors;

/// The program's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request did not do what was asked. No area adds a variant: each has its own refusals
/// and turns them into [`Error::Refused`].
#[derive(Debug)]
pub enum Error {
    /// Not signed in, or no longer.
    SignIn,
    /// The post one acts for may not do this.
    Forbidden,
    /// There is no such thing, or it lies outside one's reach.
    NotFound,
    /// Fields of a form are wrong.
    Invalid(FieldErrors),
    /// The request itself cannot be read; the sentence says why.
    Unreadable(&'static str),
    /// The rules of the office say no, in a sentence.
    Refused(String),
    /// Someone else changed it first.
    Stale,
    /// More than a form may carry.
    TooLarge,
    /// Posted from another site.
    OtherOrigin,
    /// A fault of the program or of the machine.
    Internal(anyhow::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::RowNotFound) {
            return Error::NotFound;
        }
        Error::Internal(error.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Internal(error)
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Error::Internal(error.into())
    }
}

/// What a form's page shows again, with everything that was typed.
#[derive(Debug)]
pub enum Again {
    /// Wrong fields, each with its sentence (422).
    Invalid(FieldErrors),
    /// The rules say no (409).
    Refused(String),
    /// Someone else was first (409).
    Stale,
}

impl Again {
    /// The status of the page that is shown again.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) | Self::Stale => StatusCode::CONFLICT,
        }
    }

    /// What the page says beside its fields, and what above the form; `stale` where someone else was
    /// first.
    pub fn said(self, stale: &str) -> (FieldErrors, String) {
        match self {
            Self::Invalid(errors) => (errors, String::new()),
            Self::Refused(sentence) => (FieldErrors::new(), sentence),
            Self::Stale => (FieldErrors::new(), stale.to_owned()),
        }
    }
}

impl Error {
    /// What the form's own page can show; any other error stays one.
    pub fn again(self) -> Result<Again> {
        match self {
            Error::Invalid(errors) => Ok(Again::Invalid(errors)),
            Error::Refused(sentence) => Ok(Again::Refused(sentence)),
            Error::Stale => Ok(Again::Stale),
            Error::SignIn
            | Error::Forbidden
            | Error::NotFound
            | Error::Unreadable(_)
            | Error::TooLarge
            | Error::OtherOrigin
            | Error::Internal(_) => Err(self),
        }
    }
}

#[derive(Template)]
#[template(path = "layout/error.html")]
struct ErrorPage {
    css: &'static str,
    narrow_css: &'static str,
    large: bool,
    city: Option<String>,
    status: u16,
    sentence: &'static str,
    advice: String,
    back_href: &'static str,
    back_label: &'static str,
}

impl Error {
    fn shown(self) -> (StatusCode, &'static str, String) {
        match self {
            Error::SignIn => (
                StatusCode::UNAUTHORIZED,
                "请先登录",
                "登录已失效。请重新登录，再回到这一页。".to_owned(),
            ),
            Error::Forbidden => (
                StatusCode::FORBIDDEN,
                "当前职务不能办这件事",
                "请换一个职务，或请有权限的同事办理。".to_owned(),
            ),
            Error::NotFound => (
                StatusCode::NOT_FOUND,
                "没有这一页",
                "这一页不存在，或者不在您的管辖范围内。请从工作台重新进入。".to_owned(),
            ),
            Error::Invalid(errors) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "没有保存",
                format!("{}请返回上一页改正后再办。", errors.sentences()),
            ),
            Error::Unreadable(sentence) => {
                (StatusCode::BAD_REQUEST, "没有保存", sentence.to_owned())
            }
            Error::Refused(sentence) => (StatusCode::CONFLICT, "现在不能这样办", sentence),
            Error::Stale => (
                StatusCode::CONFLICT,
                "这件事刚被别人办过",
                "请返回上一页刷新，看到最新情况后再办。".to_owned(),
            ),
            Error::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "内容太大",
                "一次最多提交 256 KB 文字。请删减后再提交。".to_owned(),
            ),
            Error::OtherOrigin => (
                StatusCode::FORBIDDEN,
                "没有保存",
                "这次提交不是从本系统页面发出的。请从工作台重新进入后再办。".to_owned(),
            ),
            Error::Internal(error) => {
                let number = fault_number();
                tracing::error!(number, error = ?error, "internal fault");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "系统出了故障",
                    format!("没有保存。请稍后再试；仍不行时，把故障编号 {number} 告诉管理员。"),
                )
            }
        }
    }
}

/// A short number that a visitor can read out on the telephone and the log can be searched for.
fn fault_number() -> String {
    format!("{:08}", rand::random_range(0..100_000_000_u32))
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, title, sentence) = self.shown();
        let page = ErrorPage {
            css: assets::css(),
            narrow_css: assets::narrow_css(),
            large: false,
            city: None,
            status: status.as_u16(),
            sentence: title,
            advice: sentence,
            back_href: "/",
            back_label: "回到工作台",
        };
        let body = page.render().unwrap_or_else(|_| title.to_owned());
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        (status, [(header::CONTENT_TYPE, html)], body).into_response()
    }
}
