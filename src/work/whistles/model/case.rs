//! The facts of one whistle, as the rules and the page need them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Basis, Kind, Outcome, Stage};
use crate::coded;
use crate::org::access::{PostKind, Viewer};
use crate::org::calendar::Calendar;
use crate::org::{DepartmentId, NodeId, PersonId};
use crate::work::clocks::{Clock, Rules, Stage as Timed, Told};
use crate::work::requests::{Milestone, Request, Suspension};
use crate::work::{AssignmentId, WhistleId};

coded! {
    /// A department's part in a whistle.
    Role as "assignment_role" {
        /// Answers for the whole.
        Lead = "lead" "主办",
        /// Compulsory helper.
        Assist = "assist" "协办",
    }
}

coded! {
    /// Where an assignment stands; each lives its own life.
    AssignmentStage as "assignment_stage" {
        /// Named in a draft.
        Planned = "planned" "未吹响",
        /// Must be signed.
        Sent = "sent" "待签收",
        /// Must report in.
        Signed = "signed" "待报到",
        /// At work.
        Reported = "reported" "办理中",
        /// Has said the result.
        FedBack = "fed_back" "已反馈",
        /// The lead says it does not co-operate.
        Uncooperative = "uncooperative" "未配合",
        /// The check was passed.
        Passed = "passed" "核查通过",
        /// The whistle was called back.
        Withdrawn = "withdrawn" "已撤哨",
        /// Another department has it now.
        Relieved = "relieved" "已改派",
    }
}

impl AssignmentStage {
    /// Whether the department still has something to do before the check.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Signed | Self::Reported)
    }
}

coded! {
    /// How a department reported in.
    ReportWay as "report_way" {
        /// Came to the place.
        OnSite = "on_site" "现场",
        /// Made contact.
        Contact = "contact" "联系",
    }
}

coded! {
    /// Who asked, and so rates.
    Side as "asking_side" {
        /// The street.
        Street = "street" "街道",
        /// The community of the place.
        Community = "community" "社区",
    }
}

/// What one department is asked to do, and how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The department.
    pub department_id: DepartmentId,
    /// Its name.
    pub department: String,
    /// Lead or assist.
    pub role: Role,
    /// What it is asked to do.
    pub ask: String,
    /// Where it stands.
    pub stage: AssignmentStage,
    /// For forms: the state one saw.
    pub version: i32,
    /// Since when it stands there.
    pub waiting_since: DateTime<Utc>,
    /// When the whistle sounded for it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it reported in.
    pub reported_at: Option<DateTime<Utc>>,
    /// How.
    pub report_way: Option<ReportWay>,
    /// When it was there or made contact.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Who came.
    pub report_who: Option<String>,
    /// What was agreed.
    pub report_agreed: Option<String>,
    /// When it fed back last.
    pub fed_back_at: Option<DateTime<Utc>>,
    /// The result as it says it.
    pub result: Option<String>,
    /// How often it was sent back to work.
    pub rework_count: i16,
    /// Why the lead marked it.
    pub uncooperative_reason: Option<String>,
    /// Whether it has rated the whistle.
    pub reviewed: bool,
}

impl Assignment {
    /// Whether the department leads; who was relieved does not.
    pub fn leads(&self) -> bool {
        self.role == Role::Lead && self.stage != AssignmentStage::Relieved
    }

    /// The word on its badge.
    pub fn badge(&self) -> &'static str {
        match self.stage {
            AssignmentStage::Relieved => self.stage.label(),
            AssignmentStage::Planned
            | AssignmentStage::Sent
            | AssignmentStage::Signed
            | AssignmentStage::Reported
            | AssignmentStage::FedBack
            | AssignmentStage::Uncooperative
            | AssignmentStage::Passed
            | AssignmentStage::Withdrawn => self.role.label(),
        }
    }
}

/// One look on the spot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// Which look this was.
    pub round: i16,
    /// Whether it was good.
    pub passed: bool,
    /// What was seen, or why it failed.
    pub words: String,
    /// Who looked.
    pub person: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// One side's marks for one department.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rating {
    /// The department's assignment.
    pub assignment_id: AssignmentId,
    /// After which reopening it was given; 0 before any.
    pub round: i16,
    /// Who rated.
    pub side: Side,
    /// Speed, attendance, result, attitude, co-operation, each 1 to 5.
    pub speed: i16,
    /// 到场
    pub attendance: i16,
    /// 结果
    pub result: i16,
    /// 态度
    pub attitude: i16,
    /// 配合
    pub cooperation: i16,
    /// Words; required at 1 and 5.
    pub words: String,
}

