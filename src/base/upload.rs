//! Forms that bring a file: read piece by piece into the store, never whole into memory.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::error::{Error, Result};
use super::id::uuid_at;
use super::store::{Arrived, Store};
use super::web::{FORM_LIMIT, Typed, read_form};

/// So much of a file that is too large is still read, so that the browser hears the answer: one
/// that is interrupted while it sends shows its own page of a broken connection.
const PATIENCE: u64 = 100 * 1024 * 1024;

const BROKEN: Error = Error::Unreadable("文件没有传完整。请返回上一页，重新选择文件后再添加。");

/// A form that may bring a file; nothing of it is read before [`Upload::receive`].
#[derive(Debug)]
pub struct Upload(Body);

#[derive(Debug)]
enum Body {
    Parts(Multipart),
    /// A form as other pages send it, without a file.
    Plain(Typed),
}

/// What the form brought.
#[derive(Debug)]
pub struct Received {
    /// Its other fields.
    pub fields: Typed,
    /// The file, if one was chosen.
    pub file: Option<File>,
}

/// A file as it came.
#[derive(Debug)]
pub struct File {
    /// The name that the browser says.
    pub name: String,
    /// The content; none, if it is larger than was allowed.
    pub content: Option<Arrived>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;
    async fn from_request(mut request: Request, state: &S) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let in_parts = kind.is_some_and(|k| k.as_bytes().starts_with(b"multipart/form-data"));
        if !in_parts {
            return Ok(Self(Body::Plain(read_form(request).await?)));
        }
        DefaultBodyLimit::disable().apply(&mut request);
        let parts = Multipart::from_request(request, state).await;
        Ok(Self(Body::Parts(parts.map_err(|_| BROKEN)?)))
    }
}

impl Upload {
    /// Reads the form; its field `file` goes into the store, up to `most` bytes.
    pub async fn receive(self, store: &Store, now: DateTime<Utc>, most: u64) -> Result<Received> {
        let mut parts = match self.0 {
            Body::Plain(typed) => {
                let fields = typed.single()?;
                return Ok(Received { fields, file: None });
            }
            Body::Parts(parts) => parts,
        };
        let (mut fields, mut file, mut files) = (Vec::new(), None, 0);
        let mut room = FORM_LIMIT;
        while let Some(mut field) = parts.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                files += 1;
                if files > 1 {
                    return Err(Error::Unreadable(
                        "一次只能添加一个文件。请返回上一页，一个一个添加。",
                    ));
                }
                file = stored(&mut field, store, now, most).await?;
            } else {
                let value = text(&mut field, &mut room).await?;
                fields.push((name, value));
            }
        }
        let fields = Typed(fields).single()?;
        Ok(Received { fields, file })
    }
}

/// A field of text.
async fn text(field: &mut Field<'_>, room: &mut usize) -> Result<String> {
    let mut value = Vec::new();
    while let Some(piece) = next(field).await? {
        *room = room.checked_sub(piece.len()).ok_or(Error::TooLarge)?;
        value.extend_from_slice(&piece);
    }
    String::from_utf8(value)
        .map_err(|_| Error::Unreadable("提交的文字编码不对。请用本系统页面重新填写后提交。"))
}

/// The file of a field; none, if none was chosen.
async fn stored(
    field: &mut Field<'_>,
    store: &Store,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Option<File>> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut arriving = store.expect(uuid_at(now)).await?;
    while let Some(piece) = next(field).await? {
        if arriving.bytes() + piece.len() as u64 > most {
            arriving.give_up().await?;
            skip(field).await?;
            let content = None;
            return Ok(Some(File { name, content }));
        }
        arriving.add(piece).await?;
    }
    if name.is_empty() && arriving.bytes() == 0 {
        arriving.give_up().await?;
        return Ok(None);
    }
    let content = Some(arriving.end().await?);
    Ok(Some(File { name, content }))
}

/// Reads the rest and forgets it.
async fn skip(field: &mut Field<'_>) -> Result<()> {
    let mut skipped = 0;
    while let Some(piece) = next(field).await? {
        skipped += piece.len() as u64;
        if skipped > PATIENCE {
            return Err(Error::TooLarge);
        }
    }
    Ok(())
}

async fn next(field: &mut Field<'_>) -> Result<Option<Bytes>> {
    field.chunk().await.map_err(broken)
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn broken(error: MultipartError) -> Error {
    tracing::info!(%error, "a form with a file broke off");
    BROKEN
}
