//! All SQL of visits: who is asked, the list, the one case, what is kept, what came again.

pub(super) mod asking;
pub(super) mod case;
pub(super) mod door;
pub(super) mod list;
pub(super) mod recurrence;
