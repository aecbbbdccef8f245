//! What a table of nodes shows, level by level. Pure.

use crate::org::access::{Level, PostKind};

/// A column of the table of what lies below.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) label: &'static str,
    pub(super) shows: Shows,
    /// Whether a phone leaves it out.
    pub(super) wide: bool,
}

/// What a column shows of each node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// The name of its party face.
    Party,
    /// Who holds its post of this kind.
    Holder(PostKind),
    /// How many posts of this kind are held, of how many.
    Held(PostKind),
    /// The same, and a mark if one is vacant.
    Manned(PostKind),
    /// A figure.
    Figure(Figure),
    /// Its open matters.
    Open,
}

/// A figure of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Communities,
    Grids,
    Buildings,
    Units,
    Households,
    Vacancies,
}

impl Column {
    /// Figures stand on the right; a phone leaves wide columns out.
    pub(super) fn class(&self) -> &'static str {
        let words = matches!(self.shows, Shows::Party | Shows::Holder(_));
        match (words, self.wide) {
            (true, false) => "",
            (true, true) => "wide-only",
            (false, false) => "num",
            (false, true) => "num wide-only",
        }
    }
}

/// The columns of a table of nodes of this level, after the name; without `counts` no open
/// matters.
pub(super) fn columns(of: Level, counts: bool) -> Vec<Column> {
    use Figure as F;
    use PostKind as P;
    let column = |label, shows| Column {
        label,
        shows,
        wide: false,
    };
    let wide = |label, shows| Column {
        label,
        shows,
        wide: true,
    };
    let mut columns = match of {
        Level::Street => vec![
            wide("党组织", Shows::Party),
            column("党工委书记", Shows::Holder(P::StreetSecretary)),
            wide("值班员", Shows::Holder(P::StreetDispatcher)),
            wide("社区", Shows::Figure(F::Communities)),
            wide("网格", Shows::Figure(F::Grids)),
            wide("楼栋", Shows::Figure(F::Buildings)),
            wide("单元", Shows::Figure(F::Units)),
            column("空缺", Shows::Figure(F::Vacancies)),
        ],
        Level::Community => vec![
            wide("党组织", Shows::Party),
            column("社区书记", Shows::Holder(P::CommunitySecretary)),
            wide("网格", Shows::Figure(F::Grids)),
            wide("楼栋", Shows::Figure(F::Buildings)),
            wide("单元", Shows::Figure(F::Units)),
            column("空缺", Shows::Figure(F::Vacancies)),
        ],
        Level::Grid => vec![
            column("网格长", Shows::Holder(P::GridChief)),
            wide("党支部书记", Shows::Holder(P::GridSecretary)),
            column("楼栋长", Shows::Held(P::BuildingChief)),
            column("单元长", Shows::Held(P::UnitChief)),
            wide("中心户", Shows::Held(P::UnitHousehold)),
        ],
        Level::Building => vec![
            column("楼栋长", Shows::Holder(P::BuildingChief)),
            wide("党小组组长", Shows::Holder(P::BuildingLeader)),
            column("单元长", Shows::Manned(P::UnitChief)),
            wide("中心户", Shows::Held(P::UnitHousehold)),
        ],
        Level::Unit => vec![
            column("单元长", Shows::Holder(P::UnitChief)),
            column("党员中心户", Shows::Holder(P::UnitHousehold)),
            column("户数", Shows::Figure(F::Households)),
        ],
    };
    if counts {
        columns.push(column("在办", Shows::Open));
    }
    columns
}
