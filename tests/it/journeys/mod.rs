//! The story in a real browser, without script, by what is written on the page.

mod story;
