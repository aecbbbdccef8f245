//! Which whistles there have been: those since the plan of the five powers began by chance, those
//! of today by name.

use chrono::{DateTime, Datelike, Utc};

use super::calls::{CALLS, Call, CallScope, Part};
use super::clock::WORK_DAY;
use super::granting;
use super::incidents::Scope;
use super::live::{Progress, Reach};
use super::story::Story;
use super::town::Spot;

/// A whistle that will be told.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) call: &'static Call,
    pub(super) title: String,
    pub(super) place: Spot,
    /// When it sounded, or was last moved if it has not.
    pub(super) start: i64,
    /// How long it takes from sounding to close.
    pub(super) span: i64,
    pub(super) reach: Reach,
    pub(super) from_community: bool,
    pub(super) progress: Vec<Progress>,
    pub(super) fails_first: bool,
}

impl Plan {
    /// Minutes ago at so many thousandths of the way from sounding to close.
    pub(super) fn point(&self, thousandth: i64) -> i64 {
        (self.start - self.span * thousandth / 1000).max(1)
    }

    pub(super) fn is_urgent(&self) -> bool {
        self.call.kind == "emergency"
    }

    pub(super) fn has_sounded(&self) -> bool {
        !matches!(
            self.reach,
            Reach::Draft | Reach::Requested | Reach::Approving
        )
    }

    /// The lead's and the assistants' parts with how far each has come.
    pub(super) fn parts(&self) -> Vec<(&'static Part, Progress)> {
        let parts = std::iter::once(&self.call.lead).chain(self.call.assists);
        parts.zip(self.progress.iter().copied()).collect()
    }
}

impl Story<'_> {
    pub(super) fn plans_of_today(&self) -> Vec<Plan> {
        let (live, calls) = self.spec.live;
        let pairs = live.iter().zip(calls);
        let plans = pairs.filter_map(|(live, call)| {
            let share = match live.reach {
                Reach::Reworking => 720,
                Reach::Unrated | Reach::RatedByStreet | Reach::RatedByCommunity => 945,
                Reach::Closing => 980,
                Reach::Draft
                | Reach::Requested
                | Reach::Approving
                | Reach::Working
                | Reach::Checking
                | Reach::Closed
                | Reach::Withdrawn => 680,
            };
            Some(Plan {
                call,
                title: call.title.to_owned(),
                place: *self.town.spots.get(live.place)?,
                start: live.ago,
                span: live.ago * 1000 / share,
                reach: live.reach,
                from_community: live.from_community,
                progress: live.progress.to_vec(),
                fails_first: live.reach == Reach::Reworking,
            })
        });
        plans.collect()
    }

    pub(super) fn plans_of_the_past(&mut self) -> Vec<Plan> {
        let mut plans = Vec::new();
        for (street, count) in self.spec.closed.iter().enumerate() {
            for _ in 0..*count {
                plans.push(self.past_plan(street, Reach::Closed));
            }
        }
        for street in self.spec.withdrawn {
            plans.push(self.past_plan(*street, Reach::Withdrawn));
        }
        plans
    }

    fn past_plan(&mut self, street: usize, reach: Reach) -> Plan {
        let begun = granting::plan_begins(self.clock.day(self.clock.now()));
        let year = self.clock.since(self.clock.at(begun, 0));
        let kind = match self.dice.between(1, 1000) {
            1..=467 => "routine",
            468..=738 => "express",
            739..=888 => "joint_enforcement",
            889..=944 => "tough",
            _ => "emergency",
        };
        let span = self.span_of(kind);
        let start = self.dice.between((span + 200).max(9 * WORK_DAY), year - 90);
        let call = self.call_for(kind, self.clock.ago(start));
        let place = self.place_for(call, street);
        let parts = 1 + call.assists.len();
        Plan {
            call,
            title: format!("{}{}", self.town.label(place), call.title),
            place,
            start,
            span,
            reach,
            from_community: self.dice.percent(40) && call.kind == "routine",
            progress: vec![
                if reach == Reach::Closed {
                    Progress::FedBack
                } else {
                    Progress::Signed
                };
                parts
            ],
            fails_first: self.dice.percent(17),
        }
    }

    fn span_of(&mut self, kind: &str) -> i64 {
        match kind {
            "express" => self.dice.between(230, 4 * WORK_DAY),
            "joint_enforcement" => self.dice.between(3 * WORK_DAY, 11 * WORK_DAY),
            "tough" => self.dice.between(8 * WORK_DAY, 18 * WORK_DAY),
            "emergency" => self.dice.between(240, 2 * WORK_DAY),
            _ => self.dice.between(2 * WORK_DAY, 8 * WORK_DAY),
        }
    }

    /// A call of a kind that fits the season and whose departments the city has.
    fn call_for(&mut self, kind: &str, at: DateTime<Utc>) -> &'static Call {
        let month = self.clock.day(at).month();
        let cold = month >= 11 || month <= 3;
        let town = self.town;
        let fits = |call: &&Call| {
            let winter = matches!(call.class, "05-07" | "05-04")
                || call.lead.department == "供热公司"
                || call.title.contains("冻裂");
            let warm = matches!(call.class, "01-29" | "01-30");
            let known = |part: &Part| town.clerks.contains_key(part.department);
            (cold || !winter)
                && (!cold || !warm)
                && known(&call.lead)
                && call.assists.iter().all(known)
        };
        let fitting: Vec<&'static Call> = CALLS.iter().filter(fits).collect();
        let of_kind: Vec<&'static Call> =
            fitting.iter().copied().filter(|c| c.kind == kind).collect();
        let choice = if of_kind.is_empty() { fitting } else { of_kind };
        choice[self.dice.below(choice.len())]
    }

    fn place_for(&mut self, call: &Call, street: usize) -> Spot {
        let communities = &self.town.communities;
        let here: Vec<usize> = (0..communities.len())
            .filter(|c| communities[*c].street == street)
            .collect();
        let community = *self.dice.one_of(&here);
        let grid = *self.dice.one_of(&communities[community].grids);
        match call.scope {
            CallScope::Community => Spot {
                community,
                grid: None,
                building: None,
                unit: None,
            },
            CallScope::Grid => self.somewhere(grid, Scope::Grid),
            CallScope::Building => self.somewhere(grid, Scope::Building),
        }
    }
}
