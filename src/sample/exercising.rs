//! One use of a power after the other, as the program itself would keep it: where it stands, its
//! clocks, one line of the record for each act. Instants are counted backwards, in minutes of
//! office time before now.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::clock::{Clock, WORK_DAY};
use super::dice::Dice;
use super::exercise_rows::{ExerciseRow, Uses};
use super::places::CitySpec;
use super::rows::EventRow;
use super::story::Rows;
use super::timing;
use super::timing_queries::ClockRow;
use super::town::{Actor, Street, Town};
use crate::org::calendar::{Calendar, Limit, Unit};
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{AnswerKind, Origin, Power, Stage};

/// What everything is told from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) spec: &'static CitySpec,
    pub(super) town: &'a Town,
    pub(super) rows: &'a Rows,
    pub(super) calendar: &'a Calendar,
    pub(super) limits: &'a [(Rule, Limit)],
    pub(super) plan: Uuid,
    /// Minutes of office time since the plan began.
    pub(super) period: i64,
}

/// How a record ends, or where it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nobody has said anything yet.
    Asked,
    /// The department has not answered.
    Answering,
    /// The street has not said what it thinks of the answer.
    Reacting,
    /// The street objected; nobody has ruled.
    Objected,
    /// It was found right; the second answer is awaited.
    AnsweringAgain,
    /// It was found right, and accepted the second answer.
    Upheld,
    /// It was found wrong.
    Dismissed,
    /// The street accepted.
    Accepted,
    /// The street said nothing, and so accepted.
    Silent,
}

impl Ending {
    /// So many minutes ago it began and was answered, if it must not be over now.
    pub(super) fn fixed(self) -> Option<(i64, i64)> {
        match self {
            Self::Asked => Some((2 * WORK_DAY, 0)),
            Self::Answering => Some((8 * WORK_DAY, 0)),
            Self::Reacting => Some((10 * WORK_DAY, WORK_DAY)),
            Self::Objected => Some((12 * WORK_DAY, 4 * WORK_DAY)),
            Self::AnsweringAgain => Some((15 * WORK_DAY, 7 * WORK_DAY)),
            Self::Upheld | Self::Dismissed | Self::Accepted | Self::Silent => None,
        }
    }
}

/// How a record goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) ending: Ending,
    /// The department's first answer.
    pub(super) answer: AnswerKind,
    pub(super) late: bool,
}

/// A record as it is begun.
#[derive(Debug)]
pub(super) struct Begin {
    pub(super) power: Power,
    pub(super) origin: Origin,
    pub(super) department: &'static str,
    pub(super) street: usize,
    pub(super) title: String,
    pub(super) matter: String,
    pub(super) basis: String,
}

/// A record under way.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) row: ExerciseRow,
    pub(super) clocks: Vec<ClockRow>,
    pub(super) street: &'a Street,
    pub(super) clerk: Actor,
    /// When it came to where it stands, in minutes ago.
    pub(super) ago: i64,
    /// When the last thing agreed was done, in minutes ago.
    pub(super) last_done: Option<i64>,
}

/// Keeps the records.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) ids: Dice,
    pub(super) uses: Uses,
}

impl<'a> Ledger<'a> {
    /// An empty ledger.
    pub(super) fn new(ground: Ground<'a>, tenant: Uuid, now: DateTime<Utc>) -> Self {
        Self {
            ground,
            clock: Clock::new(now),
            dice: Dice::new(ground.spec.seed + 5),
            ids: Dice::of_tenant(tenant),
            uses: Uses::default(),
        }
    }

    /// An instant so many minutes of office time ago, not on the full minute.
    pub(super) fn at(&mut self, ago: i64) -> DateTime<Utc> {
        self.clock.ago(ago) + TimeDelta::milliseconds(self.dice.between(0, 50_000))
    }

    /// When a record of that course begins: long enough ago for what is to happen.
    pub(super) fn start(&mut self, course: Course) -> i64 {
        if course.late && course.ending == Ending::Answering {
            return (30 * WORK_DAY).min(self.ground.period - WORK_DAY);
        }
        if let Some((start, _)) = course.ending.fixed() {
            return start;
        }
        let soonest = (40 * WORK_DAY).min(self.ground.period * 3 / 4);
        self.dice
            .between(soonest, self.ground.period - 2 * WORK_DAY)
    }

    /// The limit of a rule.
    pub(super) fn limit(&self, rule: Rule) -> Option<Limit> {
        let found = self.ground.limits.iter().find(|l| l.0 == rule);
        found.map(|l| l.1)
    }

    /// A part of a rule's time, in minutes: never all of it.
    pub(super) fn share(&mut self, rule: Rule) -> i64 {
        let days = self.limit(rule).map_or(3, |l| i64::from(l.amount()));
        self.dice
            .between(days * WORK_DAY / 6, days * WORK_DAY * 3 / 5)
    }

