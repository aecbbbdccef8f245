//! Posts, what each may do, where each sits and how far it sees. Pure.

use serde::{Deserialize, Serialize};

use crate::org::{AppointmentId, DepartmentId, NodeId, PersonId, PostId, SessionId, TenantId};

/// The kinds of posts (职务).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "post_kind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 市领导
    CityLeader,
    /// 市城乡基层治理办
    CityOffice,
    /// 街道党工委书记
    StreetSecretary,
    /// 街道副主任（分管）
    StreetDeputy,
    /// 街道指挥调度中心值班员
    StreetDispatcher,
    /// 街道核查员
    StreetChecker,
    /// 社区书记
    CommunitySecretary,
    /// 社区工作者
    CommunityWorker,
    /// 网格长
    GridChief,
    /// 网格党支部书记
    GridSecretary,
    /// 楼栋长
    BuildingChief,
    /// 楼栋党小组组长
    BuildingLeader,
    /// 单元长
    UnitChief,
    /// 单元党员中心户
    UnitHousehold,
    /// 部门负责人
    DepartmentHead,
    /// 部门联络员
    DepartmentClerk,
    /// 系统管理员
    SystemAdmin,
    /// 安全管理员
    SecurityAdmin,
    /// 审计管理员
    AuditAdmin,
}

impl PostKind {
    /// Every kind, for tests that walk them.
    pub const ALL: [PostKind; 19] = [
        Self::CityLeader,
        Self::CityOffice,
        Self::StreetSecretary,
        Self::StreetDeputy,
        Self::StreetDispatcher,
        Self::StreetChecker,
        Self::CommunitySecretary,
        Self::CommunityWorker,
        Self::GridChief,
        Self::GridSecretary,
        Self::BuildingChief,
        Self::BuildingLeader,
        Self::UnitChief,
        Self::UnitHousehold,
        Self::DepartmentHead,
        Self::DepartmentClerk,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// Whether the post may do this at all; where, is its reach; when, is the stage's business.
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
            || self == Self::DepartmentHead && allowed::HEADS.contains(&permission)
    }

    /// All that a post may do.
    fn permissions(self) -> &'static [Permission] {
        match self {
            Self::CityLeader => allowed::CITY_LEADER,
            Self::CityOffice => allowed::CITY_OFFICE,
            Self::StreetSecretary => allowed::STREET_SECRETARY,
            Self::StreetDeputy => allowed::STREET_DEPUTY,
            Self::StreetDispatcher => allowed::STREET_DISPATCHER,
            Self::StreetChecker => allowed::STREET_CHECKER,
            Self::CommunitySecretary | Self::CommunityWorker => allowed::COMMUNITY,
            Self::GridChief => allowed::GRID_CHIEF,
            Self::GridSecretary
            | Self::BuildingChief
            | Self::BuildingLeader
            | Self::UnitChief
            | Self::UnitHousehold => allowed::GROUND,
            Self::DepartmentHead | Self::DepartmentClerk => allowed::DEPARTMENT,
            Self::SystemAdmin => allowed::SYSTEM_ADMIN,
            Self::SecurityAdmin => allowed::SECURITY_ADMIN,
            Self::AuditAdmin => allowed::AUDIT_ADMIN,
        }
    }

    /// Whether it is one of the three administrators (三员).
    pub fn is_admin(self) -> bool {
        matches!(
            self,
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin
        )
    }

    /// Whether it is a post of a street.
    pub fn is_street(self) -> bool {
        matches!(
            self,
            Self::StreetSecretary
                | Self::StreetDeputy
                | Self::StreetDispatcher
                | Self::StreetChecker
        )
    }

    /// Whether it is a post of a community.
    pub fn is_community(self) -> bool {
        matches!(self, Self::CommunitySecretary | Self::CommunityWorker)
    }

    /// Whether it is a post of a department.
    pub fn is_department(self) -> bool {
        matches!(self, Self::DepartmentHead | Self::DepartmentClerk)
    }

    /// Whether it is a post on the ground: grid, building or unit.
    pub fn is_ground(self) -> bool {
        matches!(
            self,
            Self::GridChief
                | Self::GridSecretary
                | Self::BuildingChief
                | Self::BuildingLeader
                | Self::UnitChief
                | Self::UnitHousehold
        )
    }
}

