//! A record as it is begun: whom it asks what. Pure.

use chrono::{DateTime, NaiveDate, Utc};

use super::cadre::CadreSubject;
use super::exercise::{Award, Planning, Project};
use super::words::{Origin, Power, Stage};
use crate::org::DepartmentId;
use crate::work::{MatterId, WhistleId};

/// What is asked, checked and ready to be kept.
#[derive(Clone)]
pub(in super::super) struct Ask {
    /// Who begins it.
    pub(in super::super) origin: Origin,
    /// The answering department.
    pub(in super::super) department: DepartmentId,
    /// The streets; each gets a record of its own. A street begins only its own.
    pub(in super::super) streets: Vec<String>,
    /// What it is about, in a line.
    pub(in super::super) title: String,
    /// The same in full.
    pub(in super::super) matter: String,
    /// The letter or paper that set it off; may be empty.
    pub(in super::super) basis: String,
    /// The whistle that it comes from.
    pub(in super::super) whistle: Option<WhistleId>,
    /// The matters that it comes from.
    pub(in super::super) matters: Vec<MatterId>,
    /// When the department means to decide.
    pub(in super::super) decide_on: Option<NaiveDate>,
    /// What only this power has.
    pub(in super::super) content: Content,
}

/// What only one power has.
#[derive(Clone)]
pub(in super::super) enum Content {
    /// A cadre; it is kept sealed.
    Cadre(CadreSubject),
    /// A plan.
    Planning(Planning),
    /// A project.
    Project(Project),
    /// An award.
    Award(Award),
    /// A meeting: when, where, and which other departments are called.
    Coordination(DateTime<Utc>, String, Vec<DepartmentId>),
}

impl Content {
    /// The power.
    pub(in super::super) fn power(&self) -> Power {
        match self {
            Self::Cadre(_) => Power::Cadre,
            Self::Planning(_) => Power::Planning,
            Self::Project(_) => Power::Project,
            Self::Award(_) => Power::Award,
            Self::Coordination(..) => Power::Coordination,
        }
    }
}

impl Ask {
    /// Where the record begins: a department waits for the opinion, a street for the answer, and
    /// who calls departments waits for the meeting.
    pub(in super::super) fn first(&self) -> Stage {
        match (&self.content, self.origin) {
            (Content::Coordination(..), _) => Stage::Meeting,
            (_, Origin::Department) => Stage::Opining,
            (_, Origin::Street) => Stage::Answering,
        }
    }
}
