//! The table: for each verb the audiences, how much it presses, and what is asked of each.

use super::audiences::{Audience as A, Step, Told, alarmed, asked, knows, step};
use crate::org::events::Verb;

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
        | Verb::EnterPerson
        | Verb::AmendPerson
        | Verb::SetUpPost
        | Verb::AbolishPost
        | Verb::Appoint
        | Verb::Relieve
        | Verb::CancelAppointment
        | Verb::Term
        | Verb::OpenAccount
        | Verb::ResetPassword
        | Verb::Unlock
        | Verb::CloseAccount
        | Verb::ReopenAccount
        | Verb::EndSession
        | Verb::EnableFactor
        | Verb::DisableFactor
        | Verb::RenewCodes
        | Verb::ResetFactor
        | Verb::AddNode
        | Verb::AddStation
        | Verb::AmendStation
        | Verb::CloseStation
        | Verb::SetParameter
        | Verb::Backup
        | Verb::FailBackup
        | Verb::Restore
        | Verb::AddPhrase
        | Verb::AmendPhrase
        | Verb::DraftAnnouncement
        | Verb::PutOutAnnouncement
        | Verb::AmendAnnouncement
        | Verb::WithdrawAnnouncement
        | Verb::CheckAudit
        | Verb::AmendNode
        | Verb::CloseNode
        | Verb::MergeNode
        | Verb::SplitNode
        | Verb::MoveGround
        | Verb::AddDepartment
        | Verb::AmendDepartment
        | Verb::EndDepartment
        | Verb::SetPersonal
        | Verb::Anonymise
        | Verb::AskPersonal
        | Verb::LetPersonal
        | Verb::DenyPersonal
        | Verb::TakePersonal
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
        | Verb::AddClass
        | Verb::ChangeClass
        | Verb::Enter
        | Verb::Amend
        | Verb::End
        | Verb::TakeBackDuty
        | Verb::Register
        | Verb::Revise
        | Verb::Repeal
        | Verb::Plan
        | Verb::EndPlan
        | Verb::Consult
        | Verb::Propose
        | Verb::Call
        | Verb::Opine
        | Verb::Minutes
        | Verb::Perform
        | Verb::Answer
        | Verb::AcceptAnswer
        | Verb::Object
        | Verb::Uphold
        | Verb::Dismiss
        | Verb::Silent
        | Verb::CallOff
        | Verb::Read
        | Verb::Violate
        | Verb::Strike
        | Verb::Attach
        | Verb::Detach
        | Verb::AddPhotos
        | Verb::RemovePhoto
        | Verb::RedactPhoto
        | Verb::OpenOriginal
        | Verb::DemandPhotos
        | Verb::NameLeader
        | Verb::MakePlan
        | Verb::SetTask
        | Verb::Progress
        | Verb::AddMilestone
        | Verb::ConfirmTask
        | Verb::EndTask
        | Verb::ListProblem
        | Verb::ReportMended
        | Verb::ReturnMended
        | Verb::StrikeOff
        | Verb::Scheme
        | Verb::ShowScores
        | Verb::FreezeScores
        | Verb::ObjectToScore
        | Verb::CallPanel
        | Verb::Vote
        | Verb::UpholdScore
        | Verb::DismissScore
        | Verb::DropScore
        | Verb::MakePack
        | Verb::IssueBulletin
        | Verb::OrderReport
        | Verb::AmendReport
        | Verb::PauseReport
        | Verb::ResumeReport
        | Verb::EndReport
        | Verb::TakeUpTopic
        | Verb::SetTopicAside
        | Verb::AmendTopic
        | Verb::HandInScheme
        | Verb::AddTopicItem
        | Verb::FinishTopicItem
        | Verb::DropTopicItem
        | Verb::ConcludeTopic
        | Verb::WithdrawTopic
        | Verb::SignInFail
        | Verb::Export
        | Verb::Print
        | Verb::Import
        | Verb::Download
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
        | Verb::EnterPerson
        | Verb::AmendPerson
        | Verb::SetUpPost
        | Verb::AbolishPost
        | Verb::Appoint
        | Verb::Relieve
        | Verb::CancelAppointment
        | Verb::Term
        | Verb::OpenAccount
        | Verb::ResetPassword
        | Verb::Unlock
        | Verb::CloseAccount
        | Verb::ReopenAccount
        | Verb::EndSession
        | Verb::EnableFactor
        | Verb::DisableFactor
        | Verb::RenewCodes
        | Verb::ResetFactor
        | Verb::AddNode
        | Verb::AddStation
        | Verb::AmendStation
        | Verb::CloseStation
        | Verb::SetParameter
        | Verb::Backup
        | Verb::FailBackup
        | Verb::Restore
        | Verb::AddPhrase
        | Verb::AmendPhrase
        | Verb::DraftAnnouncement
        | Verb::PutOutAnnouncement
        | Verb::AmendAnnouncement
        | Verb::WithdrawAnnouncement
        | Verb::CheckAudit
        | Verb::AmendNode
        | Verb::CloseNode
        | Verb::MergeNode
        | Verb::SplitNode
        | Verb::MoveGround
        | Verb::AddDepartment
        | Verb::AmendDepartment
        | Verb::EndDepartment
        | Verb::SetPersonal
        | Verb::Anonymise
        | Verb::AskPersonal
        | Verb::LetPersonal
        | Verb::DenyPersonal
        | Verb::TakePersonal
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
        | Verb::AddClass
        | Verb::ChangeClass
        | Verb::Enter
        | Verb::Amend
        | Verb::End
        | Verb::TakeBackDuty
        | Verb::Register
        | Verb::Revise
        | Verb::Repeal
        | Verb::Plan
        | Verb::EndPlan
        | Verb::Consult
        | Verb::Propose
        | Verb::Call
        | Verb::Opine
        | Verb::Minutes
        | Verb::Perform
        | Verb::Answer
        | Verb::AcceptAnswer
        | Verb::Object
        | Verb::Uphold
        | Verb::Dismiss
        | Verb::Silent
        | Verb::CallOff
        | Verb::Read
        | Verb::Violate
        | Verb::Strike
        | Verb::Attach
        | Verb::Detach
        | Verb::AddPhotos
        | Verb::RemovePhoto
        | Verb::RedactPhoto
        | Verb::OpenOriginal
        | Verb::DemandPhotos
        | Verb::NameLeader
        | Verb::Scheme
        | Verb::ShowScores
        | Verb::FreezeScores
        | Verb::ObjectToScore
        | Verb::CallPanel
        | Verb::Vote
        | Verb::UpholdScore
        | Verb::DismissScore
        | Verb::DropScore
        | Verb::MakePack
        | Verb::IssueBulletin
        | Verb::OrderReport
        | Verb::AmendReport
        | Verb::PauseReport
        | Verb::ResumeReport
        | Verb::EndReport
        | Verb::TakeUpTopic
        | Verb::SetTopicAside
        | Verb::AmendTopic
        | Verb::HandInScheme
        | Verb::AddTopicItem
        | Verb::FinishTopicItem
        | Verb::DropTopicItem
        | Verb::ConcludeTopic
        | Verb::WithdrawTopic
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
        | Verb::MakePlan
        | Verb::SetTask
        | Verb::Progress
        | Verb::AddMilestone
        | Verb::ConfirmTask
        | Verb::EndTask
        | Verb::ListProblem
        | Verb::ReportMended
        | Verb::ReturnMended
        | Verb::StrikeOff
        | Verb::SignInFail
        | Verb::Export
        | Verb::Print
        | Verb::Import
        | Verb::Download
        | Verb::Reopen => SILENT,
    }
}