/// What each kind of post may do; [`PostKind::may`] reads nothing else.
mod allowed {
    use super::Permission as P;

    type Allowed = &'static [P];

    pub(super) const CITY_LEADER: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeMatters,
        P::SeeWhistles,
        P::SeeFigures,
        P::SeeChain,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::MakePacks,
        P::SeeDocuments,
        P::SeeVisits,
        P::SeeSupervision,
        P::SeeRequests,
        P::DecideRequests,
        P::SeePowers,
        P::SeeAccountability,
        P::ConfirmAccountability,
    ];
    pub(super) const CITY_OFFICE: Allowed = &[
        P::ReadFigures,
        P::IssueBulletins,
        P::SeeTopics,
        P::ChangeTopics,
        P::SeeMatters,
        P::RedactPhotos,
        P::OpenOriginals,
        P::SeeWhistles,
        P::SeeFigures,
        P::SeeChain,
        P::NameLeaders,
        P::SeeCalendar,
        P::SetCalendar,
        P::SeeDuties,
        P::ChangeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::ChangeAssessment,
        P::MakePacks,
        P::SeeDocuments,
        P::ChangeDocuments,
        P::SeeVisits,
        P::AskResidents,
        P::SeeTold,
        P::SeeDeliveries,
        P::WriteAnnouncements,
        P::SeeSupervision,
        P::Supervise,
        P::ClearUnreached,
        P::SeeRequests,
        P::DecideRequests,
        P::SeePowers,
        P::RulePowers,
        P::ChangePlans,
        P::ReadCadre,
        P::SeeAccountability,
        P::ChangeAccountability,
        P::ReportProgress,
        P::ConfirmAccountability,
    ];
    pub(super) const STREET_SECRETARY: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeMatters,
        P::OpenOriginals,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::SeeChain,
        P::KeepStations,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::MakePacks,
        P::SeeDocuments,
        P::SeeSupervision,
        P::Supervise,
        P::SeeRequests,
        P::SeePowers,
        P::ExercisePowers,
        P::ReadCadre,
        P::SeeAccountability,
        P::ReportProgress,
        P::SeeDisclosures,
    ];
    pub(super) const STREET_DEPUTY: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeMatters,
        P::RedactPhotos,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::SeeChain,
        P::KeepStations,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::MakePacks,
        P::SeeDocuments,
        P::SeeSupervision,
        P::Supervise,
        P::SeeRequests,
        P::DecideRequests,
        P::SeePowers,
        P::ExercisePowers,
        P::SeeAccountability,
        P::ReportProgress,
        P::SeeDisclosures,
    ];
    pub(super) const STREET_CHECKER: Allowed = &[
        P::ReadFigures,
        P::SeeMatters,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::SeeChain,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::SeeDocuments,
        P::SeeSupervision,
        P::SeeRequests,
        P::SeePowers,
    ];
    pub(super) const STREET_DISPATCHER: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeMatters,
        P::FileMatters,
        P::ActOnMatters,
        P::RedactPhotos,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::DraftWhistles,
        P::SeeChain,
        P::KeepStations,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::JudgeObjections,
        P::SeeDocuments,
        P::DecideReopening,
        P::SeeSupervision,
        P::Supervise,
        P::SeeRequests,
        P::DecideRequests,
        P::SeePowers,
        P::ExercisePowers,
        P::SeeDisclosures,
    ];
    pub(super) const COMMUNITY: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeMatters,
        P::FileMatters,
        P::ActOnMatters,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::DraftWhistles,
        P::SeeChain,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeDocuments,
        P::SeeDisclosures,
    ];
    pub(super) const GRID_CHIEF: Allowed = &[
        P::ReadFigures,
        P::SeeMatters,
        P::FileMatters,
        P::ActOnMatters,
        P::SeeChain,
        P::SeeCalendar,
    ];
    pub(super) const GROUND: Allowed =
        &[P::SeeMatters, P::FileMatters, P::SeeChain, P::SeeCalendar];
    pub(super) const DEPARTMENT: Allowed = &[
        P::ReadFigures,
        P::SeeTopics,
        P::SeeWhistles,
        P::ActOnWhistles,
        P::SeeChain,
        P::SeeCalendar,
        P::SeeDuties,
        P::SeeAssessment,
        P::ObjectToScores,
        P::SeeDocuments,
        P::SeeSupervision,
        P::AnswerSupervision,
        P::SeeRequests,
        P::AskRequests,
        P::SeePowers,
        P::ExercisePowers,
        P::SeeAccountability,
        P::ReportProgress,
    ];
    /// What the head of a department may besides.
    pub(super) const HEADS: Allowed = &[P::ReadCadre, P::MakePacks];
    pub(super) const SYSTEM_ADMIN: Allowed = &[
        P::SeeTold,
        P::SeeCalendar,
        P::SetCalendar,
        P::ChangeClasses,
        P::SeeChain,
        P::KeepStations,
        P::SeeStaff,
        P::ChangePeople,
        P::SetPhrases,
        P::WriteAnnouncements,
        P::SeeAudit,
        P::ChangeChain,
        P::SeePersonal,
        P::SeeKeys,
        P::SeeBackups,
        P::SeeDisclosures,
    ];
    pub(super) const SECURITY_ADMIN: Allowed = &[
        P::SeeChain,
        P::SeeStaff,
        P::Appoint,
        P::ExplainSight,
        P::SetParameters,
        P::SeeAudit,
        P::SeePersonal,
        P::SetPersonal,
        P::SeeDisclosures,
    ];
    pub(super) const AUDIT_ADMIN: Allowed = &[
        P::SeeDeliveries,
        P::SeeStaff,
        P::ExplainSight,
        P::SeeAudit,
        P::SeePersonal,
    ];
}

