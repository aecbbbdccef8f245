//! A class, its versions and conditions, and what a change of it may be. Pure.

mod change;
mod class;
mod form;

pub use change::{Difference, difference};
pub use class::{
    Class, Condition, Content, Family, Local, Major, Named, Quick, Standing, Version, Why,
};
pub use form::{AHEAD, Asked, CONDITIONS, ClassForm};
