//! All SQL of the area.

pub(super) mod list;
pub(super) mod options;
pub(super) mod topic;
pub(super) mod writes;
