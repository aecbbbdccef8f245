//! All that changes matters.

pub(super) mod behind;
pub(super) mod filing;
pub(super) mod forgetting;
pub(super) mod moves;
