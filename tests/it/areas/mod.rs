//! People doing things, area by area.

mod account;
mod bad_input;
mod chain;
mod cli;
mod desk;
mod duties;
mod forms;
mod matters;
mod sign_in;
mod visits;
mod whistles;
