//! Days and the hours in them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use super::NoDue;
use crate::coded;

coded! {
    /// What a special day is.
    DayKind as "day_kind" {
        /// Nobody works.
        Off = "off" "休",
        /// The office works, whatever the weekday (调休上班日).
        Work = "work" "班",
        /// Only the first session of the day (半日).
        Half = "half" "半日",
    }
}

coded! {
    /// How working days are counted (`domain.md` 10.1).
    WorkDayMode as "work_day_mode" {
        /// Date by date: the start date does not count, due at the close of the n-th working day.
        Dates = "dates" "按日",
        /// n times the office hours of a day.
        Hours = "hours" "按办公时间",
    }
}

/// A day that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// Why: 春节, 暴雪停工.
    pub name: String,
    /// Whether the tenant entered it itself.
    pub own: bool,
}

/// Daily sessions, in their season, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    /// 冬季, 夏季.
    pub name: String,
    /// From which day on they hold.
    pub from_day: NaiveDate,
    /// First day of the season in each year, month × 100 + day.
    pub season_from: i16,
    /// Last day of the season.
    pub season_to: i16,
    /// Opening and closing minutes after midnight, by turns.
    pub sessions: Vec<i16>,
}

impl OfficeHours {
    fn hold_on(&self, day: NaiveDate) -> bool {
        let at = i16::try_from(day.month() * 100 + day.day()).unwrap_or(0);
        let in_season = if self.season_from <= self.season_to {
            at >= self.season_from && at <= self.season_to
        } else {
            at >= self.season_from || at <= self.season_to
        };
        day >= self.from_day && in_season
    }

    /// The sessions as minutes (opens, closes).
    pub fn pairs(&self) -> impl Iterator<Item = (i16, i16)> {
        self.sessions.chunks_exact(2).map(|pair| (pair[0], pair[1]))
    }

    /// Office time of a whole day.
    pub fn length(&self) -> TimeDelta {
        TimeDelta::minutes(self.pairs().map(|(from, to)| i64::from(to - from)).sum())
    }

    /// What tells them apart: from which day on, and from which day of the year on.
    pub fn key(&self) -> (NaiveDate, i16) {
        (self.from_day, self.season_from)
    }

    /// `10-01 至次年 04-30`, `全年`.
    pub fn season_words(&self) -> String {
        let day = |at: i16| format!("{:02}-{:02}", at / 100, at % 100);
        if (self.season_from, self.season_to) == (101, 1231) {
            return "全年".to_owned();
        }
        let next = if self.season_from > self.season_to {
            "次年 "
        } else {
            " "
        };
        format!("{} 至{next}{}", day(self.season_from), day(self.season_to))
    }

    /// `8 小时`, `6 小时 30 分`.
    pub fn length_words(&self) -> String {
        super::explain::span(self.length())
    }

    /// `08:30–12:00，13:00–17:30`.
    pub fn words(&self) -> String {
        let clock = |minutes: i16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let spans: Vec<String> = self
            .pairs()
            .map(|(from, to)| format!("{}–{}", clock(from), clock(to)))
            .collect();
        spans.join("，")
    }
}

/// The days and hours of one tenant, as far as they were loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Stored")]
pub struct Calendar {
    mode: WorkDayMode,
    years: BTreeSet<i32>,
    days: BTreeMap<NaiveDate, SpecialDay>,
    hours: Vec<OfficeHours>,
}

/// How the database hands it over (`calendar_of`).
#[derive(Deserialize)]
struct Stored {
    mode: WorkDayMode,
    years: Vec<i32>,
    days: Vec<SpecialDay>,
    hours: Vec<OfficeHours>,
}

impl From<Stored> for Calendar {
    fn from(stored: Stored) -> Self {
        Self::new(stored.mode, stored.years, stored.days, stored.hours)
    }
}

/// What one day is, and when the office works on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan<'a> {
    /// A weekend.
    Weekend,
    /// A day off with its name.
    Off(&'a str),
    /// An ordinary working day.
    Ordinary(&'a OfficeHours),
    /// A day worked out of turn, with its name.
    MakeUp(&'a OfficeHours, &'a str),
    /// Only the first session.
    Half(&'a OfficeHours, &'a str),
}

impl Plan<'_> {
    /// Whether the office works on it.
    pub fn is_working(&self) -> bool {
        self.hours().is_some()
    }

    /// The office hours of the day, if it is worked.
    fn hours(&self) -> Option<&OfficeHours> {
        match self {
            Self::Weekend | Self::Off(_) => None,
            Self::Ordinary(hours) | Self::MakeUp(hours, _) | Self::Half(hours, _) => Some(hours),
        }
    }

    /// The sessions of the day.
    pub(super) fn sessions(&self, day: NaiveDate) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let most = if matches!(self, Self::Half(..)) { 1 } else { 3 };
        let midnight = day.and_time(NaiveTime::MIN);
        let at = |minutes: i16| midnight + TimeDelta::minutes(i64::from(minutes));
        let pairs = self.hours().into_iter().flat_map(OfficeHours::pairs);
        pairs
            .take(most)
            .map(|(from, to)| (at(from), at(to)))
            .collect()
    }
}

