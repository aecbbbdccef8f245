//! The SQL of imports: what was uploaded, what it is checked against, what it writes.

mod carried;
mod chain;
mod departments;
mod duties;
mod people;
mod phrases;
mod posts;
mod shown;
mod stored;

pub(super) use carried::{
    begin_progress, doer, end as end_import, hold_register, progress, queue, tidy, unqueue,
};
pub(super) use chain::ground;
pub(super) use departments::{
    add as add_departments, amend as amend_departments, hold as hold_departments, kept,
};
pub(super) use duties::{add as add_duties, facts as duty_facts, hold as hold_duties};
pub(super) use people::{add as add_people, amend as amend_people, known};
pub(super) use phrases::{add as add_phrases, set as set_phrases};
pub(super) use posts::{
    accounts, appoint, end, facts as post_facts, hold as hold_posts, reterm, set_up,
};
pub(super) use shown::{Past, Shown, ShownRow, export, list, show};
pub(super) use stored::{Found, New, found, hold as hold_import, insert, recheck, rows};
