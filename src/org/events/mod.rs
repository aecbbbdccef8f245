//! What happened: one insert-only row per action, in the action's transaction. The timeline,
//! later the notices, figures and scores, read these and nothing else.

mod pages;
mod printed;
mod queries;

pub use pages::{download, sheet};
pub use printed::{routes, to_the_end};
pub use queries::{
    Knocker, record, record_all, record_at_door, record_by, record_each, record_each_by,
    record_step,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::org::TenantId;
use crate::org::access::Viewer;
use crate::org::photos::Photo;

/// Who acts: somebody at a desk, or the resident over a one-time link, of whom the record keeps
/// neither name nor number.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody at a desk.
    Post(&'a Viewer),
    /// The resident who told it.
    Resident(TenantId),
    /// The program itself, when a time has come.
    Program(TenantId),
}

impl By<'_> {
    /// The tenant in which it happens.
    pub fn tenant(self) -> TenantId {
        match self {
            Self::Post(me) => me.tenant,
            Self::Resident(tenant) | Self::Program(tenant) => tenant,
        }
    }

    /// The post that acts, if one does.
    pub fn post(self) -> Option<Uuid> {
        match self {
            Self::Post(me) => Some(me.post.0),
            Self::Resident(_) | Self::Program(_) => None,
        }
    }

    /// The department that acts, if one does.
    pub fn department(self) -> Option<Uuid> {
        match self {
            Self::Post(me) => me.department().map(|d| d.0),
            Self::Resident(_) | Self::Program(_) => None,
        }
    }

    /// The name of the place or department that acts.
    pub fn seat_name(&self) -> &str {
        match self {
            Self::Post(me) => me.seat_name(),
            Self::Resident(_) => "群众",
            Self::Program(_) => "系统",
        }
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "event_subject", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A matter.
    Matter,
    /// A whistle.
    Whistle,
    /// An account.
    Account,
    /// An item of the duty list.
    Duty,
    /// A policy document.
    Document,
    /// A department.
    Department,
    /// The calendar; its id is the tenant's.
    Calendar,
    /// The limits; its id is the tenant's.
    Limits,
    /// The register of classes; its id is the tenant's.
    Class,
    /// A plan of the five powers.
    Plan,
    /// One use of a power.
    Exercise,
    /// A department did not ask where it must.
    Violation,
    /// A three-year plan.
    ThreeYearPlan,
    /// A task of a three-year plan.
    Task,
    /// A rectification item.
    Rectification,
    /// The special assessment: a scheme or a period.
    Assessment,
    /// A department's objection to its score.
    Objection,
    /// An evidence pack.
    Pack,
    /// The bulletin of a month.
    Bulletin,
    /// Figures that somebody gets by mail.
    Report,
    /// A topic, or a proposal of one that was set aside.
    Topic,
    /// A person, with the account.
    Person,
    /// A post, with who is appointed to it.
    Post,
    /// A list that was handed out as a file; its id is the tenant's.
    Sheet,
    /// An attached file.
    File,
    /// A node of the chain.
    Node,
    /// A service station (服务站点).
    Station,
    /// A parameter; its id is the tenant's.
    Parameter,
    /// A reply phrase (常用语).
    Phrase,
    /// A notice to all (公告).
    Announcement,
    /// A register that came in from Excel.
    Import,
    /// Backups; its id is the tenant's.
    Backup,
    /// Personal data as a whole, its id is the tenant's; or a file with them that was asked for.
    Personal,
}

impl Subject {
    /// Every kind, in the order in which lists of choices show them.
    pub const ALL: &'static [Self] = &[
        Self::Account,
        Self::Person,
        Self::Post,
        Self::Node,
        Self::Station,
        Self::Department,
        Self::Calendar,
        Self::Limits,
        Self::Class,
        Self::Parameter,
        Self::Phrase,
        Self::Announcement,
        Self::Document,
        Self::Import,
        Self::Personal,
        Self::Backup,
        Self::Sheet,
        Self::File,
        Self::Matter,
        Self::Whistle,
        Self::Duty,
        Self::Plan,
        Self::Exercise,
        Self::Violation,
        Self::ThreeYearPlan,
        Self::Task,
        Self::Rectification,
        Self::Assessment,
        Self::Objection,
        Self::Pack,
        Self::Bulletin,
        Self::Report,
        Self::Topic,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Matter => "matter",
            Self::Whistle => "whistle",
            Self::Account => "account",
            Self::Duty => "duty",
            Self::Document => "document",
            Self::Department => "department",
            Self::Calendar => "calendar",
            Self::Limits => "limits",
            Self::Class => "class",
            Self::Plan => "plan",
            Self::Exercise => "exercise",
            Self::Violation => "violation",
            Self::ThreeYearPlan => "three_year_plan",
            Self::Task => "task",
            Self::Rectification => "rectification",
            Self::Assessment => "assessment",
            Self::Objection => "objection",
            Self::Pack => "pack",
            Self::Bulletin => "bulletin",
            Self::Report => "report",
            Self::Topic => "topic",
            Self::Person => "person",
            Self::Post => "post",
            Self::Sheet => "sheet",
            Self::File => "file",
            Self::Node => "node",
            Self::Station => "station",
            Self::Parameter => "parameter",
            Self::Phrase => "phrase",
            Self::Announcement => "announcement",
            Self::Import => "import",
            Self::Backup => "backup",
            Self::Personal => "personal",
        }
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Matter => "事项",
            Self::Whistle => "哨单",
            Self::Account => "账号",
            Self::Duty => "权责清单",
            Self::Document => "制度文件",
            Self::Department => "部门",
            Self::Calendar => "工作日历",
            Self::Limits => "时限设置",
            Self::Class => "类别登记",
            Self::Plan => "赋权方案",
            Self::Exercise => "行权记录",
            Self::Violation => "应征未征",
            Self::ThreeYearPlan => "三年计划",
            Self::Task => "计划任务",
            Self::Rectification => "整改事项",
            Self::Assessment => "专项考核",
            Self::Objection => "得分申诉",
            Self::Pack => "材料包",
            Self::Bulletin => "通报",
            Self::Report => "定期报告",
            Self::Topic => "每月一题",
            Self::Person => "人员",
            Self::Post => "职务",
            Self::Sheet => "列表",
            Self::File => "附件",
            Self::Node => "组织与网格",
            Self::Station => "服务站点",
            Self::Parameter => "运行参数",
            Self::Phrase => "常用语",
            Self::Announcement => "公告",
            Self::Import => "批量导入",
            Self::Backup => "备份",
            Self::Personal => "个人信息",
        }
    }

    /// Whether it is of the work itself, of which administrators see no content (三员分立).
    pub fn is_business(self) -> bool {
        match self {
            Self::Account
            | Self::Person
            | Self::Post
            | Self::Node
            | Self::Station
            | Self::Department
            | Self::Calendar
            | Self::Limits
            | Self::Class
            | Self::Parameter
            | Self::Phrase
            | Self::Announcement
            | Self::Document
            | Self::Import
            | Self::Backup
            | Self::Personal
            | Self::Sheet => false,
            Self::Matter
            | Self::Whistle
            | Self::Duty
            | Self::Plan
            | Self::Exercise
            | Self::Violation
            | Self::ThreeYearPlan
            | Self::Task
            | Self::Rectification
            | Self::Assessment
            | Self::Objection
            | Self::Pack
            | Self::Bulletin
            | Self::Report
            | Self::Topic
            | Self::File => true,
        }
    }
}

