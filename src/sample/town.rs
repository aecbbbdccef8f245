//! The town: its chain, departments, posts and people as plain rows, and the same
//! once more as the story needs it: who sits where.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::clock::Clock;
use super::places::CitySpec;
use super::rows::{
    AccountRow, AppointmentRow, DepartmentRow, DutyRow, LeaderRow, NodeRow, PersonRow, Place,
    PostRow, PrecedentRow,
};
use super::settling::Settler;

/// Everything that stands before anything happens.
#[derive(Debug, Default)]
pub(super) struct Town {
    pub(super) nodes: Vec<NodeRow>,
    pub(super) departments: Vec<DepartmentRow>,
    pub(super) people: Vec<PersonRow>,
    pub(super) posts: Vec<PostRow>,
    pub(super) appointments: Vec<AppointmentRow>,
    pub(super) accounts: Vec<AccountRow>,
    pub(super) duties: Vec<DutyRow>,
    pub(super) precedents: Vec<PrecedentRow>,
    pub(super) leaders: Vec<LeaderRow>,
    pub(super) streets: Vec<Street>,
    pub(super) communities: Vec<Community>,
    pub(super) grids: Vec<Grid>,
    pub(super) clerks: BTreeMap<&'static str, Actor>,
    /// Every place by the words it is called with, such as 金源小区 3 号楼.
    pub(super) spots: BTreeMap<String, Spot>,
}

/// Someone acting for a post.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) person: Uuid,
    pub(super) name: String,
    pub(super) post: Uuid,
    pub(super) kind: &'static str,
    pub(super) seat: String,
    pub(super) department: Option<Uuid>,
}

/// A post whose holders change.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) post: Uuid,
    pub(super) kind: &'static str,
    pub(super) label: String,
    pub(super) terms: Vec<Term>,
}

/// One holder's time in a post.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) person: Uuid,
    pub(super) name: String,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
}

impl Seat {
    /// Who acts for this post on a day, if anyone holds it then.
    pub(super) fn on(&self, day: NaiveDate) -> Option<Actor> {
        let term = self
            .terms
            .iter()
            .find(|t| t.from <= day && t.to.is_none_or(|to| day < to))?;
        Some(Actor {
            person: term.person,
            name: term.name.clone(),
            post: self.post,
            kind: self.kind,
            seat: self.label.clone(),
            department: None,
        })
    }
}

/// A street's own people.
#[derive(Debug)]
pub(super) struct Street {
    pub(super) secretary: Actor,
    pub(super) deputy: Actor,
    pub(super) dispatcher: Actor,
    pub(super) checker: Actor,
}

/// A community, its people and which grids it has.
#[derive(Debug)]
pub(super) struct Community {
    pub(super) name: &'static str,
    pub(super) street: usize,
    pub(super) place: Place,
    pub(super) secretary: Actor,
    pub(super) workers: Vec<Actor>,
    pub(super) grids: Vec<usize>,
}

/// A grid, its chief and its buildings.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) estate: &'static str,
    pub(super) community: usize,
    pub(super) place: Place,
    pub(super) chief: Actor,
    pub(super) buildings: Vec<Building>,
}

/// A building and its chief's post.
#[derive(Debug)]
pub(super) struct Building {
    pub(super) label: String,
    pub(super) place: Place,
    pub(super) chief: Seat,
    pub(super) units: Vec<Unit>,
}

/// A unit and its chief's post.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) label: String,
    pub(super) place: Place,
    pub(super) chief: Seat,
}

/// Which place of the town is meant, as far down as it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) community: usize,
    pub(super) grid: Option<usize>,
    pub(super) building: Option<usize>,
    pub(super) unit: Option<usize>,
}

impl Town {
    /// Settles a town by its description.
    pub(super) fn settle(spec: &'static CitySpec, tenant: Uuid, now: DateTime<Utc>) -> Self {
        Settler::new(spec, tenant, Clock::new(now)).settle()
    }

    /// The node of a spot.
    pub(super) fn place(&self, spot: Spot) -> &Place {
        let Some(grid) = spot.grid.map(|g| &self.grids[g]) else {
            return &self.communities[spot.community].place;
        };
        match (spot.building.map(|b| &grid.buildings[b]), spot.unit) {
            (Some(building), Some(unit)) => &building.units[unit].place,
            (Some(building), None) => &building.place,
            (None, _) => &grid.place,
        }
    }

    /// What people call a spot.
    pub(super) fn label(&self, spot: Spot) -> &str {
        let Some(grid) = spot.grid.map(|g| &self.grids[g]) else {
            return self.communities[spot.community].name;
        };
        match (spot.building.map(|b| &grid.buildings[b]), spot.unit) {
            (Some(building), Some(unit)) => &building.units[unit].label,
            (Some(building), None) => &building.label,
            (None, _) => grid.estate,
        }
    }

    /// Who answers for a spot on a day: the chief of its unit, building or grid, or the
    /// community's first worker; the next one up where a post is vacant.
    pub(super) fn chief(&self, spot: Spot, day: NaiveDate) -> Actor {
        let Some(grid) = spot.grid.map(|g| &self.grids[g]) else {
            let community = &self.communities[spot.community];
            return community
                .workers
                .first()
                .unwrap_or(&community.secretary)
                .clone();
        };
        let building = spot.building.map(|b| &grid.buildings[b]);
        let unit = building
            .zip(spot.unit)
            .map(|(building, u)| &building.units[u]);
        unit.and_then(|unit| unit.chief.on(day))
            .or_else(|| building.and_then(|building| building.chief.on(day)))
            .unwrap_or_else(|| grid.chief.clone())
    }
}
