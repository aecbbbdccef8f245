//! Who can be told, and how a row of the table asks them.

use crate::org::notices::Class;

macro_rules! audiences {
    ($($(#[$doc:meta])* $name:ident = $code:literal $label:literal),+ $(,)?) => {
        /// A group of posts, seen from a whistle, a matter or the scores of a period.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Audience { $($(#[$doc])* $name),+ }
        impl Audience {
            /// The code that the query resolves.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }
            /// What the page calls it.
            pub fn label(self) -> &'static str { match self { $(Self::$name => $label),+ } }
        }
    };
}
audiences! {
    /// The dispatchers of its street.
    Dispatcher = "dispatcher" "街道值班员",
    /// The deputy of its street.
    Deputy = "deputy" "街道副主任",
    /// The secretary of its street.
    Secretary = "secretary" "街道党工委书记",
    /// The checkers of its street.
    Checker = "checker" "街道核查员",
    /// Whoever must approve this kind: deputy or secretary.
    Approver = "approver" "审批人（副主任或书记）",
    /// Whoever closes this kind: dispatcher or secretary.
    Closer = "closer" "办结人（值班员或书记）",
    /// The secretary of its community.
    Community = "community" "社区书记",
    /// The clerks of the leading department.
    LeadClerk = "lead_clerk" "主办部门联络员",
    /// The head of the leading department.
    LeadHead = "lead_head" "主办部门负责人",
    /// The clerks of the assisting departments.
    AssistClerk = "assist_clerk" "协办部门联络员",
    /// The heads of the assisting departments.
    AssistHead = "assist_head" "协办部门负责人",
    /// The clerks of the departments that have to work now.
    WorkingClerk = "working_clerk" "返工部门联络员",
    /// The heads of the departments that have to work now.
    WorkingHead = "working_head" "返工部门负责人",
    /// The head of the department that acted.
    OwnHead = "own_head" "本部门负责人",
    /// Whoever drafted it.
    Drafter = "drafter" "起草人",
    /// Whoever filed the matter.
    Filer = "filer" "上报人",
    /// The city's office.
    CityOffice = "city_office" "市治理办",
    /// The clerks of the department that asked.
    AskerClerk = "asker_clerk" "申请部门联络员",
    /// The head of the department that asked.
    AskerHead = "asker_head" "申请部门负责人",
    /// Whoever decides on the request: the street, the city's office or a city leader.
    Decider = "decider" "裁定人（街道、市治理办或市领导）",
    /// The clerks of the department that is supervised.
    SupervisedClerk = "supervised_clerk" "被督办部门联络员",
    /// The head of the department that is supervised.
    SupervisedHead = "supervised_head" "被督办部门负责人",
    /// The city leader in charge of the department that is supervised.
    LeaderInCharge = "leader_in_charge" "分管市领导",
    /// The clerks of every department.
    EachClerk = "each_clerk" "各部门联络员",
    /// The head of every department.
    EachHead = "each_head" "各部门负责人",
    /// The clerks of the department in the lead of a topic.
    TopicLeadClerk = "topic_lead_clerk" "牵头部门联络员",
    /// The head of the department in the lead of a topic.
    TopicLeadHead = "topic_lead_head" "牵头部门负责人",
    /// The clerks of the departments that assist with a topic.
    TopicAssistClerk = "topic_assist_clerk" "配合部门联络员",
    /// The heads of the departments that assist with a topic.
    TopicAssistHead = "topic_assist_head" "配合部门负责人",
    /// The clerks of the department that a line of a topic's lists names.
    ItemClerk = "item_clerk" "清单事项责任部门联络员",
    /// The head of the department that a line of a topic's lists names.
    ItemHead = "item_head" "清单事项责任部门负责人",
}

/// One audience of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub audience: Audience,
    /// How much it presses.
    pub class: Class,
    /// What is asked of them; nothing, if empty.
    pub ask: &'static str,
}

pub(super) const fn asked(audience: Audience, ask: &'static str) -> Told {
    Told {
        audience,
        class: Class::Step,
        ask,
    }
}

pub(super) const fn knows(audience: Audience) -> Told {
    asked(audience, "")
}

pub(super) const fn alarmed(audience: Audience, ask: &'static str) -> Told {
    Told {
        audience,
        class: Class::Danger,
        ask,
    }
}

/// A step: how a notice tells it after the name of who did it, and who is told. Of two rows for
/// one post the first counts.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What was done: 已签收.
    pub did: &'static str,
    /// Who is told; nobody, if empty.
    pub rows: &'static [Told],
}

pub(super) const fn step(did: &'static str, rows: &'static [Told]) -> Step {
    Step { did, rows }
}
