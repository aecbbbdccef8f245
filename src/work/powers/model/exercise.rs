//! One record with everything its page shows. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cadre::Reading;
use super::words::{
    AnswerKind, OpinionKind, Origin, Phase, Pool, Power, ReactionKind, RulingKind, Stage,
};
use crate::org::DepartmentId;
use crate::org::access::Viewer;
use crate::org::calendar::Calendar;
use crate::org::documents::Basis;
use crate::org::events::{Entry, Subject};
use crate::org::files::{FileRow, Owner, OwnerKind};
use crate::org::photos::Added;
use crate::work::clocks::{Clock, Nearest, Rule, Rules, Stage as Timed, Told};
use crate::work::{ExerciseId, MatterId, TaskId, WhistleId};

/// One use of a power (行权记录).
#[derive(Clone, Debug)]
pub(in super::super) struct Exercise {
    /// Its id.
    pub(in super::super) id: ExerciseId,
    /// Its number.
    pub(in super::super) number: String,
    /// Which power.
    pub(in super::super) power: Power,
    /// Who began it.
    pub(in super::super) origin: Origin,
    /// Where it stands.
    pub(in super::super) stage: Stage,
    /// For forms.
    pub(in super::super) version: i32,
    /// What it is about, in a line.
    pub(in super::super) title: String,
    /// The same in full.
    pub(in super::super) matter: String,
    /// The letter or paper that set it off (来文依据); may be empty.
    pub(in super::super) basis: String,
    /// The answering department.
    pub(in super::super) department_id: DepartmentId,
    /// Its name.
    pub(in super::super) department: String,
    /// The street.
    pub(in super::super) street_code: String,
    /// Its name.
    pub(in super::super) street: String,
    /// Which answer of the department is awaited or stands: the first or the second.
    pub(in super::super) round: i16,
    /// When the department means to decide.
    pub(in super::super) decide_on: Option<NaiveDate>,
    /// When a co-ordination meets.
    pub(in super::super) meets_at: Option<DateTime<Utc>>,
    /// Where.
    pub(in super::super) place: Option<String>,
    /// When it began.
    pub(in super::super) asked_at: DateTime<Utc>,
    /// Who began it.
    pub(in super::super) asker: String,
    /// Why it was called back.
    pub(in super::super) withdraw_reason: Option<String>,
    /// The nearest due time.
    pub(in super::super) nearest: Option<Nearest>,
    /// Everything else.
    pub(in super::super) parts: Parts,
    /// Its clocks.
    pub(in super::super) clocks: Vec<Clock>,
    /// What happened, the newest first.
    pub(in super::super) timeline: Vec<Entry>,
    /// The calendar, for due times.
    pub(in super::super) calendar: Calendar,
    /// The rules of today.
    pub(in super::super) rules: Rules,
    /// When it was read.
    pub(in super::super) now: DateTime<Utc>,
}

/// What was said and kept, part by part.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Parts {
    /// Its files.
    pub(in super::super) files: Vec<FileRow>,
    /// Its photos.
    pub(in super::super) photos: Vec<Added>,
    /// The power's scope for the department, from the plan.
    pub(in super::super) scope: String,
    /// The plan's name.
    pub(in super::super) plan: String,
    /// The clause that the plan stands on.
    pub(in super::super) basis: Option<Basis>,
    /// The whistle that it came from.
    pub(in super::super) whistle: Option<From>,
    /// The matters that it came from.
    pub(in super::super) matters: Vec<From>,
    /// Of a plan.
    pub(in super::super) planning: Option<Planning>,
    /// Of a project.
    pub(in super::super) project: Option<Project>,
    /// Of an award.
    pub(in super::super) award: Option<Award>,
    /// The street's opinion.
    pub(in super::super) opinion: Option<Opinion>,
    /// Its items.
    pub(in super::super) items: Vec<Item>,
    /// The department's answers.
    pub(in super::super) answers: Vec<Answer>,
    /// What the street said to them.
    pub(in super::super) reactions: Vec<Reaction>,
    /// What the city's office said to an objection.
    pub(in super::super) ruling: Option<Ruling>,
    /// Whom a co-ordination calls.
    pub(in super::super) parties: Vec<Party>,
    /// What was agreed.
    pub(in super::super) minutes: Option<Minutes>,
    /// Who does what.
    pub(in super::super) tasks: Vec<Task>,
    /// Who read what is sealed, the newest first, not all of them.
    pub(in super::super) readings: Vec<Reading>,
    /// How often it was read.
    pub(in super::super) times_read: i64,
}

