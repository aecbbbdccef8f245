//! The second factor (第二因子): a code from a phone, asked after the password. Administrators must
//! have one, except in a sample city; everybody may. The gate lets nobody on before the code.

mod actions;
mod model;
mod pages;
mod queries;

pub(crate) use actions::forget;
pub use actions::reseal;
pub use pages::routes;
