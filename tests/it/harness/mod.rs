//! What the tests stand on: one private database for the whole process, a town for each test,
//! people who open pages and press buttons.

mod browser;
mod case;
mod database;
mod factor;
mod form;
mod memory;
mod outline;
mod page;
mod person;
mod powers;
mod program;
mod sample;
mod sink;
mod source;
mod sql;
mod story;
mod town;
mod watch;

pub(crate) use browser::{Driver, OFFICE, PHONE, Screen, Served, Window};
pub(crate) use case::Case;
pub(crate) use database::{another_database, files, folder, server};
pub(crate) use factor::Phone;
pub(crate) use form::Form;
pub(crate) use memory::{assignment_at, case_at, viewer_at};
pub(crate) use page::Page;
pub(crate) use person::{Person, Sent, encoded};
pub(crate) use program::{Ended, Folder, Program, run, run_on};
pub(crate) use sample::Sample;
pub(crate) use sink::{Mood, Sink};
pub(crate) use source::{Source, files_below};
pub(crate) use sql::Sql;
pub(crate) use story::{DRAFT, Step, marks};
pub(crate) use town::{PASSWORD, Seat, Town, without_numbers};
pub(crate) use watch::all_at_once;