/// A whistle or a matter that a record came from.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct From {
    /// Its id.
    pub(in super::super) id: Uuid,
    /// Its number.
    pub(in super::super) number: String,
    /// Its title.
    pub(in super::super) title: String,
}

impl From {
    /// As a whistle.
    pub(in super::super) fn whistle(&self) -> WhistleId {
        WhistleId(self.id)
    }

    /// As a matter.
    pub(in super::super) fn matter(&self) -> MatterId {
        MatterId(self.id)
    }
}

/// What a planning record is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Planning {
    /// How far the plan is.
    pub(in super::super) phase: Phase,
    /// Over which area.
    pub(in super::super) area: String,
    /// How residents were heard; may be empty.
    pub(in super::super) residents: String,
}

/// What a project is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Project {
    /// Households that gain.
    pub(in super::super) beneficiaries: i32,
    /// Where.
    pub(in super::super) site: String,
    /// What it costs, in yuan.
    pub(in super::super) estimate: i64,
    /// How residents were heard; may be empty.
    pub(in super::super) residents: String,
    /// Into which pool it came.
    pub(in super::super) pool: Option<Pool>,
    /// In which budget year.
    pub(in super::super) budget_year: Option<i16>,
}

impl Project {
    /// `12.5 万元`.
    pub(in super::super) fn cost(&self) -> String {
        let (whole, rest) = (self.estimate / 10_000, self.estimate % 10_000);
        let figures = format!("{whole}.{rest:04}");
        let figures = figures.trim_end_matches('0').trim_end_matches('.');
        format!("{figures} 万元")
    }
}

/// Who is to be honoured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Award {
    /// The unit or person.
    pub(in super::super) candidate: String,
    /// For what.
    pub(in super::super) award: String,
}

/// What the street said.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Opinion {
    /// Which way.
    pub(in super::super) kind: OpinionKind,
    /// In words.
    pub(in super::super) words: String,
    /// Which body decided it.
    pub(in super::super) body: String,
    /// When it did.
    pub(in super::super) decided_on: Option<NaiveDate>,
    /// When it was given.
    pub(in super::super) at: DateTime<Utc>,
    /// By whom; none: the time ran out.
    pub(in super::super) by: Option<String>,
}

/// One item of the opinion.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Item {
    /// Which.
    pub(in super::super) number: i16,
    /// What is asked.
    pub(in super::super) words: String,
    /// What the department did with it, answer by answer.
    pub(in super::super) answers: Vec<ItemAnswer>,
}

/// What the department does with one item.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct ItemAnswer {
    /// In which answer.
    pub(in super::super) round: i16,
    /// Adopted or not.
    pub(in super::super) kind: AnswerKind,
    /// Why; may be empty if adopted.
    pub(in super::super) words: String,
}

/// What the department said.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Answer {
    /// Which answer.
    pub(in super::super) round: i16,
    /// Adopted or not.
    pub(in super::super) kind: AnswerKind,
    /// In words.
    pub(in super::super) words: String,
    /// Which body decided it.
    pub(in super::super) body: String,
    /// When it did.
    pub(in super::super) decided_on: NaiveDate,
    /// When it was given.
    pub(in super::super) at: DateTime<Utc>,
    /// By whom.
    pub(in super::super) by: String,
}

/// What the street said to an answer.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Reaction {
    /// To which answer.
    pub(in super::super) round: i16,
    /// Accepted or not.
    pub(in super::super) kind: ReactionKind,
    /// In words.
    pub(in super::super) words: String,
    /// The mark, 1 to 5.
    pub(in super::super) score: Option<i16>,
    /// When.
    pub(in super::super) at: DateTime<Utc>,
    /// By whom; none: the time ran out.
    pub(in super::super) by: Option<String>,
}

/// What the city's office said.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Ruling {
    /// Who is right.
    pub(in super::super) kind: RulingKind,
    /// In words.
    pub(in super::super) words: String,
    /// When.
    pub(in super::super) at: DateTime<Utc>,
    /// By whom.
    pub(in super::super) by: String,
}

