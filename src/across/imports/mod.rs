//! Registers that come in from Excel (批量导入): people, posts, the chain, departments, classes,
//! the duty list, reply phrases, limits. What is
//! uploaded is read and checked row by row and shown; the registers are written only when it is
//! confirmed, all or nothing, once. If what it was checked against has changed since, it is checked
//! anew instead.
//!
//! One workbook 人员与职务 serves two hands: the system administrator takes the people out of it,
//! the security administrator the posts, appointments and accounts.

mod actions;
mod by;
mod model;
mod pages;
mod queries;

pub use actions::{IMPORT, TIDY, TIDY_HOUR, carry_out, tidy};
pub use pages::routes;
