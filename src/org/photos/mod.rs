//! Photos (照片): what somebody saw, kept with the step of the work that says so. A form takes them
//! together with its words; until it is done they stand in its tray (待提交), so that a form that is
//! shown again has them still. Then they belong to the event of the step for good, and whoever sees
//! that step on its page sees them. Nothing demands one, but what a city asks for at three steps.
//!
//! ```text
//! page     tray: Tray::new(visit.tx.now, demand, step), {% include "photos/_tray.html" %}
//! POST     photos::taken, then the action, which ends in photos::attach
//! again    photos::tray
//! query    'photos', photos_of_event($1, e.id)
//! GET      /matters/{id}/photos/{photo}            photos::show
//! GET      /matters/{id}/photos/{photo}/{size}     photos::picture
//! POST     /matters/{id}/photos/{photo}/redaction  photos::redact
//! POST     /matters/{id}/photos/{photo}/original   photos::original
//! ```
//!
//! The area asks first whether the viewer sees the step, and brings the photo by `photo_json`.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{asked, attach};
pub use model::{Demand, Photo, Step, Tray, Whole};
pub use pages::{Came, Owner, RedactionForm, original, picture, redact, routes, show, taken};
pub use queries::{demand, tray};
