//! The co-ordinations (综合协调) of the sample: which street called which departments together for
//! what, and how it went.

use chrono::TimeDelta;
use uuid::Uuid;

use super::clock::WORK_DAY;
use super::exercise_rows::PartyRow;
use super::exercising::{Begin, Course, Draft, Ending, Ledger};
use super::granting::{GRANTS, Granting};
use crate::base::words;
use crate::work::clocks::{Rule, Stage as Timed};
use crate::work::powers::{AnswerKind, Origin, Power};

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

/// What a co-ordination is called for: by whom, about what, and which whistle it comes from.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) of: &'static Granting,
    street: usize,
    pub(super) place: String,
    pub(super) topic: &'static str,
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
        let street = if special && count.is_multiple_of(2) {
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
