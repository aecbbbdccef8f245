//! What the pages of all areas do with photos: take them in, show one, blacken it, open its original.

mod album;
mod demand;
mod redact;
mod show;
mod taken;
mod thing;

use crate::base::db::Db;
use crate::org::access::{Access, Permission, Routes};

pub use album::{HasAlbum, add, remove};
pub use taken::{Came, taken};
pub use thing::{Thing, original, picture, redact, show};

/// The paths that belong to no thing: a photo that waits in a tray, and what a city asks for.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeCalendar);
    const SET: Access = Access::Can(Permission::SetCalendar);
    Routes::new()
        .get("/photos/{photo}", Access::SignedIn, show::waiting)
        .get("/photo-demands", SEE, demand::look)
        .post("/photo-demands", SET, demand::set)
}
