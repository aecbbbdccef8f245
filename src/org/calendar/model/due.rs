//! From a start and a limit to the due time. There is one way through time for all units: the
//! spans in which the clock runs, cut by the pauses; a budget is spent on them.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::{Calendar, Limit, Line, NoDue, Plan, Unit, WorkDayMode, explain};
use crate::base::clock::{instant, local, midnight};

/// A time in which a clock does not run (挂账).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; none: it still stands.
    pub to: Option<DateTime<Utc>>,
}

/// A due time with what a person asks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When the time is over.
    pub at: DateTime<Utc>,
    /// When only a third of it is left: from then on the lamp is yellow.
    pub soon_at: DateTime<Utc>,
    /// How it was counted, day by day.
    pub lines: Vec<Line>,
}

/// A span in which the clock runs, local time.
pub(super) type Span = (NaiveDateTime, NaiveDateTime);

impl Calendar {
    /// When a limit that began at `start` is over. Pauses must be in order and apart; a pause
    /// that still stands counts as if it ended never, so the due time is the one without it.
    ///
    /// Hours and minutes spend office time or natural time; working days are counted as the
    /// tenant counts them.
    pub fn due(&self, start: DateTime<Utc>, limit: Limit, pauses: &[Pause]) -> Result<Due, NoDue> {
        let from = local(start);
        let pauses = ended(pauses);
        let amount = i64::from(limit.amount());
        match (limit.unit(), self.mode()) {
            (Unit::UrgentMinute, _) => Ok(on_end(from, TimeDelta::minutes(amount), &pauses, limit)),
            (Unit::UrgentHour | Unit::NaturalHour, _) => {
                Ok(on_end(from, TimeDelta::hours(amount), &pauses, limit))
            }
            (Unit::NaturalDay, _) => Ok(on_end(from, TimeDelta::days(amount), &pauses, limit)),
            (Unit::WorkHour, _) => self.by_hours(from, TimeDelta::hours(amount), &pauses),
            (Unit::WorkDay, WorkDayMode::Hours) => {
                let day = self.hours_on(from.date())?.length();
                self.by_hours(from, day * limit.amount(), &pauses)
            }
            (Unit::WorkDay, WorkDayMode::Dates) => self.by_dates(from, limit.amount(), &pauses),
        }
    }

    /// How much of a unit's time passed between two instants, without the pauses. Of working
    /// days counted by date it is office time, as it is for hours.
    pub fn elapsed(
        &self,
        unit: Unit,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        pauses: &[Pause],
    ) -> Result<TimeDelta, NoDue> {
        let (from, to) = (local(from), local(to));
        if to <= from {
            return Ok(TimeDelta::zero());
        }
        let pauses: Vec<Span> = pauses
            .iter()
            .map(|p| (local(p.from), p.to.map_or(NaiveDateTime::MAX, local)))
            .collect();
        if !unit.is_working() {
            return Ok(length(&without((from, to), &pauses)));
        }
        let mut spent = TimeDelta::zero();
        let mut day = from.date();
        while day <= to.date() {
            for session in self.plan(day)?.sessions(day) {
                let span = (session.0.max(from), session.1.min(to));
                spent += length(&without(span, &pauses));
            }
            day = day + Days::new(1);
        }
        Ok(spent)
    }

    /// How many working days closed between two instants while the clock ran: the measure that
    /// [`Calendar::due`] spends when it counts by date. The start date does not count.
    pub fn closes(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        pauses: &[Pause],
    ) -> Result<i32, NoDue> {
        let (from, to) = (local(from), local(to));
        let pauses = ended(pauses);
        let mut counted = 0;
        let mut day = from.date() + Days::new(1);
        while day <= to.date() {
            if let Some(close) = self.close_of(day)? {
                counted += i32::from(close <= to && !is_paused(close, &pauses));
            }
            day = day + Days::new(1);
        }
        Ok(counted)
    }

    /// When the office closes on a day, if it works.
    fn close_of(&self, day: NaiveDate) -> Result<Option<NaiveDateTime>, NoDue> {
        Ok(self.plan(day)?.sessions(day).last().map(|s| s.1))
    }

