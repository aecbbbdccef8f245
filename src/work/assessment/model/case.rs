//! The facts of one department's part of a case. Everything carries when it was recorded, so that
//! what counted on the day of the lock can be said at any time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Exact, Exempted, Exemption, Item, Raised, Scheme, Subject, upheld};
use crate::org::DepartmentId;
use crate::org::calendar::{Calendar, Unit};
use crate::work::visits::{Answer, Feeling};
use crate::work::whistles::{Kind, Role};

/// What the tables say of one assignment of a whistle.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Record {
    pub(in super::super) assignment: Uuid,
    pub(in super::super) department: DepartmentId,
    pub(in super::super) whistle: Uuid,
    pub(in super::super) number: String,
    pub(in super::super) title: String,
    pub(in super::super) street: String,
    pub(in super::super) kind: Kind,
    pub(in super::super) role: Role,
    /// The return of this part was upheld, and another department has it.
    pub(in super::super) relieved: bool,
    pub(in super::super) closed_at: Option<DateTime<Utc>>,
    /// Closings that a reopening ended, in order: when it was reopened, when it had been closed.
    pub(in super::super) reopened: Vec<Reopened>,
    pub(in super::super) marks: Vec<Mark>,
    pub(in super::super) times: Vec<Timed>,
    pub(in super::super) reported_at: Option<DateTime<Utc>>,
    pub(in super::super) first_check: Option<Checked>,
    pub(in super::super) answers: Vec<Said>,
    pub(in super::super) suspended_at: Option<DateTime<Utc>>,
    pub(in super::super) returns: Vec<Returned>,
    /// What the department objected to, in whichever period.
    pub(in super::super) objections: Vec<Raised>,
}

/// A reopening, and the closing that it ended.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Reopened {
    pub(in super::super) at: DateTime<Utc>,
    pub(in super::super) closed_at: Option<DateTime<Utc>>,
}

/// The mark of one side in one round: the sum of its five figures.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Mark {
    pub(in super::super) round: i16,
    pub(in super::super) sum: i64,
    /// The street or community whose post gave it.
    pub(in super::super) by: String,
    pub(in super::super) at: DateTime<Utc>,
}

/// A clock.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Timed {
    pub(in super::super) item: Item,
    pub(in super::super) unit: Unit,
    pub(in super::super) due_at: DateTime<Utc>,
    pub(in super::super) stopped_at: Option<DateTime<Utc>>,
    pub(in super::super) breached_at: Option<DateTime<Utc>>,
    pub(in super::super) exempt_at: Option<DateTime<Utc>>,
}

/// The first check.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Checked {
    pub(in super::super) passed: bool,
    pub(in super::super) at: DateTime<Utc>,
}

/// A resident's answer.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Said {
    pub(in super::super) answer: Answer,
    pub(in super::super) feeling: Feeling,
    pub(in super::super) at: DateTime<Utc>,
}

/// A decided return.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Returned {
    pub(in super::super) upheld: bool,
    pub(in super::super) at: DateTime<Utc>,
}

/// A limit that was kept or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Sign, report or close.
    pub item: Item,
    /// Late and counted.
    pub late: bool,
    /// Late, but an appeal was granted.
    pub exempt: bool,
    /// What the limit counts.
    pub unit: Unit,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

impl Time {
    /// `超期 2 个工作日`
    pub fn words(&self, calendar: &Calendar) -> String {
        match self.done_at {
            Some(done) if done > self.due_at => calendar.left(self.unit, done, self.due_at),
            Some(_) | None => "超期".to_owned(),
        }
    }
}

/// What a resident answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The department had reported in in time.
    pub responded: bool,
    /// Solved or not.
    pub answer: Answer,
    /// Satisfied or not.
    pub feeling: Feeling,
}

/// One department's part of one case, as far as it was known on the day of the lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The assignment.
    pub id: Uuid,
    /// Whose.
    pub department: DepartmentId,
    /// The whistle; of an answer about a power its record.
    pub whistle: Uuid,
    /// Its number; empty if it is sealed.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The street that blew it; empty if it is sealed.
    pub street: String,
    /// What a rating weighs by.
    pub subject: Subject,
    /// Lead or assist.
    pub role: Role,
    /// Each rater's five figures, summed.
    pub marks: Vec<i64>,
    /// The limits.
    pub times: Vec<Time>,
    /// Whether the first check passed; the lead answers for it.
    pub first_check: Option<bool>,
    /// What residents answered; the lead answers for it.
    pub answers: Vec<Answered>,
    /// Whether its return was upheld; none if it asked for none, or none is decided.
    pub returned: Option<bool>,
    /// The whistle was put aside.
    pub suspended: bool,
    /// Another department has it now.
    pub relieved: bool,
    /// The items in which it does not count, because an objection was upheld.
    #[serde(default)]
    pub exempted: Vec<Exempted>,
    /// What it is about is sealed: it is counted, and opened by those alone who may read it.
    #[serde(default)]
    pub sealed: bool,
}

/// One fact that enters an item: how good it was from 0 to 1, and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Where it counts.
    pub item: Item,
    /// From 0 to 1.
    pub value: Exact,
    /// 1, but for ratings.
    pub weight: Exact,
}

