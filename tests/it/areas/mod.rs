//! People doing things, area by area.

mod account;
mod bad_input;
mod calendar;
mod chain;
mod cli;
mod desk;
mod forms;
mod limits;
mod matters;
mod sign_in;
mod whistles;
