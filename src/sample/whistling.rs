//! Whistles from the first matter to the departments' answers. Instants are counted
//! backwards, in minutes of office time before now.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::live::Reach;
use super::numbers::Series;
use super::plans::Plan;
use super::rows::WhistleRow;
use super::story::{Filing, Story};
use super::town::{Actor, Spot};

/// The people around a whistle.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    pub(super) secretary: Actor,
    pub(super) deputy: Actor,
    pub(super) dispatcher: Actor,
    pub(super) checker: Actor,
    pub(super) community: Actor,
    pub(super) worker: Actor,
}

impl Story<'_> {
    /// All whistles, numbered in the order in which they sounded.
    pub(super) fn whistles(&mut self) {
        let mut plans = self.plans_of_the_past();
        plans.extend(self.plans_of_today());
        plans.sort_by_key(|plan| (!plan.has_sounded(), std::cmp::Reverse(plan.start)));
        let mut series = Series::new(self.spec.prefix);
        for plan in &plans {
            self.play(plan, &mut series);
        }
        self.rows
            .numbers
            .extend(series.last().map(|(day, last)| ("whistle", day, last)));
    }

    fn cast(&mut self, place: Spot) -> Cast {
        let community = &self.town.communities[place.community];
        let street = &self.town.streets[community.street];
        let by_street = self.dice.percent(60);
        Cast {
            secretary: street.secretary.clone(),
            deputy: street.deputy.clone(),
            dispatcher: street.dispatcher.clone(),
            checker: if by_street {
                street.checker.clone()
            } else {
                community.secretary.clone()
            },
            community: community.secretary.clone(),
            worker: community.workers[0].clone(),
        }
    }

    fn play(&mut self, plan: &Plan, series: &mut Series) {
        let cast = self.cast(plan.place);
        let matters = self.matters_behind(plan, &cast);
        let whistle = self.drafted(plan, &cast);
        let id = self.rows.whistles[whistle].id;
        for matter in &matters {
            let live = plan.reach != Reach::Withdrawn;
            let matter = self.rows.matters[*matter].id;
            self.rows.whistle_matters.push((id, matter, live));
        }
        if plan.has_sounded() {
            self.sounded(plan, &cast, (whistle, &matters), series);
        }
        let assigned = self.assigned(plan, whistle);
        if plan.reach == Reach::Working {
            self.returned(plan, &cast, &assigned);
        }
        match plan.reach {
            Reach::Withdrawn => self.withdrawn(plan, &cast, (whistle, &matters)),
            Reach::Draft | Reach::Requested | Reach::Approving => {}
            Reach::Working
            | Reach::Reworking
            | Reach::Checking
            | Reach::Unrated
            | Reach::RatedByStreet
            | Reach::RatedByCommunity
            | Reach::Closing
            | Reach::Closed => self.judged(plan, &cast, (whistle, &matters), &assigned),
        }
    }

    /// How long before sounding the draft was begun.
    fn lead_time(plan: &Plan) -> i64 {
        match (plan.call.kind, plan.reach) {
            (_, Reach::Draft | Reach::Requested) => 0,
            (_, Reach::Approving) => 40,
            ("emergency", _) => 2,
            ("express", _) => 15,
            ("tough", _) => 300,
            _ => 90,
        }
    }

    /// One to three matters that were raised before the draft was begun.
    fn matters_behind(&mut self, plan: &Plan, cast: &Cast) -> Vec<usize> {
        let draft = plan.start + Self::lead_time(plan);
        let count = match self.dice.between(1, 100) {
            _ if plan.is_urgent() => 1,
            1..=48 => 1,
            49..=83 => 2,
            _ => 3,
        };
        let widest = if plan.is_urgent() { 1 } else { 100 };
        let mut matters = Vec::new();
        for turn in 0..count {
            let raised = draft + 3 * (turn + 1) + self.dice.between(0, widest / 4);
            let measured = raised + 1 + self.dice.between(0, widest * 2);
            let accepted = measured + 1 + self.dice.between(0, widest);
            let filed = accepted + 2 + self.dice.between(0, widest * 2);
            let matter = self.matter_behind(plan, turn, filed);
            let at = self.ago(accepted);
            self.accept(matter, &cast.worker, at);
            let at = self.ago(measured);
            let words = if plan.call.measures.is_empty() {
                "通知各户，拉警戒线。"
            } else {
                plan.call.measures
            };
            self.measure(matter, &cast.worker, at, words);
            let at = self.ago(raised);
            self.raise(matter, &cast.worker, at);
            matters.push(matter);
        }
        matters
    }

    fn matter_behind(&mut self, plan: &Plan, turn: i64, filed: i64) -> usize {
        let at = self.ago(filed);
        let mut place = plan.place;
        if turn > 0 || place.grid.is_none() {
            let grids = &self.town.communities[place.community].grids;
            let grid = place.grid.unwrap_or(grids[self.dice.below(grids.len())]);
            place = Spot {
                grid: Some(grid),
                building: None,
                unit: None,
                ..place
            };
        }
        let title = match turn {
            0 => plan.title.clone(),
            1 => format!("{}，居民又来反映", plan.title),
            _ => format!("{}，影响出行", plan.title),
        };
        self.file(Filing {
            class: plan.call.class,
            title,
            detail: plan.call.problem.to_owned(),
            at,
            place,
            spot: "",
            urgent: plan.is_urgent(),
            filer: self.town.chief(place, self.clock.day(at)),
            told: false,
        })
    }

    /// The duty item that a whistle cites, its number, and why another department leads.
    pub(super) fn grounds(&self, plan: &Plan) -> (Option<Uuid>, Option<i32>, Option<String>) {
        let day = self
            .clock
            .day(self.clock.ago(plan.start + Self::lead_time(plan)));
        let lead = plan.call.lead.department;
        match self.town.cited(plan.call.class, lead, day) {
            Some(duty) if duty.lead == lead => (Some(duty.id), Some(duty.number), None),
            Some(duty) => {
                let reason = format!("现场认定责任在{lead}，已征求{}意见。", duty.lead);
                (Some(duty.id), Some(duty.number), Some(reason))
            }
            None => {
                let reason = format!("清单没有这一类，按部门职责选定{lead}。");
                (None, None, Some(reason))
            }
        }
    }

    /// When a joint enforcement meets; a draft still leaves it open.
    pub(super) fn meeting(&self, plan: &Plan) -> Option<DateTime<Utc>> {
        let after = match (plan.call.kind, plan.reach) {
            ("joint_enforcement", Reach::Approving) => self.clock.now(),
            ("joint_enforcement", _) if plan.has_sounded() => self.clock.ago(plan.start),
            _ => return None,
        };
        Some(self.clock.next_meeting(after))
    }

    fn drafted(&mut self, plan: &Plan, cast: &Cast) -> usize {
        let author = if plan.from_community {
            &cast.community
        } else {
            &cast.dispatcher
        };
        let at = self.ago(plan.start + Self::lead_time(plan));
        let id = self.ids.id(at);
        let (duty, _, choice_reason) = self.grounds(plan);
        let words = format!("{}：{}。", kind_label(plan.call.kind), plan.title);
        self.event(("whistle", id), "draft", author, at, &words);
        let mut waiting_since = at;
        if plan.from_community {
            waiting_since += TimeDelta::milliseconds(1500);
            let words = format!("请{}吹哨。", cast.dispatcher.seat);
            self.event(("whistle", id), "request", author, waiting_since, &words);
        }
        self.rows.whistles.push(WhistleRow {
            id,
            number: None,
            kind: plan.call.kind,
            title: plan.title.clone(),
            meets_at: self.meeting(plan),
            problem: plan.call.problem.to_owned(),
            own_measures: plan.call.measures.to_owned(),
            closing_condition: plan.call.condition,
            duty,
            choice_reason,
            place: self.town.place(plan.place).clone(),
            from_community: plan.from_community,
            stage: if plan.from_community {
                "requested"
            } else {
                "draft"
            },
            waiting_since,
            drafted: author.act(at),
            approved: None,
            sounded: None,
            verified: None,
            closed: None,
            outcome: None,
            closing_words: None,
            withdrawn: None,
        });
        let whistle = self.rows.whistles.len() - 1;
        if plan.reach == Reach::Approving || (plan.has_sounded() && Self::lead_time(plan) >= 40) {
            let at = self.ago(plan.start + Self::lead_time(plan) / 3);
            let approval = if plan.call.kind == "tough" {
                "街道书记批。"
            } else {
                "分管副主任批。"
            };
            self.event(("whistle", id), "submit", &cast.dispatcher, at, approval);
            let row = &mut self.rows.whistles[whistle];
            row.stage = "approving";
            row.waiting_since = at;
        }
        whistle
    }
}

fn kind_label(kind: &str) -> &'static str {
    match kind {
        "express" => "快捷哨",
        "joint_enforcement" => "综合执法哨",
        "tough" => "攻坚哨",
        "emergency" => "应急哨",
        _ => "日常哨",
    }
}
