//! A task of the three-year plan: its days, its stage, and who may do what to it now.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::body::Body;
use super::measure::{Figure, Target};
use crate::org::DocumentId;
use crate::org::access::{Permission, Viewer};
use crate::org::documents::Basis;
use crate::org::events::Entry;
use crate::org::files::FileRow;
use crate::work::whistles::Refusal;
use crate::work::{PlanTaskId, TaskMilestoneId, ThreeYearPlanId};

/// Where a task stands on a day. It follows from days, reports and the confirmation; `task_state`
/// in the database says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// A day has passed that was to be kept.
    Late,
    /// Something was reported.
    Running,
    /// Nothing yet.
    Waiting,
    /// The city confirmed it.
    Confirmed,
    /// Ended without being done.
    Ended,
}

impl State {
    /// In the order of the tabs.
    pub(crate) const ALL: [State; 5] = [
        Self::Late,
        Self::Running,
        Self::Waiting,
        Self::Confirmed,
        Self::Ended,
    ];

    /// In addresses and in the database.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Ended => "ended",
        }
    }

    /// What officials call it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Late => "逾期",
            Self::Running => "进行中",
            Self::Waiting => "未开始",
            Self::Confirmed => "已完成",
            Self::Ended => "已终止",
        }
    }

    /// Whether nothing more is done.
    pub(crate) fn is_over(self) -> bool {
        match self {
            Self::Confirmed | Self::Ended => true,
            Self::Late | Self::Running | Self::Waiting => false,
        }
    }
}

/// What can be done to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskMove {
    /// Report progress.
    Progress,
    /// Say that a milestone is reached.
    Reach,
    /// Add a milestone.
    AddMilestone,
    /// Confirm that it is done.
    Confirm,
    /// End it without being done.
    End,
}

impl TaskMove {
    /// In the order of the page.
    pub(crate) const ALL: [TaskMove; 5] = [
        Self::Confirm,
        Self::Reach,
        Self::Progress,
        Self::AddMilestone,
        Self::End,
    ];

    /// The last part of its address, and the beginning of its fields' ids.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Reach => "reached",
            Self::AddMilestone => "milestones",
            Self::Confirm => "confirmation",
            Self::End => "end",
        }
    }

    /// The button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Progress => "报进展",
            Self::Reach => "节点已达到",
            Self::AddMilestone => "增设节点",
            Self::Confirm => "确认完成",
            Self::End => "终止任务",
        }
    }
}

/// A milestone (节点).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Milestone {
    pub(crate) id: TaskMilestoneId,
    pub(crate) due_day: NaiveDate,
    pub(crate) words: String,
    pub(crate) reached_at: Option<DateTime<Utc>>,
    pub(crate) reached_words: Option<String>,
    pub(crate) reacher: Option<String>,
}

/// A plan as forms and lists name it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Plan {
    pub(crate) id: ThreeYearPlanId,
    pub(crate) title: String,
    pub(crate) from_year: i32,
    pub(crate) to_year: i32,
    pub(crate) basis: Option<Basis>,
}

impl Plan {
    /// `关于……的三年工作计划（2025—2027 年）`
    pub(crate) fn name(&self) -> String {
        format!("{}（{}—{} 年）", self.title, self.from_year, self.to_year)
    }

    /// Its first and last day.
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        (day(self.from_year, 1, 1), day(self.to_year, 12, 31))
    }

    /// Whether a day lies in it.
    pub(crate) fn has(&self, day: NaiveDate) -> bool {
        let (first, last) = self.days();
        first <= day && day <= last
    }
}

/// A task with everything its page shows.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: PlanTaskId,
    pub(crate) plan: Plan,
    pub(crate) number: i32,
    pub(crate) goal: String,
    pub(crate) body: Body,
    pub(crate) helpers: Vec<Body>,
    pub(crate) due_day: NaiveDate,
    pub(crate) next_day: NaiveDate,
    pub(crate) counts: (NaiveDate, NaiveDate),
    pub(crate) version: i32,
    pub(crate) state: State,
    pub(crate) confirmed_words: Option<String>,
    pub(crate) confirmer: Option<String>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    pub(crate) end_reason: Option<String>,
    /// Whether the viewer reported something of it.
    pub(crate) reported: bool,
    pub(crate) milestones: Vec<Milestone>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) timeline: Vec<Entry>,
    /// What proves it; fixed once it is over.
    pub(crate) files: Vec<FileRow>,
}

