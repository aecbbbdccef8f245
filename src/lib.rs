//! 街哨 (street-whistle): a city whose streets may call its departments.
//!
//! Folders say what the office does, in four tiers that only look down:
//!
//! - [`base`]: mechanism; knows no word of the office.
//! - [`org`]: who there is, where they sit, what they may do, what happened.
//! - [`work`]: what they do: matters, whistles, visits.
//! - [`across`]: reads over several areas: the desk.
//! - [`sample`]: a believable city to play with; writes what the areas read.
//! - [`router`], [`jobs`], [`app`], [`cli`], [`config`]: join all of it into one program.

pub mod across;
pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod jobs;
pub mod org;
pub mod router;
pub mod sample;
pub mod work;

/// The migrations, applied in order, forward only.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
