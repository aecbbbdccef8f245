//! The story as a stranger plays it: the built program, its sample, a real browser.

mod ground;
mod score;
mod story;
mod time;
