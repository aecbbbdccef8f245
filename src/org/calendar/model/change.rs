//! A change of the calendar: what it would make of it, and why it may not. The preview and the
//! change itself ask the same functions.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::{Calendar, DayKind, NoDue, OfficeHours, SpecialDay, WorkDayMode};

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Days become something; no kind: they become again what the notice says.
    Days {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
        /// What they become.
        kind: Option<DayKind>,
        /// Why: 暴雪停工.
        name: String,
        /// On whose word.
        source: String,
    },
    /// A year's notice becomes known.
    Year {
        /// The year.
        year: i32,
        /// What the notice says.
        days: Vec<SpecialDay>,
        /// What the notice is called.
        source: String,
    },
    /// Further office hours.
    Hours(OfficeHours),
    /// Office hours that have not begun are taken back.
    NoHours {
        /// From which day on they would hold.
        from_day: NaiveDate,
        /// First day of their season.
        season_from: i16,
    },
    /// Working days are counted another way.
    Mode(WorkDayMode),
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoChange {
    /// The notice of that year has not been entered.
    #[error("{0} 年放假安排还没有录入，先粘贴那一年的通知，再改个别日子。")]
    UnknownYear(i32),
    /// The year came with the program.
    #[error("{0} 年放假安排已经录入。要改个别日子，请用“改日历”。")]
    KnownYear(i32),
    /// Nothing would differ.
    #[error("日历本来就是这样，没有要改的。")]
    Nothing,
    /// Nobody would work in the whole year.
    #[error("改完以后全年没有一个工作日，不能这样改。请检查起止日期。")]
    NoWorkingDay,
    /// Other hours begin on the same day with the same season.
    #[error("从同一天起、同一季节的办公时间已经有了。请换一个起用日期，或先删除那一个。")]
    HoursTaken,
    /// Hours that hold already, or that there are not.
    #[error("只能删除还没有起用的办公时间。已经起用的，请另加一个新的。")]
    HoursBegun,
    /// The result cannot be counted.
    #[error("{0}")]
    NoDue(#[from] NoDue),
}

impl Calendar {
    /// The calendar as the change would make it. `notice` is what notices say of the days.
    pub fn changed(
        &self,
        change: &Change,
        notice: &[SpecialDay],
        today: NaiveDate,
    ) -> Result<Self, NoChange> {
        let after = match change {
            Change::Days { from, to, .. } => self.with_changed_days(change, notice, *from, *to)?,
            Change::Year { year, days, .. } => self.clone().with_notice(*year, days),
            Change::Hours(hours) => self.with_hours(hours)?,
            Change::NoHours {
                from_day,
                season_from,
            } => self.without_hours(*from_day, *season_from, today)?,
            Change::Mode(mode) => self.clone().counting(*mode),
        };
        if after == *self {
            return Err(NoChange::Nothing);
        }
        for year in change.years() {
            if after.year_length(year)? == 0 {
                return Err(NoChange::NoWorkingDay);
            }
        }
        Ok(after)
    }

    fn with_changed_days(
        &self,
        change: &Change,
        notice: &[SpecialDay],
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Self, NoChange> {
        if let Some(year) = change.years().into_iter().find(|y| !self.knows(*y)) {
            return Err(NoChange::UnknownYear(year));
        }
        let Change::Days {
            kind: Some(kind), ..
        } = change
        else {
            let said = notice.iter().filter(|d| from <= d.day && d.day <= to);
            return Ok(self.clone().without_days(from, to).with_days(said.cloned()));
        };
        let mut days = Vec::new();
        for day in span(from, to) {
            // An ordinary working day needs no mark to be worked.
            let plain =
                *kind == DayKind::Work && matches!(self.plan(day)?, super::Plan::Ordinary(_));
            days.extend((!plain).then(|| change.special(day)).flatten());
        }
        Ok(self.clone().with_days(days))
    }

    fn with_notice(self, year: i32, days: &[SpecialDay]) -> Self {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
        let own: Vec<SpecialDay> = self.special_days().filter(|d| d.own).cloned().collect();
        let bare = self.without_days(first, last).with_year(year);
        bare.with_days(days.iter().cloned()).with_days(own)
    }

    fn with_hours(&self, hours: &OfficeHours) -> Result<Self, NoChange> {
        let taken = |h: &OfficeHours| h.key() == hours.key();
        if self.office_hours().iter().any(taken) {
            return Err(NoChange::HoursTaken);
        }
        let mut all = self.office_hours().to_vec();
        all.push(hours.clone());
        Ok(self.clone().open_at(all))
    }

    fn without_hours(
        &self,
        from_day: NaiveDate,
        season_from: i16,
        today: NaiveDate,
    ) -> Result<Self, NoChange> {
        let (gone, left): (Vec<_>, Vec<_>) = self
            .office_hours()
            .iter()
            .cloned()
            .partition(|h| h.key() == (from_day, season_from));
        if gone.is_empty() || from_day <= today {
            return Err(NoChange::HoursBegun);
        }
        Ok(self.clone().open_at(left))
    }

    /// The days that differ between two calendars.
    pub fn differing(&self, other: &Self) -> BTreeSet<NaiveDate> {
        let both = self.special_days().chain(other.special_days());
        let days: BTreeSet<NaiveDate> = both.map(|d| d.day).collect();
        let differs = |day: &NaiveDate| self.special(*day) != other.special(*day);
        days.into_iter().filter(differs).collect()
    }

    /// How many days of a year are worked.
    pub fn year_length(&self, year: i32) -> Result<usize, NoDue> {
        (1..=12).map(|month| self.working_days(year, month)).sum()
    }

    /// The office hours that hold on some day of the year from a day on.
    pub fn hours_from(&self, day: NaiveDate) -> Vec<&OfficeHours> {
        let mut held: Vec<&OfficeHours> = Vec::new();
        for after in 0..366 {
            if let Ok(hours) = self.hours_on(day + Days::new(after))
                && !held.contains(&hours)
            {
                held.push(hours);
            }
        }
        let later = self.office_hours().iter().filter(|h| h.from_day > day);
        let more: Vec<_> = later.filter(|h| !held.contains(h)).collect();
        held.extend(more);
        held
    }
}

impl Change {
    /// The years whose days it changes.
    fn years(&self) -> BTreeSet<i32> {
        match self {
            Self::Days { from, to, .. } => (from.year()..=to.year()).collect(),
            Self::Year { year, .. } => BTreeSet::from([*year]),
            Self::Hours(_) | Self::NoHours { .. } | Self::Mode(_) => BTreeSet::new(),
        }
    }

    /// What a day becomes.
    fn special(&self, day: NaiveDate) -> Option<SpecialDay> {
        match self {
            Self::Days { kind, name, .. } => Some(SpecialDay {
                day,
                kind: (*kind)?,
                name: name.clone(),
                own: true,
            }),
            Self::Year { .. } | Self::Hours(_) | Self::NoHours { .. } | Self::Mode(_) => None,
        }
    }

    /// The change as a headline: `11-30 改为休`.
    pub fn words(&self) -> String {
        match self {
            Self::Days { from, to, kind, .. } => {
                let days = days_words(*from, *to);
                match kind {
                    Some(kind) => format!("{days} 改为{}", kind.label()),
                    None => format!("{days} 恢复通知原样"),
                }
            }
            Self::Year { year, .. } => format!("录入 {year} 年放假安排"),
            Self::Hours(hours) => format!("从 {} 起用{}", hours.from_day, hours.name),
            Self::NoHours { from_day, .. } => format!("删除从 {from_day} 起用的办公时间"),
            Self::Mode(mode) => format!("工作日改为{}计", mode.label()),
        }
    }

    /// The weekday of a change of one day: `周一，`.
    pub fn weekday(&self) -> String {
        match self {
            Self::Days { from, to, .. } if from == to => {
                format!("周{}，", crate::base::words::weekday(*from))
            }
            Self::Days { .. }
            | Self::Year { .. }
            | Self::Hours(_)
            | Self::NoHours { .. }
            | Self::Mode(_) => String::new(),
        }
    }

    /// Why: name and source, as they were typed.
    pub fn reason(&self) -> String {
        match self {
            Self::Days { name, source, .. } => match (name.as_str(), source.as_str()) {
                ("", source) => source.to_owned(),
                (name, "") => name.to_owned(),
                (name, source) => format!("{name}，{source}"),
            },
            Self::Year { source, .. } => source.clone(),
            Self::Hours(hours) => format!("{}，{}", hours.words(), hours.season_words()),
            Self::NoHours { .. } => "以前的办公时间继续有效".to_owned(),
            Self::Mode(WorkDayMode::Dates) => "收到当日不计，第 n 个工作日下班时到期".to_owned(),
            Self::Mode(WorkDayMode::Hours) => "1 个工作日等于一天的办公时间，收到就计".to_owned(),
        }
    }
}

/// Every day between two, both included.
pub fn span(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}

/// `2026-11-30`, `2026-11-30 至 12-02`.
fn days_words(from: NaiveDate, to: NaiveDate) -> String {
    let short = |day: NaiveDate| format!("{:02}-{:02}", day.month(), day.day());
    if from == to {
        short(from)
    } else {
        format!("{} 至 {}", short(from), short(to))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, hours, year_2026};
    use super::*;

    fn change(from: &str, to: &str, kind: Option<DayKind>) -> Change {
        Change::Days {
            from: day(from),
            to: day(to),
            kind,
            name: "暴雪停工".to_owned(),
            source: "市政府通知".to_owned(),
        }
    }

    fn made(change: &Change) -> Result<Calendar, NoChange> {
        year_2026().changed(change, &[], day("2026-11-23"))
    }

    #[test]
    fn a_day_off_takes_one_working_day_and_the_notice_gives_it_back() {
        let before = year_2026();
        let off = change("2026-11-30", "2026-11-30", Some(DayKind::Off));
        let after = made(&off).unwrap();
        assert_eq!(before.year_length(2026), Ok(248));
        assert_eq!(after.year_length(2026), Ok(247));
        assert_eq!(off.words(), "11-30 改为休");
        assert_eq!(
            before.differing(&after),
            BTreeSet::from([day("2026-11-30")])
        );
        let back = change("2026-11-01", "2026-11-30", None);
        assert_eq!(after.changed(&back, &[], day("2026-11-23")), Ok(before));
    }

    #[test]
    fn a_week_of_duty_marks_only_its_weekend() {
        let week = change("2026-11-23", "2026-11-29", Some(DayKind::Work));
        let after = made(&week).unwrap();
        let marked: Vec<NaiveDate> = year_2026().differing(&after).into_iter().collect();
        assert_eq!(marked, [day("2026-11-28"), day("2026-11-29")]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        use NoChange::{HoursBegun, HoursTaken, NoWorkingDay, Nothing, UnknownYear};
        let all = change("2026-01-01", "2026-12-31", Some(DayKind::Off));
        assert_eq!(made(&all), Err(NoWorkingDay));
        let later = change("2026-12-31", "2027-01-01", Some(DayKind::Off));
        assert_eq!(made(&later), Err(UnknownYear(2027)));
        let plain = change("2026-11-30", "2026-11-30", Some(DayKind::Work));
        assert_eq!(made(&plain), Err(Nothing));
        assert_eq!(made(&Change::Mode(WorkDayMode::Dates)), Err(Nothing));
        assert_eq!(made(&Change::Hours(hours()[0].clone())), Err(HoursTaken));
        let begun = Change::NoHours {
            from_day: day("2020-01-01"),
            season_from: 1001,
        };
        assert_eq!(made(&begun), Err(HoursBegun));
    }
}
