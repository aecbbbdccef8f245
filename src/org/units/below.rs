//! What stands directly below a place, with its figures. Pure.

use chrono::NaiveDate;
use serde::Deserialize;

use super::columns::{Column, Figure, Shows};
use super::holders::is_party;
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Level, PostKind};

/// A node directly below, as `chain_below` brings it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Child {
    pub(super) id: NodeId,
    pub(super) name: String,
    pub(super) party_name: String,
    sizes: Sizes,
    crew: Vec<Crew>,
    posts: Vec<Seat>,
    open: i64,
}

/// How many nodes and households there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
struct Sizes {
    communities: i64,
    grids: i64,
    buildings: i64,
    units: i64,
    households: i64,
}

/// Posts of one kind at and below a node: how many there are, how many are held.
#[derive(Clone, Debug, Deserialize)]
struct Crew {
    kind: PostKind,
    held: i64,
    seats: i64,
}

/// One of a node's own posts on the day looked at.
#[derive(Clone, Debug, Deserialize)]
struct Seat {
    kind: PostKind,
    /// The holder, unless it is vacant.
    name: Option<String>,
    home_unit: Option<String>,
    vacant_since: Option<NaiveDate>,
}

/// All that stands directly below a place.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Below(pub(super) Vec<Child>);

/// What stands in a cell of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Words(&'a str),
    /// Who holds the post, and where the holder comes from.
    Holder(&'a str, Option<&'a str>),
    /// The post is vacant since this day.
    Vacant(String),
    /// There is no such post.
    Nothing,
    /// So many posts held, of so many.
    Held(i64, i64),
    /// The same, with a mark if one is vacant.
    Manned(i64, i64),
    Number(i64),
}

impl Child {
    /// What stands in a column.
    pub(super) fn cell(&self, column: &Column) -> Cell<'_> {
        match column.shows {
            Shows::Party => Cell::Words(&self.party_name),
            Shows::Holder(kind) => self.holder(kind),
            Shows::Held(kind) => {
                let (held, seats) = self.held(kind);
                Cell::Held(held, seats)
            }
            Shows::Manned(kind) => {
                let (held, seats) = self.held(kind);
                Cell::Manned(held, seats)
            }
            Shows::Figure(figure) => Cell::Number(self.figure(figure)),
            Shows::Open => Cell::Number(self.open),
        }
    }

    fn holder(&self, kind: PostKind) -> Cell<'_> {
        let Some(seat) = self.posts.iter().find(|s| s.kind == kind) else {
            return Cell::Nothing;
        };
        match &seat.name {
            // Where a cadre comes from is said once, beside the administrative post.
            Some(name) => Cell::Holder(name, seat.home_unit.as_deref().filter(|_| !is_party(kind))),
            None => Cell::Vacant(seat.vacant_since.map(words::day).unwrap_or_default()),
        }
    }

    fn held(&self, kind: PostKind) -> (i64, i64) {
        self.crew
            .iter()
            .find(|c| c.kind == kind)
            .map_or((0, 0), |c| (c.held, c.seats))
    }

    fn figure(&self, figure: Figure) -> i64 {
        match figure {
            Figure::Communities => self.sizes.communities,
            Figure::Grids => self.sizes.grids,
            Figure::Buildings => self.sizes.buildings,
            Figure::Units => self.sizes.units,
            Figure::Households => self.sizes.households,
            Figure::Vacancies => self.crew.iter().map(|c| c.seats - c.held).sum(),
        }
    }
}

impl Below {
    /// How many there are: `7 栋`.
    pub(super) fn count(&self, of: Option<Level>) -> String {
        let unit = if of == Some(Level::Building) {
            "栋"
        } else {
            "个"
        };
        format!("{} {unit}", self.0.len())
    }

    /// Vacant posts at and below all of them.
    pub(super) fn vacancies(&self) -> i64 {
        self.figure(Figure::Vacancies)
    }

    fn figure(&self, figure: Figure) -> i64 {
        self.0.iter().map(|c| c.figure(figure)).sum()
    }

