//! The words for where a matter stands, what can be done to it, and who one is to it.

use crate::coded;
use crate::org::access::{PostKind, Viewer};

coded! {
    /// Where a matter stands. Only [`Facts::play`](super::Facts::play) moves it, and a whistle
    /// behind it.
    Stage as "matter_stage" {
        /// The community has not looked yet.
        Filed = "filed" "待受理",
        /// The community works on it.
        Accepted = "accepted" "处置中",
        /// The street decides.
        Raised = "raised" "待街道分拣",
        /// Departments were called.
        Whistled = "whistled" "已吹哨",
        /// Done.
        Solved = "solved" "已解决",
        /// It is none.
        Rejected = "rejected" "不予受理",
        /// It is the same as another.
        Merged = "merged" "已并案",
    }
}

impl Stage {
    /// Whether nobody has anything to do any more.
    pub fn is_ended(self) -> bool {
        match self {
            Self::Filed | Self::Accepted | Self::Raised | Self::Whistled => false,
            Self::Solved | Self::Rejected | Self::Merged => true,
        }
    }

    /// How an ended matter ended: solved in time or late, or its stage.
    pub fn ended(self, late: bool) -> &'static str {
        match (self, late) {
            (Self::Solved, true) => "超期解决",
            (Self::Solved, false) => "按时解决",
            (stage, _) => stage.label(),
        }
    }

    /// Its stage, or the level that solved it.
    pub fn outcome(self, solved: Option<SolvedLevel>) -> &'static str {
        solved.map_or(self.label(), SolvedLevel::label)
    }
}

coded! {
    /// How far up a matter had to go to be solved.
    SolvedLevel as "solved_level" {
        /// 小事不出网格
        Grid = "grid" "网格解决",
        /// 大事不出社区
        Community = "community" "社区解决",
        /// By the street itself.
        Street = "street" "街道解决",
        /// By the departments a whistle called.
        Whistle = "whistle" "吹哨解决",
    }
}

impl SolvedLevel {
    /// Where a matter counts as solved that its finder solved on the spot.
    pub fn on_the_spot(kind: PostKind) -> Self {
        if kind.is_street() {
            Self::Street
        } else if kind.is_community() {
            Self::Community
        } else {
            Self::Grid
        }
    }
}

/// What can be done to a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// 受理
    Accept,
    /// 记录处置: what one did oneself.
    Measure,
    /// 标记解决
    Solve,
    /// 上报街道
    Raise,
    /// 退社区处理
    SendBack,
    /// 并案: it is the same as another.
    Merge,
    /// 拆案: it is not, after all.
    Split,
    /// 不予受理
    Reject,
}

impl MoveKind {
    /// Every move, in the order of the buttons.
    pub const ALL: [MoveKind; 8] = [
        Self::Accept,
        Self::Measure,
        Self::Solve,
        Self::Raise,
        Self::SendBack,
        Self::Merge,
        Self::Split,
        Self::Reject,
    ];

    /// The word on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::Measure => "记录处置",
            Self::Solve => "标记解决",
            Self::Raise => "上报街道",
            Self::SendBack => "退社区处理",
            Self::Merge => "并案",
            Self::Split => "拆案",
            Self::Reject => "不予受理",
        }
    }

    /// The word in an address (`?do=raise`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Measure => "measure",
            Self::Solve => "solve",
            Self::Raise => "raise",
            Self::SendBack => "send_back",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Reject => "reject",
        }
    }

    /// The last part of the path that makes the move.
    pub fn path(self) -> &'static str {
        match self {
            Self::Accept => "acceptance",
            Self::Measure => "measures",
            Self::Solve => "solution",
            Self::Raise => "raising",
            Self::SendBack => "return",
            Self::Merge => "merging",
            Self::Split => "splitting",
            Self::Reject => "rejection",
        }
    }

    /// Whether it cannot be taken back, so that the page asks again.
    pub fn is_final(self) -> bool {
        match self {
            Self::Reject => true,
            Self::Accept
            | Self::Measure
            | Self::Solve
            | Self::Raise
            | Self::SendBack
            | Self::Merge
            | Self::Split => false,
        }
    }

    /// Reads the word of an address.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

/// What the viewer is to a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// The chief of its grid.
    Grid,
    /// Its community's secretary or worker.
    Community,
    /// Its street's dispatcher.
    Street,
    /// Anybody else who may see it.
    Other,
}

impl Who {
    /// Every standing, for tests that walk them.
    pub const ALL: [Who; 4] = [Self::Grid, Self::Community, Self::Street, Self::Other];

    /// What the viewer is to a matter at this place.
    pub fn of(me: &Viewer, place_code: &str) -> Self {
        let (who, length) = match me.kind {
            PostKind::GridChief => (Self::Grid, 15),
            PostKind::CommunitySecretary | PostKind::CommunityWorker => (Self::Community, 12),
            PostKind::StreetDispatcher => (Self::Street, 9),
            PostKind::CityLeader
            | PostKind::CityOffice
            | PostKind::StreetSecretary
            | PostKind::StreetDeputy
            | PostKind::StreetChecker
            | PostKind::GridSecretary
            | PostKind::BuildingChief
            | PostKind::BuildingLeader
            | PostKind::UnitChief
            | PostKind::UnitHousehold
            | PostKind::DepartmentHead
            | PostKind::DepartmentClerk
            | PostKind::SystemAdmin
            | PostKind::SecurityAdmin
            | PostKind::AuditAdmin => return Self::Other,
        };
        if place_code.get(..length) == Some(me.node_code()) {
            who
        } else {
            Self::Other
        }
    }
}
