//! All SQL of whistles: the one case, the list, and the writes.

mod case;
mod draft;
mod list;
mod owner;
mod photos;
mod writes;

pub(super) use case::{case, hold, told};
pub(super) use draft::{Draft, Options, keep_draft, options};
pub(super) use list::{Choice, Filter, Row, export, list};
pub(super) use owner::{call, make_lead, relieve};
pub(super) use photos::photo;
pub(super) use writes::*;
