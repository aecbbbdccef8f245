//! One use of a power after the other, act by act, as the program itself would keep it: what is
//! said, the time that ends with it and the time that begins, one line of the record each.
//! Instants are counted backwards, in minutes of office time before now.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::clock::{Clock, WORK_DAY};
use super::dice::Dice;
use super::exercise_rows::{AnswerRow, ExerciseRow, OpinionRow, ReactionRow, RulingRow, Uses};
use super::places::CitySpec;
use super::rows::EventRow;
use super::story::Rows;
use super::timing;
use super::timing_queries::ClockRow;
use super::town::{Actor, Street, Town};
use crate::org::calendar::{Calendar, Limit, Unit};
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{
    AnswerKind, OpinionKind, Origin, Power, ReactionKind, RulingKind, Stage,
};

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
    fn fixed(self) -> Option<(i64, i64)> {
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
    fn share(&mut self, rule: Rule) -> i64 {
        let days = self.limit(rule).map_or(3, |l| i64::from(l.amount()));
        self.dice
            .between(days * WORK_DAY / 6, days * WORK_DAY * 3 / 5)
    }

    /// Begins a record.
    pub(super) fn begin(&mut self, begin: Begin, ago: i64) -> Option<Draft<'a>> {
        let town = self.ground.town;
        let street = town.streets.get(begin.street)?;
        let clerk = town.clerks.get(begin.department)?.clone();
        let asker = match begin.origin {
            Origin::Street => &street.deputy,
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

    /// The street gives its opinion.
    pub(super) fn opine(
        &mut self,
        draft: &mut Draft<'_>,
        (kind, words): (OpinionKind, &str),
        items: usize,
    ) {
        let rule = draft.row.power.opinion().unwrap_or(Rule::OpinionProject);
        draft.ago = (draft.ago - self.share(rule)).max(1);
        let at = self.at(draft.ago);
        let by = draft.street.dispatcher.clone();
        self.uses.opinions.push(OpinionRow {
            exercise_id: draft.row.id,
            kind,
            words: words.to_owned(),
            body: "街道党工委会议",
            decided_on: Some(self.clock.day(at)),
            given_at: at,
            given_by: Some(by.person),
            given_post: Some(by.post),
        });
        draft.stop(Timed::Opinion, at, "街道已提意见");
        draft.step(Stage::Answering, at);
        self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        let count = match items {
            0 => String::new(),
            n => format!("，{n} 条"),
        };
        let sentence = format!("{}{count}。{words}", kind.label());
        self.tell(draft.row.id, "opine", Some(&by), (at, sentence));
    }

    /// The street lets its time pass, and so has no objection.
    pub(super) fn keep_silent(&mut self, draft: &mut Draft<'_>) {
        let at = draft.lapses(Timed::Opinion);
        let at = at.unwrap_or(draft.row.asked_at + TimeDelta::days(7));
        draft.ago = self.clock.since(at).max(2);
        self.uses.opinions.push(OpinionRow {
            exercise_id: draft.row.id,
            kind: OpinionKind::Silent,
            words: String::new(),
            body: "",
            decided_on: None,
            given_at: at,
            given_by: None,
            given_post: None,
        });
        draft.stop(Timed::Opinion, at, "街道逾期未答");
        draft.step(Stage::Answering, at);
        self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        let sentence = "街道逾期未答复，视为无意见。".to_owned();
        self.tell(draft.row.id, "silent", None, (at, sentence));
    }

    /// When the department answers, in minutes ago.
    fn answers_at(&mut self, draft: &Draft<'_>, course: Course) -> i64 {
        let due = draft.clocks.iter().rev().find(|c| c.stage == Timed::Answer);
        let due = due
            .and_then(|c| c.due_at)
            .filter(|_| course.late && draft.row.round == 1);
        let fixed = course.ending.fixed().filter(|_| draft.row.round == 1);
        match (due, fixed) {
            (Some(due), _) => self.clock.since(due) - self.dice.between(60, 2 * WORK_DAY),
            (None, Some((_, answered))) => answered.min(draft.ago - 30),
            (None, None) if draft.row.power == Power::Coordination => {
                draft.ago - self.dice.between(40, WORK_DAY)
            }
            (None, None) => draft.ago - self.share(draft.row.power.answer()),
        }
    }

    /// The department answers.
    pub(super) fn answer(
        &mut self,
        draft: &mut Draft<'_>,
        course: Course,
        (kind, words): (AnswerKind, &str),
    ) {
        draft.ago = self.answers_at(draft, course).max(1);
        let at = self.at(draft.ago);
        let by = draft.clerk.clone();
        self.uses.answers.push(AnswerRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind,
            words: words.to_owned(),
            body: body_of(&by.seat),
            decided_on: self.clock.day(at),
            given_at: at,
            given_by: by.person,
            given_post: by.post,
        });
        draft.stop(Timed::Answer, at, "部门已答复");
        draft.row.answer = Some(kind);
        draft.row.answered_at = draft.row.answered_at.or(Some(at));
        self.detail(draft, kind, at);
        draft.step(Stage::Reacting, at);
        self.time(draft, Timed::Reaction, Rule::Reaction, at);
        let sentence = format!("{}。{words}", kind.word(draft.row.power));
        self.tell(draft.row.id, "answer", Some(&by), (at, sentence));
    }

    /// The answer, the street's word to it, the ruling and the second answer, as far as the course
    /// goes.
    pub(super) fn finish(&mut self, draft: &mut Draft<'_>, course: Course, words: &str) {
        if matches!(course.ending, Ending::Asked | Ending::Answering) {
            return;
        }
        self.answer(draft, course, (course.answer, words));
        match course.ending {
            Ending::Asked | Ending::Answering | Ending::Reacting => {}
            Ending::Silent => self.accept_silently(draft),
            Ending::Accepted => {
                let said = self.mark(course);
                self.react(draft, ReactionKind::Accepted, said);
            }
            Ending::Objected => self.object(draft),
            Ending::Dismissed => {
                self.object(draft);
                self.rule(draft, RulingKind::Dismissed);
            }
            Ending::AnsweringAgain => {
                self.object(draft);
                self.rule(draft, RulingKind::Upheld);
            }
            Ending::Upheld => {
                self.object(draft);
                self.rule(draft, RulingKind::Upheld);
                let words = "按街道意见调整方案，已组织实施。";
                self.answer(draft, course, (AnswerKind::Adopted, words));
                self.react(draft, ReactionKind::Accepted, (4, "第二次答复可行。"));
            }
        }
    }

    fn object(&mut self, draft: &mut Draft<'_>) {
        let score = i16::from(self.dice.percent(50)) + 1;
        let words = "理由与现场不符，居民意见大，请重新研究。";
        self.react(draft, ReactionKind::Objected, (score, words));
    }

    /// What the street thinks of an answer that it accepts.
    fn mark(&mut self, course: Course) -> (i16, &'static str) {
        let lot = self.dice.between(1, 100);
        let (score, words) = match (course.answer, lot) {
            (AnswerKind::Adopted, 1..=46) => (5, ""),
            (AnswerKind::Adopted, 47..=86) => (4, ""),
            (AnswerKind::Adopted, _) => (3, "办得到位，沟通可以再早一些。"),
            (AnswerKind::Partly, 1..=60) => (4, ""),
            (AnswerKind::Partly, _) => (3, "余下部分请按期完成。"),
            (AnswerKind::NotAdopted, 1..=55) => (3, "理由说明白了，向居民解释。"),
            (AnswerKind::NotAdopted, _) => (2, "理由收到，下一年度再提。"),
        };
        if course.late {
            (score - 1, "答复晚了。")
        } else {
            (score, words)
        }
    }

    /// The street accepts or objects, with a mark.
    pub(super) fn react(
        &mut self,
        draft: &mut Draft<'_>,
        kind: ReactionKind,
        (score, words): (i16, &'static str),
    ) {
        let gap = self.share(Rule::Reaction);
        draft.ago = (draft.ago - gap).max(1);
        let at = self.at(draft.ago);
        let by = draft.street.deputy.clone();
        self.uses.reactions.push(ReactionRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind,
            words,
            score: Some(score),
            given_at: at,
            given_by: Some(by.person),
            given_post: Some(by.post),
        });
        draft.stop(Timed::Reaction, at, "街道已表态");
        draft.row.score = Some(score);
        let verb = if kind == ReactionKind::Objected {
            draft.row.objected = true;
            draft.step(Stage::Objected, at);
            self.time(draft, Timed::Ruling, Rule::Ruling, at);
            "object"
        } else {
            draft.step(Stage::Closed, at);
            "accept_answer"
        };
        let sentence = format!("评 {score} 分。{words}");
        self.tell(draft.row.id, verb, Some(&by), (at, sentence));
    }

    /// The street lets its time pass, and so accepts.
    pub(super) fn accept_silently(&mut self, draft: &mut Draft<'_>) {
        let Some(at) = draft
            .lapses(Timed::Reaction)
            .filter(|at| *at < self.clock.now())
        else {
            return;
        };
        self.uses.reactions.push(ReactionRow {
            exercise_id: draft.row.id,
            round: draft.row.round,
            kind: ReactionKind::Silent,
            words: "",
            score: None,
            given_at: at,
            given_by: None,
            given_post: None,
        });
        draft.stop(Timed::Reaction, at, "街道逾期未表态");
        draft.step(Stage::Closed, at);
        let sentence = "街道逾期未表态，视为认可答复。".to_owned();
        self.tell(draft.row.id, "silent", None, (at, sentence));
    }

    /// The city's office rules.
    pub(super) fn rule(&mut self, draft: &mut Draft<'_>, kind: RulingKind) {
        draft.ago = (draft.ago - self.share(Rule::Ruling)).max(1);
        let at = self.at(draft.ago);
        let by = self.office();
        let (verb, words) = match kind {
            RulingKind::Upheld => ("uphold", "街道意见有现场记录，请部门结合街道意见重新答复。"),
            RulingKind::Dismissed => ("dismiss", "部门理由成立，街道意见纳入下一年度研究。"),
        };
        self.uses.rulings.push(RulingRow {
            exercise_id: draft.row.id,
            kind,
            words,
            given_at: at,
            given_by: by.person,
            given_post: by.post,
        });
        draft.stop(Timed::Ruling, at, "市治理办已裁定");
        if kind == RulingKind::Upheld {
            draft.row.round = 2;
            draft.step(Stage::Answering, at);
            self.time(draft, Timed::Answer, draft.row.power.answer(), at);
        } else {
            draft.step(Stage::Closed, at);
        }
        let sentence = format!("{}。{words}", kind.label());
        self.tell(draft.row.id, verb, Some(&by), (at, sentence));
    }

    /// Who began it calls it back.
    pub(super) fn call_off(&mut self, draft: &mut Draft<'_>, reason: &'static str) {
        draft.ago = (draft.ago - self.dice.between(60, WORK_DAY / 2)).max(1);
        let at = self.at(draft.ago);
        let by = match draft.row.origin {
            Origin::Street => draft.street.deputy.clone(),
            Origin::Department => draft.clerk.clone(),
        };
        for clock in &mut draft.clocks {
            stop(clock, at, "已撤回");
        }
        draft.step(Stage::Withdrawn, at);
        draft.row.withdrawn_at = Some(at);
        draft.row.withdraw_reason = Some(reason);
        self.tell(draft.row.id, "call_off", Some(&by), (at, reason.to_owned()));
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
    fn lapses(&self, stage: Timed) -> Option<DateTime<Utc>> {
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

/// The body that decides in a department.
fn body_of(seat: &str) -> &'static str {
    if seat.ends_with("公司") {
        "经理办公会议"
    } else if seat.ends_with("大队") {
        "大队党委会议"
    } else {
        "局长办公会议"
    }
}