/// Declares the verbs with what the timeline calls each.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $code:literal $label:literal),+ $(,)?) => {
        /// What was done. The code is stored; the label is what the timeline says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Verb { $($(#[$doc])* $name),+ }
        impl Verb {
            /// Every verb, in the order of this list.
            pub const ALL: &'static [Verb] = &[$(Verb::$name),+];
            /// The stored code.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }
            /// The word in the timeline.
            pub fn label(self) -> &'static str { match self { $(Self::$name => $label),+ } }
            /// Reads a stored code.
            pub fn read(code: &str) -> Option<Self> { match code { $($code => Some(Self::$name),)+ _ => None } }
        }
    };
}
verbs! {
    /// A matter is filed.
    File = "file" "上报",
    /// The community takes it.
    Accept = "accept" "受理",
    /// Own work on it.
    Measure = "measure" "自行处置",
    /// Up to the street.
    Raise = "raise" "上报街道",
    /// Solved.
    Solve = "solve" "解决",
    /// It is none.
    Reject = "reject" "不予受理",
    /// Joined to another.
    Merge = "merge" "并案",
    /// Taken apart again.
    Split = "split" "拆案",
    /// Back to who sent it.
    SendBack = "send_back" "退回",
    /// A whistle sounded for it.
    Whistle = "whistle" "吹哨",
    /// Personal data were shown in clear.
    Unmask = "unmask" "查看明文",
    /// A whistle is drafted.
    Draft = "draft" "起草",
    /// The community asks its street to blow.
    Request = "request" "申请吹哨",
    /// Sent for approval.
    Submit = "submit" "送审",
    /// Approved.
    Approve = "approve" "同意",
    /// Not approved.
    Refuse = "refuse" "不同意",
    /// It sounds.
    Sound = "sound" "吹响",
    /// An emergency is verified afterwards.
    Verify = "verify" "事后核实",
    /// A department takes the assignment.
    Sign = "sign" "签收",
    /// It appears on site or makes contact.
    Report = "report" "报到",
    /// Work done.
    Handle = "handle" "处置",
    /// The result.
    Feedback = "feedback" "反馈",
    /// The lead says an assistant does not co-operate.
    Uncooperative = "uncooperative" "标记未配合",
    /// Check passed.
    CheckPass = "check_pass" "核查通过",
    /// Check failed.
    CheckFail = "check_fail" "核查不通过",
    /// A department is rated.
    Rate = "rate" "评价",
    /// The whistle is rated by a department.
    Review = "review" "评价哨单",
    /// Closed.
    Close = "close" "办结",
    /// The resident was asked and answered.
    Visit = "visit" "回访",
    /// The desk called and did not reach the resident.
    VisitTry = "visit_try" "回访未接通",
    /// A one-time link was made for the resident.
    VisitLink = "visit_link" "生成回访链接",
    /// Back to the check: not solved, or come again.
    Reopen = "reopen" "重启",
    /// The same trouble came again in the same building or near it.
    Recur = "recur" "疑似复发",
    /// The street does not reopen for it.
    NoRecur = "no_recur" "不重启",
    /// Called back.
    Withdraw = "withdraw" "撤哨",
    /// A limit was passed; written by the program itself.
    Breach = "breach" "超期",
    /// A word that time is short or over.
    Urge = "urge" "催办",
    /// A letter of the street or the city.
    Supervise = "supervise" "督办",
    /// The department answers the city's letter.
    SupervisionReply = "supervision_reply" "回复督办",
    /// A yellow or red card.
    Card = "card" "亮牌",
    /// A department gives its assignment back and names another.
    AskReturn = "ask_return" "申请退回",
    /// A refused department goes one level up.
    Contest = "contest" "提请上一级裁定",
    /// Another department has it from now on.
    Reassign = "reassign" "改派",
    /// It stays with the department.
    DenyReturn = "deny_return" "维持原派",
    /// More time is asked for.
    AskExtension = "ask_extension" "申请延期",
    /// More time is given.
    GrantExtension = "grant_extension" "同意延期",
    /// No more time.
    DenyExtension = "deny_extension" "不同意延期",
    /// To be put aside until a day.
    AskSuspension = "ask_suspension" "申请挂账",
    /// Put aside until a day.
    Suspend = "suspend" "挂账",
    /// Not put aside.
    DenySuspension = "deny_suspension" "不同意挂账",
    /// What was put aside goes on.
    Resume = "resume" "复办",
    /// Something to be reached while put aside is reached.
    Milestone = "milestone" "完成节点",
    /// A breach shall not count.
    Appeal = "appeal" "超时申诉",
    /// A breach does not count.
    Exempt = "exempt" "不计入考核",
    /// A breach counts.
    DenyAppeal = "deny_appeal" "驳回申诉",
    /// Nobody decided in time.
    Lapse = "lapse" "逾期未决",
    /// A request is taken back, or has lost its object.
    TakeBack = "take_back" "撤回申请",
    /// An item enters the duty list.
    Enter = "enter" "列入清单",
    /// A new version of an item.
    Amend = "amend" "修改",
    /// An item is no longer in force.
    End = "end" "停用",
    /// A version or an end of an item is taken back before its day.
    TakeBackDuty = "take_back_duty" "撤回清单改动",
    /// A ruling becomes a precedent.
    Rule = "rule" "裁定",
    /// A policy document is registered.
    Register = "register" "登记文件",
    /// A new version of one.
    Revise = "revise" "修订文件",
    /// It is no longer in force.
    Repeal = "repeal" "废止文件",
    /// A file is attached.
    Attach = "attach" "添加附件",
    /// A file is removed; its row stays.
    Detach = "detach" "移除附件",
    /// Photos are added to a thing on its page.
    AddPhotos = "add_photos" "添加照片",
    /// One of them is taken away; its row stays.
    RemovePhoto = "remove_photo" "移除照片",
    /// Parts of a photo are blackened; the original is sealed.
    RedactPhoto = "redact_photo" "遮盖照片",
    /// Somebody looked at a sealed original.
    OpenOriginal = "open_original" "查看原图",
    /// Where the city wants photos.
    DemandPhotos = "demand_photos" "改照片要求",
    /// The calendar is changed.
    Calendar = "calendar" "改日历",
    /// A new version of the limits.
    Limits = "limits" "改时限",
    /// A class of matters is added.
    AddClass = "add_class" "增设类别",
    /// A class of matters is changed from a day on.
    ChangeClass = "change_class" "改类别",
    /// A new version of the scoring rules.
    Scheme = "scheme" "改评分规则",
    /// The scores of a period are shown to the departments.
    ShowScores = "show_scores" "公示",
    /// The scores of a period are frozen.
    FreezeScores = "freeze_scores" "封存",
    /// A department objects to what a case costs it.
    ObjectToScore = "object_score" "申诉得分",
    /// The office calls the panel of an objection.
    CallPanel = "call_panel" "送评议组",
    /// A member of the panel votes.
    Vote = "vote" "评议",
    /// Two of the panel uphold it.
    UpholdScore = "uphold_score" "申诉成立",
    /// Two of the panel dismiss it, or its time is over.
    DismissScore = "dismiss_score" "申诉不成立",
    /// The department takes it back.
    DropScore = "drop_score" "撤回申诉",
    /// An evidence pack is made.
    MakePack = "make_pack" "生成材料包",
    /// The city's office put out the bulletin of a month.
    IssueBulletin = "issue_bulletin" "印发通报",
    /// Somebody wants figures by mail.
    OrderReport = "order_report" "订定期报告",
    /// Others, or at another time.
    AmendReport = "amend_report" "改定期报告",
    /// None for a while.
    PauseReport = "pause_report" "暂停定期报告",
    /// Again.
    ResumeReport = "resume_report" "恢复定期报告",
    /// No more.
    EndReport = "end_report" "停发定期报告",
    /// A topic is taken up.
    TakeUpTopic = "take_up_topic" "立题",
    /// What was proposed as a topic is not taken up for now.
    SetTopicAside = "set_topic_aside" "暂不立题",
    /// Title, month or goal of a topic are changed.
    AmendTopic = "amend_topic" "修改课题",
    /// The lead hands in its scheme.
    HandInScheme = "hand_in_scheme" "报送方案",
    /// A line enters a list of a topic.
    AddTopicItem = "add_topic_item" "列入课题清单",
    /// A line is done.
    FinishTopicItem = "finish_topic_item" "办完清单事项",
    /// A line is not done any more.
    DropTopicItem = "drop_topic_item" "不再办清单事项",
    /// A topic is concluded.
    ConcludeTopic = "conclude_topic" "结题",
    /// A topic is given up.
    WithdrawTopic = "withdraw_topic" "撤题",
    /// A city leader is put in charge of a department.
    NameLeader = "name_leader" "指定分管市领导",
    /// A plan of the five powers is made.
    Plan = "plan" "制定赋权方案",
    /// A plan ends.
    EndPlan = "end_plan" "终止赋权方案",
    /// A department asks a street.
    Consult = "consult" "征求意见",
    /// A street proposes something.
    Propose = "propose" "提出建议",
    /// A street calls departments together.
    Call = "call" "召集协调",
    /// A street gives its opinion.
    Opine = "opine" "提出意见",
    /// A street records what was agreed.
    Minutes = "minutes" "形成纪要",
    /// A department has done what was agreed.
    Perform = "perform" "落实议定事项",
    /// A department answers a street.
    Answer = "answer" "答复",
    /// A street accepts an answer.
    AcceptAnswer = "accept_answer" "认可答复",
    /// A street objects to an answer.
    Object = "object" "提出异议",
    /// The city's office finds the street right.
    Uphold = "uphold" "支持异议",
    /// The city's office finds the department right.
    Dismiss = "dismiss" "维持答复",
    /// A street said nothing in time.
    Silent = "silent" "逾期视同",
    /// A use of a power is called back.
    CallOff = "call_off" "撤回",
    /// Somebody read a sealed record.
    Read = "read" "查阅",
    /// A department did not ask where it must.
    Violate = "violate" "应征未征",
    /// That was none.
    Strike = "strike" "撤销登记",
    /// A three-year plan is made.
    MakePlan = "make_plan" "制定计划",
    /// A task of the plan is set.
    SetTask = "set_task" "下达任务",
    /// The responsible body reports progress.
    Progress = "progress" "报进展",
    /// Something more is to be reached.
    AddMilestone = "add_milestone" "增设节点",
    /// A task is done.
    ConfirmTask = "confirm_task" "确认完成",
    /// A task ends without being done.
    EndTask = "end_task" "终止任务",
    /// A problem is listed to be mended.
    ListProblem = "list_problem" "列入整改",
    /// Its owner says with proof that it is mended.
    ReportMended = "report_mended" "报整改完成",
    /// It is not.
    ReturnMended = "return_mended" "退回继续整改",
    /// It is, and struck off.
    StrikeOff = "strike_off" "核实销号",
    /// Signed in.
    SignIn = "sign_in" "登录",
    /// A wrong name or password, or an account that may not sign in.
    SignInFail = "sign_in_fail" "登录失败",
    /// Signed out, or a session ended.
    SignOut = "sign_out" "退出",
    /// Locked after failures.
    Lock = "lock" "锁定",
    /// New password.
    Password = "password" "修改密码",
    /// Acts for another post.
    Switch = "switch" "切换职务",
    /// Away, with a deputy.
    Leave = "leave" "请假",
    /// Back, or not gone.
    Return = "return" "销假",
    /// A post's open work is taken over.
    TakeOver = "take_over" "接手",
    /// A person enters the register.
    EnterPerson = "enter_person" "登记人员",
    /// What the register says of a person is changed.
    AmendPerson = "amend_person" "修改人员",
    /// A post is set up.
    SetUpPost = "set_up_post" "设立职务",
    /// A post is abolished.
    AbolishPost = "abolish_post" "撤销职务",
    /// Somebody is appointed to a post.
    Appoint = "appoint" "任命",
    /// Somebody is relieved of a post.
    Relieve = "relieve" "免职",
    /// An appointment is taken back before it begins.
    CancelAppointment = "cancel_appointment" "取消任命",
    /// The end of a term is noted.
    Term = "term" "改任期",
    /// An account is made.
    OpenAccount = "open_account" "开通账号",
    /// A new first password is made.
    ResetPassword = "reset_password" "重置密码",
    /// The lock after failures is taken off.
    Unlock = "unlock" "解锁",
    /// An account is closed.
    CloseAccount = "close_account" "停用账号",
    /// A closed account is opened again.
    ReopenAccount = "reopen_account" "恢复账号",
    /// A second factor is confirmed.
    EnableFactor = "enable_factor" "启用第二因子",
    /// It is done without.
    DisableFactor = "disable_factor" "停用第二因子",
    /// New recovery codes.
    RenewCodes = "renew_codes" "重新生成恢复码",
    /// An administrator forgets somebody's second factor.
    ResetFactor = "reset_factor" "重置第二因子",
    /// A session is ended by an administrator.
    EndSession = "end_session" "强制退出",
    /// A list is handed out as a file.
    Export = "export" "导出",
    /// A page is printed.
    Print = "print" "打印",
    /// A file is handed out.
    Download = "download" "下载",
    /// A register is filled from a workbook.
    Import = "import" "批量导入",
    /// A node is added to the chain.
    AddNode = "add_node" "增设",
    /// The audit record was found damaged.
    CheckAudit = "check_audit" "核对审计",
    /// A backup was made and read to its end.
    Backup = "backup" "备份",
    /// A backup could not be made.
    FailBackup = "fail_backup" "备份失败",
    /// The data came back from a backup.
    Restore = "restore" "从备份恢复",
    /// A service station is registered.
    AddStation = "add_station" "登记站点",
    /// What is kept of one is changed.
    AmendStation = "amend_station" "修改站点",
    /// One is closed from a day on.
    CloseStation = "close_station" "关闭站点",
    /// A parameter is set.
    SetParameter = "set_parameter" "改参数",
    /// A reply phrase was added.
    AddPhrase = "add_phrase" "增加常用语",
    /// One was changed, or put out of use.
    AmendPhrase = "amend_phrase" "修改常用语",
    /// A notice to all was written, or a next version of one.
    DraftAnnouncement = "draft_announcement" "起草公告",
    /// One was put out.
    PutOutAnnouncement = "put_out_announcement" "发布公告",
    /// A next version was put out.
    AmendAnnouncement = "amend_announcement" "修改公告",
    /// One was withdrawn.
    WithdrawAnnouncement = "withdraw_announcement" "撤回公告",
    /// A node is called otherwise, or its households or position are corrected.
    AmendNode = "amend_node" "修改",
    /// A node is closed.
    CloseNode = "close_node" "撤销",
    /// Nodes become one.
    MergeNode = "merge_node" "合并",
    /// A node becomes several.
    SplitNode = "split_node" "拆分",
    /// Open work goes to another node, because its own is no more.
    MoveGround = "move_ground" "转入",
    /// A department is added.
    AddDepartment = "add_department" "设立部门",
    /// What is kept of a department is changed.
    AmendDepartment = "amend_department" "修改部门",
    /// A department is ended.
    EndDepartment = "end_department" "撤销部门",
    /// The limit of a day or the times of keeping are changed.
    SetPersonal = "set_personal" "改个人信息设置",
    /// What was kept long enough is forgotten.
    Anonymise = "anonymise" "匿名化",
    /// A file with personal data is asked for.
    AskPersonal = "ask_personal" "申请导出个人信息",
    /// A second person lets it be made.
    LetPersonal = "let_personal" "同意导出个人信息",
    /// A second person does not.
    DenyPersonal = "deny_personal" "不同意导出个人信息",
    /// It is made and taken away.
    TakePersonal = "take_personal" "导出个人信息",
}

/// One line of a timeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What, as stored.
    pub verb: String,
    /// Who.
    pub person_name: String,
    /// For which place or department.
    pub seat: String,
    /// One sentence; may be empty.
    pub sentence: String,
    /// What was photographed with it; only cases bring them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

impl Entry {
    /// Whether it says that something is late.
    pub fn is_late(&self) -> bool {
        Verb::read(&self.verb) == Some(Verb::Breach)
    }

    /// The verb's word.
    pub fn label(&self) -> &str {
        match Verb::read(&self.verb) {
            Some(verb) => verb.label(),
            None => &self.verb,
        }
    }
}
