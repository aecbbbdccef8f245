//! The words of requests: kinds, states, causes; who decides on which, within which limit, and what
//! silence does.

use crate::coded;
use crate::org::access::PostKind;
use crate::org::calendar::{Limit, NoDue};
use crate::work::clocks::{Rule, Rules};
use crate::work::duties::RulingLevel as Level;
use crate::work::whistles::Role;

coded! {
    /// What is asked for.
    Kind as "request_kind" {
        /// Another department is responsible.
        Return = "return" "退回",
        /// More time to feed back.
        Extension = "extension" "延期",
        /// To be put aside until a day.
        Suspension = "suspension" "挂账",
        /// A breach shall not count.
        Appeal = "appeal" "超时申诉",
    }
}

impl Kind {
    /// The words on its button.
    pub fn ask(self) -> &'static str {
        match self {
            Self::Return => "申请退回",
            Self::Extension => "申请延期",
            Self::Suspension => "申请挂账",
            Self::Appeal => "超时申诉",
        }
    }

    /// The words on the button that grants it.
    pub fn grant(self) -> &'static str {
        match self {
            Self::Return => "改派",
            Self::Extension => "同意延期",
            Self::Suspension => "同意挂账",
            Self::Appeal => "不计入考核",
        }
    }

    /// The words on the button that denies it.
    pub fn deny(self) -> &'static str {
        match self {
            Self::Return => "维持原派",
            Self::Extension => "不同意延期",
            Self::Suspension => "不同意挂账",
            Self::Appeal => "驳回申诉",
        }
    }

    /// What happens if nobody decides in time.
    /// The last level leaves a return with whoever received it first, in the role it has.
    pub fn silence(self, level: Level, role: Role) -> &'static str {
        match (self, level) {
            (Self::Return, Level::CityLeader) => match role {
                Role::Lead => "逾期未决，由首接部门继续主办。",
                Role::Assist => "逾期未决，由首接部门继续协办。",
            },
            (Self::Return, Level::Street | Level::CityOffice) => "逾期未决，自动提请上一级裁定。",
            (Self::Extension, _) => "逾期未批，按原时限办理。",
            (Self::Suspension, _) => "逾期未批，不挂账，按原时限办理。",
            (Self::Appeal, _) => "逾期未决，超时照常计入考核。",
        }
    }

    /// The rule that says how long the decider has.
    pub fn rule(self, level: Level) -> Rule {
        match (self, level) {
            (Self::Return, Level::Street) => Rule::DecideReturnStreet,
            (Self::Return, Level::CityOffice) => Rule::DecideReturnCity,
            (Self::Return, Level::CityLeader) => Rule::DecideReturnLeader,
            (Self::Extension, _) => Rule::DecideExtension,
            (Self::Suspension, _) => Rule::DecideSuspension,
            (Self::Appeal, _) => Rule::DecideAppeal,
        }
    }

    /// How long the decider has by these rules.
    pub fn limit(self, level: Level, rules: &Rules) -> Result<Limit, NoDue> {
        rules.limit(self.rule(level))
    }

    /// The level that hears a contest; none if this one is final.
    pub fn above(self, level: Level) -> Option<Level> {
        match (self, level) {
            (Self::Return | Self::Appeal, Level::Street) => Some(Level::CityOffice),
            (Self::Return, Level::CityOffice) => Some(Level::CityLeader),
            (Self::Return, Level::CityLeader)
            | (Self::Appeal, Level::CityOffice | Level::CityLeader)
            | (Self::Extension | Self::Suspension, _) => None,
        }
    }
}

coded! {
    /// How far a request is at its level.
    State as "request_state" {
        /// Somebody must decide.
        Open = "open" "待裁定",
        /// As asked.
        Granted = "granted" "同意",
        /// Not as asked.
        Denied = "denied" "不同意",
        /// Nobody decided in time.
        Lapsed = "lapsed" "逾期未决",
        /// Taken back, or it has lost its object.
        TakenBack = "taken_back" "已撤回",
    }
}

coded! {
    /// Why a breach shall not count.
    Cause as "appeal_cause" {
        /// The weather.
        Weather = "weather" "天气",
        /// Force majeure.
        ForceMajeure = "force_majeure" "不可抗力",
        /// Sent to the wrong department.
        WrongDispatch = "wrong_dispatch" "派单错误",
        /// Somebody else.
        ThirdParty = "third_party" "第三方原因",
        /// Who complained could not be reached.
        Unreachable = "unreachable" "联系不上诉求人",
    }
}

/// How a request of a kind stands, in the words of its kind: who is responsible is ruled on, the
/// rest is approved.
pub(super) fn standing(kind: Kind, state: State) -> &'static str {
    match (state, kind) {
        (State::Open, Kind::Extension | Kind::Suspension | Kind::Appeal) => "待审批",
        (State::Granted, kind) => kind.grant(),
        (State::Denied, kind) => kind.deny(),
        (State::Open, Kind::Return) | (State::Lapsed | State::TakenBack, _) => state.label(),
    }
}

/// Who decides on a kind at a level, in words.
pub(in super::super) fn seat_of(kind: Kind, level: Level) -> &'static str {
    match (kind, level) {
        (Kind::Appeal, Level::Street) => "街道分管副主任",
        (_, Level::Street) => "街道",
        (_, Level::CityOffice) => "市治理办",
        (_, Level::CityLeader) => "市领导",
    }
}

/// Whether a post decides on a kind at a level; where, is its reach.
pub(super) fn decides(kind: Kind, level: Level, post: PostKind) -> bool {
    match level {
        Level::Street => {
            post == PostKind::StreetDeputy
                || (post == PostKind::StreetDispatcher && kind != Kind::Appeal)
        }
        Level::CityOffice => post == PostKind::CityOffice,
        Level::CityLeader => post == PostKind::CityLeader,
    }
}
