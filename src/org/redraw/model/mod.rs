//! What may be done with the chain, and what follows from it. Pure.

mod facts;
mod ground;
mod sight;

pub(crate) use facts::{DepartmentFacts, DepartmentForm, Facts, NodeForm, line, same_name};
pub(crate) use ground::{Grown, numbered};
pub(super) use ground::{Kin, Landing, regrown};
pub(super) use sight::{Named, Root, Sight};

use crate::org::access::{Level, PostKind};

/// How far ahead a new node may begin, in days.
pub(super) const AHEAD: i64 = 90;

/// The posts that a node of this level begins with, vacant.
pub(crate) fn posts_of(level: Level) -> &'static [(PostKind, &'static str)] {
    use PostKind as P;
    match level {
        Level::Street => &[
            (P::StreetSecretary, "党工委书记"),
            (P::StreetDeputy, "副主任"),
            (P::StreetDispatcher, "指挥调度中心值班员"),
            (P::StreetChecker, "核查员"),
        ],
        Level::Community => &[
            (P::CommunitySecretary, "社区书记"),
            (P::CommunityWorker, "社区工作者"),
        ],
        Level::Grid => &[
            (P::GridChief, "网格长"),
            (P::GridSecretary, "网格党支部书记"),
        ],
        Level::Building => &[
            (P::BuildingChief, "楼栋长"),
            (P::BuildingLeader, "楼栋党小组组长"),
        ],
        Level::Unit => &[
            (P::UnitChief, "单元长"),
            (P::UnitHousehold, "单元党员中心户"),
        ],
    }
}

/// What the party face of a level is called, as an example in the form.
pub(super) fn party_form(level: Level) -> &'static str {
    match level {
        Level::Street => "例如 慧阳街道大工委。",
        Level::Community => "例如 城南社区大党委。",
        Level::Grid => "例如 金源小区网格党支部。",
        Level::Building => "例如 金源小区1号楼党小组。",
        Level::Unit => "例如 1号楼1单元党员中心户。",
    }
}

/// The level below, if there is one.
pub(super) fn below(level: Option<Level>) -> Option<Level> {
    let level = level.map_or(0, i16::from);
    Level::try_from(level + 1).ok()
}
