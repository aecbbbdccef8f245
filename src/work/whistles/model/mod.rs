//! Whistles and assignments: kinds, stages, moves, and the one function that says which move
//! is open to whom and when. Pure.

mod basis;
mod case;
mod meeting;
mod rules;
mod story;

pub use basis::Basis;
pub(super) use basis::choice_lacks;
pub use case::{Assignment, AssignmentStage, Case, Check, Rating, ReportWay, Role, Side};
pub(super) use meeting::meeting_lacks;
pub use rules::{MoveKind, PUT_ASIDE, Refusal};
pub(super) use story::{Called, Heard, MatterBehind, Recurrence, Review, Story};

use crate::coded;
use crate::org::access::PostKind;

coded! {
    /// The kind of a whistle (哨的种类, `domain.md` 2.2).
    Kind as "whistle_kind" {
        /// Clear duty, one department, the street lacks the power.
        Routine = "routine" "日常哨",
        /// Small and visible, one or two departments.
        Express = "express" "快捷哨",
        /// Needs departments with enforcement power.
        JointEnforcement = "joint_enforcement" "综合执法哨",
        /// History, disputed duty, money or planning.
        Tough = "tough" "攻坚哨",
        /// Danger to life or property.
        Emergency = "emergency" "应急哨",
    }
}

impl Kind {
    /// The letter in the number.
    pub fn letter(self) -> char {
        match self {
            Self::Routine => 'R',
            Self::Express => 'K',
            Self::JointEnforcement => 'Z',
            Self::Tough => 'G',
            Self::Emergency => 'Y',
        }
    }

    /// The post that must approve before it sounds; none for express, and none for emergency,
    /// which is verified afterwards.
    pub fn approver(self) -> Option<PostKind> {
        match self {
            Self::Routine | Self::JointEnforcement => Some(PostKind::StreetDeputy),
            Self::Tough => Some(PostKind::StreetSecretary),
            Self::Express | Self::Emergency => None,
        }
    }

    /// Who approves, in words.
    pub fn approval(self) -> &'static str {
        match self {
            Self::Routine | Self::JointEnforcement => "分管副主任批",
            Self::Tough => "街道书记批",
            Self::Express => "不用批",
            Self::Emergency => "先吹哨，后核实",
        }
    }

    /// When to choose it.
    pub fn when(self) -> &'static str {
        match self {
            Self::Routine => "职责清楚，街道无权",
            Self::Express => "事小，一两个部门",
            Self::JointEnforcement => "要几个部门执法",
            Self::Tough => "历史遗留、有争议",
            Self::Emergency => "危及人身财产",
        }
    }
}

coded! {
    /// Where a whistle stands. Only [`Case::may`] says what moves it.
    Stage as "whistle_stage" {
        /// Being written.
        Draft = "draft" "草稿",
        /// A community asks its street to blow it.
        Requested = "requested" "待街道审核",
        /// Waits for the approver.
        Approving = "approving" "待审批",
        /// The departments are at work.
        Sounded = "sounded" "办理中",
        /// All have fed back; somebody must look.
        Checking = "checking" "待核查",
        /// The look was good; street and community rate.
        Rating = "rating" "待评价",
        /// Rated; the street closes.
        Closing = "closing" "待办结",
        /// Over.
        Closed = "closed" "已办结",
        /// Called back.
        Withdrawn = "withdrawn" "已撤哨",
    }
}

impl Stage {
    /// How an ended whistle ended: in time or late.
    pub fn ended(self, late: bool) -> &'static str {
        match (self, late) {
            (Self::Withdrawn, _) => "已撤哨",
            (_, true) => "超期办结",
            (_, false) => "按时办结",
        }
    }

    /// Whether a word of the residents sends it back to the check: the check was passed.
    pub fn may_reopen(self) -> bool {
        match self {
            Self::Rating | Self::Closing | Self::Closed => true,
            Self::Draft
            | Self::Requested
            | Self::Approving
            | Self::Sounded
            | Self::Checking
            | Self::Withdrawn => false,
        }
    }

    /// Whether nothing follows.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

coded! {
    /// How a whistle ended.
    Outcome as "whistle_outcome" {
        /// The problem is gone.
        Resolved = "resolved" "问题已解决",
        /// The danger is gone, the root is planned.
        HazardRemoved = "hazard_removed" "险情已排除，根治已列入计划",
        /// Not as reported, or explained to the resident.
        Explained = "explained" "经核实已向群众解释说明",
    }
}
