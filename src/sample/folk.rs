//! Who settles: names, persons and accounts.

use uuid::Uuid;

use super::names::{FAMILY, FIRST, HOME_UNITS, LAST, Named, identity};
use super::rows::{AccountRow, PersonRow};
use super::settling::Settler;

/// A person about to be written down.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    pub(super) name: String,
    pub(super) login: String,
    pub(super) home_unit: Option<&'static str>,
}

impl Someone {
    /// Someone whom the sample names.
    pub(super) fn known(named: &Named) -> Self {
        Self {
            name: named.name.to_owned(),
            login: named.login.to_owned(),
            home_unit: named.home_unit,
        }
    }
}

impl Settler {
    /// Who the sample names for a post, each of them once.
    pub(super) fn named(&mut self, seat: &str, kind: &str) -> Option<&'static Named> {
        let people = self.spec.people;
        let here = |n: &Named| n.seat == seat && n.kind == kind;
        let found = (0..people.len()).find(|i| here(&people[*i]) && !self.placed[*i])?;
        self.placed[found] = true;
        people.get(found)
    }

    /// Someone whose name and spelling are nobody's whom the sample names.
    pub(super) fn stranger(&mut self) -> Someone {
        loop {
            let (family, last) = (self.dice.one_of(FAMILY), self.dice.one_of(LAST));
            let first = if self.dice.percent(78) {
                *self.dice.one_of(FIRST)
            } else {
                ("", "")
            };
            let login = format!("{}{}{}", family.1, first.1, last.1);
            if self.spec.people.iter().all(|named| named.login != login) {
                let name = format!("{}{}{}", family.0, first.0, last.0);
                return Someone {
                    name,
                    login,
                    home_unit: None,
                };
            }
        }
    }

    /// Writes a person down; whom the sample names is one person everywhere.
    pub(super) fn person(&mut self, kind: &str, who: &Someone) -> Uuid {
        if self.spec.people.iter().any(|n| n.login == who.login)
            && let Some(known) = self.logins.get(&who.login)
        {
            return *known;
        }
        let id = self.id();
        let resident = identity(kind) == "居民";
        let unit = (kind == "building_chief").then(|| *self.dice.one_of(HOME_UNITS));
        self.town.people.push(PersonRow {
            id,
            name: who.name.clone(),
            identity: if kind.starts_with("department") && self.is_utility() {
                "企业职工"
            } else {
                identity(kind)
            },
            home_unit: who.home_unit.or(unit),
            is_member: !resident || kind != "unit_chief" || self.dice.percent(60),
            phone: String::new(),
        });
        let number = self.spec.first_phone + i64::try_from(self.town.people.len()).unwrap_or(0) - 1;
        if let Some(person) = self.town.people.last_mut() {
            person.phone = format!("129{number:08}");
        }
        id
    }

    fn is_utility(&self) -> bool {
        self.town
            .departments
            .last()
            .is_some_and(|d| d.kind == "utility")
    }

    /// Gives a person an account, if there is none yet.
    pub(super) fn account(&mut self, person: Uuid, wish: &str) {
        if self.logins.values().any(|known| *known == person) {
            return;
        }
        let mut login = wish.to_owned();
        let mut number = 1;
        while self.logins.contains_key(&login) {
            number += 1;
            login = format!("{wish}{number}");
        }
        self.logins.insert(login.clone(), person);
        self.town.accounts.push(AccountRow { person, login });
    }
}
