//! A whistle sounds, and the departments sign, report in, work and feed back.

use chrono::{DateTime, TimeDelta, Utc};

use super::live::Progress;
use super::numbers::Series;
use super::plans::Plan;
use super::rows::{AssignmentRow, AssignmentStepRow, Report};
use super::story::Story;
use super::town::Actor;
use super::whistling::Cast;
use crate::base::words;

/// What departments report on the way.
const HANDLING: &[&str] = &[
    "已组织人员进场，正在办理。",
    "现场查看完毕，办法已定，明天动工。",
    "完成大半，余下两天内收尾。",
    "与社区一起到现场核对，按约定办理。",
    "材料已到，正在施工。",
];
const AGREED: &[&str] = &[
    "现场会商，社区书记在场，约定先排险后修复。",
    "与街道、社区现场看过，约定三日内给出结果。",
    "到场核对情况，明确由我方负责的部分。",
];
const REFUSAL: &str = "联系三次未派人到场，约定的事没有办。";

/// Points of an assignment's way, in minutes ago.
#[derive(Clone, Copy, Debug)]
struct Times {
    sent: i64,
    sign: i64,
    report: i64,
    handle: i64,
    feedback: i64,
}

impl Story<'_> {
    /// Sounds a whistle. Where the kind needs approval, approving it sounds it.
    pub(super) fn sounded(
        &mut self,
        plan: &Plan,
        cast: &Cast,
        of: (usize, &[usize]),
        series: &mut Series,
    ) {
        let id = self.rows.whistles[of.0].id;
        let (sounder, needs_approval) = match plan.call.kind {
            "tough" => (&cast.secretary, true),
            "express" | "emergency" => (&cast.dispatcher, false),
            _ => (&cast.deputy, true),
        };
        let at = self.ago(plan.start);
        if needs_approval {
            let before = at - TimeDelta::milliseconds(1);
            self.event(("whistle", id), "approve", sounder, before, "");
            self.rows.whistles[of.0].approved = Some(sounder.act(before));
        }
        let letter = match plan.call.kind {
            "express" => 'K',
            "joint_enforcement" => 'Z',
            "tough" => 'G',
            "emergency" => 'Y',
            _ => 'R',
        };
        let number = series.give(letter, self.clock.day(at));
        let words = self.whom(plan);
        self.event(("whistle", id), "sound", sounder, at, &words);
        for matter in of.1 {
            self.whistled(*matter, sounder, at, &number);
        }
        let row = &mut self.rows.whistles[of.0];
        row.number = Some(number);
        row.sounded = Some(sounder.act(at));
        row.stage = "sounded";
        row.waiting_since = at;
        if plan.is_urgent() && plan.start > 60 {
            let wait = self.dice.between(30, 58);
            let at = self.ago(plan.start - wait);
            self.event(
                ("whistle", id),
                "verify",
                &cast.deputy,
                at,
                "属于应急。到现场核实，情况属实。",
            );
            self.rows.whistles[of.0].verified = Some(cast.deputy.act(at));
        }
    }

    fn whom(&self, plan: &Plan) -> String {
        let assists: Vec<&str> = plan
            .call
            .assists
            .iter()
            .map(|part| part.department)
            .collect();
        let lead = plan.call.lead.department;
        let whom = if assists.is_empty() {
            format!("主办{lead}。")
        } else {
            format!("主办{lead}，协办{}。", assists.join("、"))
        };
        let meeting = match self.meeting(plan) {
            Some(at) => format!("{} 集合。", words::minute(at)),
            None => String::new(),
        };
        let grounds = match self.grounds(plan) {
            (_, Some(number), None) => format!("依据权责清单第 {number} 项。"),
            (_, Some(number), Some(reason)) => {
                format!("依据权责清单第 {number} 项，另选主办：{reason}")
            }
            (_, None, Some(reason)) => format!("自行选定部门：{reason}"),
            (_, None, None) => String::new(),
        };
        format!("{whom}{meeting}{grounds}")
    }

    /// The assignments of a whistle with all that the departments did; their indexes.
    pub(super) fn assigned(&mut self, plan: &Plan, whistle: usize) -> Vec<usize> {
        let sounded = self.rows.whistles[whistle].sounded;
        let drafted = self.rows.whistles[whistle].drafted.at;
        let mut indexes = Vec::new();
        for ((part, progress), position) in plan.parts().into_iter().zip(1_i16..) {
            let Some(clerk) = self.town.clerks.get(part.department).cloned() else {
                continue;
            };
            let at = sounded.map_or(drafted, |act| act.at);
            let row = AssignmentRow {
                id: self.ids.id(at),
                whistle: self.rows.whistles[whistle].id,
                department: clerk.department.unwrap_or_default(),
                role: if position == 1 { "lead" } else { "assist" },
                position,
                ask: part.ask,
                stage: if sounded.is_some() { "sent" } else { "planned" },
                waiting_since: at,
                sent_at: sounded.map(|act| act.at),
                signed_at: None,
                reported: None,
                fed_back: None,
                rework_count: 0,
                uncooperative: None,
            };
            self.rows.assignments.push(row);
            let index = self.rows.assignments.len() - 1;
            indexes.push(index);
            if sounded.is_some() {
                let times = self.times(plan, progress, i64::from(position));
                self.answered((index, progress), times, &clerk, part.done);
                if progress == Progress::Refused {
                    self.refused(plan, indexes[0], index, part.department);
                }
            }
        }
        indexes
    }

    fn times(&mut self, plan: &Plan, progress: Progress, position: i64) -> Times {
        let slow = if self.dice.percent(12) { 2 } else { 1 };
        let (sign, report) = if plan.is_urgent() {
            let sign = slow * self.dice.between(2, 8);
            (sign, sign + slow * self.dice.between(4, 15))
        } else {
            let sign = slow * (plan.span * self.dice.between(10, 30) / 1000).max(3);
            (
                sign,
                sign + slow * (plan.span * self.dice.between(40, 110) / 1000).max(4),
            )
        };
        // Who is called to a meeting reports in there, some of them late.
        let met = self.meeting(plan).filter(|at| *at < self.clock.now());
        let report = met.map_or(report, |at| {
            let after = if slow == 2 {
                20 * position
            } else {
                position - 9
            };
            (plan.start - self.clock.since(at) + after).max(sign + 1)
        });
        let added = progress == Progress::Sent && plan.start > 200;
        Times {
            sent: if added { 25 } else { plan.start },
            sign: (plan.start - sign).max(2),
            report: (plan.start - report).max(1),
            handle: plan.point(self.dice.between(340, 520)),
            feedback: plan.point(570 + 15 * position + self.dice.between(0, 14)),
        }
    }

    /// Writes down what a department did as far as it has come.
    fn answered(&mut self, of: (usize, Progress), times: Times, clerk: &Actor, done: &str) {
        let (index, progress) = of;
        if progress == Progress::Sent {
            let at = self.ago(times.sent);
            self.rows.assignments[index].sent_at = Some(at);
            self.rows.assignments[index].waiting_since = at;
            return;
        }
        let at = self.step(index, ("sign", times.sign), clerk, "");
        let row = &mut self.rows.assignments[index];
        (row.stage, row.signed_at, row.waiting_since) = ("signed", Some(at), at);
        if matches!(progress, Progress::Signed | Progress::Refused) {
            return;
        }
        self.reported(index, times.report, clerk);
        let is_told = progress == Progress::Reported && !done.is_empty();
        let at_work = is_told || progress != Progress::Reported || self.dice.percent(60);
        if at_work && times.handle < times.report {
            let usual = *self.dice.one_of(HANDLING);
            let words = if is_told { done } else { usual };
            self.step(index, ("handle", times.handle), clerk, words);
        }
        if progress != Progress::Reported {
            self.fed_back(index, times.feedback, clerk, done);
        }
    }

    fn reported(&mut self, index: usize, ago: i64, clerk: &Actor) {
        let (way, label, agreed) = match self.dice.below(AGREED.len() + 1) {
            0 => ("contact", "联系", "电话联系街道，约定次日上午到场。"),
            turn => ("on_site", "现场", AGREED[turn - 1]),
        };
        let who = format!("{}等 {} 人", clerk.name, self.dice.between(2, 5));
        let at = self.step(
            index,
            ("report", ago),
            clerk,
            &format!("{label}，{who}。{agreed}"),
        );
        let row = &mut self.rows.assignments[index];
        (row.stage, row.waiting_since) = ("reported", at);
        row.reported = Some(Report {
            at,
            arrived_at: at - TimeDelta::minutes(1),
            way,
            who,
            agreed,
        });
    }

    /// A department says that it is done.
    pub(super) fn fed_back(&mut self, index: usize, ago: i64, clerk: &Actor, done: &str) {
        let at = self.step(index, ("feedback", ago), clerk, done);
        let row = &mut self.rows.assignments[index];
        (row.stage, row.waiting_since) = ("fed_back", at);
        row.fed_back = Some((at, done.to_owned()));
    }

    /// The lead notes on its own assignment that an assistant does not work with it.
    fn refused(&mut self, plan: &Plan, lead: usize, index: usize, department: &str) {
        let Some(clerk) = self.town.clerks.get(plan.call.lead.department).cloned() else {
            return;
        };
        let whistle = self.rows.assignments[index].whistle;
        let at = self.note(lead, ("uncooperative", plan.point(600)), &clerk, REFUSAL);
        self.event(
            ("whistle", whistle),
            "uncooperative",
            &clerk,
            at,
            &format!("{department}：{REFUSAL}"),
        );
        let row = &mut self.rows.assignments[index];
        (row.stage, row.waiting_since) = ("uncooperative", at);
        row.uncooperative = Some(REFUSAL);
    }

    /// One act of a department: a step and an event.
    pub(super) fn step(
        &mut self,
        index: usize,
        what: (&'static str, i64),
        clerk: &Actor,
        words: &str,
    ) -> DateTime<Utc> {
        let at = self.note(index, what, clerk, words);
        let whistle = self.rows.assignments[index].whistle;
        self.event(("whistle", whistle), what.0, clerk, at, words);
        at
    }

    fn note(
        &mut self,
        index: usize,
        what: (&'static str, i64),
        clerk: &Actor,
        words: &str,
    ) -> DateTime<Utc> {
        let at = self.ago(what.1);
        let assignment = &self.rows.assignments[index];
        self.rows.assignment_steps.push(AssignmentStepRow {
            id: self.ids.id(at),
            whistle: assignment.whistle,
            assignment: assignment.id,
            kind: what.0,
            act: clerk.act(at),
            words: words.to_owned(),
        });
        at
    }

    /// The street takes a whistle back and deals with its matters itself.
    pub(super) fn withdrawn(&mut self, plan: &Plan, cast: &Cast, of: (usize, &[usize])) {
        let reason = "经协调，街道和物业已能自行解决，撤回哨单。";
        let at = self.ago(plan.point(300));
        let id = self.rows.whistles[of.0].id;
        self.event(("whistle", id), "withdraw", &cast.dispatcher, at, reason);
        let row = &mut self.rows.whistles[of.0];
        (row.stage, row.waiting_since, row.withdrawn) = ("withdrawn", at, Some((at, reason)));
        for assignment in self
            .rows
            .assignments
            .iter_mut()
            .filter(|row| row.whistle == id)
        {
            (assignment.stage, assignment.waiting_since) = ("withdrawn", at);
        }
        let end = self.ago(plan.point(500));
        for matter in of.1 {
            self.solve(
                *matter,
                &cast.dispatcher,
                end,
                ("street", "街道协调物业处理完毕，现场看过。"),
            );
        }
    }
}
