//! Tier 0: mechanism. Knows no word of the office; everything else stands on it.

pub mod assets;
pub mod clock;
pub mod coded;
pub mod conflict;
pub mod db;
pub mod embedded;
pub mod error;
pub mod finding;
pub mod form;
pub mod id;
pub mod mail;
pub mod number;
pub mod paging;
pub mod password;
pub mod picture;
pub mod queue;
pub mod reading;
pub mod seal;
pub mod sheet;
pub mod sounds;
pub mod store;
pub mod upload;
pub mod web;
pub mod words;
