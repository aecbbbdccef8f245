//! Which packs there are, of whom, and who may have them made.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::base::error::{Error, Result};
use crate::base::words;
use crate::coded;
use crate::org::access::{Seat, Viewer};
use crate::org::calendar::NoDue;
use crate::org::{DepartmentId, NodeId};
use crate::work::PackId;
use crate::work::assessment::Period;

coded! {
    /// For whom a pack is made.
    Purpose as "pack_purpose" {
        /// The party's review of reports.
        Review = "review" "述职评议考核",
        /// The assessment of the year.
        Annual = "annual" "年度考核",
        /// The inspection.
        Inspection = "inspection" "巡察",
    }
}

/// A department or a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Department(DepartmentId),
    Street(NodeId),
}

impl Subject {
    pub(crate) fn is_department(self) -> bool {
        match self {
            Self::Department(_) => true,
            Self::Street(_) => false,
        }
    }
}

/// A department or street of which this viewer may have a pack made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Offer {
    pub(crate) department: Option<DepartmentId>,
    pub(crate) street: Option<NodeId>,
    /// The code of a street.
    pub(crate) code: String,
    pub(crate) name: String,
}

impl Offer {
    /// As a form carries it: a letter and the id.
    pub(crate) fn key(&self) -> String {
        match (self.department, self.street) {
            (Some(id), _) => format!("d.{id}"),
            (None, Some(id)) => format!("s.{id}"),
            (None, None) => String::new(),
        }
    }

    /// Which of the two it is.
    pub(crate) fn subject(&self) -> Result<Subject> {
        match (self.department, self.street) {
            (Some(id), None) => Ok(Subject::Department(id)),
            (None, Some(id)) => Ok(Subject::Street(id)),
            (Some(_), Some(_)) | (None, None) => Err(Error::NotFound),
        }
    }
}

/// How far a viewer sees packs: all, those of one street, or of one department.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) department: Option<DepartmentId>,
    pub(crate) street: Option<NodeId>,
}

impl Reach {
    pub(crate) fn of(me: &Viewer) -> Self {
        let (department, street) = match &me.seat {
            Seat::City => (None, None),
            Seat::Node { id, .. } => (None, Some(*id)),
            Seat::Department { id, .. } => (Some(*id), None),
        };
        Self { department, street }
    }
}

/// Who makes packs, which decides what of the assessment goes with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// Of all departments and streets.
    City,
    /// Of itself, without scores: streets have none.
    Street,
    /// Of itself, once its scores are frozen.
    Department,
}

impl Maker {
    pub(crate) fn of(me: &Viewer) -> Self {
        match &me.seat {
            Seat::City => Self::City,
            Seat::Node { .. } => Self::Street,
            Seat::Department { .. } => Self::Department,
        }
    }
}

/// Everything that the bytes of a pack follow from, besides the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub(crate) subject: Subject,
    /// The name of the department or street.
    pub(crate) name: String,
    /// The code of a street, by which its whistles are found.
    pub(crate) code: String,
    pub(crate) period: Period,
    pub(crate) purpose: Purpose,
    /// Facts recorded later do not enter.
    pub(crate) cut_at: DateTime<Utc>,
    /// The digest of the frozen scores, if they enter.
    pub(crate) snapshot: Option<String>,
}

/// A pack that was made, as its row says.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) id: PackId,
    pub(crate) recipe: Recipe,
    pub(crate) sha256: String,
}

/// One pack in the list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: PackId,
    pub(crate) subject: String,
    pub(crate) period: Period,
    pub(crate) purpose: Purpose,
    pub(crate) cases: i32,
    pub(crate) size: i32,
    pub(crate) sha256: String,
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) made_by: String,
}

impl Row {
    /// The first figures of the digest.
    pub(crate) fn short(&self) -> &str {
        self.sha256.get(..8).unwrap_or_default()
    }

    /// `86 KB`
    pub(crate) fn weight(&self) -> String {
        format!("{} KB", (self.size + 1023) / 1024)
    }
}

/// The periods a form offers: quarters and years that are over, the latest first.
pub(crate) fn offered(today: NaiveDate) -> Vec<Period> {
    let quarters = std::iter::successors(Some(Period::quarter_of(today).previous()), |p| {
        Some(p.previous())
    });
    let year = Period::Year(chrono::Datelike::year(&today)).previous();
    let years = std::iter::successors(Some(year), |p| Some(p.previous()));
    quarters.take(8).chain(years.take(3)).collect()
}

/// Until when facts enter, if a pack of this period can be made now.
pub(crate) fn may_be_made(
    period: Period,
    locked: Result<DateTime<Utc>, NoDue>,
    is_frozen: bool,
    me: &Viewer,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let refused = |sentence: String| Err(Error::Refused(sentence));
    if !period.is_published() {
        return refused("材料包按季度或者年度生成，请选择季度或者年度。".to_owned());
    }
    if !period.has_ended(crate::base::clock::day_of(now)) {
        let last = words::day(period.last());
        return refused(format!(
            "{}到 {last} 才结束，结束后再生成。",
            period.title()
        ));
    }
    if me.department().is_some() && !is_frozen {
        return refused(format!(
            "{}还没有封存，封存后再生成本部门的材料包。",
            period.title()
        ));
    }
    let locked = locked.map_err(|why| Error::Refused(why.to_string()))?;
    if now < locked {
        let at = words::minute(locked);
        return refused(format!("各项事实记录到 {at} 为止，过后再生成。"));
    }
    Ok(locked)
}
