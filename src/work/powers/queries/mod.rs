//! All SQL of the five powers.

pub(super) mod case;
pub(super) mod form;
pub(super) mod lapsing;
pub(super) mod list;
pub(super) mod matrix;
pub(super) mod photos;
pub(super) mod plans;
pub(super) mod secrets;
pub(super) mod violations;
pub(super) mod writes;
