//! Parameters (运行参数): numbers that the city sets for the program itself, such as after how many
//! minutes a forgotten screen signs itself out. Each change names the day from which it holds.

mod actions;
mod model;
mod pages;
mod queries;

pub use pages::routes;