impl Calendar {
    /// A calendar of these parts. Of several office hours, the one that began last holds; of
    /// two that began on one day, the one with the later season.
    pub fn new(
        mode: WorkDayMode,
        years: impl IntoIterator<Item = i32>,
        days: impl IntoIterator<Item = SpecialDay>,
        mut hours: Vec<OfficeHours>,
    ) -> Self {
        hours.sort_by_key(|h| std::cmp::Reverse((h.from_day, h.season_from)));
        Self {
            mode,
            years: years.into_iter().collect(),
            days: days.into_iter().map(|d| (d.day, d)).collect(),
            hours,
        }
    }

    /// How it counts working days.
    pub fn mode(&self) -> WorkDayMode {
        self.mode
    }

    /// The same days, counted the other way.
    #[must_use]
    pub fn counting(mut self, mode: WorkDayMode) -> Self {
        self.mode = mode;
        self
    }

    /// The same calendar with these days on top, as a change would make it.
    #[must_use]
    pub fn with_days(mut self, days: impl IntoIterator<Item = SpecialDay>) -> Self {
        self.days.extend(days.into_iter().map(|d| (d.day, d)));
        self
    }

    /// The same calendar without special days between two days, both included.
    #[must_use]
    pub fn without_days(mut self, from: NaiveDate, to: NaiveDate) -> Self {
        self.days.retain(|day, _| *day < from || *day > to);
        self
    }

    /// The same calendar with these office hours.
    #[must_use]
    pub(super) fn open_at(self, hours: Vec<OfficeHours>) -> Self {
        Self::new(self.mode, self.years, self.days.into_values(), hours)
    }

    /// What is special about a day, if anything.
    pub fn special(&self, day: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&day)
    }

    /// The same calendar with this year known.
    #[must_use]
    pub fn with_year(mut self, year: i32) -> Self {
        self.years.insert(year);
        self
    }

    /// Whether the year's notice is known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The special days loaded, in order.
    pub fn special_days(&self) -> impl Iterator<Item = &SpecialDay> {
        self.days.values()
    }

    /// The office hours, those that began last first.
    pub fn office_hours(&self) -> &[OfficeHours] {
        &self.hours
    }

    /// What a day is.
    pub fn plan(&self, day: NaiveDate) -> Result<Plan<'_>, NoDue> {
        if !self.knows(day.year()) {
            return Err(NoDue::UnknownYear(day.year()));
        }
        let special = self.days.get(&day);
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        match special.map(|s| (s.kind, s.name.as_str())) {
            Some((DayKind::Off, name)) => Ok(Plan::Off(name)),
            Some((DayKind::Work, name)) => Ok(Plan::MakeUp(self.hours_on(day)?, name)),
            Some((DayKind::Half, name)) => Ok(Plan::Half(self.hours_on(day)?, name)),
            None if weekend => Ok(Plan::Weekend),
            None => Ok(Plan::Ordinary(self.hours_on(day)?)),
        }
    }

    /// The office hours that hold on a day, worked or not.
    pub(super) fn hours_on(&self, day: NaiveDate) -> Result<&OfficeHours, NoDue> {
        let held = self.hours.iter().find(|h| h.hold_on(day));
        held.ok_or(NoDue::NoHours(day))
    }

    /// The next working day after a day.
    pub(super) fn next_working(&self, day: NaiveDate) -> Result<NaiveDate, NoDue> {
        let mut next = day;
        for _ in 0..400 {
            next = next + Days::new(1);
            if self.plan(next)?.is_working() {
                return Ok(next);
            }
        }
        Err(NoDue::NoWorkingDay(day))
    }

    /// How many days of a month are worked.
    pub fn working_days(&self, year: i32, month: u32) -> Result<usize, NoDue> {
        let mut worked = 0;
        let mut day = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
        while day.month() == month {
            worked += usize::from(self.plan(day)?.is_working());
            day = day + Days::new(1);
        }
        Ok(worked)
    }
}
