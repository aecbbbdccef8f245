//! People doing things, area by area.

mod account;
mod bad_input;
mod calendar;
mod cards;
mod chain;
mod cli;
mod desk;
mod documents;
mod duties;
mod forms;
mod handovers;
mod leaders;
mod leaves;
mod limits;
mod matters;
mod meetings;
mod notices;
mod queue;
mod requests;
mod sign_in;
mod supervision;
mod told;
mod visits;
mod whistles;
