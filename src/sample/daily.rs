//! Ordinary days: what the grid or the community solves without a whistle.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::incidents::{INCIDENTS, Incident, REJECTIONS, Scope, Season, TAILS};
use super::story::{Filing, Story};
use super::town::{Actor, Spot};

/// Who is concerned with a matter at some place.
#[derive(Debug)]
struct Around {
    chief: Actor,
    worker: Actor,
    dispatcher: Actor,
}

/// The shortest and the longest wait before each step, in minutes.
type Gaps = &'static [(i64, i64)];
const AT_ONCE: Gaps = &[(5, 40), (2, 30)];
const IN_GRID: Gaps = &[(5, 240), (20, 600), (30, 1400)];
const IN_COMMUNITY: Gaps = &[(10, 300), (60, 900), (60, 2800)];
const IN_STREET: Gaps = &[(10, 300), (60, 900), (60, 900), (60, 1200), (60, 2000)];
const REFUSED: Gaps = &[(30, 600)];

impl Story<'_> {
    /// All ordinary matters that have ended.
    pub(super) fn ordinary_days(&mut self) {
        for _ in 0..self.spec.matters * 96 / 100 {
            match self.dice.between(1, 1000) {
                1..=280 => self.solved_at_once(),
                281..=684 => self.solved_in_grid(),
                685..=934 => self.solved_in_community(),
                935..=972 => self.solved_in_street(),
                _ => self.turned_down(),
            }
        }
        for _ in 0..self.spec.matters * 4 / 100 {
            self.told_twice();
        }
    }

    /// Instants of a course of events that lies wholly in the past year.
    fn course(&mut self, gaps: Gaps) -> (DateTime<Utc>, Vec<DateTime<Utc>>) {
        let now = self.clock.now();
        loop {
            let day = self
                .clock
                .days_ago(self.dice.between(0, 365).unsigned_abs());
            let minute = self.dice.between(6 * 60 + 40, 20 * 60 + 20);
            let begin =
                self.clock.at(day, minute) + TimeDelta::milliseconds(self.dice.between(0, 59_999));
            let mut at = begin;
            let mut times = Vec::with_capacity(gaps.len());
            for (shortest, longest) in gaps {
                at = self
                    .clock
                    .awake(at + TimeDelta::minutes(self.dice.between(*shortest, *longest)));
                times.push(at);
            }
            if at < now - TimeDelta::minutes(3) && begin > now - TimeDelta::days(365) {
                return (begin, times);
            }
        }
    }

    /// An incident that fits the season of an instant.
    pub(super) fn incident(&mut self, at: DateTime<Utc>) -> &'static Incident {
        let month = self.clock.day(at).month();
        let cold = month >= 11 || month <= 3;
        loop {
            let incident = self.dice.one_of(INCIDENTS);
            match incident.season {
                Season::Winter if !cold => {}
                Season::Warm if cold => {}
                Season::Any | Season::Winter | Season::Warm => return incident,
            }
        }
    }

    /// A place in a grid, as far down as the incident goes.
    pub(super) fn somewhere(&mut self, grid: usize, scope: Scope) -> Spot {
        let row = &self.town.grids[grid];
        let building = self.dice.below(row.buildings.len());
        let unit = self.dice.below(row.buildings[building].units.len());
        Spot {
            community: row.community,
            grid: Some(grid),
            building: (scope != Scope::Grid).then_some(building),
            unit: (scope == Scope::Unit).then_some(unit),
        }
    }

    /// Files an incident; one in eight is told to the community by a resident.
    pub(super) fn report(
        &mut self,
        incident: &'static Incident,
        place: Spot,
        at: DateTime<Utc>,
    ) -> usize {
        let told = self.dice.percent(12);
        let filer = if told {
            self.town.communities[place.community].workers[1].clone()
        } else {
            self.town.chief(place, self.clock.day(at))
        };
        let tail = self.dice.one_of(TAILS);
        let dangerous = matches!(incident.class, "05-99" | "05-08" | "B01-02");
        let urgent = dangerous && self.dice.percent(35);
        self.file(Filing {
            class: incident.class,
            title: format!("{}{}", self.town.label(place), incident.title),
            detail: format!("{}{tail}", incident.detail),
            at,
            place,
            spot: incident.spot,
            urgent,
            filer,
            told,
        })
    }

    fn begin(&mut self, at: DateTime<Utc>) -> (&'static Incident, usize, Around) {
        let incident = self.incident(at);
        let grid = self.dice.below(self.town.grids.len());
        let place = self.somewhere(grid, incident.scope);
        let matter = self.report(incident, place, at);
        let community = &self.town.communities[place.community];
        let around = Around {
            chief: self.town.grids[grid].chief.clone(),
            worker: community.workers[0].clone(),
            dispatcher: self.town.streets[community.street].dispatcher.clone(),
        };
        (incident, matter, around)
    }

    fn solved_at_once(&mut self) {
        let (begin, times) = self.course(AT_ONCE);
        let (incident, matter, around) = self.begin(begin);
        self.measure(matter, &around.chief, times[0], incident.measure);
        self.solve(matter, &around.chief, times[1], ("grid", incident.solution));
    }

    fn solved_in_grid(&mut self) {
        let (begin, times) = self.course(IN_GRID);
        let (incident, matter, around) = self.begin(begin);
        self.accept(matter, &around.chief, times[0]);
        self.measure(matter, &around.chief, times[1], incident.measure);
        self.solve(matter, &around.chief, times[2], ("grid", incident.solution));
    }

    fn solved_in_community(&mut self) {
        let (begin, times) = self.course(IN_COMMUNITY);
        let (incident, matter, around) = self.begin(begin);
        self.accept(matter, &around.worker, times[0]);
        self.measure(matter, &around.worker, times[1], incident.measure);
        self.solve(
            matter,
            &around.worker,
            times[2],
            ("community", incident.solution),
        );
    }

    fn solved_in_street(&mut self) {
        let (begin, times) = self.course(IN_STREET);
        let (incident, matter, around) = self.begin(begin);
        self.accept(matter, &around.worker, times[0]);
        self.measure(matter, &around.worker, times[1], incident.measure);
        self.raise(matter, &around.worker, times[2]);
        self.measure(
            matter,
            &around.dispatcher,
            times[3],
            "街道调执法队和维修队到现场。",
        );
        self.solve(
            matter,
            &around.dispatcher,
            times[4],
            ("street", incident.solution),
        );
    }

    fn turned_down(&mut self) {
        let (begin, times) = self.course(REFUSED);
        let (_, matter, around) = self.begin(begin);
        let reason = *self.dice.one_of(REJECTIONS);
        self.reject(matter, &around.worker, times[0], reason);
    }

    /// Somebody reports what somebody else has reported and is being dealt with.
    fn told_twice(&mut self) {
        loop {
            let first = self.rows.matters[self.dice.below(self.rows.matters.len())].clone();
            let Some(length) = first
                .ended_at
                .map(|end| (end - first.filed_at).num_minutes())
            else {
                continue;
            };
            if first.stage != "solved" || length < 120 {
                continue;
            }
            let at = first.filed_at + TimeDelta::minutes(self.dice.between(15, length / 2));
            let joined = at + TimeDelta::minutes(self.dice.between(5, length / 3));
            let Some((place, worker)) = self.grid_of(&first.place.code) else {
                continue;
            };
            let day = self.clock.day(at);
            let matter = self.file(Filing {
                class: first.class,
                title: format!("{}（又报）", first.title),
                detail: first.detail,
                at,
                place,
                spot: "",
                urgent: false,
                filer: self.town.chief(place, day),
                told: false,
            });
            self.merge(matter, first.id, &worker, joined);
            return;
        }
    }

    fn grid_of(&self, code: &str) -> Option<(Spot, Actor)> {
        let index = self
            .town
            .grids
            .iter()
            .position(|grid| code.starts_with(&grid.place.code))?;
        let community = self.town.grids[index].community;
        let worker = self.town.communities[community].workers[0].clone();
        Some((
            Spot {
                community,
                grid: Some(index),
                building: None,
                unit: None,
            },
            worker,
        ))
    }
}
