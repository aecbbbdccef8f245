//! All SQL of the assessment.

pub(super) mod book;
pub(super) mod objections;
pub(super) mod periods;
pub(super) mod schemes;
