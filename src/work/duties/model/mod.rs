//! An item of the list, its versions and precedents, and what the list proposes. Pure.

mod change;
mod form;
mod item;

pub use change::begins;
pub(super) use change::{Covered, Said, Turn, difference, sentence, turns};
pub(super) use form::{AHEAD, ASSISTS, day_of_effect};
pub use form::{Content, DutyForm, Offer, Why};
pub(super) use item::{Item, Standing, Version, Waits};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::words;
use crate::org::DepartmentId;
use crate::work::DutyItemId;

/// Who ruled on a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub enum RulingLevel {
    /// The street mediates.
    Street = 1,
    /// The city's governance office decides.
    CityOffice = 2,
    /// A city leader decides.
    CityLeader = 3,
}

impl RulingLevel {
    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Street => "街道协调",
            Self::CityOffice => "市治理办裁定",
            Self::CityLeader => "市领导裁定",
        }
    }
}

impl TryFrom<i16> for RulingLevel {
    type Error = String;
    fn try_from(level: i16) -> Result<Self, String> {
        match level {
            1 => Ok(Self::Street),
            2 => Ok(Self::CityOffice),
            3 => Ok(Self::CityLeader),
            other => Err(format!("nobody rules at level {other}")),
        }
    }
}

impl From<RulingLevel> for i16 {
    fn from(level: RulingLevel) -> i16 {
        level as i16
    }
}

/// A department that assists by an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assist {
    /// The department.
    pub department_id: DepartmentId,
    /// Its name.
    pub department: String,
    /// What it is asked for.
    pub ask: String,
}

/// A ruling of the past, as a proposal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// When.
    pub at: DateTime<Utc>,
    /// Its words.
    pub ruling: String,
    /// Who was made to lead.
    pub lead: String,
    /// Who ruled.
    pub level: RulingLevel,
}

impl Past {
    /// The day it was ruled.
    pub fn day(&self) -> String {
        words::day(crate::base::clock::day_of(self.at))
    }
}

/// What the list proposes for some classes of matters: one item in force, and why it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The version that is cited.
    pub id: DutyItemId,
    /// 第 n 项.
    pub number: i32,
    /// Its version.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// The law it stands on.
    pub law: String,
    /// Where the duty ends.
    pub boundary: String,
    /// The department that leads.
    pub lead_id: DepartmentId,
    /// Its name.
    pub lead: String,
    /// The departments that assist.
    pub assists: Vec<Assist>,
    /// The classes asked for that it covers.
    pub covers: Vec<String>,
    /// Its precedents, newest first.
    pub precedents: Vec<Past>,
}

impl Proposal {
    /// `住房和城乡建设局主办，供水公司、公安局协办`.
    pub fn whom(&self) -> String {
        let assists: Vec<&str> = self.assists.iter().map(|a| a.department.as_str()).collect();
        if assists.is_empty() {
            format!("{}主办", self.lead)
        } else {
            format!("{}主办，{}协办", self.lead, assists.join("、"))
        }
    }

    /// Why it fits what was chosen.
    pub fn why(&self) -> String {
        format!("所选事项属于“{}”，归这一项管。", self.covers.join("”“"))
    }

    /// Whether it names the department, as lead or to assist.
    pub fn names(&self, department: DepartmentId) -> bool {
        self.lead_id == department || self.assists.iter().any(|a| a.department_id == department)
    }
}

/// A class of matters that an item covers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Class {
    /// Its code.
    pub code: String,
    /// The major class it belongs to.
    pub major: String,
    /// Its name.
    pub name: String,
}

/// A precedent with where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Precedent {
    pub(super) at: DateTime<Utc>,
    pub(super) ruling: String,
    pub(super) lead: String,
    pub(super) level: RulingLevel,
    /// The number of the whistle that was disputed.
    pub(super) whistle: Option<String>,
}

/// A department or class to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}