/// A department called to a co-ordination.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Party {
    /// The department.
    pub(in super::super) id: DepartmentId,
    /// Its name.
    pub(in super::super) name: String,
    /// Whether somebody came; unknown before the minutes.
    pub(in super::super) came: Option<bool>,
    /// Who came.
    pub(in super::super) attendee: Option<String>,
    /// With which rank.
    pub(in super::super) rank: Option<String>,
}

/// What was agreed.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Minutes {
    /// When it was held.
    pub(in super::super) held_at: DateTime<Utc>,
    /// Who presided.
    pub(in super::super) host: String,
    /// In words.
    pub(in super::super) words: String,
    /// When it was recorded.
    pub(in super::super) at: DateTime<Utc>,
    /// By whom.
    pub(in super::super) by: String,
}

/// What a department does until a day (议定事项).
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Task {
    /// Its id.
    pub(in super::super) id: TaskId,
    /// The department.
    pub(in super::super) department_id: DepartmentId,
    /// Its name.
    pub(in super::super) department: String,
    /// What.
    pub(in super::super) words: String,
    /// Until the end of which day.
    pub(in super::super) due_day: NaiveDate,
    /// When it was done.
    pub(in super::super) done_at: Option<DateTime<Utc>>,
    /// What was done.
    pub(in super::super) done_words: Option<String>,
}

/// A record as the owner of its files.
pub(in super::super) fn owner(id: ExerciseId) -> Owner {
    Owner {
        kind: OwnerKind::Exercise,
        id: id.0,
        subject: (Subject::Exercise, id.0),
    }
}

impl Exercise {
    /// Whether the viewer adds and removes its files and photos.
    pub(in super::super) fn takes_files_of(&self, me: &Viewer) -> bool {
        let sides = (self.street_code.as_str(), self.department_id);
        super::takes_files(me, (self.power, self.stage), sides)
    }

    /// What the record is called.
    pub(in super::super) fn name(&self) -> &'static str {
        self.power.record(self.origin)
    }

    /// Whether the co-ordination has not met yet.
    pub(in super::super) fn is_ahead(&self) -> bool {
        self.meets_at.is_some_and(|at| at > self.now)
    }

    /// Its clocks, told to a page.
    pub(in super::super) fn timed(&self) -> Vec<Told> {
        let mut timed: Vec<Told> = self.clocks.iter().rev().map(|c| self.told(c)).collect();
        // What runs stands first.
        timed.sort_by_key(|t| t.lamp.is_none());
        timed
    }

    fn told(&self, clock: &Clock) -> Told {
        let (seat, agreed) = self.about(clock);
        let told = clock.told(seat, &self.calendar, &self.now);
        match agreed {
            Some(limit) => Told {
                limit,
                lines: Vec::new(),
                ..told
            },
            None => told,
        }
    }

    /// Whose clock it is, and in words what it was agreed to be, if it is not counted from a limit.
    fn about(&self, clock: &Clock) -> (&str, Option<String>) {
        match clock.stage {
            Timed::Opinion | Timed::Reaction => (&self.street, None),
            Timed::Minutes => {
                let after = self.rules.words(Rule::Minutes);
                (&self.street, Some(format!("开会后 {after}")))
            }
            Timed::Ruling => ("市治理办", None),
            Timed::Item => {
                let about = |t: &&Task| Some(t.id.0) == clock.about;
                let task = self.parts.tasks.iter().find(about);
                let seat = task.map_or("", |t| t.department.as_str());
                (seat, Some("纪要议定的日期".to_owned()))
            }
            Timed::Answer if !clock.unit.is_working() => {
                let after = self.rules.words(Rule::AnswerCoordination);
                let words = format!("最后一项议定事项到期后 {after}");
                (&self.department, Some(words))
            }
            Timed::Promise
            | Timed::Approve
            | Timed::Verify
            | Timed::Sign
            | Timed::Report
            | Timed::FirstFeedback
            | Timed::Close
            | Timed::Check
            | Timed::Rating
            | Timed::Conclude
            | Timed::Visit
            | Timed::Decide
            | Timed::Reply
            | Timed::Suspension
            | Timed::Answer => (&self.department, None),
        }
    }
}
