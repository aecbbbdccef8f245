//! When a report is due, and of which days it is.

use chrono::{DateTime, Datelike as _, Days, Duration, Months, NaiveDate, Utc};

use crate::base::clock::{day_of, midnight};
use crate::coded;
use crate::work::figures::Span;

coded! {
    /// How often a report comes.
    Rhythm as "report_rhythm" {
        /// Every day, of the day before.
        Daily = "daily" "日报",
        /// On Mondays, of the week before.
        Weekly = "weekly" "周报",
        /// On the first, of the month before.
        Monthly = "monthly" "月报",
        /// The bulletin of a month, when it was put out.
        Bulletin = "bulletin" "通报",
    }
}

/// The hours of local time from which one is chosen.
pub(in super::super) const HOURS: [i16; 5] = [7, 8, 9, 12, 17];

/// `08:00`
pub(in super::super) fn hour_word(hour: i16) -> String {
    format!("{hour:02}:00")
}

impl Rhythm {
    /// `每周一`
    pub fn when(self) -> &'static str {
        match self {
            Self::Daily => "每天",
            Self::Weekly => "每周一",
            Self::Monthly => "每月 1 日",
            Self::Bulletin => "印发以后",
        }
    }

    /// What it holds, for the choice.
    pub fn holds(self) -> &'static str {
        match self {
            Self::Daily => "每天送前一天的数，休息日也送",
            Self::Weekly => "每周一送上一周（周一至周日）的数",
            Self::Monthly => "每月 1 日送上个月的数",
            Self::Bulletin => "市治理办印发通报以后，到下一个所选钟点送全文",
        }
    }

    /// The last day on which one was due, from a day backwards.
    fn back(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Daily | Self::Bulletin => day,
            Self::Weekly => Span::week_of(day).first,
            Self::Monthly => Span::month_of(day).first,
        }
    }

    /// The next instant after another at which one is due.
    pub fn next(self, hour: i16, after: DateTime<Utc>) -> DateTime<Utc> {
        let today = day_of(after);
        let day = if at(today, hour) > after {
            today
        } else {
            today + Days::new(1)
        };
        let last = self.back(day);
        let due = match self {
            _ if last == day => day,
            Self::Daily | Self::Bulletin => day,
            Self::Weekly => last + Days::new(7),
            Self::Monthly => last + Months::new(1),
        };
        at(due, hour)
    }

    /// The day of the newest that is due by now.
    pub fn newest(self, hour: i16, now: DateTime<Utc>) -> NaiveDate {
        let today = day_of(now);
        let day = if at(today, hour) > now {
            today - Days::new(1)
        } else {
            today
        };
        self.back(day)
    }

    /// The days that one due on a day is of.
    pub fn span(self, due: NaiveDate) -> Span {
        let before = due - Days::new(1);
        match self {
            Self::Daily | Self::Bulletin => Span::day(before),
            Self::Weekly => Span::week_of(before),
            Self::Monthly => Span::month_of(before),
        }
    }

    /// How many came due from one day on and before another. A bulletin is not tied to its day.
    pub fn passed(self, from: NaiveDate, to: NaiveDate) -> i32 {
        let days = (to - from).num_days().max(0);
        let passed = match self {
            Self::Daily => days,
            Self::Weekly => days / 7,
            Self::Monthly => i64::from(
                (to.year() - from.year()) * 12 + to.month().cast_signed()
                    - from.month().cast_signed(),
            ),
            Self::Bulletin => 0,
        };
        i32::try_from(passed.max(0)).unwrap_or(i32::MAX)
    }
}

fn at(day: NaiveDate, hour: i16) -> DateTime<Utc> {
    midnight(day) + Duration::hours(i64::from(hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00"))
            .unwrap()
            .to_utc()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_one_is_due_on_its_day_at_its_hour() {
        let cases = [
            (Rhythm::Daily, "2026-11-24T07:59", "2026-11-24T08:00"),
            (Rhythm::Daily, "2026-11-24T08:00", "2026-11-25T08:00"),
            (Rhythm::Weekly, "2026-11-23T07:59", "2026-11-23T08:00"),
            (Rhythm::Weekly, "2026-11-23T08:00", "2026-11-30T08:00"),
            (Rhythm::Weekly, "2026-11-29T23:59", "2026-11-30T08:00"),
            (Rhythm::Monthly, "2026-12-01T07:00", "2026-12-01T08:00"),
            (Rhythm::Monthly, "2026-12-01T08:00", "2027-01-01T08:00"),
            (Rhythm::Monthly, "2026-01-31T12:00", "2026-02-01T08:00"),
            (Rhythm::Bulletin, "2026-12-01T08:00", "2026-12-02T08:00"),
        ];
        for (rhythm, after, next) in cases {
            assert_eq!(
                rhythm.next(8, instant(after)),
                instant(next),
                "{rhythm:?} {after}"
            );
        }
    }

    #[test]
    fn the_newest_due_is_of_the_days_before_it() {
        let cases = [
            (
                Rhythm::Daily,
                "2026-11-24T08:00",
                "2026-11-23",
                "2026-11-23",
            ),
            (
                Rhythm::Daily,
                "2026-11-24T07:00",
                "2026-11-22",
                "2026-11-22",
            ),
            (
                Rhythm::Weekly,
                "2026-11-23T08:00",
                "2026-11-16",
                "2026-11-22",
            ),
            (
                Rhythm::Weekly,
                "2026-11-23T07:00",
                "2026-11-09",
                "2026-11-15",
            ),
            (
                Rhythm::Weekly,
                "2026-11-29T12:00",
                "2026-11-16",
                "2026-11-22",
            ),
            (
                Rhythm::Monthly,
                "2026-12-01T08:00",
                "2026-11-01",
                "2026-11-30",
            ),
            (
                Rhythm::Monthly,
                "2026-12-01T07:59",
                "2026-10-01",
                "2026-10-31",
            ),
        ];
        for (rhythm, now, first, last) in cases {
            let span = rhythm.span(rhythm.newest(8, instant(now)));
            assert_eq!(
                (span.first, span.last),
                (day(first), day(last)),
                "{rhythm:?} {now}"
            );
        }
    }

    #[test]
    fn what_was_passed_over_is_counted() {
        let count = |rhythm: Rhythm, from, to| rhythm.passed(day(from), day(to));
        assert_eq!(count(Rhythm::Daily, "2026-11-20", "2026-11-24"), 4);
        assert_eq!(count(Rhythm::Weekly, "2026-11-09", "2026-11-23"), 2);
        assert_eq!(count(Rhythm::Monthly, "2026-11-01", "2027-02-01"), 3);
        assert_eq!(count(Rhythm::Daily, "2026-11-24", "2026-11-24"), 0);
        assert_eq!(count(Rhythm::Bulletin, "2026-11-20", "2026-11-24"), 0);
    }
}