/// A whistle with everything that its rules need; what only its page tells is its [`Story`].
///
/// [`Story`]: super::Story
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page asks"
)]
pub struct Case {
    /// Its id.
    pub id: WhistleId,
    /// Its number, once it has sounded.
    pub number: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// What it is about.
    pub title: String,
    /// When the departments of a joint enforcement whistle meet.
    pub meets_at: Option<DateTime<Utc>>,
    /// The problem.
    pub problem: String,
    /// What street and community did themselves.
    pub own_measures: String,
    /// What the checker looks for.
    pub closing_condition: String,
    /// The duty item that it cites.
    pub basis: Option<Basis>,
    /// Why another department leads than the list proposes, or leads where it is silent.
    pub choice_reason: Option<String>,
    /// Where.
    pub place_id: NodeId,
    /// The path of the place: street, community, grid …
    pub place: String,
    /// The street's code.
    pub street_code: String,
    /// The street's name.
    pub street: String,
    /// The community's code; none if the place is the whole street.
    pub community_code: Option<String>,
    /// Whether a community drafted it.
    pub from_community: bool,
    /// Where it stands.
    pub stage: Stage,
    /// Since when.
    pub waiting_since: DateTime<Utc>,
    /// For forms: the state one saw.
    pub version: i32,
    /// How often it was sent back to the check after a passed one (重启).
    pub reopened: i16,
    /// When it was drafted.
    pub drafted_at: DateTime<Utc>,
    /// By whom.
    pub drafted_by: PersonId,
    /// The drafter's name.
    pub drafter: String,
    /// Why it was refused or sent back last.
    pub refusal: Option<String>,
    /// The version of the limits it sounded under.
    pub limits_id: Option<uuid::Uuid>,
    /// The rules of that version; before it sounds, of today's.
    pub rules: Rules,
    /// What is and was timed, in order of start.
    pub clocks: Vec<Clock>,
    /// The calendar by which due times are told.
    pub calendar: Calendar,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// By whom.
    pub approver: Option<String>,
    /// When it sounded.
    pub sounded_at: Option<DateTime<Utc>>,
    /// When an emergency was verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// Whether it was one.
    pub verified_true: Option<bool>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The closing words.
    pub closing_words: Option<String>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was called back.
    pub withdraw_reason: Option<String>,
    /// Whether the viewer handled it for a department.
    pub has_handled: bool,
    /// Whether the viewer, in another post, checked, rated or closed it.
    pub judged: bool,
    /// Whether the viewer handled it, or found or worked on a matter behind it.
    pub is_involved: bool,
    /// The departments' parts, the lead first.
    pub assignments: Vec<Assignment>,
    /// The looks, in order.
    pub checks: Vec<Check>,
    /// The marks.
    pub ratings: Vec<Rating>,
    /// What departments asked for, each level a row, in order.
    pub requests: Vec<Request>,
    /// What is to be reached while it is put aside.
    pub milestones: Vec<Milestone>,
    /// That it is or was put aside (挂账).
    pub suspension: Option<Suspension>,
}

impl Case {
    /// The viewer's own assignment, if a department views.
    pub fn mine(&self, me: &Viewer) -> Option<&Assignment> {
        let department = me.department()?;
        self.assignments
            .iter()
            .find(|a| a.department_id == department)
    }

    /// The lead's assignment.
    pub fn lead(&self) -> Option<&Assignment> {
        self.assignments.iter().find(|a| a.leads())
    }

    /// Whether it is put aside now.
    pub fn is_suspended(&self) -> bool {
        self.suspension
            .as_ref()
            .is_some_and(|s| s.ended_at.is_none())
    }

    /// The departments that have or had their part to do: all but those relieved.
    pub fn bound(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments
            .iter()
            .filter(|a| a.stage != AssignmentStage::Relieved)
    }

