//! What somebody gets by mail, when, and what it says. Pure.

mod form;
mod letter;
mod order;
mod rhythm;

pub(super) use form::{OUTSIDE, OrderForm, Wanted};
pub(super) use letter::{Frame, of_bulletin, of_figures};
pub(super) use order::Order;
pub use order::Stage;
pub use rhythm::Rhythm;
pub(super) use rhythm::{HOURS, hour_word};
