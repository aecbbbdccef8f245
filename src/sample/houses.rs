//! Settling the houses: buildings and units, shared out among the grids.

use super::chain::Fresh;
use super::dice::Dice;
use super::ground::position;
use super::rows::Place;
use super::settling::{At, Settler};
use super::town::{Building, Spot, Unit};

const STOREYS: [&str; 4] = ["一单元", "二单元", "三单元", "四单元"];

/// How many buildings each grid and units each building still gets.
#[derive(Debug)]
pub(super) struct Shares {
    pub(super) buildings: Vec<usize>,
    pub(super) units: Vec<usize>,
}

impl Settler {
    /// The last counts are popped first; the estate that has accounts is not among them.
    pub(super) fn shares(&mut self) -> Shares {
        let spec = self.spec;
        let communities = spec.streets.iter().flat_map(|s| s.communities);
        let grids = communities.map(|c| c.grids.len()).sum::<usize>() - 1;
        let buildings = spec.buildings - spec.estate_buildings;
        let units = spec.units - spec.estate_buildings * spec.estate_units;
        let widest = if buildings > 200 { 9 } else { 1 };
        Shares {
            buildings: share_out(&mut self.dice, buildings, grids, widest),
            units: share_out(&mut self.dice, units, buildings, 1),
        }
    }

    /// A building with its chief, its units and theirs.
    pub(super) fn building(
        &mut self,
        estate: &'static str,
        grid: &Place,
        here: Spot,
        shares: &mut Shares,
    ) -> Building {
        let number = here.building.map_or(1, |b| b + 1);
        let name = format!("{number} 号楼");
        let place = self.node(&Fresh {
            level: 4,
            parent: Some(grid),
            code: &format!("{}{number:03}", grid.code),
            name: &name,
            party_name: &format!("{name}党小组"),
        });
        if let Some(node) = self.town.nodes.last_mut() {
            node.position = Some(position(self.spec.centre, &node.code));
        }
        let label = format!("{estate} {name}");
        self.spot(&label, here);
        let at = At {
            node: Some(place.clone()),
            label: label.clone(),
            department: None,
        };
        let chief = self.chief(&at, "building_chief");
        self.party_face(&at, "building_leader", &chief, [93, 100]);
        let count = if estate == self.spec.estate {
            self.spec.estate_units
        } else {
            shares.units.pop().unwrap_or(1)
        };
        let units = (0..count).map(|unit| {
            self.unit(
                &at,
                &place,
                Spot {
                    unit: Some(unit),
                    ..here
                },
            )
        });
        let units = units.collect();
        Building {
            label,
            place,
            chief,
            units,
        }
    }

    fn unit(&mut self, building: &At, parent: &Place, here: Spot) -> Unit {
        let number = here.unit.unwrap_or(0);
        let name = STOREYS[number.min(3)];
        let place = self.node(&Fresh {
            level: 5,
            parent: Some(parent),
            code: &format!("{}{:02}", parent.code, number + 1),
            name,
            party_name: &format!("{name}党员中心户"),
        });
        let demo = building.label.starts_with(self.spec.estate);
        let households = if demo { 16 } else { self.dice.between(8, 16) };
        if let Some(node) = self.town.nodes.last_mut() {
            node.households = i32::try_from(households).ok();
        }
        let label = format!("{}{name}", building.label);
        self.spot(&label, here);
        let at = At {
            node: Some(place.clone()),
            label: label.clone(),
            department: None,
        };
        let chief = self.chief(&at, "unit_chief");
        self.party_face(&at, "unit_household", &chief, [62, 90]);
        Unit {
            label,
            place,
            chief,
        }
    }
}

/// Divides a total into so many parts, alike but for pairs that give to one another.
fn share_out(dice: &mut Dice, total: usize, parts: usize, widest: i64) -> Vec<usize> {
    let mut shares: Vec<usize> = (0..parts)
        .map(|n| (n + 1) * total / parts - n * total / parts)
        .collect();
    for pair in shares.chunks_exact_mut(2) {
        let given = usize::try_from(dice.between(0, widest))
            .unwrap_or(0)
            .min(pair[0] - 1);
        pair[0] -= given;
        pair[1] += given;
        if dice.percent(50) {
            pair.swap(0, 1);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_nobody_goes_empty() {
        let shares = share_out(&mut Dice::new(3), 3059, 1223, 1);
        assert_eq!((shares.len(), shares.iter().sum::<usize>()), (1223, 3059));
        assert!(shares.iter().all(|share| (1..=4).contains(share)));
    }
}
