//! Posts as an import finds them, and what it does with them.

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::row::Row;
use super::seats::{Fresh, Seat};
use crate::base::words;
use crate::org::access::{Level, PostKind};
use crate::org::staff::login_for;

/// Somebody of the register who has a name that stands in the table.
#[derive(Clone, Debug)]
pub(in super::super) struct Somebody {
    pub(in super::super) id: Uuid,
    pub(in super::super) name: String,
    pub(in super::super) phone: Option<String>,
    pub(in super::super) login: Option<String>,
    /// The kinds of posts held today or later.
    pub(in super::super) kinds: Vec<PostKind>,
}

impl Somebody {
    /// Whether this is the number that is kept, however it is written.
    pub(super) fn has(&self, number: &str) -> bool {
        self.phone.as_deref().map(words::figures) == Some(words::figures(number))
    }
}

/// A node or department that the table may name.
#[derive(Clone, Debug)]
pub(in super::super) struct Unit {
    pub(in super::super) id: Uuid,
    /// None: a department.
    pub(in super::super) level: Option<Level>,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) valid_from: NaiveDate,
    pub(in super::super) is_closed: bool,
}

/// What posts are checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct PostFacts {
    /// The city's name.
    pub(in super::super) city: String,
    pub(in super::super) people: Vec<Somebody>,
    pub(in super::super) units: Vec<Unit>,
    pub(in super::super) seats: Vec<Seat>,
    /// Sign-in names that somebody has.
    pub(in super::super) logins: HashSet<String>,
}

/// Which post somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Whose {
    Kept(Uuid),
    /// The one with this place among the new ones.
    Fresh(usize),
}

/// Somebody who will be appointed.
#[derive(Clone, Debug)]
pub(in super::super) struct Appoint {
    pub(in super::super) post: Whose,
    pub(in super::super) person: Uuid,
    pub(in super::super) from: NaiveDate,
    pub(in super::super) term_to: Option<NaiveDate>,
    /// The appointment that ends on the same day.
    pub(in super::super) ends: Option<Uuid>,
    /// As the record tells it.
    pub(in super::super) sentence: String,
}

/// A term whose end is noted otherwise.
#[derive(Clone, Debug)]
pub(in super::super) struct Retermed {
    pub(in super::super) post: Uuid,
    pub(in super::super) term: Uuid,
    pub(in super::super) to: NaiveDate,
    pub(in super::super) sentence: String,
}

/// What an import of posts writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct PostPlan {
    pub(in super::super) set_up: Vec<Fresh>,
    pub(in super::super) appoints: Vec<Appoint>,
    pub(in super::super) terms: Vec<Retermed>,
    /// Person and sign-in name.
    pub(in super::super) accounts: Vec<(Uuid, String)>,
}

/// The names and codes by which the table may mean units: every part of each path.
pub(in super::super) fn named_units(rows: &[Row<'_>]) -> Vec<String> {
    let named: HashSet<String> = rows
        .iter()
        .flat_map(|row| parts(&row.raw("单位")))
        .collect();
    named.into_iter().collect()
}

/// The beginnings of sign-in names that are wanted, without their numbers.
pub(in super::super) fn stems(rows: &[Row<'_>]) -> Vec<String> {
    let stems: HashSet<String> = rows
        .iter()
        .map(|row| match row.raw("账号").to_lowercase() {
            login if login == AUTOMATIC => login_for(&row.raw("姓名")),
            login => login,
        })
        .map(|login| stem(&login).to_owned())
        .filter(|stem| !stem.is_empty())
        .collect();
    stems.into_iter().collect()
}

fn stem(login: &str) -> &str {
    login.trim_end_matches(|c: char| c.is_ascii_digit())
}

pub(super) fn parts(typed: &str) -> Vec<String> {
    let parts = typed.split(['/', '／', '>', '\\']);
    parts
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

/// What asks for a sign-in name by sound.
pub(super) const AUTOMATIC: &str = "自动";