    /// Begins a record.
    pub(super) fn begin(&mut self, begin: Begin, ago: i64) -> Option<Draft<'a>> {
        let town = self.ground.town;
        let street = town.streets.get(begin.street)?;
        let clerk = match begin.power {
            Power::Cadre => town.head(begin.department)?,
            Power::Planning | Power::Coordination | Power::Project | Power::Award => {
                town.clerks.get(begin.department)?.clone()
            }
        };
        let asker = match begin.origin {
            Origin::Street => street.speaker(begin.power, &street.deputy),
            Origin::Department => &clerk,
        };
        let at = self.at(ago);
        let row = ExerciseRow {
            id: self.ids.id(at),
            number: String::new(),
            plan_id: self.ground.plan,
            department_id: town.department(begin.department),
            power: begin.power,
            street_code: self.ground.spec.streets[begin.street].code,
            origin: begin.origin,
            stage: match (begin.power, begin.origin) {
                (Power::Coordination, _) => Stage::Meeting,
                (_, Origin::Department) => Stage::Opining,
                (_, Origin::Street) => Stage::Answering,
            },
            version: 1,
            title: begin.title,
            matter: begin.matter,
            basis: begin.basis,
            whistle_id: None,
            decide_on: None,
            meets_at: None,
            place: None,
            asked_at: at,
            asked_by: asker.person,
            asked_post: asker.post,
            round: 1,
            answer: None,
            answered_at: None,
            score: None,
            objected: false,
            waiting_since: at,
            closed_at: None,
            withdrawn_at: None,
            withdraw_reason: None,
        };
        Some(Draft {
            row,
            clocks: Vec::new(),
            street,
            clerk,
            ago,
            last_done: None,
        })
    }

    /// Keeps a record with its clocks.
    pub(super) fn keep(&mut self, draft: Draft<'_>) {
        self.uses.clocks.extend(draft.clocks);
        self.uses.exercises.push(draft.row);
    }

    /// Starts a clock as a rule gives it.
    pub(super) fn time(&self, draft: &mut Draft<'_>, stage: Timed, rule: Rule, at: DateTime<Utc>) {
        let Some(limit) = self.limit(rule) else {
            return;
        };
        let row = timing::row(self.ground.calendar, (stage, limit), (at, None), &[]);
        draft.clocks.push(ClockRow {
            exercise_id: Some(draft.row.id),
            ..row
        });
    }

    /// Starts a clock that is due at a given moment.
    pub(super) fn time_until(
        &self,
        draft: &mut Draft<'_>,
        stage: Timed,
        about: Option<Uuid>,
        (at, until): (DateTime<Utc>, DateTime<Utc>),
    ) {
        let hours = (until - at).num_hours().max(1);
        let Ok(limit) = Limit::new(hours, Unit::NaturalHour) else {
            return;
        };
        let row = timing::row(self.ground.calendar, (stage, limit), (at, None), &[]);
        draft.clocks.push(ClockRow {
            exercise_id: Some(draft.row.id),
            about,
            // The answer's is said with its hours, as the program says it.
            agreed: stage != Timed::Answer,
            due_at: Some(until),
            soon_at: Some(at + (until - at) * 2 / 3),
            ..row
        });
    }

    /// One line of the record.
    pub(super) fn tell(
        &mut self,
        id: Uuid,
        verb: &'static str,
        by: Option<&Actor>,
        (at, sentence): (DateTime<Utc>, String),
    ) {
        self.uses.events.push(EventRow {
            id: self.ids.id(at),
            at,
            subject: "exercise",
            subject_id: id,
            verb,
            person: by.map(|a| a.person),
            person_name: by.map_or_else(String::new, |a| a.name.clone()),
            post: by.map(|a| a.post),
            seat: by.map_or_else(|| "系统".to_owned(), |a| a.seat.clone()),
            department: by.and_then(|a| a.department),
            sentence,
        });
    }

    /// The city's office.
    pub(super) fn office(&self) -> Actor {
        let town = self.ground.town;
        let post = town.city_post("city_office");
        let person = town.holder(post);
        let name = town.people.iter().find(|p| p.id == person);
        Actor {
            person,
            name: name.map_or_else(String::new, |p| p.name.clone()),
            post,
            kind: "city_office",
            seat: "市治理办".to_owned(),
            department: None,
        }
    }
}

impl Course {
    /// A course.
    pub(super) fn new(ending: Ending, answer: AnswerKind, late: bool) -> Self {
        Self {
            ending,
            answer,
            late,
        }
    }
}

impl Draft<'_> {
    /// Stops the clock of one thing that was agreed.
    pub(super) fn stop_about(&mut self, task: Uuid, at: DateTime<Utc>, reason: &str) {
        for clock in self.clocks.iter_mut().filter(|c| c.about == Some(task)) {
            stop(clock, at, reason);
        }
    }

    /// The record comes to a stage.
    pub(super) fn step(&mut self, stage: Stage, at: DateTime<Utc>) {
        self.row.stage = stage;
        self.row.version += 1;
        self.row.waiting_since = at;
        self.row.closed_at = (stage == Stage::Closed).then_some(at);
    }

    /// Stops the running clock of a stage.
    pub(super) fn stop(&mut self, stage: Timed, at: DateTime<Utc>, reason: &str) {
        for clock in self.clocks.iter_mut().filter(|c| c.stage == stage) {
            stop(clock, at, reason);
        }
    }

    /// When the sweep finds that the time of a stage is over.
    pub(super) fn lapses(&self, stage: Timed) -> Option<DateTime<Utc>> {
        let clock = self.clocks.iter().rev().find(|c| c.stage == stage)?;
        // Of a year whose notice is not known.
        let due = clock
            .due_at
            .unwrap_or(clock.started_at + TimeDelta::days(7));
        Some(due + TimeDelta::seconds(23))
    }
}

/// Stops a clock that runs.
pub(super) fn stop(clock: &mut ClockRow, at: DateTime<Utc>, reason: &str) {
    if clock.stopped_at.is_none() {
        clock.stopped_at = Some(at);
        clock.stop_reason = Some(reason.to_owned());
    }
}