/// What a path asks of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Permission {
    /// See matters within one's reach.
    SeeMatters,
    /// File a matter on one's own ground.
    FileMatters,
    /// Accept, solve, raise, reject, merge matters.
    ActOnMatters,
    /// Blacken parts of the photos within one's reach.
    RedactPhotos,
    /// Look at the sealed original of a photo, with a reason that is recorded.
    OpenOriginals,
    /// See whistles within one's reach.
    SeeWhistles,
    /// Draft a whistle, or ask the street for one.
    DraftWhistles,
    /// Take part in a whistle: approve, sign, report, feed back, check, rate, close.
    ActOnWhistles,
    /// See what residents answered, and whom the desk has still to ask.
    SeeVisits,
    /// Ask residents, as the neutral desk.
    AskResidents,
    /// Decide whether a whistle is reopened because the same trouble came again.
    DecideReopening,
    /// See requests of departments within one's reach.
    SeeRequests,
    /// Ask for a return, an extension, a suspension, as a department.
    AskRequests,
    /// Decide on requests, each at its level.
    DecideRequests,
    /// Set the parameters.
    SetParameters,
    /// Ask why somebody can see something.
    ExplainSight,
    /// See the city's figures.
    SeeFigures,
    /// Read the figures of one's reach, by day.
    ReadFigures,
    /// Put out the bulletin of a month.
    IssueBulletins,
    /// See topics, and what may become one, within one's reach.
    SeeTopics,
    /// Take up topics, set proposals aside, conclude.
    ChangeTopics,
    /// See the chain and the departments.
    SeeChain,
    /// Name the city leader in charge of a department.
    NameLeaders,
    /// See the duty list.
    SeeDuties,
    /// Change the duty list.
    ChangeDuties,
    /// See scores, as far as the stage of their period shows them.
    SeeAssessment,
    /// Make schemes, show and freeze scores, call panels.
    ChangeAssessment,
    /// Object to what a case costs one's own department.
    ObjectToScores,
    /// Sit on the panel of an objection, if called.
    JudgeObjections,
    /// See and make evidence packs of one's own, or of everybody.
    MakePacks,
    /// See policy documents.
    SeeDocuments,
    /// Register, revise and repeal them.
    ChangeDocuments,
    /// See supervision within one's reach.
    SeeSupervision,
    /// Issue it by hand; which level, says the level.
    Supervise,
    /// Answer the city's letter.
    AnswerSupervision,
    /// Clear what reached nobody.
    ClearUnreached,
    /// See plan tasks and rectification items within one's reach.
    SeeAccountability,
    /// Make plans, tasks and items.
    ChangeAccountability,
    /// Report on those that one's own body answers for.
    ReportProgress,
    /// Confirm tasks and verify items, never those one reported on.
    ConfirmAccountability,
    /// See who is told of which step.
    SeeTold,
    /// See which mails were sent and which were not.
    SeeDeliveries,
    /// See the five powers within one's reach.
    SeePowers,
    /// Begin, answer, accept: act with them for one's street or department.
    ExercisePowers,
    /// Rule on a street's objection; strike violations.
    RulePowers,
    /// Make and end plans of the five powers.
    ChangePlans,
    /// Read what a cadre record says (干部考评意见).
    ReadCadre,
    /// See the calendar, the limits, the classes of matters, and where photos are wanted.
    SeeCalendar,
    /// Change them, but for the classes.
    SetCalendar,
    /// Add and change classes of matters.
    ChangeClasses,
    /// See the register of people, posts and accounts.
    SeeStaff,
    /// Enter and change people.
    ChangePeople,
    /// Add and change reply phrases.
    SetPhrases,
    /// Write notices to all, put them out, withdraw them.
    WriteAnnouncements,
    /// Change the chain and the departments: add, rename, split, merge, close.
    ChangeChain,
    /// Keep the register of service stations, each on one's own ground.
    KeepStations,
    /// See how personal data are kept, and who looked at how many.
    SeePersonal,
    /// Change the limit of a day and the times of keeping.
    SetPersonal,
    /// See how much is sealed under which key.
    SeeKeys,
    /// See which backups there are.
    SeeBackups,
    /// Ask for files with personal data, or let them be made; which, says the post.
    SeeDisclosures,
    /// Set up posts, appoint and relieve, make and close accounts, end sessions.
    Appoint,
    /// See the audit record: all of it as audit administrator, else what the three administrators did.
    SeeAudit,
}

