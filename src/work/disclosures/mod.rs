//! Files with personal data in the clear (个人信息导出): asked for with a purpose, let be made by a second
//! person, made anew at each fetching, marked with who fetched it, and gone after a day. Every other list
//! leaves with masks.

mod actions;
mod model;
mod pages;
mod queries;

pub use model::Kind;
pub use pages::routes;