impl Task {
    /// `第 3 项`
    pub(crate) fn name(&self) -> String {
        format!("第 {} 项", self.number)
    }

    /// The milestones not reached yet.
    pub(crate) fn ahead(&self) -> Vec<&Milestone> {
        let all = self.milestones.iter();
        all.filter(|m| m.reached_at.is_none()).collect()
    }

    /// Whether the move is open to this viewer now: the page's buttons and the post's permission.
    pub(crate) fn may(&self, mv: TaskMove, me: &Viewer) -> Result<(), Refusal> {
        let is_mine = match mv {
            TaskMove::Progress | TaskMove::Reach => {
                self.body.is_of(me) && me.kind.may(Permission::ReportProgress)
            }
            TaskMove::Confirm => me.kind.may(Permission::ConfirmAccountability),
            TaskMove::AddMilestone | TaskMove::End => me.kind.may(Permission::ChangeAccountability),
        };
        if !is_mine {
            return Err(Refusal::NotYours);
        }
        self.is_time_for(mv)
    }

    fn is_time_for(&self, mv: TaskMove) -> Result<(), Refusal> {
        match self.state {
            State::Confirmed => {
                return Err(Refusal::Over("这项任务已经确认完成。请刷新看最新情况。"));
            }
            State::Ended => return Err(Refusal::Over("这项任务已经终止。请刷新看最新情况。")),
            State::Late | State::Running | State::Waiting => {}
        }
        let ahead = !self.ahead().is_empty();
        match mv {
            TaskMove::Confirm if ahead => Err(Refusal::NotYet("各节点都达到后")),
            TaskMove::Confirm if self.state == State::Waiting => {
                Err(Refusal::NotYet("责任单位报过进展后"))
            }
            TaskMove::Confirm if self.reported => {
                Err(Refusal::TookPart("您报过这项任务的进展，须请他人确认。"))
            }
            TaskMove::Reach if !ahead => Err(Refusal::Over("这项任务的节点都已达到。")),
            TaskMove::Confirm
            | TaskMove::Reach
            | TaskMove::Progress
            | TaskMove::AddMilestone
            | TaskMove::End => Ok(()),
        }
    }

    /// What this viewer can do now.
    pub(crate) fn open_to(&self, me: &Viewer) -> Vec<TaskMove> {
        let all = TaskMove::ALL.into_iter();
        all.filter(|mv| self.may(*mv, me).is_ok()).collect()
    }

    /// What this viewer could do, with what must happen first.
    pub(crate) fn not_yet(&self, me: &Viewer) -> Vec<(TaskMove, &'static str)> {
        let waits = |mv: TaskMove| match self.may(mv, me) {
            Err(Refusal::NotYet(first) | Refusal::TookPart(first)) => Some((mv, first)),
            Ok(()) | Err(Refusal::NotYours | Refusal::Over(_)) => None,
        };
        TaskMove::ALL.into_iter().filter_map(waits).collect()
    }
}

/// A plan as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewPlan {
    pub(crate) title: String,
    pub(crate) years: (i16, i16),
    pub(crate) basis: Option<(DocumentId, i32)>,
}

/// A task as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewTask {
    pub(crate) plan: ThreeYearPlanId,
    pub(crate) goal: String,
    pub(crate) body: Body,
    pub(crate) helpers: Vec<Body>,
    pub(crate) due_day: NaiveDate,
    pub(crate) counts: (NaiveDate, NaiveDate),
    pub(crate) milestones: Vec<(NaiveDate, String)>,
    pub(crate) targets: Vec<Target>,
}
