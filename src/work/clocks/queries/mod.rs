//! The SQL of clocks and limits.

pub(super) mod clocks;
pub(super) mod limits;
pub(super) mod moving;
pub(super) mod versions;
