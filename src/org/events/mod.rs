//! What happened: one insert-only row per action, in the action's transaction. The timeline,
//! later the notices, figures and scores, read these and nothing else.

mod queries;

pub use queries::{record, record_at_door, record_each};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "event_subject", rename_all = "snake_case")]
pub enum Subject {
    /// A matter.
    Matter,
    /// A whistle.
    Whistle,
    /// An account.
    Account,
    /// The calendar; its id is the tenant's.
    Calendar,
    /// The limits; its id is the tenant's.
    Limits,
}

/// Declares the verbs with what the timeline calls each.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $code:literal $label:literal),+ $(,)?) => {
        /// What was done. The code is stored; the label is what the timeline says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Verb { $($(#[$doc])* $name),+ }
        impl Verb {
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
    /// Called back.
    Withdraw = "withdraw" "撤哨",
    /// A limit was passed; written by the program itself.
    Breach = "breach" "超期",
    /// The calendar is changed.
    Calendar = "calendar" "改日历",
    /// A new version of the limits.
    Limits = "limits" "改时限",
    /// Signed in.
    SignIn = "sign_in" "登录",
    /// Signed out, or a session ended.
    SignOut = "sign_out" "退出",
    /// Locked after failures.
    Lock = "lock" "锁定",
    /// New password.
    Password = "password" "修改密码",
    /// Acts for another post.
    Switch = "switch" "切换职务",
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
}

impl Entry {
    /// The verb's word.
    pub fn label(&self) -> &str {
        match Verb::read(&self.verb) {
            Some(verb) => verb.label(),
            None => &self.verb,
        }
    }
}
