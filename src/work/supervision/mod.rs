//! Supervision (督办): urging, the street's and the city's letters, cards. A sweep does what the
//! rules call for, once and in order; people do it by hand; what reaches nobody is never silent.

mod actions;
mod model;
mod pages;
mod queries;
mod reached;

pub use actions::sweep;
pub use model::{Level, Supervised, month};
pub use pages::routes;
pub use reached::{Addressee, Addressees, Lack, Line, table};
