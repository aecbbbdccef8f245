//! The sample's time: officials act in office hours, residents when they like. Holidays
//! are left out, they would make the sample depend on the calendar's years.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};

/// Minutes of office time in a working day: 08:30–11:30 and 13:30–17:30.
pub(super) const WORK_DAY: i64 = 420;
const SESSIONS: [(i64, i64); 2] = [(13 * 60 + 30, 17 * 60 + 30), (8 * 60 + 30, 11 * 60 + 30)];

/// Office and local time, seen from one instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    now: DateTime<Utc>,
    zone: FixedOffset,
}

impl Clock {
    /// A clock of Asia/Shanghai, which has had no summer time since 1991.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc));
        Self { now, zone }
    }

    /// The instant everything is relative to.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The local day of an instant.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The local day so many days before today.
    pub(super) fn days_ago(&self, days: u64) -> NaiveDate {
        self.day(self.now)
            .checked_sub_days(Days::new(days))
            .unwrap_or_default()
    }

    /// The local minute of the day, 0 to 1439.
    pub(super) fn minute(&self, at: DateTime<Utc>) -> i64 {
        use chrono::Timelike;
        i64::from(at.with_timezone(&self.zone).num_seconds_from_midnight()) / 60
    }

    /// A local day and minute as an instant.
    pub(super) fn at(&self, day: NaiveDate, minute: i64) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
        self.zone
            .from_local_datetime(&midnight)
            .earliest()
            .map_or(self.now, |local| local.to_utc())
    }

    /// The instant that lies so many minutes of office time before now.
    pub(super) fn ago(&self, minutes: i64) -> DateTime<Utc> {
        let mut day = self.day(self.now);
        let mut end = self.minute(self.now);
        let mut left = minutes.max(1);
        loop {
            if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                for (open, shut) in SESSIONS {
                    let length = (shut.min(end) - open).max(0);
                    if left <= length {
                        return self.at(day, shut.min(end) - left);
                    }
                    left -= length;
                }
            }
            end = 24 * 60;
            day = match day.pred_opt() {
                Some(before) => before,
                None => return self.now,
            };
        }
    }

    /// Nine o'clock on the next weekday: when a joint enforcement meets.
    pub(super) fn next_meeting(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let mut days = self.day(at).iter_days().skip(1);
        let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        days.find(is_weekday).map_or(at, |day| self.at(day, 9 * 60))
    }

    /// How many minutes of office time lie between an instant of the past and now.
    pub(super) fn since(&self, at: DateTime<Utc>) -> i64 {
        let (first, today) = (self.day(at), self.day(self.now));
        let mut total = 0;
        for day in first.iter_days().take_while(|day| *day <= today) {
            if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                continue;
            }
            let from = if day == first { self.minute(at) } else { 0 };
            let to = if day == today {
                self.minute(self.now)
            } else {
                24 * 60
            };
            for (open, shut) in SESSIONS {
                total += (shut.min(to) - open.max(from)).max(0);
            }
        }
        total
    }

    /// The instant, or the next morning if people sleep then.
    pub(super) fn awake(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let minute = self.minute(at);
        if minute >= 20 * 60 + 30 {
            at + TimeDelta::minutes(24 * 60 - minute + 8 * 60)
        } else if minute < 6 * 60 + 30 {
            at + TimeDelta::minutes(8 * 60 - minute.min(8 * 60))
        } else {
            at
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(text: &str) -> Clock {
        Clock::new(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    fn local(clock: Clock, minutes: i64) -> String {
        clock
            .ago(minutes)
            .with_timezone(&clock.zone)
            .format("%m-%d %H:%M")
            .to_string()
    }

    #[test]
    fn office_time_leaps_noon_night_and_weekend() {
        let monday = clock("2026-11-23T14:00:00+08:00");
        assert_eq!(local(monday, 30), "11-23 13:30");
        assert_eq!(local(monday, 60), "11-23 11:00");
        assert_eq!(local(monday, 30 + 180 + 60), "11-20 16:30");
        let sunday = clock("2026-11-22T03:00:00+08:00");
        assert_eq!(local(sunday, 10), "11-20 17:20");
    }

    #[test]
    fn since_undoes_ago() {
        let clock = clock("2026-11-23T14:05:00+08:00");
        for minutes in [1, 35, 200, 421, 5000, 90_000] {
            assert_eq!(clock.since(clock.ago(minutes)), minutes);
        }
    }
}
