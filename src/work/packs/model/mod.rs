//! From facts to the files of a pack, and from a pack back to whether it is whole. Pure.

mod archive;
mod facts;
mod files;
mod masks;
mod pack;
mod paper;

pub use archive::{LARGEST, verified};
pub(super) use archive::{packed, sha256};
pub(super) use facts::{Case, Exercise, Facts, MOST};
pub(super) use files::files;
pub use pack::Purpose;
pub(super) use pack::{Made, Maker, Offer, Reach, Recipe, Row, Subject, may_be_made, offered};
