//! The SQL of matters.

pub(super) mod behind;
pub(super) mod case;
pub(super) mod filing;
pub(super) mod forgetting;
pub(super) mod list;
pub(super) mod moves;
pub(super) mod photos;
