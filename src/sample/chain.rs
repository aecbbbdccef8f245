//! Settling the chain: streets, communities, grids, buildings, units, and beside it
//! the departments.

use chrono::NaiveDate;
use uuid::Uuid;

use super::houses::Shares;
use super::places::{CommunitySpec, StreetSpec};
use super::rows::{DepartmentRow, NodeRow, Place};
use super::settling::{At, Settler};
use super::town::{Community, Grid, Spot, Street};

/// A node about to be written down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fresh<'a> {
    pub(super) level: i16,
    pub(super) parent: Option<&'a Place>,
    pub(super) code: &'a str,
    pub(super) name: &'a str,
    pub(super) party_name: &'a str,
}

impl Settler {
    /// The departments, their heads and clerks: those that are settled first, or the others.
    pub(super) fn departments(&mut self, are_last: bool) {
        let (all, last) = (self.spec.departments, self.spec.settled_last);
        let placed = all.iter().copied().zip(1_i16..);
        for ((name, kind), position) in placed.filter(|d| last.contains(&d.0.0) == are_last) {
            let id = self.id();
            let code = format!("{position:02}");
            let valid_from = Self::founded();
            self.town.departments.push(DepartmentRow {
                id,
                code,
                name,
                kind,
                position,
                valid_from,
            });
            let at = At {
                department: Some(id),
                label: name.to_owned(),
                node: None,
            };
            self.staff(&at, "department_head");
            let clerk = self.staff(&at, "department_clerk");
            self.town.clerks.insert(name, clerk);
        }
    }

    /// The chain from the streets down.
    pub(super) fn chain(&mut self) {
        let mut shares = self.shares();
        for street in self.spec.streets {
            self.street(street, &mut shares);
        }
    }

    fn street(&mut self, spec: &'static StreetSpec, shares: &mut Shares) {
        let party_name = format!("{}大工委", spec.name);
        let place = self.node(&Fresh {
            level: 1,
            parent: None,
            code: spec.code,
            name: spec.name,
            party_name: &party_name,
        });
        let at = At {
            node: Some(place.clone()),
            label: spec.name.to_owned(),
            department: None,
        };
        let street = Street {
            secretary: self.staff(&at, "street_secretary"),
            deputy: self.staff(&at, "street_deputy"),
            dispatcher: self.staff(&at, "street_dispatcher"),
            checker: self.staff(&at, "street_checker"),
        };
        self.town.streets.push(street);
        for community in spec.communities {
            self.community(community, &place, shares);
        }
    }

    fn community(&mut self, spec: &'static CommunitySpec, street: &Place, shares: &mut Shares) {
        let code = format!("{}{}", street.code, spec.code);
        let party_name = format!("{}大党委", spec.name);
        let place = self.node(&Fresh {
            level: 2,
            parent: Some(street),
            code: &code,
            name: spec.name,
            party_name: &party_name,
        });
        let at = At {
            node: Some(place.clone()),
            label: spec.name.to_owned(),
            department: None,
        };
        let community = self.town.communities.len();
        let row = Community {
            name: spec.name,
            street: self.town.streets.len() - 1,
            place: place.clone(),
            secretary: self.staff(&at, "community_secretary"),
            workers: (0..3)
                .map(|_| self.staff(&at, "community_worker"))
                .collect(),
            grids: Vec::new(),
        };
        self.town.communities.push(row);
        self.spot(
            spec.name,
            Spot {
                community,
                grid: None,
                building: None,
                unit: None,
            },
        );
        let closed = spec.closed.map(|name| self.closed_grid(name, &place));
        for (index, estate) in spec.grids.iter().enumerate() {
            let successor = closed.filter(|_| index + 1 == spec.grids.len());
            let skipped = usize::from(closed.is_some() && index >= 2);
            let code = format!("{code}{:03}", index + 1 + skipped);
            self.grid(estate, &code, &place, shares);
            if let Some((predecessor, day)) = successor {
                self.succeeds(&code, predecessor, day);
            }
        }
    }

    /// A grid that was given up: its code, third in the community, is not used again.
    fn closed_grid(&mut self, name: &str, community: &Place) -> (Uuid, NaiveDate) {
        let code = format!("{}003", community.code);
        let place = self.node(&Fresh {
            level: 3,
            parent: Some(community),
            code: &code,
            name: &format!("{name}网格"),
            party_name: &format!("{name}网格党支部"),
        });
        let day = self.clock.days_ago(500);
        if let Some(node) = self.town.nodes.last_mut() {
            node.valid_to = Some(day);
        }
        (place.id, day)
    }

    fn succeeds(&mut self, code: &str, predecessor: Uuid, day: NaiveDate) {
        if let Some(node) = self.town.nodes.iter_mut().rfind(|node| node.code == code) {
            node.predecessor = Some(predecessor);
            node.valid_from = day;
        }
    }

    fn grid(&mut self, estate: &'static str, code: &str, community: &Place, shares: &mut Shares) {
        let name = format!("{estate}网格");
        let party_name = format!("{name}党支部");
        let place = self.node(&Fresh {
            level: 3,
            parent: Some(community),
            code,
            name: &name,
            party_name: &party_name,
        });
        let at = At {
            node: Some(place.clone()),
            label: name,
            department: None,
        };
        let chief = self.staff(&at, "grid_chief");
        self.also(&at, "grid_secretary", &chief);
        let community = self.town.communities.len() - 1;
        let here = Spot {
            community,
            grid: Some(self.town.grids.len()),
            building: None,
            unit: None,
        };
        self.spot(estate, here);
        let count = if estate == self.spec.estate {
            self.spec.estate_buildings
        } else {
            shares.buildings.pop().unwrap_or(1)
        };
        let mut buildings = Vec::with_capacity(count);
        for number in 0..count {
            let spot = Spot {
                building: Some(number),
                ..here
            };
            buildings.push(self.building(estate, &place, spot, shares));
        }
        self.town.communities[community]
            .grids
            .push(self.town.grids.len());
        self.town.grids.push(Grid {
            estate,
            community,
            place,
            chief,
            buildings,
        });
    }

    /// Writes a node down.
    pub(super) fn node(&mut self, fresh: &Fresh<'_>) -> Place {
        let id = self.id();
        self.town.nodes.push(NodeRow {
            id,
            level: fresh.level,
            parent: fresh.parent.map(|p| p.id),
            code: fresh.code.to_owned(),
            name: fresh.name.to_owned(),
            party_name: fresh.party_name.to_owned(),
            households: None,
            position: None,
            valid_from: Self::founded(),
            valid_to: None,
            predecessor: None,
        });
        Place {
            id,
            level: fresh.level,
            code: fresh.code.to_owned(),
        }
    }

    /// Remembers what a place is called.
    pub(super) fn spot(&mut self, label: &str, spot: Spot) {
        self.town.spots.insert(label.to_owned(), spot);
    }
}
