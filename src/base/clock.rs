//! The present instant, taken from here and nowhere else, settable in tests.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Where the present instant comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Stands still until it is set.
    Standing(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The present instant, to the microsecond, as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that asks the machine"
            )]
            Clock::System => Utc::now(),
            Clock::Standing(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// China has had one zone and no summer time since 1991.
pub fn china() -> FixedOffset {
    const EIGHT_HOURS: i32 = 8 * 3600;
    #[expect(clippy::expect_used, reason = "eight hours are within a day")]
    FixedOffset::east_opt(EIGHT_HOURS).expect("a valid offset")
}

/// The local time of an instant.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&china()).naive_local()
}

/// The instant of a local time: the zone has no gap and no hour twice.
pub fn instant(local: NaiveDateTime) -> DateTime<Utc> {
    (local - china()).and_utc()
}

/// The instant at which a local day begins.
pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    instant(day.and_time(NaiveTime::MIN))
}

/// The local calendar day of an instant.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&china()).date_naive()
}
