//! The story as a stranger plays it: the built program, its sample, a real browser.

mod city;
mod ground;
mod powers;
mod score;
mod story;
mod time;