    /// The assisting departments that still have something to do.
    pub fn open_assists(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments
            .iter()
            .filter(|a| a.role == Role::Assist && a.stage.is_open())
    }

    /// What this viewer may see of it: an assisting department sees its own part, a department
    /// sees its own marks once the whistle is closed.
    #[must_use]
    pub fn seen_by(mut self, me: &Viewer) -> Self {
        let Some(department) = me.department() else {
            return self;
        };
        let own: Vec<AssignmentId> = self
            .assignments
            .iter()
            .filter(|a| a.department_id == department)
            .map(|a| a.id)
            .collect();
        let leads = self.lead().is_some_and(|l| l.department_id == department);
        let closed = self.stage == Stage::Closed;
        self.assignments.retain(|a| leads || own.contains(&a.id));
        self.ratings
            .retain(|r| closed && own.contains(&r.assignment_id));
        let seen = |id: uuid::Uuid| leads || own.iter().any(|o| o.0 == id);
        self.clocks.retain(|c| c.assignment_id.is_none_or(seen));
        self.requests.retain(|r| seen(r.assignment_id.0));
        self
    }

    /// The running clock that is due first: of one assignment and some stages, or of all.
    pub fn running(&self, of: Option<AssignmentId>, stages: &[Timed]) -> Option<&Clock> {
        let clocks = self.clocks.iter().filter(|c| c.is_running());
        // What others decide is not a department's own due time.
        let all = |c: &&Clock| of.is_none() || c.stage != Timed::Decide;
        let named = clocks.filter(|c| {
            (if stages.is_empty() {
                all(c)
            } else {
                stages.contains(&c.stage)
            }) && of.is_none_or(|of| c.assignment_id == Some(of.0))
        });
        named.min_by_key(|c| (c.due_at.is_none(), c.due_at))
    }

    /// The clocks as the page tells them: those that run first, by when they are due.
    pub fn timed(&self, now: &DateTime<Utc>) -> Vec<Told> {
        let mut clocks: Vec<&Clock> = self.clocks.iter().collect();
        clocks.sort_by_key(|c| (c.stopped_at.is_some(), c.due_at.is_none(), c.due_at));
        let told = clocks.into_iter().map(|clock| {
            let of = |a: &&Assignment| Some(a.id.0) == clock.assignment_id;
            let seat = self.assignments.iter().find(of);
            let about = |r: &&Request| Some(r.id.0) == clock.about;
            let decider = self.requests.iter().find(about).map(Request::by_whom);
            let told = clock.told(
                decider.unwrap_or_else(|| seat.map_or("", |a| a.department.as_str())),
                &self.calendar,
                now,
            );
            match self.meeting_of(clock) {
                Some(at) => told.agreed(at),
                None => told,
            }
        });
        told.collect()
    }

    /// Whether this side has rated since the last reopening.
    pub fn has_rated(&self, side: Side) -> bool {
        let mut now = self.ratings.iter().filter(|r| r.round == self.reopened);
        now.any(|r| r.side == side)
    }

    /// The sides that must rate.
    pub fn sides(&self) -> &'static [Side] {
        if self.community_code.is_some() {
            &[Side::Street, Side::Community]
        } else {
            &[Side::Street]
        }
    }

    /// The side a post rates for.
    pub fn side_of(kind: PostKind) -> Option<Side> {
        if kind.is_community() {
            Some(Side::Community)
        } else if matches!(kind, PostKind::StreetDispatcher | PostKind::StreetDeputy) {
            Some(Side::Street)
        } else {
            None
        }
    }

    /// The number, or that there is none yet.
    pub fn shown_number(&self) -> &str {
        self.number.as_deref().unwrap_or("未编号")
    }

    /// The stage in words; while the departments work, how far the lead is.
    pub fn stage_label(&self) -> &'static str {
        match (self.stage, self.lead()) {
            (Stage::Sounded, _) if self.is_suspended() => "挂账",
            (Stage::Checking, _) if self.reopened > 0 => "待重新核查",
            (Stage::Sounded, Some(lead)) if lead.rework_count > 0 => "返工中",
            (Stage::Sounded, Some(lead)) if lead.stage.is_open() => lead.stage.label(),
            (stage, _) => stage.label(),
        }
    }
}