/// The five levels of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub enum Level {
    /// 街道
    Street = 1,
    /// 社区
    Community = 2,
    /// 网格
    Grid = 3,
    /// 楼栋
    Building = 4,
    /// 单元
    Unit = 5,
}

impl Level {
    /// The level's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Street => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::Building => "楼栋",
            Self::Unit => "单元",
        }
    }
}

impl TryFrom<i16> for Level {
    type Error = String;
    fn try_from(level: i16) -> Result<Self, String> {
        match level {
            1 => Ok(Self::Street),
            2 => Ok(Self::Community),
            3 => Ok(Self::Grid),
            4 => Ok(Self::Building),
            5 => Ok(Self::Unit),
            other => Err(format!("no level {other} in the chain")),
        }
    }
}

impl From<Level> for i16 {
    fn from(level: Level) -> i16 {
        level as i16
    }
}

/// Where a post sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    /// The whole city.
    City,
    /// A node of the chain; its code is its path.
    Node {
        /// The node.
        id: NodeId,
        /// Its level.
        level: Level,
        /// Its code.
        code: String,
        /// Its administrative name.
        name: String,
    },
    /// A department.
    Department {
        /// The department.
        id: DepartmentId,
        /// Its name.
        name: String,
    },
}

impl Seat {
    /// How far a post of this kind sees from here.
    pub fn reach(&self, kind: PostKind) -> Reach {
        let none = Reach::default();
        match self {
            Self::City if kind.may(Permission::SeeMatters) => none,
            Self::City => Reach {
                nothing: true,
                ..none
            },
            Self::Department { id, .. } => Reach {
                department: Some(id.0),
                ..none
            },
            Self::Node { level, code, .. } => match level {
                Level::Street => Reach {
                    street: Some(code.clone()),
                    ..none
                },
                Level::Community => Reach {
                    community: Some(code.clone()),
                    ..none
                },
                Level::Grid => Reach {
                    grid: Some(code.clone()),
                    ..none
                },
                Level::Building | Level::Unit => Reach {
                    grid: code.get(..15).map(str::to_owned),
                    below: Some(code.clone()),
                    ..none
                },
            },
        }
    }
}

