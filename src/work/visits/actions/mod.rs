//! The verbs of visits: leave to be asked, record a call, make a link, take the answer that came
//! over it; propose and decide a reopening. None commits; the page does.

pub(super) mod asking;
pub(super) mod recurrence;
