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

/// What several files may be together: nine of the largest, and as much again to say that it is too much.
const PATIENCE_FOR_ALL: u64 = 400 * 1024 * 1024;
const TOO_MUCH: &str = "一次传的文件太多、太大。请返回上一页，分几次添加。";

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

/// What a form with several files brought.
#[derive(Debug)]
pub struct Several {
    /// Its other fields, in order; a name may stand more than once.
    pub fields: Typed,
    /// The files, in order.
    pub files: Vec<Came>,
    /// How many were chosen; more than asked for are counted and not taken.
    pub chosen: usize,
}

/// One of several files.
#[derive(Debug)]
pub struct Came {
    /// The name that the browser says.
    pub name: String,
    /// The content, or why there is none.
    pub content: std::result::Result<Arrived, NotTaken>,
}

/// Why a file was read and not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is larger than was allowed.
    TooLarge,
    /// There are enough of them.
    TooMany,
    /// The store cannot be written; the log says why.
    NoRoom,
}

impl Several {
    /// Nothing of it is wanted.
    pub async fn give_up(self) {
        for arrived in self.files.into_iter().filter_map(|f| f.content.ok()) {
            // What cannot be removed now is found when the program starts again.
            let _ = arrived.give_up().await;
        }
    }
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
    /// The form, if it is one without a file, or itself again.
    pub fn plain(self) -> std::result::Result<Typed, Self> {
        match self.0 {
            Body::Plain(typed) => Ok(typed),
            Body::Parts(parts) => Err(Self(Body::Parts(parts))),
        }
    }

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

impl Upload {
    /// Reads a form that may bring several files in its field `name`: up to `count`, each up to `most`
    /// bytes. Where it breaks off, nothing stays of it.
    pub async fn receive_each(
        self,
        store: &Store,
        now: DateTime<Utc>,
        (name, most, count): (&str, u64, usize),
    ) -> Result<Several> {
        let (fields, files) = (Typed::default(), Vec::new());
        let mut several = Several {
            fields,
            files,
            chosen: 0,
        };
        let mut parts = match self.0 {
            Body::Plain(typed) => {
                several.fields = typed;
                return Ok(several);
            }
            Body::Parts(parts) => parts,
        };
        let mut room = (FORM_LIMIT, PATIENCE_FOR_ALL);
        loop {
            let wanted = several.files.len() < count;
            let read = part(&mut parts, (store, now), (name, most, wanted), &mut room);
            match read.await {
                Ok(None) => return Ok(several),
                Ok(Some(Part::Text(field, value))) => several.fields.0.push((field, value)),
                Ok(Some(Part::NoFile)) => {}
                Ok(Some(Part::File(came))) => {
                    several.chosen += 1;
                    if wanted {
                        several.files.push(came);
                    }
                }
                Err(error) => {
                    several.give_up().await;
                    return Err(error);
                }
            }
        }
    }
}

/// One part of a form.
enum Part {
    Text(String, String),
    /// A field for files in which none was chosen.
    NoFile,
    File(Came),
}

/// The next part; none, if that was all. `room` is what texts and files may still bring.
async fn part(
    parts: &mut Multipart,
    (store, now): (&Store, DateTime<Utc>),
    (name, most, wanted): (&str, u64, bool),
    room: &mut (usize, u64),
) -> Result<Option<Part>> {
    let Some(mut field) = parts.next_field().await.map_err(broken)? else {
        return Ok(None);
    };
    let field_name = field.name().unwrap_or_default().to_owned();
    if field_name != name {
        let value = text(&mut field, &mut room.0).await?;
        return Ok(Some(Part::Text(field_name, value)));
    }
    let name = field.file_name().unwrap_or_default().to_owned();
    if !wanted {
        skip(&mut field).await?;
        let content = Err(NotTaken::TooMany);
        return Ok(Some(Part::File(Came { name, content })));
    }
    let content = taken(&mut field, (store, now), most, &mut room.1).await?;
    Ok(Some(match content {
        Ok(arrived) if name.is_empty() && arrived.bytes == 0 => {
            arrived.give_up().await?;
            Part::NoFile
        }
        content => Part::File(Came { name, content }),
    }))
}

/// Takes a file into the store. What is not taken is read to its end all the same, so that the
/// browser hears the answer.
async fn taken(
    field: &mut Field<'_>,
    (store, now): (&Store, DateTime<Utc>),
    most: u64,
    room: &mut u64,
) -> Result<std::result::Result<Arrived, NotTaken>> {
    let mut arriving = store.expect(uuid_at(now)).await.map_err(no_room);
    while let Some(piece) = next(field).await? {
        *room = room
            .checked_sub(piece.len() as u64)
            .ok_or(Error::Unreadable(TOO_MUCH))?;
        arriving = match arriving {
            Ok(arriving) if arriving.bytes() + piece.len() as u64 > most => {
                arriving.give_up().await?;
                Err(NotTaken::TooLarge)
            }
            Ok(mut open) => match open.add(piece).await {
                Ok(()) => Ok(open),
                Err(error) => Err(no_room(error)),
            },
            Err(why) => Err(why),
        };
    }
    Ok(match arriving {
        Ok(arriving) => arriving.end().await.map_err(no_room),
        Err(why) => Err(why),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn no_room(error: Error) -> NotTaken {
    tracing::error!(?error, "the store of files cannot be written");
    NotTaken::NoRoom
}

/// The texts of a form in parts, without its files: for the page that keeps them while its reader
/// signs in again.
pub async fn texts(mut request: Request) -> Result<Typed> {
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| BROKEN)?;
    let (mut fields, mut room) = (Vec::new(), FORM_LIMIT);
    while let Some(mut field) = parts.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            skip(&mut field).await?;
        } else {
            let value = text(&mut field, &mut room).await?;
            fields.push((name, value));
        }
    }
    Ok(Typed(fields))
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
