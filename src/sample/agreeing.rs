//! What a co-ordination of the sample agreed: who came, the minutes, what each department did of it.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use uuid::Uuid;

use super::clock::WORK_DAY;
use super::coordinating::Call;
use super::exercise_rows::{MinutesRow, TaskRow};
use super::exercising::{Course, Draft, Ending, Ledger};
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{AnswerKind, Stage};

/// Why a department could not do it.
const REASONS: [&str; 4] = [
    "现场研究三次，权属没有理清，暂不具备条件。",
    "涉及管线迁改，资金未列入本年度预算，下一年度申报。",
    "产权单位不同意拆除，已转入司法程序，暂不能实施。",
    "施工期已过，须待开春。",
];

/// What departments did.
const DONE: [&str; 4] = [
    "按议定事项办结，现场已交社区查看。",
    "安排专人一周一巡，有问题当天处置。",
    "办结后的管护由本单位承担。",
    "人员和机械已到位，当日完成。",
];

impl Ledger<'_> {
    /// Who came; most do. The answering department always does.
    fn came(&mut self, draft: &Draft<'_>) -> (usize, Vec<Uuid>) {
        let town = self.ground.town;
        let mut came = Vec::new();
        let mut called = 0;
        for party in &mut self.uses.parties {
            if party.exercise_id != draft.row.id {
                continue;
            }
            called += 1;
            let is_first = party.department_id == draft.row.department_id;
            let comes = is_first || self.dice.percent(88);
            party.came = Some(comes);
            if comes {
                let mut clerks = town.clerks.values();
                let clerk = clerks.find(|c| c.department == Some(party.department_id));
                party.attendee = clerk.map(|c| c.name.clone());
                party.rank = Some(if self.dice.percent(55) {
                    "副职领导"
                } else {
                    "业务科长"
                });
                came.push(party.department_id);
            }
        }
        (called, came)
    }

    /// The meeting, its minutes and what was done of it.
    pub(super) fn meet(&mut self, draft: &mut Draft<'_>, call: &Call, course: Course) {
        let held = draft.row.meets_at.unwrap_or(draft.row.asked_at);
        draft.ago = (self.clock.since(held) - self.dice.between(90, WORK_DAY)).max(1);
        let at = self.at(draft.ago).max(held + TimeDelta::minutes(40));
        let (called, came) = self.came(draft);
        let (deputy, dispatcher) = (draft.street.deputy.clone(), draft.street.dispatcher.clone());
        let tasks = self.agree(draft, call, &came, at);
        self.uses.minutes.push(MinutesRow {
            exercise_id: draft.row.id,
            held_at: held,
            host: deputy.name,
            words: format!(
                "一、{}牵头，按议定日期完成。二、社区做好居民工作，提供现场情况。三、到期由街道到现场查看。",
                call.of.name
            ),
            given_at: at,
            given_by: dispatcher.person,
            given_post: dispatcher.post,
        });
        draft.stop(Timed::Minutes, at, "已形成纪要");
        draft.step(Stage::Answering, at);
        let sentence = format!(
            "应到 {called} 个部门，到会 {} 个，议定 {} 项。",
            came.len(),
            tasks.len()
        );
        self.tell(draft.row.id, "minutes", Some(&dispatcher), (at, sentence));
        self.perform(draft, tasks, course, at);
    }

    /// What was agreed, each with its clock, and the answer's clock after the last of it.
    fn agree(
        &mut self,
        draft: &mut Draft<'_>,
        call: &Call,
        came: &[Uuid],
        at: DateTime<Utc>,
    ) -> Vec<TaskRow> {
        let title = format!("{}{}", call.place, call.topic);
        let mut tasks = Vec::new();
        for (count, department) in (0_u64..).zip(came) {
            let is_first = *department == draft.row.department_id;
            if count > 1 && !is_first {
                continue;
            }
            let days = self.dice.between(6, 8).unsigned_abs();
            tasks.push(TaskRow {
                id: self.ids.id(at),
                exercise_id: draft.row.id,
                department_id: *department,
                words: if is_first {
                    format!("牵头办理{title}，办完报街道查看")
                } else {
                    "派专人到场配合，需要的手续当日办结".to_owned()
                },
                due_day: weekday(self.clock.day(at) + Days::new(days - count)),
                done_at: None,
                done_by: None,
                done_words: None,
            });
        }
        let calendar = self.ground.calendar;
        for task in &tasks {
            let until = calendar.end_of(task.due_day);
            self.time_until(draft, Timed::Item, Some(task.id), (at, until));
        }
        let last = tasks.iter().map(|t| t.due_day).max();
        let due = last.zip(self.limit(Rule::AnswerCoordination));
        let due = due.and_then(|(day, limit)| calendar.due(calendar.end_of(day), limit, &[]).ok());
        match due {
            Some(due) => self.time_until(draft, Timed::Answer, None, (at, due.at)),
            None => self.time(draft, Timed::Answer, Rule::AnswerCoordination, at),
        }
        tasks
    }

    /// Departments do what was agreed; of a record that is to wait the first thing only.
    fn perform(
        &mut self,
        draft: &mut Draft<'_>,
        tasks: Vec<TaskRow>,
        course: Course,
        at: DateTime<Utc>,
    ) {
        let waits = course.ending == Ending::Answering && !course.late;
        let end = |task: &TaskRow| self.ground.calendar.end_of(task.due_day);
        let spans: Vec<TimeDelta> = tasks.iter().map(|t| end(t) - at).collect();
        for (count, (mut task, span)) in tasks.into_iter().zip(spans).enumerate() {
            if waits && task.department_id == draft.row.department_id {
                self.uses.tasks.push(task);
                continue;
            }
            let share = i32::try_from(self.dice.between(20, 60)).unwrap_or(50);
            let since = self.clock.since(at + span * share / 100) - self.dice.between(0, 200);
            let ago = since.clamp(2, (draft.ago - 1).max(2));
            let done = self.at(ago);
            let mut clerks = self.ground.town.clerks.values();
            let by = clerks.find(|c| c.department == Some(task.department_id));
            let by = by.unwrap_or(&draft.clerk).clone();
            let words = match course.answer {
                AnswerKind::NotAdopted => "已到现场研究，情况书面报街道。",
                AnswerKind::Adopted | AnswerKind::Partly => DONE[count % DONE.len()],
            };
            task.done_at = Some(done);
            task.done_by = Some(by.person);
            task.done_words = Some(words);
            draft.stop_about(task.id, done, "已落实");
            let sentence = format!("{}：{words}", task.words);
            self.tell(draft.row.id, "perform", Some(&by), (done, sentence));
            draft.last_done = Some(draft.last_done.map_or(ago, |last| last.min(ago)));
            self.uses.tasks.push(task);
        }
        draft.ago = draft.last_done.unwrap_or(draft.ago);
    }

    /// The answer and what follows.
    pub(super) fn conclude(&mut self, draft: &mut Draft<'_>, course: Course, count: usize) {
        let words = match course.answer {
            AnswerKind::NotAdopted => REASONS[count % REASONS.len()],
            AnswerKind::Partly => "主体已完成，余下部分列入下月计划，街道可随时查看。",
            AnswerKind::Adopted => DONE[(count + 1) % DONE.len()],
        };
        self.finish(draft, course, words);
    }
}

/// The day, or the Monday after it.
fn weekday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => day,
    }
}
