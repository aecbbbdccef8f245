//! Everything that is known of a period, and what follows from it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Case, Correction, Department, Life, Objection, Period, Raised, Record, Reply, Scheme, Snapshot,
    Standing, Warned, corrections, explanation, locks_at, standings,
};
use crate::base::error::{Error, Result};
use crate::org::DepartmentId;
use crate::org::calendar::{Calendar, NoDue};

/// What the tables say of a period.
#[derive(Clone, Debug)]
pub struct Book {
    pub(in super::super) city: String,
    pub(in super::super) period: Period,
    /// The version by which it is scored; the one of its row, or the one in force on its first day.
    pub(in super::super) scheme: Scheme,
    pub(in super::super) life: Option<Life>,
    /// All periods that were shown, the latest first.
    pub(in super::super) lives: Vec<Life>,
    pub(in super::super) snapshot: Option<Snapshot>,
    pub(in super::super) departments: Vec<Department>,
    pub(in super::super) records: Vec<Record>,
    /// Marked answers about the five powers.
    pub(in super::super) replies: Vec<Reply>,
    /// What warnings look at besides.
    pub(in super::super) warned: Warned,
    /// The objection at which it is opened, if any.
    pub(in super::super) objection: Option<Objection>,
    pub(in super::super) calendar: Calendar,
}

/// A period with its scores.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// Which.
    pub period: Period,
    /// The rules.
    pub scheme: Scheme,
    /// Facts recorded until then count.
    pub until: DateTime<Utc>,
    /// The inputs.
    pub cases: Vec<Case>,
    /// The scores, group by group.
    pub standings: Vec<Standing>,
    /// The same by today's facts, if the scores are frozen.
    pub today: Option<Vec<Standing>>,
}

impl Book {
    /// The rules by which it is scored.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// How far it has come, if it was shown.
    pub fn life(&self) -> Option<&Life> {
        self.life.as_ref()
    }

    /// Which period.
    pub fn period(&self) -> Period {
        self.period
    }

    /// The name of the city.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// The calendar around it.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// When the facts are locked, or why that cannot be said.
    pub fn locked(&self) -> Result<DateTime<Utc>, NoDue> {
        match &self.life {
            Some(life) => Ok(life.locked_at),
            None => locks_at(&self.calendar, &self.scheme, self.period),
        }
    }

    /// The cases as they were recorded until an instant, in the order of the snapshot.
    fn cases(&self, until: DateTime<Utc>) -> Vec<Case> {
        let bounds = self.period.bounds();
        let as_of = |record: &Record| record.as_of(bounds, until);
        let replied = self.replies.iter().filter_map(|r| r.as_of(bounds, until));
        let records = self.records.iter().filter_map(as_of);
        let mut cases: Vec<Case> = records.chain(replied).collect();
        cases.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
        cases
    }

    /// The objections about a department's part, or about a record of a power.
    pub(in super::super) fn raised(&self, case: Uuid) -> &[Raised] {
        let records = self.records.iter().map(|r| (r.assignment, &r.objections));
        let replies = self.replies.iter().map(|r| (r.id, &r.objections));
        let found = records.chain(replies).find(|(id, _)| *id == case);
        found.map_or(&[], |(_, raised)| raised.as_slice())
    }

    /// The scores: as frozen, or by what was recorded until the lock.
    pub fn assessed(&self, now: DateTime<Utc>) -> Assessed {
        let of = |cases: &[Case]| standings(&self.scheme, &self.departments, cases);
        if let Some(frozen) = &self.snapshot {
            return Assessed {
                period: self.period,
                scheme: frozen.scheme.clone(),
                until: frozen.locked_at,
                cases: frozen.cases.clone(),
                standings: frozen.standings.clone(),
                today: Some(of(&self.cases(now))),
            };
        }
        // A year whose calendar is not there yet has no lock: what is known now counts.
        let until = self.locked().map_or(now, |locked| locked.min(now));
        let cases = self.cases(until);
        Assessed {
            period: self.period,
            scheme: self.scheme.clone(),
            until,
            standings: of(&cases),
            cases,
            today: None,
        }
    }

    /// What is frozen if it is frozen now.
    pub fn snapshot(&self, now: DateTime<Utc>) -> Snapshot {
        let assessed = self.assessed(now);
        Snapshot {
            city: self.city.clone(),
            period: self.period,
            locked_at: assessed.until,
            scheme: assessed.scheme,
            cases: assessed.cases,
            standings: assessed.standings,
        }
    }
}

impl Assessed {
    /// The standing of a department.
    pub fn of(&self, department: DepartmentId) -> Result<&Standing> {
        let found = self
            .standings
            .iter()
            .find(|s| s.score.department.id == department);
        found.ok_or(Error::NotFound)
    }

    /// How a score and its place came about, in sentences with the figures put in.
    pub fn explained(&self, standing: &Standing) -> Vec<String> {
        explanation(&self.scheme, standing, true)
    }

    /// What would come out differently today.
    pub fn corrections(&self, department: DepartmentId) -> Vec<Correction> {
        let is = |s: &&Standing| s.score.department.id == department;
        let frozen = self.standings.iter().find(is);
        let now = self.today.as_ref().and_then(|today| today.iter().find(is));
        frozen
            .zip(now)
            .map(|(f, n)| corrections(f, n))
            .unwrap_or_default()
    }

    /// The cases of a department.
    pub fn cases_of(&self, department: DepartmentId) -> impl Iterator<Item = &Case> {
        self.cases
            .iter()
            .filter(move |c| c.department == department)
    }
}
