//! The story as a stranger plays it: the built program, its sample, a real browser.

mod ground;
mod powers;
mod score;
mod story;
mod time;