impl Record {
    /// The case as far as it was recorded until an instant; none if it was not closed in the period
    /// then. A whistle belongs to the period in which it was closed last.
    pub(crate) fn as_of(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        until: DateTime<Utc>,
    ) -> Option<Case> {
        let later = self.reopened.iter().find(|r| r.at > until);
        let closed = later.map_or(self.closed_at, |r| r.closed_at)?;
        if closed < from || closed >= to || closed > until {
            return None;
        }
        let round = self.reopened.iter().filter(|r| r.at <= until).count();
        let marks = self.marks.iter();
        let marks = marks.filter(|m| usize::try_from(m.round) == Ok(round) && m.at <= until);
        let mut times: Vec<Time> = self.times.iter().map(|t| t.as_of(until)).collect();
        times.sort_by_key(|t| (t.item, t.due_at));
        let leads = self.role == Role::Lead && !self.relieved;
        let check = self.first_check.as_ref().filter(|c| leads && c.at <= until);
        let responded =
            self.reported_at.is_some() && !times.iter().any(|t| t.item == Item::Report && t.late);
        let said = self.answers.iter().filter(|s| leads && s.at <= until);
        let decided = self.returns.iter().filter(|r| r.at <= until);
        Some(Case {
            id: self.assignment,
            department: self.department,
            whistle: self.whistle,
            number: self.number.clone(),
            title: self.title.clone(),
            street: self.street.clone(),
            subject: self.kind.into(),
            role: self.role,
            marks: marks.map(|m| m.sum).collect(),
            times,
            first_check: check.map(|c| c.passed),
            answers: said
                .map(|s| Answered {
                    responded,
                    answer: s.answer,
                    feeling: s.feeling,
                })
                .collect(),
            returned: decided.map(|r| r.upheld).reduce(|one, other| one || other),
            suspended: self.suspended_at.is_some_and(|at| at <= until),
            relieved: self.relieved,
            exempted: upheld(&self.objections),
            sealed: false,
        })
    }
}

impl Timed {
    fn as_of(&self, until: DateTime<Utc>) -> Time {
        let by = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= until);
        let (late, exempt) = (by(self.breached_at), by(self.exempt_at));
        Time {
            item: self.item,
            late: late && !exempt,
            exempt: late && exempt,
            unit: self.unit,
            due_at: self.due_at,
            done_at: self.stopped_at,
        }
    }
}

impl Case {
    /// The mean of all marks, from 1 to 5.
    pub fn mean(&self) -> Option<Exact> {
        let raters = self.marks.len();
        let sum = Exact::whole(self.marks.iter().sum());
        (raters > 0).then(|| sum / Exact::count(raters * 5))
    }

    /// Whether a limit counts under a scheme.
    fn counts(&self, scheme: &Scheme, time: &Time) -> bool {
        let put_aside = self.suspended && time.item == Item::Close;
        !(self.relieved && scheme.exempts(Exemption::Returned)
            || time.exempt && scheme.exempts(Exemption::Appeal)
            || put_aside && scheme.exempts(Exemption::Suspension))
    }

    /// Whether it is a part of a whistle, and no answer about a power.
    pub fn is_of_whistle(&self) -> bool {
        self.subject != Subject::Power
    }

    /// Where it is opened.
    pub fn path(&self) -> String {
        match self.subject {
            Subject::Power => format!("/powers/{}", self.whistle),
            Subject::Tough
            | Subject::JointEnforcement
            | Subject::Emergency
            | Subject::Routine
            | Subject::Express => format!("/whistles/{}", self.whistle),
        }
    }

    /// Why it does not count in an item, if an objection was upheld.
    pub fn exempted_from(&self, item: Item) -> Option<&Exempted> {
        self.exempted.iter().find(|e| e.item == item)
    }

    /// What it adds to each item.
    pub fn samples(&self, scheme: &Scheme) -> Vec<Sample> {
        let mut samples = self.found(scheme);
        samples.retain(|s| self.exempted_from(s.item).is_none());
        samples
    }

    /// Whether it costs points in an item.
    pub fn loses(&self, scheme: &Scheme, item: Item) -> bool {
        let one = Exact::whole(1);
        let samples = self.samples(scheme);
        samples.iter().any(|s| s.item == item && s.value < one)
    }

    /// What it would add to each item without any objection.
    pub fn found(&self, scheme: &Scheme) -> Vec<Sample> {
        let mut samples = Vec::new();
        let mut add = |item, value, weight| {
            samples.push(Sample {
                item,
                value,
                weight,
            });
        };
        let one = || Exact::whole(1);
        let yes = |is: bool| Exact::whole(i64::from(is));
        if let Some(mean) = self.mean().filter(|_| !self.relieved) {
            add(
                Item::Rating,
                mean / Exact::whole(5),
                scheme.weight(self.subject),
            );
        }
        for said in &self.answers {
            add(Item::Responded, yes(said.responded), one());
            add(Item::Solved, yes(said.answer == Answer::Solved), one());
            let satisfied = match said.feeling {
                Feeling::Satisfied => one(),
                Feeling::Basically => scheme.basic_share.clone(),
                Feeling::Unsatisfied => Exact::default(),
            };
            add(Item::Satisfied, satisfied, one());
        }
        for time in self.times.iter().filter(|t| self.counts(scheme, t)) {
            // Without the exemption a late limit is late, whatever was decided about it.
            add(time.item, yes(!time.late && !time.exempt), one());
        }
        if let Some(passed) = self.first_check {
            add(Item::FirstCheck, yes(passed), one());
        }
        if let Some(upheld) = self.returned {
            add(Item::Returns, yes(upheld), one());
        }
        samples
    }

    /// Why something of it is not counted; it stays in sight.
    pub fn left_out(&self, scheme: &Scheme) -> Vec<Exemption> {
        let mut left_out = Vec::new();
        for exemption in &scheme.exemptions {
            let holds = match exemption {
                Exemption::Appeal => self.times.iter().any(|t| t.exempt),
                Exemption::Suspension => {
                    self.suspended && self.times.iter().any(|t| t.item == Item::Close)
                }
                Exemption::Returned => self.relieved && !self.times.is_empty(),
            };
            if holds {
                left_out.push(*exemption);
            }
        }
        left_out
    }
}