    /// When a day is over: when the office closes on it, at its midnight if the office does not
    /// work. Of a year whose notice is not there yet, a weekday counts as worked.
    pub fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let is_weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let plan = match self.plan(day) {
            Err(NoDue::UnknownYear(_)) if is_weekday => self.hours_on(day).map(Plan::Ordinary),
            plan => plan,
        };
        let sessions = plan.map(|plan| plan.sessions(day)).unwrap_or_default();
        match sessions.last() {
            Some((_, close)) => instant(*close),
            // The last minute, so that it is still that day.
            None => midnight(day) + TimeDelta::minutes(24 * 60 - 1),
        }
    }

    fn by_hours(
        &self,
        from: NaiveDateTime,
        budget: TimeDelta,
        pauses: &[Span],
    ) -> Result<Due, NoDue> {
        let mut lines = vec![explain::start(from, self.plan(from.date())?.is_working())];
        let at = self.spend(from, budget, pauses, Some(&mut lines))?;
        let soon = self.spend(from, two_thirds(budget), pauses, None)?;
        explain::paused(&mut lines, pauses);
        Ok(Due {
            at: instant(at),
            soon_at: instant(soon),
            lines,
        })
    }

    /// Spends office time from a moment on; the last moment of it.
    fn spend(
        &self,
        from: NaiveDateTime,
        budget: TimeDelta,
        pauses: &[Span],
        mut lines: Option<&mut Vec<Line>>,
    ) -> Result<NaiveDateTime, NoDue> {
        let mut left = budget;
        let mut day = from.date();
        let mut idle = 0;
        loop {
            let plan = self.plan(day)?;
            let mut spent = TimeDelta::zero();
            let mut end = None;
            for session in plan.sessions(day) {
                for span in without((session.0.max(from), session.1), pauses) {
                    let here = span.1 - span.0;
                    if end.is_none() && here >= left {
                        end = Some(span.0 + left);
                        spent += left;
                    } else if end.is_none() {
                        left -= here;
                        spent += here;
                    }
                }
            }
            if let Some(lines) = &mut lines {
                explain::hours(lines, (day, &plan), spent, end);
            }
            if let Some(end) = end {
                return Ok(end);
            }
            idle = if spent.is_zero() { idle + 1 } else { 0 };
            if idle > 400 + paused_days(pauses) {
                return Err(NoDue::NoWorkingDay(day));
            }
            day = day + Days::new(1);
        }
    }

    fn by_dates(&self, from: NaiveDateTime, days: i32, pauses: &[Span]) -> Result<Due, NoDue> {
        let mut lines = vec![explain::first_date(from)];
        let mut counted = 0;
        let mut day = from.date();
        let mut idle = 0;
        let close = loop {
            day = day + Days::new(1);
            let plan = self.plan(day)?;
            let close = plan.sessions(day).last().map(|s| s.1);
            let counts = close.is_some_and(|close| !is_paused(close, pauses));
            counted += i32::from(counts);
            explain::date(&mut lines, (day, &plan), counts.then_some(counted));
            match close {
                Some(close) if counts && counted == days => break close,
                _ => {}
            }
            idle = if counts { 0 } else { idle + 1 };
            if idle > 400 + paused_days(pauses) {
                return Err(NoDue::NoWorkingDay(day));
            }
        };
        explain::due_at_close(&mut lines, close);
        explain::paused(&mut lines, pauses);
        let all = self.elapsed(Unit::WorkHour, instant(from), instant(close), &[])?
            - self.paused_office_time(from, close, pauses)?;
        let soon = self.spend(from, two_thirds(all), pauses, None)?;
        Ok(Due {
            at: instant(close),
            soon_at: instant(soon),
            lines,
        })
    }

    fn paused_office_time(
        &self,
        from: NaiveDateTime,
        to: NaiveDateTime,
        pauses: &[Span],
    ) -> Result<TimeDelta, NoDue> {
        let mut paused = TimeDelta::zero();
        for (begin, end) in pauses {
            let (begin, end) = (instant((*begin).max(from)), instant((*end).min(to)));
            paused += self.elapsed(Unit::WorkHour, begin, end, &[])?;
        }
        Ok(paused)
    }

    /// The moment at which an office that is closed at `at` opens next, or `at` itself.
    pub fn opening(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, NoDue> {
        let moment = local(at);
        let mut day = moment.date();
        loop {
            let sessions = self.plan(day)?.sessions(day);
            if let Some((opens, _)) = sessions.iter().find(|(_, closes)| moment < *closes) {
                return Ok(instant((*opens).max(moment)));
            }
            day = self.next_working(day)?;
        }
    }
}

/// Natural time on end.
fn on_end(from: NaiveDateTime, budget: TimeDelta, pauses: &[Span], limit: Limit) -> Due {
    let mut lines = vec![explain::natural(from, limit)];
    let at = after(from, budget, pauses);
    explain::ends(&mut lines, at);
    explain::paused(&mut lines, pauses);
    Due {
        at: instant(at),
        soon_at: instant(after(from, two_thirds(budget), pauses)),
        lines,
    }
}

fn after(from: NaiveDateTime, budget: TimeDelta, pauses: &[Span]) -> NaiveDateTime {
    let mut left = budget;
    let mut at = from;
    for (begin, end) in pauses.iter().filter(|p| p.1 > from) {
        let runs = (*begin).max(at) - at;
        if runs >= left {
            break;
        }
        left -= runs;
        at = *end;
    }
    at + left
}

fn two_thirds(budget: TimeDelta) -> TimeDelta {
    budget * 2 / 3
}

/// The pauses that are over, local.
fn ended(pauses: &[Pause]) -> Vec<Span> {
    let over = pauses
        .iter()
        .filter_map(|p| Some((local(p.from), local(p.to?))));
    over.filter(|(from, to)| from < to).collect()
}

fn is_paused(at: NaiveDateTime, pauses: &[Span]) -> bool {
    pauses.iter().any(|(from, to)| *from <= at && at < *to)
}

fn paused_days(pauses: &[Span]) -> i64 {
    pauses
        .iter()
        .map(|(from, to)| (*to - *from).num_days() + 1)
        .sum()
}

/// What is left of a span without the pauses.
fn without(span: Span, pauses: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = span.0;
    for (begin, end) in pauses.iter().filter(|p| p.1 > span.0 && p.0 < span.1) {
        if *begin > from {
            left.push((from, *begin));
        }
        from = from.max(*end);
    }
    if from < span.1 {
        left.push((from, span.1));
    }
    left
}

fn length(spans: &[Span]) -> TimeDelta {
    spans
        .iter()
        .fold(TimeDelta::zero(), |all, (from, to)| all + (*to - *from))
}
