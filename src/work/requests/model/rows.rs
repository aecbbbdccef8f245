//! Requests, what belongs to them, and the rows of their list.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::words::{Cause, Kind, State, seat_of, standing};
use crate::base::clock::day_of;
use crate::org::{DepartmentId, PersonId};
use crate::work::clocks::Nearest;
use crate::work::duties::RulingLevel as Level;
use crate::work::whistles::Role;
use crate::work::{AssignmentId, DutyItemId, MilestoneId, RequestId};

/// A duty item as a request cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The version.
    pub id: DutyItemId,
    /// 第 n 项.
    pub number: i32,
    /// Its name.
    pub name: String,
}

/// One request at one level.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Whose part of the whistle it is about.
    pub assignment_id: AssignmentId,
    /// The department that asks.
    pub department: String,
    /// Its role.
    pub role: Role,
    /// What is asked for.
    pub kind: Kind,
    /// Who decides.
    pub level: Level,
    /// How far it is.
    pub state: State,
    /// Why it is asked.
    pub reason: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: PersonId,
    /// That person's name.
    pub asker: String,
    /// The department held responsible.
    pub proposed_id: Option<DepartmentId>,
    /// Its name.
    pub proposed: Option<String>,
    /// The duty item cited.
    pub duty: Option<Cited>,
    /// Until when to be put aside.
    pub until_day: Option<NaiveDate>,
    /// Why a breach shall not count.
    pub cause: Option<Cause>,
    /// When it was decided, or ended otherwise.
    pub decided_at: Option<DateTime<Utc>>,
    /// The name of who decided.
    pub decider: Option<String>,
    /// In which words.
    pub decided_words: Option<String>,
    /// For forms: the state one saw.
    pub version: i32,
    /// The departments to which it can be given: id and name.
    pub choices: Option<Vec<(DepartmentId, String)>>,
}

impl Request {
    /// Who decides, in words.
    pub fn by_whom(&self) -> &'static str {
        seat_of(self.kind, self.level)
    }

    /// `退回，市治理办裁定` and so on: what it is, at which level.
    pub fn name(&self) -> String {
        let level = match (self.kind, self.level) {
            (Kind::Return, level) => level.label(),
            (Kind::Appeal, Level::Street) => "街道初审",
            (Kind::Appeal, Level::CityOffice | Level::CityLeader) => "市治理办复审",
            (Kind::Extension | Kind::Suspension, Level::Street) => "街道审批",
            (Kind::Extension | Kind::Suspension, _) => "市治理办审批",
        };
        format!("{}，{level}", self.kind.label())
    }

    /// What happens if nobody decides in time.
    pub fn silence(&self) -> &'static str {
        self.kind.silence(self.level, self.role)
    }

    /// How it stands, in the words of its kind.
    pub fn standing(&self) -> &'static str {
        standing(self.kind, self.state)
    }
}

/// What is to be reached while a whistle is put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The request that names it.
    pub request_id: RequestId,
    /// By when.
    pub due_day: NaiveDate,
    /// What.
    pub words: String,
    /// When it was reached.
    pub done_at: Option<DateTime<Utc>>,
}

impl Milestone {
    /// `按时完成`, `逾期完成`, `逾期`, `未到`.
    pub fn mark(&self, today: NaiveDate) -> &'static str {
        match self.done_at.map(day_of) {
            Some(day) if day <= self.due_day => "按时完成",
            Some(_) => "逾期完成",
            None if today > self.due_day => "逾期未完成",
            None => "未到",
        }
    }
}

/// That a whistle is or was put aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suspension {
    /// By which request.
    pub request_id: RequestId,
    /// Since when.
    pub from_at: DateTime<Utc>,
    /// Until when.
    pub until_at: DateTime<Utc>,
    /// When it went on again.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A row of the list of requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Row {
    pub(in super::super) id: Uuid,
    pub(in super::super) whistle_id: Uuid,
    pub(in super::super) number: Option<String>,
    pub(in super::super) title: String,
    pub(in super::super) street: String,
    pub(in super::super) department: String,
    pub(in super::super) kind: Kind,
    pub(in super::super) level: Level,
    pub(in super::super) state: State,
    pub(in super::super) asked_at: DateTime<Utc>,
    pub(in super::super) decided_at: Option<DateTime<Utc>>,
    pub(in super::super) mine: bool,
    pub(in super::super) nearest: Option<Nearest>,
}

impl Row {
    /// Who decides.
    pub(in super::super) fn by_whom(&self) -> &'static str {
        seat_of(self.kind, self.level)
    }

    /// How it stands.
    pub(in super::super) fn standing(&self) -> &'static str {
        standing(self.kind, self.state)
    }
}
