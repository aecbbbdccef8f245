//! The co-ordinations (综合协调) of the sample: a street calls departments together, writes down
//! what was agreed, and hears of what was done.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::clock::WORK_DAY;
use super::exercise_rows::{MinutesRow, PartyRow, TaskRow};
use super::exercising::{Begin, Course, Draft, Ending, Ledger};
use super::granting::{GRANTS, Granting};
use crate::base::words;
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{AnswerKind, Origin, Power, Stage};

/// How those without an answer stand.
const UNANSWERED: [(Ending, bool); 3] = [
    (Ending::Asked, false),
    (Ending::Answering, false),
    (Ending::Answering, true),
];

/// How those end that were not carried out, in turn.
const REFUSED: [Ending; 6] = [
    Ending::Objected,
    Ending::Dismissed,
    Ending::Accepted,
    Ending::AnsweringAgain,
    Ending::Dismissed,
    Ending::Accepted,
];

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
    "已落实，安排专人一周一巡。",
    "已办结，长效管护由本单位承担。",
    "人员和机械已到位，当日完成。",
];

/// What a co-ordination is called for: by whom, about what, and which whistle it comes from.
struct Call {
    of: &'static Granting,
    street: usize,
    place: String,
    topic: &'static str,
    whistle: Option<Uuid>,
}

impl<'a> Ledger<'a> {
    /// All co-ordinations, department by department.
    pub(super) fn coordinate(&mut self) {
        let (mut unanswered, mut refused, mut done) = (0, 0, 0);
        for of in &GRANTS {
            let [all, answered, adopted, late] = of.coordination;
            let mut owed = 0;
            for count in 0..all {
                let course = if count < all - answered {
                    let (ending, late) = UNANSWERED[unanswered % UNANSWERED.len()];
                    unanswered += 1;
                    owed += usize::from(late);
                    Course::new(ending, AnswerKind::Adopted, late)
                } else if count < all - adopted {
                    let ending = REFUSED[refused % REFUSED.len()];
                    refused += 1;
                    Course::new(ending, AnswerKind::NotAdopted, false)
                } else if count >= all - (late - owed) {
                    Course::new(Ending::Accepted, AnswerKind::Adopted, true)
                } else {
                    done += 1;
                    carried_out(done)
                };
                self.coordination(of, count, course);
            }
        }
        self.called_off();
    }

    /// Two that streets called back before anybody met.
    fn called_off(&mut self) {
        for (of, street, reason) in [
            (&GRANTS[0], 0, "部门已提前到现场办结，不再开会。"),
            (&GRANTS[2], 3, "与市里的专项整治重复，并入专项整治。"),
        ] {
            let ago = self.start(Course::new(Ending::Accepted, AnswerKind::Adopted, false));
            let call = Call {
                of,
                street,
                place: self.place(street),
                topic: of.topics[0].0,
                whistle: None,
            };
            if let Some(mut draft) = self.called(&call, ago) {
                self.call_off(&mut draft, reason);
                self.keep(draft);
            }
        }
    }

    fn coordination(&mut self, of: &'static Granting, count: usize, course: Course) {
        let ago = self.start(course);
        let (topic, others) = of.topics[count % of.topics.len()];
        let special = course.ending != Ending::Accepted;
        let street = if special && count % 2 == 0 {
            0
        } else {
            self.some_street()
        };
        let from = (!special && count % 4 == 3).then(|| self.whistle_for(of.name, ago));
        let call = match from.flatten() {
            Some((street, title, whistle)) => Call {
                of,
                street,
                place: title,
                topic: "",
                whistle: Some(whistle),
            },
            None => Call {
                of,
                street,
                place: self.place(street),
                topic,
                whistle: None,
            },
        };
        let Some(mut draft) = self.called(&call, ago) else {
            return;
        };
        for other in others {
            self.party(&draft, other);
        }
        if course.ending != Ending::Asked {
            self.meet(&mut draft, &call, course);
            self.conclude(&mut draft, course, count);
        }
        self.keep(draft);
    }

    /// A street, as often as it whistles.
    fn some_street(&mut self) -> usize {
        let shares = self.ground.spec.closed;
        let mut lot = self.dice.below(shares.iter().sum());
        for (street, share) in shares.iter().enumerate() {
            if lot < *share {
                return street;
            }
            lot -= share;
        }
        0
    }

    /// A community or an estate of a street.
    fn place(&mut self, street: usize) -> String {
        let town = self.ground.town;
        let here: Vec<_> = town
            .communities
            .iter()
            .filter(|c| c.street == street)
            .collect();
        let community = *self.dice.one_of(&here);
        if self.dice.percent(40) {
            return community.name.to_owned();
        }
        let grid = *self.dice.one_of(&community.grids);
        town.grids[grid].estate.to_owned()
    }

