//! A department gives its part back (退回) and is believed: the deputy calls another in its place
//! (改派), and the duty list keeps the ruling.

use chrono::{DateTime, TimeDelta, Utc};

use super::plans::Plan;
use super::rows::{AssignmentRow, Report, ReturnRow};
use super::story::Story;
use super::town::Actor;
use super::whistling::Cast;

const REASON: &str = "现场核实倒的是装修渣土，权责清单已写明由谁清运查处，本部门只评估污染。";
const RULING: &str = "同意退回。按清单界限改派主办，原主办不再承担本单任务。";

/// When it was asked, decided, signed and reported by the other, in minutes of office time after
/// the whistle sounded.
const STEPS: [i64; 4] = [90, 150, 175, 260];

impl Story<'_> {
    /// The lead of a whistle under way gives it back, if it has signed and the list names another
    /// who has no part in it yet.
    pub(super) fn returned(&mut self, plan: &Plan, cast: &Cast, assigned: &[usize]) {
        let (Some(duty), Some(number), Some(_)) = self.grounds(plan) else {
            return;
        };
        let item = self.town.duties.iter().find(|d| d.id == duty);
        let clerk = |name| self.town.clerks.get(name).cloned();
        let both = item.and_then(|i| clerk(plan.call.lead.department).zip(clerk(i.lead)));
        let (Some((from, to)), Some(&lead)) = (both, assigned.first()) else {
            return;
        };
        let has_part = |a: &&usize| Some(self.rows.assignments[**a].department) == to.department;
        let has_signed = self.rows.assignments[lead].stage == "signed";
        let is_long_ago = plan.start > 2 * STEPS[3];
        if !has_signed || !is_long_ago || assigned.iter().any(|a| has_part(&a)) {
            return;
        }
        let [asked, decided, signed, reported] = STEPS.map(|after| plan.start - after);
        self.asked_back((lead, asked), (&from, &to));
        let at = self.ago(decided);
        let words = format!("{}改为{}主办。{RULING}", from.seat, to.seat);
        let row = &mut self.rows.assignments[lead];
        (row.stage, row.waiting_since) = ("relieved", at);
        let (whistle, assignment, ask) = (row.whistle, row.id, row.ask);
        self.event(("whistle", whistle), "reassign", &cast.deputy, at, &words);
        let after = at + TimeDelta::milliseconds(1);
        let ruled = format!("第 {number} 项，街道协调：{RULING}");
        self.event(("duty", duty), "rule", &cast.deputy, after, &ruled);
        self.rows.returns.push(ReturnRow {
            id: self.ids.id(self.clock.ago(asked)),
            precedent: self.ids.id(at),
            whistle,
            assignment,
            duty,
            to: to.department.unwrap_or_default(),
            reason: REASON,
            asked: from.act(self.clock.ago(asked)),
            decided: cast.deputy.act(at),
            words: RULING,
        });
        let position = i16::try_from(assigned.len()).unwrap_or(8) + 1;
        self.rows.assignments.push(AssignmentRow {
            id: self.ids.id(at),
            whistle,
            department: to.department.unwrap_or_default(),
            role: "lead",
            position,
            ask,
            stage: "sent",
            waiting_since: at,
            sent_at: Some(at),
            signed_at: None,
            reported: None,
            fed_back: None,
            rework_count: 0,
            uncooperative: None,
        });
        self.takes_over((signed, reported), &to);
    }

    fn asked_back(&mut self, (lead, asked): (usize, i64), (from, to): (&Actor, &Actor)) {
        let at = self.ago(asked);
        let whistle = self.rows.assignments[lead].whistle;
        let words = format!("认为应由{}负责。理由：{REASON}", to.seat);
        self.event(("whistle", whistle), "ask_return", from, at, &words);
    }

    /// The department that was called last signs and reports in.
    fn takes_over(&mut self, (signed, reported): (i64, i64), clerk: &Actor) {
        const AGREED: &str = "与街道、社区现场划定清运范围，约定先清运，再查来源。";
        let index = self.rows.assignments.len() - 1;
        let at = self.step(index, ("sign", signed), clerk, "");
        let row = &mut self.rows.assignments[index];
        (row.stage, row.signed_at, row.waiting_since) = ("signed", Some(at), at);
        let who = format!("{}等 3 人", clerk.name);
        let words = format!("现场，{who}。{AGREED}");
        let at: DateTime<Utc> = self.step(index, ("report", reported), clerk, &words);
        let row = &mut self.rows.assignments[index];
        (row.stage, row.waiting_since) = ("reported", at);
        row.reported = Some(Report {
            at,
            arrived_at: at - TimeDelta::minutes(1),
            way: "on_site",
            who,
            agreed: AGREED,
        });
    }
}