    fn held(&self, kind: PostKind) -> (i64, i64) {
        let each = self.0.iter().map(|c| c.held(kind));
        each.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1))
    }

    /// `4 个网格，113 栋楼，283 个单元，3441 户`: what lies below a node of this level, or below
    /// the city.
    pub(super) fn ground(&self, at: Option<Level>) -> String {
        let measures = [
            (
                Level::Street,
                i64::try_from(self.0.len()).unwrap_or_default(),
                "个街道",
            ),
            (Level::Community, self.figure(Figure::Communities), "个社区"),
            (Level::Grid, self.figure(Figure::Grids), "个网格"),
            (Level::Building, self.figure(Figure::Buildings), "栋楼"),
            (Level::Unit, self.figure(Figure::Units), "个单元"),
        ];
        let lower = measures
            .into_iter()
            .filter(|m| at.is_none_or(|level| m.0 > level));
        let mut parts: Vec<String> = lower.map(|(_, n, unit)| format!("{n} {unit}")).collect();
        parts.push(format!("{} 户", self.figure(Figure::Households)));
        parts.join("，")
    }

    /// The same of the party face: `4 个网格党支部，113 个楼栋党小组，256 户党员中心户`.
    pub(super) fn party_ground(&self, at: Option<Level>) -> String {
        let measures = [
            (
                Level::Street,
                i64::try_from(self.0.len()).unwrap_or_default(),
                "个街道大工委",
            ),
            (
                Level::Community,
                self.figure(Figure::Communities),
                "个社区大党委",
            ),
            (Level::Grid, self.figure(Figure::Grids), "个网格党支部"),
            (
                Level::Building,
                self.figure(Figure::Buildings),
                "个楼栋党小组",
            ),
            (
                Level::Unit,
                self.held(PostKind::UnitHousehold).0,
                "户党员中心户",
            ),
        ];
        let lower = measures
            .into_iter()
            .filter(|m| at.is_none_or(|level| m.0 > level));
        let parts: Vec<String> = lower.map(|(_, n, unit)| format!("{n} {unit}")).collect();
        parts.join("，")
    }

    /// `网格长 4/4 人，楼栋长 109/113 人`: posts below that are held, of how many.
    pub(super) fn people(&self, party: bool) -> String {
        let kinds: &[(PostKind, &str)] = if party {
            &[
                (PostKind::CommunitySecretary, "社区书记"),
                (PostKind::GridSecretary, "支部书记"),
                (PostKind::BuildingLeader, "党小组组长"),
                (PostKind::UnitHousehold, "中心户"),
            ]
        } else {
            &[
                (PostKind::CommunityWorker, "社区工作者"),
                (PostKind::GridChief, "网格长"),
                (PostKind::BuildingChief, "楼栋长"),
                (PostKind::UnitChief, "单元长"),
            ]
        };
        let each = kinds.iter().map(|(kind, name)| (name, self.held(*kind)));
        let some = each.filter(|(_, (_, seats))| *seats > 0);
        let parts: Vec<String> = some
            .map(|(name, (held, seats))| format!("{name} {held}/{seats}"))
            .collect();
        parts.join("，")
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::columns;
    use super::*;

    #[test]
    fn figures_add_up() {
        let below: Below = serde_json::from_str(
            r#"[{"id": "00000000-0000-0000-0000-000000000001", "name": "1 号楼", "party_name": "1 号楼党小组",
                 "sizes": {"communities": 0, "grids": 0, "buildings": 1, "units": 3, "households": 48},
                 "crew": [{"kind": "building_chief", "held": 0, "seats": 1}, {"kind": "unit_chief", "held": 2, "seats": 3}],
                 "posts": [{"kind": "building_chief", "name": null, "home_unit": null, "vacant_since": "2026-10-08"}],
                 "open": 1},
                {"id": "00000000-0000-0000-0000-000000000002", "name": "2 号楼", "party_name": "2 号楼党小组",
                 "sizes": {"communities": 0, "grids": 0, "buildings": 1, "units": 2, "households": 32},
                 "crew": [{"kind": "building_chief", "held": 1, "seats": 1}], "posts": [], "open": 0}]"#,
        )
        .unwrap();
        assert_eq!(below.ground(Some(Level::Grid)), "2 栋楼，5 个单元，80 户");
        assert_eq!(
            below.party_ground(Some(Level::Grid)),
            "2 个楼栋党小组，0 户党员中心户"
        );
        assert_eq!(below.people(false), "楼栋长 1/2，单元长 2/3");
        assert_eq!(below.vacancies(), 2);
        let chief = columns(Level::Building, true)[0];
        assert_eq!(
            below.0[0].cell(&chief),
            Cell::Vacant("2026-10-08".to_owned())
        );
        assert_eq!(below.0[1].cell(&chief), Cell::Nothing);
    }
}
