//! Topics (每月一题): what comes again and again in the same places, a class thrice in a grid within ninety
//! days, is proposed; the city takes it up with a department in the lead, one scheme and three lists
//! (一方案三清单), and everybody sees what it was like before and after.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::{List, Stage};
pub use pages::routes;
