//! Why somebody can see something (查看权限核对): for each post that a person holds or stands in for, the
//! rule by which one item is seen or not. It shows numbers and places, never what a case says: who asks
//! is an administrator.

mod model;
mod pages;
mod queries;

pub use pages::routes;
