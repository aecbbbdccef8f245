//! Files (附件): the original of a document, the evidence of an objection. An area lets one attach,
//! look at and remove the files of what it keeps; it says who may, and draws `files/_list.html`
//! and `files/_form.html` on its page.
//!
//! ```text
//! query    files_json($1, 'document', d.id) as "files!: Json<Vec<FileRow>>"
//! page     files: Shown::of(rows, title, place, may_change, || visit.once())
//! POST     /documents/{id}/files                  files::received, then files::attach
//! GET      /documents/{id}/files/{file}           files::download
//! POST     /documents/{id}/files/{file}/removal   files::remove
//! ```
//!
//! Whoever calls `attach` holds the owner's row locked: then the files are counted one after another.

mod actions;
mod kind;
mod model;
mod pages;
mod queries;

pub use actions::{attach, remove};
pub use kind::Kind;
pub(crate) use model::named;
pub use model::{Content, FileRow, Line, Owner, OwnerKind, Shown};
pub use pages::{Came, Place, download, received};
