//! What is timed in a life: clocks that start, stop, stand still and run on, and the sweep.

use chrono::{DateTime, Duration, Utc};
use street_whistle::org::calendar::{Limit, Pause, Unit};
use street_whistle::work::clocks::{Clock, Stage as Timed};
use street_whistle::work::requests::{Kind as Asked, Request, State};
use street_whistle::work::{AssignmentId, RequestId};
use uuid::Uuid;

use super::Life;

impl Life {
    pub(super) fn starts(&mut self, of: Option<AssignmentId>, stage: Timed) {
        let given = self.limits.iter().find(|l| l.0 == stage);
        if let Some(limit) = given.map(|l| l.1) {
            self.times(of, (stage, limit), None);
        }
    }

    pub(super) fn times(
        &mut self,
        of: Option<AssignmentId>,
        (stage, limit): (Timed, Limit),
        about: Option<Uuid>,
    ) {
        let mut clock = Clock {
            id: self.id(),
            assignment_id: of.map(|id| id.0),
            about,
            exempt: false,
            stage,
            amount: limit.amount(),
            unit: limit.unit(),
            extra: 0,
            from_class: false,
            started_at: self.now,
            due_at: None,
            soon_at: None,
            paused_at: None,
            stopped_at: None,
            breached_at: None,
            pauses: Vec::new(),
        };
        self.counts(&mut clock);
        self.case.clocks.push(clock);
    }

    /// A clock that is due at a moment that was agreed.
    pub(super) fn times_until(&mut self, of: AssignmentId, stage: Timed, at: DateTime<Utc>) {
        let hours = (at - self.now)
            .num_hours()
            .clamp(1, Unit::NaturalHour.most());
        let limit = Limit::new(hours, Unit::NaturalHour).expect("a sound limit");
        self.times(Some(of), (stage, limit), None);
        let now = self.now;
        if let Some(clock) = self.case.clocks.last_mut() {
            clock.due_at = Some(at);
            clock.soon_at = Some(now + (at - now) * 2 / 3);
        }
    }

    pub(super) fn counts(&self, clock: &mut Clock) {
        let due = clock.due(&self.case.calendar).ok();
        clock.due_at = due.as_ref().map(|due| due.at);
        clock.soon_at = due.map(|due| due.soon_at);
    }

    /// What is late is breached, each once.
    pub(super) fn breaks(&mut self) {
        let now = self.now;
        for clock in &mut self.case.clocks {
            let runs = clock.is_running() && clock.stage != Timed::Suspension;
            if runs && clock.due_at.is_some_and(|due| due < now) && clock.breached_at.is_none() {
                clock.breached_at = Some(now);
                self.breaches.push(clock.id);
            }
        }
    }

    /// Stops the clocks that are meant.
    pub(super) fn stops(&mut self, meant: impl Fn(&Clock) -> bool) {
        self.breaks();
        let now = self.now;
        self.runs_on(|c| c.paused_at.is_some() && meant(c));
        for clock in &mut self.case.clocks {
            if clock.stopped_at.is_none() && meant(clock) {
                clock.stopped_at = Some(now);
            }
        }
    }

    pub(super) fn stops_whole(&mut self, stage: Timed) {
        self.stops(|c| c.assignment_id.is_none() && c.stage == stage);
    }

    /// A decision's clock ends with its request.
    pub(super) fn stops_all(&mut self) {
        self.stops(|c| c.stage != Timed::Decide);
    }

    pub(super) fn stops_part(&mut self, of: AssignmentId, stages: &[Timed]) {
        let all = |c: &Clock| stages.is_empty() && c.stage != Timed::Decide;
        self.stops(|c| c.assignment_id == Some(of.0) && (all(c) || stages.contains(&c.stage)));
    }

    /// Clocks run on from where they stood.
    pub(super) fn runs_on(&mut self, meant: impl Fn(&Clock) -> bool) {
        let now = self.now;
        let mut clocks = std::mem::take(&mut self.case.clocks);
        for clock in clocks.iter_mut().filter(|c| meant(c)) {
            let since = clock.paused_at.take().or(clock.stopped_at);
            if let Some(from) = since {
                clock.stopped_at = None;
                clock.pauses.push(Pause {
                    from,
                    to: Some(now),
                });
                // Natural time moves by what it stood; what was agreed is not counted again.
                if clock.unit.is_working() {
                    self.counts(clock);
                } else {
                    let later = |at: DateTime<Utc>| if at > from { at + (now - from) } else { at };
                    clock.due_at = clock.due_at.map(later);
                    clock.soon_at = clock.soon_at.map(later);
                }
            }
        }
        self.case.clocks = clocks;
    }

    pub(super) fn closing_runs_on(&mut self, of: AssignmentId) {
        self.runs_on(|c| {
            c.assignment_id == Some(of.0) && c.stage == Timed::Close && c.stopped_at.is_some()
        });
    }

    /// Time goes by.
    pub(in crate::walks) fn passes_time(&mut self, by: Duration) {
        self.now += by;
    }

    /// What the sweep does: lateness, what goes on by its day, what nobody decided.
    pub(in crate::walks) fn is_swept(&mut self) {
        self.breaks();
        let back = self.case.suspension.as_ref();
        if back.is_some_and(|s| s.ended_at.is_none() && s.until_at <= self.now) {
            self.goes_on();
        }
        let now = self.now;
        while let Some(id) = self.late_request(now) {
            let Ok(request) = self.request(id) else {
                return;
            };
            self.ends(id, State::Lapsed);
            let rises =
                request.kind == Asked::Return && request.kind.above(request.level).is_some();
            self.told.push((if rises { "rise" } else { "lapse" }, None));
            if rises {
                self.rises(&request, request.asked_by);
            }
        }
    }

    pub(super) fn late_request(&self, now: DateTime<Utc>) -> Option<RequestId> {
        let open = self.case.requests.iter().filter(|r| r.state == State::Open);
        let late = |r: &&Request| {
            let mut clocks = self.case.clocks.iter();
            clocks.any(|c| {
                c.about == Some(r.id.0) && c.is_running() && c.due_at.is_some_and(|due| due < now)
            })
        };
        open.into_iter().find(late).map(|r| r.id)
    }
}
