//! What the pages of all areas do with photos: take them in, show one, blacken it, open its original.

mod demand;
mod redact;
mod show;
mod taken;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes, Section};

pub use redact::{RedactionForm, original, redact};
pub use show::{picture, show};
pub use taken::{Came, taken};

/// The paths that belong to no thing: a photo that waits in a tray, and what a city asks for.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeCalendar);
    const SET: Access = Access::Can(Permission::SetCalendar);
    Routes::new()
        .get("/photos/{photo}", Access::SignedIn, show::waiting)
        .get("/photo-demands", SEE, demand::look)
        .post("/photo-demands", SET, demand::set)
}

/// The thing on whose page a photo stands.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The part of the program.
    pub section: Section,
    /// What that part and its list are called: `("/matters", "事项")`.
    pub list: (&'static str, &'static str),
    /// The thing's page.
    pub back: String,
}
