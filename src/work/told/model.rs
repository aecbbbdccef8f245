//! The table: for each verb the audiences, how much it presses, and what is asked of each. Pure.

use crate::org::events::Verb;
use crate::org::notices::Class;

macro_rules! audiences {
    ($($(#[$doc:meta])* $name:ident = $code:literal $label:literal),+ $(,)?) => {
        /// A group of posts, seen from a whistle or a matter.
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

const fn asked(audience: Audience, ask: &'static str) -> Told {
    Told {
        audience,
        class: Class::Step,
        ask,
    }
}

const fn knows(audience: Audience) -> Told {
    asked(audience, "")
}

const fn alarmed(audience: Audience, ask: &'static str) -> Told {
    Told {
        audience,
        class: Class::Danger,
        ask,
    }
}

use Audience as A;

/// A step: how a notice tells it after the name of who did it, and who is told. Of two rows for
/// one post the first counts.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What was done: 已签收.
    pub did: &'static str,
    /// Who is told; nobody, if empty.
    pub rows: &'static [Told],
}

const fn step(did: &'static str, rows: &'static [Told]) -> Step {
    Step { did, rows }
}

/// What only the page itself shows: one's own work, and what is nobody else's business.
const SILENT: Step = step("", &[]);

const SORTS: &[Told] = &[asked(A::Dispatcher, "分拣")];
const AMENDS: &[Told] = &[asked(A::Drafter, "修改")];
const DECIDES: &[Told] = &[asked(A::Approver, "审批")];
const APPROVED: &[Told] = &[knows(A::Drafter), knows(A::Dispatcher)];
const SOUNDED: &[Told] = &[
    asked(A::LeadClerk, "签收"),
    asked(A::LeadHead, "签收"),
    asked(A::AssistClerk, "签收"),
    asked(A::AssistHead, "签收"),
    knows(A::Community),
];
const VERIFIED: &[Told] = &[knows(A::Drafter), knows(A::LeadHead)];
const SIGNED: &[Told] = &[knows(A::Dispatcher), knows(A::OwnHead)];
const REPORTED: &[Told] = &[knows(A::Dispatcher), knows(A::Community), knows(A::OwnHead)];
const FED_BACK: &[Told] = &[
    asked(A::Checker, "核查"),
    asked(A::Community, "核查"),
    knows(A::Dispatcher),
    knows(A::OwnHead),
];
const BLAMED: &[Told] = &[knows(A::Dispatcher), knows(A::AssistHead)];
const PASSED: &[Told] = &[
    asked(A::Dispatcher, "评价"),
    asked(A::Community, "评价"),
    asked(A::LeadClerk, "评哨"),
    asked(A::AssistClerk, "评哨"),
];
const FAILED: &[Told] = &[
    asked(A::WorkingClerk, "返工"),
    asked(A::WorkingHead, "返工"),
    knows(A::Dispatcher),
    knows(A::Community),
];
const RATED: &[Told] = &[asked(A::Closer, "办结")];
const REVIEWED: &[Told] = &[knows(A::Dispatcher)];
/// Everybody who worked on it or wanted it done.
const ENDED: &[Told] = &[
    knows(A::LeadClerk),
    knows(A::LeadHead),
    knows(A::AssistClerk),
    knows(A::AssistHead),
    knows(A::Community),
    knows(A::Drafter),
];
const RETIMED: &[Told] = &[
    knows(A::LeadClerk),
    knows(A::AssistClerk),
    knows(A::Dispatcher),
    knows(A::Community),
];
const REOPENED: &[Told] = &[
    asked(A::Checker, "核查"),
    asked(A::Community, "核查"),
    knows(A::Dispatcher),
    knows(A::LeadClerk),
    knows(A::LeadHead),
    knows(A::AssistClerk),
];
const ASKED: &[Told] = &[
    asked(A::Decider, "答复"),
    knows(A::Dispatcher),
    knows(A::OwnHead),
];
const CONTESTED: &[Told] = &[
    asked(A::Decider, "裁定"),
    knows(A::Dispatcher),
    knows(A::Deputy),
    knows(A::OwnHead),
];
const REASSIGNED: &[Told] = &[
    asked(A::LeadClerk, "签收"),
    asked(A::LeadHead, "签收"),
    knows(A::AskerClerk),
    knows(A::AskerHead),
    knows(A::AssistClerk),
    knows(A::Dispatcher),
    knows(A::Community),
];
const DENIED: &[Told] = &[
    knows(A::AskerClerk),
    knows(A::AskerHead),
    knows(A::Dispatcher),
];
const EXTENDED: &[Told] = &[
    knows(A::AskerClerk),
    knows(A::AskerHead),
    asked(A::Community, "告诉诉求人新的期限"),
    knows(A::Dispatcher),
];
const SUSPENDED: &[Told] = &[
    knows(A::LeadClerk),
    knows(A::LeadHead),
    knows(A::AssistClerk),
    knows(A::AssistHead),
    asked(A::Community, "告诉诉求人"),
    knows(A::Dispatcher),
];
const RESUMED: &[Told] = &[
    asked(A::LeadClerk, "接着办"),
    asked(A::LeadHead, "接着办"),
    asked(A::AssistClerk, "接着办"),
    knows(A::Community),
    knows(A::Dispatcher),
    knows(A::CityOffice),
];
const MILESTONE: &[Told] = &[
    knows(A::Dispatcher),
    knows(A::CityOffice),
    knows(A::OwnHead),
];
const EXEMPTED: &[Told] = &[
    knows(A::AskerClerk),
    knows(A::AskerHead),
    knows(A::Dispatcher),
    knows(A::CityOffice),
];
const LAPSED: &[Told] = &[
    knows(A::AskerClerk),
    knows(A::AskerHead),
    knows(A::Dispatcher),
    knows(A::Deputy),
    knows(A::Decider),
];
const TAKEN_BACK: &[Told] = &[knows(A::Decider), knows(A::OwnHead)];
const RETURNED: &[Told] = &[asked(A::Community, "处置")];
const FOUND_BY: &[Told] = &[knows(A::Filer)];

/// What is told of an act on a whistle.
#[expect(clippy::too_many_lines, reason = "one table of verbs, read as a whole")]
pub fn of_whistle(verb: Verb) -> Step {
    match verb {
        Verb::Request => step("申请吹哨", SORTS),
        Verb::SendBack => step("退回吹哨申请", AMENDS),
        Verb::Submit => step("送审哨单", DECIDES),
        Verb::Approve => step("同意吹哨", APPROVED),
        Verb::Refuse => step("不同意吹哨", AMENDS),
        Verb::Sound => step("吹哨", SOUNDED),
        Verb::Verify => step("事后核实应急哨", VERIFIED),
        Verb::Sign => step("已签收", SIGNED),
        Verb::Report => step("已报到", REPORTED),
        Verb::Feedback => step("已反馈", FED_BACK),
        Verb::Uncooperative => step("标记协办部门未配合", BLAMED),
        Verb::CheckPass => step("核查通过", PASSED),
        Verb::CheckFail => step("核查不通过", FAILED),
        Verb::Rate => step("已评价", RATED),
        Verb::Review => step("已评价哨单", REVIEWED),
        Verb::Close => step("办结哨单", ENDED),
        Verb::Withdraw => step("撤回哨单", ENDED),
        Verb::Reopen => step("重启哨单", REOPENED),
        Verb::Calendar => step("改了工作日历，时限有变", RETIMED),
        Verb::AskReturn => step("申请退回任务", ASKED),
        Verb::Contest => step("提请上一级裁定", CONTESTED),
        Verb::Reassign => step("改派任务", REASSIGNED),
        Verb::DenyReturn => step("维持原派", DENIED),
        Verb::AskExtension => step("申请延期", ASKED),
        Verb::GrantExtension => step("同意延期", EXTENDED),
        Verb::DenyExtension => step("不同意延期", DENIED),
        Verb::AskSuspension => step("申请挂账", ASKED),
        Verb::Suspend => step("同意挂账", SUSPENDED),
        Verb::DenySuspension => step("不同意挂账", DENIED),
        Verb::Resume => step("复办", RESUMED),
        Verb::Milestone => step("完成挂账节点", MILESTONE),
        Verb::Appeal => step("提出超时申诉", ASKED),
        Verb::Exempt => step("认定超时不计入考核", EXEMPTED),
        Verb::DenyAppeal => step("驳回超时申诉", DENIED),
        Verb::Lapse => step("未在时限内答复申请", LAPSED),
        Verb::TakeBack => step("撤回申请", TAKEN_BACK),
        Verb::Draft
        | Verb::Handle
        | Verb::File
        | Verb::Accept
        | Verb::Measure
        | Verb::Raise
        | Verb::Solve
        | Verb::Reject
        | Verb::Merge
        | Verb::Split
        | Verb::Whistle
        | Verb::Unmask
        | Verb::SignIn
        | Verb::SignOut
        | Verb::Lock
        | Verb::Password
        | Verb::Switch
        | Verb::Leave
        | Verb::Return
        | Verb::TakeOver
        | Verb::Visit
        | Verb::VisitTry
        | Verb::VisitLink
        | Verb::Recur
        | Verb::NoRecur
        | Verb::Breach
        | Verb::Urge
        | Verb::Supervise
        | Verb::SupervisionReply
        | Verb::Card
        | Verb::Limits
        | Verb::Enter
        | Verb::Amend
        | Verb::End
        | Verb::NameLeader
        | Verb::Rule => SILENT,
    }
}

/// Who is told besides when the whistle is an emergency. There the departments' own rows count as
/// danger too.
pub fn when_emergency(verb: Verb) -> &'static [Told] {
    if verb == Verb::Sound {
        const {
            &[
                alarmed(A::Deputy, "核实"),
                alarmed(A::Secretary, ""),
                alarmed(A::CityOffice, ""),
            ]
        }
    } else {
        &[]
    }
}

/// What is told of an act on a matter.
#[expect(clippy::too_many_lines, reason = "one table of verbs, read as a whole")]
pub fn of_matter(verb: Verb) -> Step {
    match verb {
        Verb::Raise => step("上报街道", SORTS),
        Verb::SendBack => step("退回事项", RETURNED),
        Verb::Whistle => step("已为这件事吹哨", FOUND_BY),
        Verb::Solve => step("已解决您上报的事项", FOUND_BY),
        Verb::Reject => step("不予受理您上报的事项", FOUND_BY),
        Verb::File
        | Verb::Accept
        | Verb::Measure
        | Verb::Merge
        | Verb::Split
        | Verb::Unmask
        | Verb::Draft
        | Verb::Request
        | Verb::Submit
        | Verb::Approve
        | Verb::Refuse
        | Verb::Sound
        | Verb::Verify
        | Verb::Sign
        | Verb::Report
        | Verb::Handle
        | Verb::Feedback
        | Verb::Uncooperative
        | Verb::CheckPass
        | Verb::CheckFail
        | Verb::Rate
        | Verb::Review
        | Verb::Close
        | Verb::Withdraw
        | Verb::SignIn
        | Verb::SignOut
        | Verb::Lock
        | Verb::Password
        | Verb::Switch
        | Verb::Leave
        | Verb::Return
        | Verb::TakeOver
        | Verb::Visit
        | Verb::VisitTry
        | Verb::VisitLink
        | Verb::Recur
        | Verb::NoRecur
        | Verb::Breach
        | Verb::Urge
        | Verb::Supervise
        | Verb::SupervisionReply
        | Verb::Card
        | Verb::Calendar
        | Verb::Limits
        | Verb::Enter
        | Verb::Amend
        | Verb::End
        | Verb::NameLeader
        | Verb::Rule
        | Verb::AskReturn
        | Verb::Contest
        | Verb::Reassign
        | Verb::DenyReturn
        | Verb::AskExtension
        | Verb::GrantExtension
        | Verb::DenyExtension
        | Verb::AskSuspension
        | Verb::Suspend
        | Verb::DenySuspension
        | Verb::Resume
        | Verb::Milestone
        | Verb::Appeal
        | Verb::Exempt
        | Verb::DenyAppeal
        | Verb::Lapse
        | Verb::TakeBack
        | Verb::Reopen => SILENT,
    }
}

/// The verbs whose rows the page shows for whistles, in the order of a whistle's life.
pub(super) const WHISTLE_STEPS: [Verb; 36] = [
    Verb::Request,
    Verb::SendBack,
    Verb::Submit,
    Verb::Approve,
    Verb::Refuse,
    Verb::Sound,
    Verb::Verify,
    Verb::Sign,
    Verb::Report,
    Verb::Feedback,
    Verb::Uncooperative,
    Verb::CheckPass,
    Verb::CheckFail,
    Verb::Rate,
    Verb::Review,
    Verb::Close,
    Verb::Reopen,
    Verb::Withdraw,
    Verb::AskReturn,
    Verb::Contest,
    Verb::Reassign,
    Verb::DenyReturn,
    Verb::AskExtension,
    Verb::GrantExtension,
    Verb::DenyExtension,
    Verb::AskSuspension,
    Verb::Suspend,
    Verb::DenySuspension,
    Verb::Resume,
    Verb::Milestone,
    Verb::Appeal,
    Verb::Exempt,
    Verb::DenyAppeal,
    Verb::Lapse,
    Verb::TakeBack,
    Verb::Calendar,
];

/// The same for matters.
pub(super) const MATTER_STEPS: [Verb; 5] = [
    Verb::Raise,
    Verb::SendBack,
    Verb::Whistle,
    Verb::Solve,
    Verb::Reject,
];

/// What a whistle is to those who are told of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) is_emergency: bool,
    pub(super) is_checking: bool,
    pub(super) is_closing: bool,
}

/// The row as it holds for this whistle now: a check is asked for when everybody has fed back,
/// closing when both sides have rated; of an emergency everything that asks is danger.
pub(super) fn as_it_stands(told: Told, verb: Verb, facts: Facts) -> Option<Told> {
    if verb == Verb::Rate && !facts.is_closing {
        return None;
    }
    let ask = if verb == Verb::Feedback && !facts.is_checking {
        ""
    } else {
        told.ask
    };
    let told = Told { ask, ..told };
    let presses = facts.is_emergency && (verb == Verb::Sound || !told.ask.is_empty());
    Some(if presses {
        Told {
            class: Class::Danger,
            ..told
        }
    } else {
        told
    })
}

/// What a notice says first: who did what, and what is asked.
pub(super) fn title(seat: &str, did: &str, ask: &str) -> String {
    if ask.is_empty() {
        format!("{seat}{did}")
    } else {
        format!("{seat}{did}，请{ask}")
    }
}

/// What it was done to, and in which words.
pub(super) fn words(title: &str, sentence: &str) -> String {
    if sentence.is_empty() {
        title.to_owned()
    } else {
        format!("{title}：{sentence}")
    }
}
