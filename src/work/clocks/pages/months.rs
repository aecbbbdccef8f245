//! A year as twelve months with their marks.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use crate::org::calendar::{Calendar, Plan};

/// One month.
#[derive(Clone, Debug)]
pub(super) struct Month {
    /// Its number.
    pub(super) number: u32,
    /// How many days are worked.
    pub(super) worked: usize,
    /// Weeks from Monday to Sunday; days of other months are empty.
    pub(super) weeks: Vec<[Option<Cell>; 7]>,
}

/// One day.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Its number.
    pub(super) day: u32,
    /// How it looks.
    pub(super) class: &'static str,
    /// The word under it.
    pub(super) mark: &'static str,
    /// What it is called: 春节.
    pub(super) name: String,
    /// Whether it is today.
    pub(super) today: bool,
}

/// The months of a year; none if its notice is not known.
pub(super) fn months(
    calendar: &Calendar,
    year: i32,
    today: NaiveDate,
    changed: &BTreeSet<NaiveDate>,
) -> Vec<Month> {
    let month = |number| {
        let worked = calendar.working_days(year, number).ok()?;
        let first = NaiveDate::from_ymd_opt(year, number, 1)?;
        let mut weeks: Vec<[Option<Cell>; 7]> = Vec::new();
        let days = (0..31).map(|n| first + Days::new(n));
        for day in days.take_while(|d| d.month() == number) {
            let at = day.weekday().num_days_from_monday() as usize;
            if at == 0 || weeks.is_empty() {
                weeks.push(Default::default());
            }
            if let Some(slot) = weeks.last_mut().and_then(|week| week.get_mut(at)) {
                *slot = Some(cell(calendar, day, today, changed));
            }
        }
        Some(Month {
            number,
            worked,
            weeks,
        })
    };
    (1..=12).filter_map(month).collect()
}

fn cell(
    calendar: &Calendar,
    day: NaiveDate,
    today: NaiveDate,
    changed: &BTreeSet<NaiveDate>,
) -> Cell {
    let (class, mark) = match calendar.plan(day) {
        Ok(Plan::Off(_)) => ("off", "休"),
        Ok(Plan::MakeUp(..)) => ("makeup", "班"),
        Ok(Plan::Half(..)) => ("half", "半"),
        Ok(Plan::Weekend) => ("weekend", ""),
        Ok(Plan::Ordinary(_)) | Err(_) => ("", ""),
    };
    let (class, mark) = if changed.contains(&day) {
        ("changed", "改")
    } else {
        (class, mark)
    };
    let name = calendar.special(day).map_or("", |s| s.name.as_str());
    Cell {
        day: day.day(),
        class,
        mark: if mark.is_empty() && day == today {
            "今天"
        } else {
            mark
        },
        name: name.to_owned(),
        today: day == today,
    }
}
