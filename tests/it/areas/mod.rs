//! People doing things, area by area.

mod account;
mod sign_in;
