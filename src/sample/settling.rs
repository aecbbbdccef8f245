//! Settling the town: people get names, posts and, some of them, accounts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::clock::Clock;
use super::dice::Dice;
use super::folk::Someone;
use super::names::{FORMER, title};
use super::places::CitySpec;
use super::rows::{AppointmentRow, Place, PostRow};
use super::town::{Actor, Seat, Term, Town};

/// Builds a town row by row.
#[derive(Debug)]
pub(super) struct Settler {
    pub(super) spec: &'static CitySpec,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) town: Town,
    ids: Dice,
    given: i64,
    pub(super) logins: BTreeMap<String, Uuid>,
    pub(super) placed: Vec<bool>,
}

/// What a post sits at.
#[derive(Clone, Debug, Default)]
pub(super) struct At {
    pub(super) node: Option<Place>,
    pub(super) department: Option<Uuid>,
    pub(super) label: String,
}

impl Settler {
    /// A settler with an empty town.
    pub(super) fn new(spec: &'static CitySpec, tenant: Uuid, clock: Clock) -> Self {
        Self {
            spec,
            clock,
            dice: Dice::new(spec.seed),
            town: Town::default(),
            ids: Dice::of_tenant(tenant),
            given: 0,
            logins: BTreeMap::new(),
            placed: vec![false; spec.people.len()],
        }
    }

    /// The whole town.
    pub(super) fn settle(mut self) -> Town {
        self.city_posts();
        self.departments(false);
        self.chain();
        self.duties();
        self.leaders();
        self.departments(true);
        self.charges();
        self.town
    }

    /// The day the chain was founded.
    pub(super) fn founded() -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 5, 10).unwrap_or_default()
    }

    /// The next id; ids of the town sort in the order it was settled.
    pub(super) fn id(&mut self) -> Uuid {
        self.given += 1;
        let begin = self.clock.at(Self::founded(), 9 * 60);
        self.ids
            .id(begin + chrono::TimeDelta::milliseconds(self.given))
    }

    fn city_posts(&mut self) {
        let at = At::default();
        for kind in [
            "city_leader",
            "city_office",
            "system_admin",
            "security_admin",
            "audit_admin",
        ] {
            self.staff(&at, kind);
        }
    }

    /// A post with its present holder, named or not, who has been there for over a year.
    pub(super) fn staff(&mut self, at: &At, kind: &'static str) -> Actor {
        let seat = self.post(at, kind);
        let someone = self
            .named(&at.label, kind)
            .map_or_else(|| self.stranger(), Someone::known);
        let from = self
            .clock
            .days_ago(self.dice.between(420, 1200).unsigned_abs());
        if let Some((_, _, name)) = FORMER.iter().find(|f| (f.0, f.1) == (&at.label, kind)) {
            let someone = Someone {
                name: (*name).to_owned(),
                ..self.stranger()
            };
            let before = self.person(kind, &someone);
            self.appoint(seat.post, before, Self::founded(), Some(from));
        }
        let person = self.person(kind, &someone);
        self.appoint(seat.post, person, from, None);
        self.account(person, &someone.login);
        Actor {
            person,
            name: someone.name,
            post: seat.post,
            kind,
            seat: at.label.clone(),
            department: at.department,
        }
    }

    /// A post of a building or unit chief with everyone who held it in the last years.
    pub(super) fn chief(&mut self, at: &At, kind: &'static str) -> Seat {
        let mut seat = self.post(at, kind);
        let named = self.named(&at.label, kind);
        let demo = at.label.starts_with(self.spec.estate);
        let vacant = named.map_or(!demo && self.dice.percent(1), |n| n.name.is_empty());
        let replaced = vacant || (named.is_none() && self.dice.percent(9));
        let latest = if vacant { 210 } else { 340 };
        let turn = self
            .clock
            .days_ago(self.dice.between(15, latest).unsigned_abs());
        let begun = self
            .clock
            .days_ago(self.dice.between(420, 1400).unsigned_abs());
        if replaced {
            let someone = self.stranger();
            self.term(&mut seat, &someone, begun, Some(turn));
        }
        if !vacant {
            let someone = named.map_or_else(|| self.stranger(), Someone::known);
            let person = self.term(
                &mut seat,
                &someone,
                if replaced { turn } else { begun },
                None,
            );
            if demo || named.is_some() {
                self.account(person, &someone.login);
            }
        }
        seat
    }

    /// The party face of a place: usually its chief, sometimes another, sometimes nobody.
    pub(super) fn party_face(
        &mut self,
        at: &At,
        kind: &'static str,
        chief: &Seat,
        shares: [i64; 2],
    ) {
        let seat = self.post(at, kind);
        let named = self.named(&at.label, kind);
        let lot = self.dice.between(1, 100);
        let today = chief.terms.last().filter(|term| term.to.is_none());
        if let Some(term) = today.filter(|_| lot <= shares[0] && named.is_none()) {
            let (person, from) = (term.person, term.from);
            self.appoint(seat.post, person, from, None);
        } else if lot <= shares[1] || named.is_some() {
            let someone = named.map_or_else(|| self.stranger(), Someone::known);
            let person = self.person(kind, &someone);
            let from = self
                .clock
                .days_ago(self.dice.between(100, 1200).unsigned_abs());
            self.appoint(seat.post, person, from, None);
            if named.is_some() {
                self.account(person, &someone.login);
            }
        }
    }

    /// A second post for someone who has one.
    pub(super) fn also(&mut self, at: &At, kind: &'static str, actor: &Actor) {
        let seat = self.post(at, kind);
        let from = self
            .clock
            .days_ago(self.dice.between(380, 419).unsigned_abs());
        self.appoint(seat.post, actor.person, from, None);
    }

    fn post(&mut self, at: &At, kind: &'static str) -> Seat {
        let id = self.id();
        let utility = self
            .town
            .departments
            .last()
            .is_some_and(|d| d.kind == "utility");
        self.town.posts.push(PostRow {
            id,
            kind,
            title: if utility && kind == "department_head" {
                "经理"
            } else {
                title(kind)
            },
            node: at.node.as_ref().map(|n| n.id),
            node_level: at.node.as_ref().map(|n| n.level),
            node_code: at.node.as_ref().map(|n| n.code.clone()),
            department: at.department,
            valid_from: Self::founded(),
        });
        Seat {
            post: id,
            kind,
            label: at.label.clone(),
            terms: Vec::new(),
        }
    }

    fn term(
        &mut self,
        seat: &mut Seat,
        who: &Someone,
        from: NaiveDate,
        to: Option<NaiveDate>,
    ) -> Uuid {
        let person = self.person(seat.kind, who);
        self.appoint(seat.post, person, from, to);
        seat.terms.push(Term {
            person,
            name: who.name.clone(),
            from,
            to,
        });
        person
    }

    fn appoint(&mut self, post: Uuid, person: Uuid, from: NaiveDate, to: Option<NaiveDate>) {
        let id = self.id();
        self.town.appointments.push(AppointmentRow {
            id,
            post,
            person,
            from,
            to,
        });
    }
}