/// How a person stands with the second factor (第二因子), in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// There is none.
    None,
    /// There is none, and a sample city asks nobody for one.
    Waived,
    /// There is one, and its code is still to be given.
    Owed,
    /// Its code was given.
    Given,
}

/// The person at the desk, acting for one post.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's name.
    pub city: String,
    /// The two letters that begin the tenant's numbers.
    pub prefix: String,
    /// The session.
    pub session: SessionId,
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// The appointment acted under.
    pub appointment: AppointmentId,
    /// The post acted for.
    pub post: PostId,
    /// Its kind.
    pub kind: PostKind,
    /// Its title, as written on the page.
    pub title: String,
    /// Where it sits.
    pub seat: Seat,
    /// Whether the person holds other posts too.
    pub several_posts: bool,
    /// Whether the first password must be changed before anything else.
    pub must_change: bool,
    /// How the person stands with the second factor.
    pub factor: Factor,
    /// Whether pages are in large type (大字版).
    pub large: bool,
}

/// How far a post sees: the whole city, one node and all below it, one department, or nothing.
/// Exactly these columns go into each query; absent ones do not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Sees nothing of the business.
    pub nothing: bool,
    /// Only this street.
    pub street: Option<String>,
    /// Only this community.
    pub community: Option<String>,
    /// Only this grid.
    pub grid: Option<String>,
    /// Only places whose code begins so (building or unit).
    pub below: Option<String>,
    /// Only whistles on which this department has an assignment.
    pub department: Option<uuid::Uuid>,
}

impl Reach {
    /// The code of the node that bounds it; empty for the whole city and for departments.
    pub fn area(&self) -> &str {
        let bounds = [&self.below, &self.grid, &self.community, &self.street];
        let narrowest = bounds.into_iter().flatten().next();
        narrowest.map_or("", String::as_str)
    }
}

/// How much waits for a post, beside the navigation's entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Requests to decide on.
    pub requests: i64,
    /// Matters.
    pub matters: i64,
    /// Whistles.
    pub whistles: i64,
    /// Uses of the five powers.
    pub powers: i64,
    /// Residents to be asked.
    pub visits: i64,
    /// Objections to call a panel for, or to vote on.
    pub objections: i64,
    /// Unread messages.
    pub messages: i64,
}

impl Viewer {
    /// Whether the post asks for a second factor (`domain.md` 8.1: administrators).
    pub fn needs_factor(&self) -> bool {
        self.kind.is_admin() && self.factor != Factor::Waived
    }

    /// Whether a code must be given before anything else.
    pub fn owes_code(&self) -> bool {
        self.factor == Factor::Owed
    }

    /// Whether a second factor must be set up before anything else.
    pub fn must_set_up(&self) -> bool {
        self.factor == Factor::None && self.needs_factor()
    }

    /// How far the post sees.
    pub fn reach(&self) -> Reach {
        self.seat.reach(self.kind)
    }

    /// The name of the place or department acted for: 慧阳街道, 供水公司, 大安市.
    pub fn seat_name(&self) -> &str {
        match &self.seat {
            Seat::City => &self.city,
            Seat::Node { name, .. } | Seat::Department { name, .. } => name,
        }
    }

    /// The department acted for, if any.
    pub fn department(&self) -> Option<DepartmentId> {
        match &self.seat {
            Seat::Department { id, .. } => Some(*id),
            Seat::City | Seat::Node { .. } => None,
        }
    }

    /// The code of the node sat at; empty for the city and departments.
    pub fn node_code(&self) -> &str {
        match &self.seat {
            Seat::Node { code, .. } => code,
            Seat::City | Seat::Department { .. } => "",
        }
    }
}
