//! People doing things, area by area.

mod account;
mod bad_input;
mod calendar;
mod chain;
mod cli;
mod desk;
mod duties;
mod forms;
mod handovers;
mod leaves;
mod limits;
mod matters;
mod notices;
mod queue;
mod requests;
mod sample;
mod sign_in;
mod supervision;
mod told;
mod visits;
mod visits_merged;
mod visits_near;
mod whistles;
