//! Photos (照片): what somebody saw, kept with the step of the work that says so. A form takes them
//! together with its words; until it is done they stand in its tray (待提交), so that a form that is
//! shown again has them still. Then they belong to the event of the step for good, and whoever sees
//! that step on its page sees them. Nothing demands one, but what a city asks for at three steps.
//! To a use of a power or a document they are added on its page, and may be taken away again.
//!
//! ```text
//! page     tray: Tray::new(visit.tx.now, demand, step), {% include "photos/_tray.html" %}
//! POST     photos::taken, then the action, which ends in photos::attach
//! again    photos::tray
//! query    'photos', photos_of_event($1, e.id)
//! GET      /matters/{id}/photos/{photo}            photos::show::<OfMatter>
//! GET      /matters/{id}/photos/{photo}/{size}     photos::picture::<OfMatter>
//! POST     /matters/{id}/photos/{photo}/redaction  photos::redact::<OfMatter>
//! POST     /matters/{id}/photos/{photo}/original   photos::original::<OfMatter>
//! ```
//!
//! The area says by [`Thing`] where its pages are, and which photo the viewer sees there (`photo_json`).
//! Where they are added on the page of the thing, it says by [`HasAlbum`] who may:
//!
//! ```text
//! query    photos_added($1, d.id) as "photos!: Json<Vec<Added>>"
//! page     album: Album::of(…), {% include "photos/_album.html" %}
//! POST     /documents/{id}/photos                  photos::add::<OfDocument>
//! POST     /documents/{id}/photos/{photo}/removal  photos::remove::<OfDocument>
//! ```

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{asked, attach, reseal};
pub use model::{Added, Album, Demand, Filled, Photo, Sight, Step, Tray, Whole};
pub use pages::{
    Came, HasAlbum, Thing, add, original, picture, redact, remove, routes, show, taken,
};
pub use queries::{added, demand, tray};
