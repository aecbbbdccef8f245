//! All SQL of requests: the list, what a form offers, and the writes.

mod list;
mod writes;

pub(super) use list::{Filter, Listed, Options, Tab, list, options};
pub(super) use writes::*;
