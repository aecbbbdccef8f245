//! The SQL of people, posts and accounts.

mod accounts;
mod forgetting;
mod people;
mod posts;
mod slips;

pub(crate) use accounts::hold_security;
pub(super) use accounts::{
    NewAccount, close_account, create_account, end_session, end_sessions, fresh_name, new_password,
    open_account, security_admins, session_owner, unlock,
};
pub(super) use forgetting::forget;
pub(super) use people::{
    Filter as PeopleFilter, Held, Key as PeopleKey, Person, Row as PersonRow, add_person,
    change_person, export as export_people, list as people, namesakes, person,
};
pub(super) use posts::{
    CANDIDATES, Candidate, Filter as PostFilter, Key as PostKey, NewPost, Post, Row as PostRow,
    Unit, abolish, add_post, candidates, change_term, end, export as export_posts, hold,
    list as posts, post, put, unit,
};
pub(super) use slips::{Waiting, hold_waiting, new_passwords, waiting};
