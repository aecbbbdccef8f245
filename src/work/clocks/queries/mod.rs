//! The SQL of clocks and limits.

pub(super) mod clocks;
pub(super) mod limits;
