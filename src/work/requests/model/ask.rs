//! What is asked for, as it is checked, and until when something can be put aside.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::words::{Cause, Kind};
use crate::org::DepartmentId;
use crate::org::calendar::Calendar;
use crate::work::DutyItemId;

/// What is asked for, checked.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The department held responsible, by which duty item.
    Return(DepartmentId, DutyItemId),
    /// One more original limit.
    Extension,
    /// Until which day, with what by when.
    Suspension(NaiveDate, Vec<(NaiveDate, String)>),
    /// Why the breach shall not count.
    Appeal(Cause),
}

impl Ask {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Return(..) => Kind::Return,
            Self::Extension => Kind::Extension,
            Self::Suspension(..) => Kind::Suspension,
            Self::Appeal(_) => Kind::Appeal,
        }
    }
}

/// When a suspension until a day is over: when the office closes on it. A day off is over at its
/// own end and not at the last close before it, because who was promised that day has all of it;
/// the work goes on at the next opening either way.
pub fn until(calendar: &Calendar, day: NaiveDate) -> DateTime<Utc> {
    calendar.end_of(day)
}

/// The last day until which something may be put aside.
pub(in super::super) fn latest(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(12)).unwrap_or(today)
}

/// The first one.
pub(in super::super) fn soonest(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(1)).unwrap_or(today)
}
