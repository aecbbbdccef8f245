//! People doing things, area by area.

mod sign_in;
