//! Check, rating, review and close: who asked judges who worked.

use chrono::{DateTime, Utc};

use super::live::Reach;
use super::plans::Plan;
use super::rows::{CheckRow, RatingRow, ReviewRow};
use super::story::Story;
use super::town::Actor;
use super::whistling::Cast;

const FAILED: &[&str] = &[
    "现场问题还在，没有达到结案条件。",
    "只办了一半，余下部分无人施工。",
    "当天好了，第二天又反弹。",
    "余料没有清走，现场没有恢复。",
];
const PASSED: &[&str] = &[
    "到现场看过，已达到结案条件。",
    "看过两次，问过三户居民，都说解决了。",
    "现场与反馈一致。",
    "量过、拍过照，符合要求。",
];
const PRAISE: &[&str] = &[
    "到得快，办得实。",
    "主动沟通，一次办成。",
    "配合好，居民满意。",
    "责任清楚，结果扎实。",
];
const BLAME: &[&str] = &[
    "报到慢，催了才来。",
    "办完没有说明，居民还来问。",
    "返工一次，耽误时间。",
];
const REVIEWS: &[&str] = &[
    "情况写得清楚，社区配合好。",
    "地点和原因都对。",
    "街道先做了工作，省了我们时间。",
];

impl Story<'_> {
    /// Carries a sounded whistle as far as it has come.
    pub(super) fn judged(
        &mut self,
        plan: &Plan,
        cast: &Cast,
        of: (usize, &[usize]),
        assigned: &[usize],
    ) {
        if plan.reach == Reach::Working {
            return;
        }
        let fed_back = assigned
            .iter()
            .filter_map(|a| self.rows.assignments[*a].fed_back.as_ref());
        if let Some(last) = fed_back.map(|(at, _)| *at).max() {
            self.stage(of.0, "checking", last);
        }
        if plan.reach == Reach::Checking {
            return;
        }
        self.checked(plan, cast, of.0, assigned);
        if plan.reach == Reach::Reworking {
            return;
        }
        if plan.reach != Reach::Unrated {
            self.rated(plan, cast, of.0, assigned);
        }
        if plan.reach == Reach::Closed {
            self.reviewed(plan, assigned);
            self.closed(plan, cast, of);
        }
    }

    fn stage(&mut self, whistle: usize, stage: &'static str, at: DateTime<Utc>) {
        let row = &mut self.rows.whistles[whistle];
        (row.stage, row.waiting_since) = (stage, at);
    }

    fn checked(&mut self, plan: &Plan, cast: &Cast, whistle: usize, assigned: &[usize]) {
        let Some(lead) = assigned.first().copied() else {
            return;
        };
        if plan.fails_first {
            let words = *self.dice.one_of(FAILED);
            let at = self.check(
                whistle,
                (1, plan.point(680)),
                &cast.checker,
                (false, words),
                &[lead],
            );
            self.stage(whistle, "sounded", at);
            let row = &mut self.rows.assignments[lead];
            let done = row
                .fed_back
                .as_ref()
                .map(|(_, done)| done.clone())
                .unwrap_or_default();
            (row.stage, row.waiting_since) = ("reported", at);
            row.rework_count = 1;
            if plan.reach == Reach::Reworking {
                return;
            }
            if let Some(clerk) = self.town.clerks.get(plan.call.lead.department).cloned() {
                self.step(
                    lead,
                    ("handle", plan.point(715)),
                    &clerk,
                    "按核查意见返工。",
                );
                self.fed_back(lead, plan.point(750), &clerk, &format!("返工完毕：{done}"));
            }
        }
        let round = if plan.fails_first { 2 } else { 1 };
        let words = *self.dice.one_of(PASSED);
        let at = self.check(
            whistle,
            (round, plan.point(790)),
            &cast.checker,
            (true, words),
            &[],
        );
        self.stage(whistle, "rating", at);
        for assignment in assigned {
            let row = &mut self.rows.assignments[*assignment];
            (row.stage, row.waiting_since) = ("passed", at);
        }
    }

    fn check(
        &mut self,
        whistle: usize,
        when: (i16, i64),
        checker: &Actor,
        found: (bool, &'static str),
        back: &[usize],
    ) -> DateTime<Utc> {
        let at = self.ago(when.1);
        let id = self.rows.whistles[whistle].id;
        let verb = if found.0 { "check_pass" } else { "check_fail" };
        let back_to: Vec<&str> = back.iter().map(|a| self.department_of(*a)).collect();
        let sentence = if found.0 {
            found.1.to_owned()
        } else {
            format!("{}返工。{}", back_to.join("、"), found.1)
        };
        self.event(("whistle", id), verb, checker, at, &sentence);
        self.rows.checks.push(CheckRow {
            id: self.ids.id(at),
            whistle: id,
            round: when.0,
            passed: found.0,
            words: found.1,
            act: checker.act(at),
            reworks: back.iter().map(|a| self.rows.assignments[*a].id).collect(),
        });
        at
    }

    fn department_of(&self, assignment: usize) -> &'static str {
        let id = self.rows.assignments[assignment].department;
        self.town
            .departments
            .iter()
            .find(|d| d.id == id)
            .map_or("", |d| d.name)
    }

    /// The sides rate all departments, each at one sitting.
    fn rated(&mut self, plan: &Plan, cast: &Cast, whistle: usize, assigned: &[usize]) {
        let sides = [
            (
                "street",
                "街道",
                &cast.dispatcher,
                plan.point(850),
                Reach::RatedByCommunity,
            ),
            (
                "community",
                "社区",
                &cast.community,
                plan.point(890),
                Reach::RatedByStreet,
            ),
        ];
        for (side, who, actor, ago, without) in sides {
            if plan.reach == without {
                continue;
            }
            let at = self.ago(ago);
            for assignment in assigned {
                self.rate(*assignment, side, actor, at);
            }
            let id = self.rows.whistles[whistle].id;
            let sentence = format!("{who}评价了 {} 个部门。", assigned.len());
            self.event(("whistle", id), "rate", actor, at, &sentence);
            if side == "community" && plan.reach != Reach::RatedByCommunity {
                self.stage(whistle, "closing", at);
            }
        }
    }

    fn rate(&mut self, assignment: usize, side: &'static str, actor: &Actor, at: DateTime<Utc>) {
        let row = &self.rows.assignments[assignment];
        let (whistle, id, reworked) = (row.whistle, row.id, row.rework_count > 0);
        let poor = reworked || self.dice.percent(14);
        let (low, high) = if poor { (2, 4) } else { (4, 5) };
        let mut marks = [0; 5];
        for mark in &mut marks {
            *mark = i16::try_from(self.dice.between(low, high)).unwrap_or(3);
        }
        let words = *self.dice.one_of(if poor { BLAME } else { PRAISE });
        self.rows.ratings.push(RatingRow {
            id: self.ids.id(at),
            whistle,
            assignment: id,
            side,
            marks,
            words,
            act: actor.act(at),
        });
    }

    /// What the departments say of the whistle, most of them.
    fn reviewed(&mut self, plan: &Plan, assigned: &[usize]) {
        for ((assignment, (part, _)), turn) in assigned.iter().zip(plan.parts()).zip(0_i64..) {
            let Some(clerk) = self.town.clerks.get(part.department).cloned() else {
                continue;
            };
            if !self.dice.percent(82) {
                continue;
            }
            let at = self.ago(plan.point(940) - turn);
            let words = *self.dice.one_of(REVIEWS);
            let row = &self.rows.assignments[*assignment];
            let (whistle, assignment) = (row.whistle, row.id);
            self.event(("whistle", whistle), "review", &clerk, at, words);
            self.rows.reviews.push(ReviewRow {
                id: self.ids.id(at),
                whistle,
                assignment,
                kind_right: self.dice.percent(94),
                facts_right: self.dice.percent(92),
                cooperation: i16::try_from(self.dice.between(3, 5)).unwrap_or(4),
                words,
                act: clerk.act(at),
            });
        }
    }

    fn closed(&mut self, plan: &Plan, cast: &Cast, of: (usize, &[usize])) {
        let closer = if plan.call.kind == "tough" {
            &cast.secretary
        } else {
            &cast.dispatcher
        };
        let (outcome, label, words) = match self.dice.between(1, 100) {
            1..=88 => ("resolved", "问题已解决", "达到结案条件。"),
            89..=95 => (
                "hazard_removed",
                "险情已排除，根治已列入计划",
                "后续由主办部门按计划办。",
            ),
            _ => (
                "explained",
                "经核实已向群众解释说明",
                "受条件所限，居民理解。",
            ),
        };
        let sentence = format!("{label}。{words}");
        let at = self.ago(plan.point(1000));
        let id = self.rows.whistles[of.0].id;
        self.event(("whistle", id), "close", closer, at, &sentence);
        self.stage(of.0, "closed", at);
        let row = &mut self.rows.whistles[of.0];
        row.closed = Some(closer.act(at));
        row.outcome = Some(outcome);
        row.closing_words = Some(words);
        for matter in of.1 {
            self.solve(*matter, closer, at, ("whistle", &sentence));
        }
    }
}
