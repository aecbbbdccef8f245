//! People doing things, area by area.

mod account;
mod bad_input;
mod chain;
mod cli;
mod desk;
mod duties;
mod forms;
mod handovers;
mod leaves;
mod matters;
mod notices;
mod queue;
mod requests;
mod sign_in;
mod told;
mod visits;
mod whistles;
