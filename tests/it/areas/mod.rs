//! People doing things, area by area.

mod account;
mod cli;
mod matters;
mod sign_in;
mod whistles;