    /// A hard whistle that a department leads, sounded a little before then and in no record yet:
    /// its street, title and id.
    fn whistle_for(&self, department: &str, ago: i64) -> Option<(usize, String, Uuid)> {
        let (town, rows) = (self.ground.town, self.ground.rows);
        let department = town.department(department);
        let (from, to) = (self.clock.ago(ago + 25 * WORK_DAY), self.clock.ago(ago));
        let leads = |id: Uuid| {
            let mut of = rows.assignments.iter().filter(|a| a.whistle == id);
            of.any(|a| a.role == "lead" && a.department == department)
        };
        let used = |id: Uuid| self.uses.exercises.iter().any(|e| e.whistle_id == Some(id));
        let found = rows.whistles.iter().find(|w| {
            let hard = matches!(w.kind, "tough" | "joint_enforcement" | "routine");
            let then = w.sounded.is_some_and(|s| s.at > from && s.at < to);
            hard && w.withdrawn.is_none() && then && leads(w.id) && !used(w.id)
        })?;
        let code = found.place.code.get(..9)?;
        let street = self
            .ground
            .spec
            .streets
            .iter()
            .position(|s| s.code == code)?;
        Some((street, found.title.clone(), found.id))
    }

    /// The street calls.
    fn called(&mut self, call: &Call, ago: i64) -> Option<Draft<'a>> {
        let (of, topic) = (call.of, call.topic);
        let title = format!("{}{topic}", call.place);
        let matter = format!(
            "{title}，社区和网格多次反映，单个部门解决不了。请{}和有关部门当场商定办法、定完成日期。",
            of.name
        );
        let begin = Begin {
            power: Power::Coordination,
            origin: Origin::Street,
            department: of.name,
            street: call.street,
            title,
            matter,
            basis: String::new(),
        };
        let mut draft = self.begin(begin, ago)?;
        let asked = draft.row.asked_at;
        let after = WORK_DAY * self.dice.between(1, 2);
        let day = if ago > 3 * WORK_DAY {
            self.clock.ago(ago - after)
        } else {
            self.clock.next_meeting(self.clock.now())
        };
        let hour = if self.dice.percent(60) { 9 } else { 14 };
        let mut meets = self.clock.at(self.clock.day(day), hour * 60);
        if meets <= asked {
            meets = asked + TimeDelta::minutes(30);
        }
        let place = format!("{}会议室", self.ground.spec.streets[call.street].name);
        let others = of
            .topics
            .iter()
            .find(|t| t.0 == topic)
            .map_or(0, |t| t.1.len());
        let called = match others {
            0 => String::new(),
            n => format!("，另请 {n} 个部门"),
        };
        let sentence = format!("{} 在{place}开会{called}。", words::minute(meets));
        draft.row.whistle_id = call.whistle;
        draft.row.meets_at = Some(meets);
        draft.row.place = Some(place);
        let due = self.limit(Rule::Minutes);
        let due = due.and_then(|limit| self.ground.calendar.due(meets, limit, &[]).ok());
        if let Some(due) = due {
            self.time_until(&mut draft, Timed::Minutes, None, (asked, due.at));
        }
        self.party(&draft, of.name);
        let deputy = draft.street.deputy.clone();
        self.tell(draft.row.id, "call", Some(&deputy), (asked, sentence));
        Some(draft)
    }

    /// A department is called.
    fn party(&mut self, draft: &Draft<'_>, department: &str) {
        self.uses.parties.push(PartyRow {
            exercise_id: draft.row.id,
            plan_id: draft.row.plan_id,
            department_id: self.ground.town.department(department),
            came: None,
            attendee: None,
            rank: None,
        });
    }

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
    fn meet(&mut self, draft: &mut Draft<'_>, call: &Call, course: Course) {
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
                    format!("牵头办理{title}，办完报街道查看。")
                } else {
                    "派专人到场配合，需要的手续当日办结。".to_owned()
                },
                due_day: self.clock.day(at) + chrono::Days::new(days - count),
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
            let since = self.clock.since(at + span * share / 100);
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
    fn conclude(&mut self, draft: &mut Draft<'_>, course: Course, count: usize) {
        let words = match course.answer {
            AnswerKind::NotAdopted => REASONS[count % REASONS.len()],
            AnswerKind::Partly => "主体已完成，余下部分列入下月计划，街道可随时查看。",
            AnswerKind::Adopted => DONE[(count + 1) % DONE.len()],
        };
        self.finish(draft, course, words);
    }
}

/// How those end that were carried out.
fn carried_out(count: usize) -> Course {
    let answer = if count % 7 == 3 {
        AnswerKind::Partly
    } else {
        AnswerKind::Adopted
    };
    match count {
        4 | 47 | 92 | 141 => Course::new(Ending::Reacting, answer, false),
        60 | 120 => Course::new(Ending::Upheld, AnswerKind::NotAdopted, false),
        n if n % 40 == 8 => Course::new(Ending::Silent, answer, false),
        _ => Course::new(Ending::Accepted, answer, false),
    }
}
