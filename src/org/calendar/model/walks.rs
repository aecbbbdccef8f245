//! Properties over random calendars, limits and pauses.

use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;

use super::tests::{at, day};
use super::*;

fn sessions() -> impl Strategy<Value = Vec<i16>> {
    prop_oneof![
        Just(vec![510, 720, 780, 1050]),
        Just(vec![480, 720, 840, 1080]),
        (0i16..600, 60i16..400).prop_map(|(from, length)| vec![from, from + length]),
        (300i16..500, 60i16..200, 1i16..100, 60i16..300).prop_map(|(from, first, noon, second)| {
            let afternoon = from + first + noon;
            vec![from, from + first, afternoon, afternoon + second]
        }),
    ]
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let days = prop::collection::vec(
        (
            0u64..700,
            prop_oneof![Just(DayKind::Off), Just(DayKind::Work), Just(DayKind::Half)],
        ),
        0..120,
    );
    let mode = prop_oneof![Just(WorkDayMode::Dates), Just(WorkDayMode::Hours)];
    (mode, days, sessions(), sessions()).prop_map(|(mode, days, winter, summer)| {
        let hours = |name: &str, season_from, season_to, sessions| OfficeHours {
            name: name.to_owned(),
            from_day: day("2020-01-01"),
            season_from,
            season_to,
            sessions,
        };
        let days = days.into_iter().map(|(after, kind)| SpecialDay {
            day: day("2026-01-01") + Days::new(after),
            kind,
            name: "某日".to_owned(),
            own: true,
        });
        let winter = hours("冬季", 1001, 430, winter);
        let summer = hours("夏季", 501, 930, summer);
        Calendar::new(mode, 2026..=2032, days, vec![winter, summer])
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL)
}

fn start() -> impl Strategy<Value = DateTime<Utc>> {
    (0i64..500 * 1440).prop_map(|minutes| at("2026-01-01 00:00") + TimeDelta::minutes(minutes))
}

fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    prop::collection::vec((0i64..20_000, 1i64..20_000), 0..4).prop_map(|pieces| {
        let mut from = at("2026-01-01 00:00");
        let pieces = pieces.into_iter().map(move |(runs, pauses)| {
            let begin = from + TimeDelta::minutes(runs);
            from = begin + TimeDelta::minutes(pauses);
            Pause {
                from: begin,
                to: Some(from),
            }
        });
        pieces.collect()
    })
}

/// What a limit spends: working days by date are counted, everything else is time.
fn spent(
    calendar: &Calendar,
    limit: Limit,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    pauses: &[Pause],
) -> i64 {
    if limit.unit() == Unit::WorkDay && calendar.mode() == WorkDayMode::Dates {
        return i64::from(calendar.closes(from, to, pauses).unwrap());
    }
    let time = calendar.elapsed(limit.unit(), from, to, pauses).unwrap();
    time.num_minutes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The whole limit is spent at the due time, and not a minute before.
    #[test]
    fn due_is_the_inverse_of_elapsed(
        calendar in calendar(), unit in unit(), amount in 1i64..40, start in start(), pauses in pauses(),
    ) {
        let limit = Limit::new(amount, unit).unwrap();
        let due = calendar.due(start, limit, &pauses).unwrap();
        let whole = spent(&calendar, limit, start, due.at, &pauses);
        let before = spent(&calendar, limit, start, due.at - TimeDelta::minutes(1), &pauses);
        prop_assert!(before < whole, "nothing was spent in the last minute");
        let day = match (unit, calendar.mode()) {
            (Unit::WorkDay, WorkDayMode::Dates) | (Unit::UrgentMinute, _) => Some(1),
            (Unit::UrgentHour | Unit::NaturalHour | Unit::WorkHour, _) => Some(60),
            (Unit::NaturalDay, _) => Some(1440),
            (Unit::WorkDay, WorkDayMode::Hours) => None,
        };
        if let Some(one) = day {
            prop_assert_eq!(whole, amount * one);
        }
        prop_assert!(start < due.soon_at && due.soon_at <= due.at);
    }

    /// Starting later or being given more never makes it due earlier.
    #[test]
    fn due_is_monotone(
        calendar in calendar(), unit in unit(), amount in 1i64..30, more in 0i64..10,
        start in start(), later in 0i64..5_000,
    ) {
        let limit = |amount| Limit::new(amount, unit).unwrap();
        let due = |start, amount| calendar.due(start, limit(amount), &[]).unwrap().at;
        prop_assert!(due(start, amount) <= due(start, amount + more));
        // How long a day is by office hours depends on the season in which it starts.
        if unit != Unit::WorkDay || calendar.mode() == WorkDayMode::Dates {
            prop_assert!(due(start, amount) <= due(start + TimeDelta::minutes(later), amount));
        }
    }

    /// Elapsed time with pauses and the time of the pauses make the whole.
    #[test]
    fn elapsed_is_additive_over_pauses(
        calendar in calendar(), unit in unit(), start in start(), length in 0i64..60_000, pauses in pauses(),
    ) {
        let end = start + TimeDelta::minutes(length);
        let elapsed = |from, to, pauses: &[Pause]| calendar.elapsed(unit, from, to, pauses).unwrap();
        let within = pauses.iter().fold(TimeDelta::zero(), |all, p| {
            all + elapsed(p.from.max(start), p.to.unwrap().min(end), &[])
        });
        prop_assert_eq!(elapsed(start, end, &pauses) + within, elapsed(start, end, &[]));
        let middle = start + TimeDelta::minutes(length / 2);
        prop_assert_eq!(elapsed(start, middle, &[]) + elapsed(middle, end, &[]), elapsed(start, end, &[]));
    }

    /// The explanation ends with the due time and tells each counted date once.
    #[test]
    fn the_explanation_agrees(calendar in calendar(), amount in 1i64..30, start in start()) {
        let limit = Limit::new(amount, Unit::WorkDay).unwrap();
        let calendar = calendar.counting(WorkDayMode::Dates);
        let due = calendar.due(start, limit, &[]).unwrap();
        let last = due.lines.last().unwrap().to_string();
        let clock = crate::base::words::minute(due.at);
        prop_assert!(last.contains(&clock[5..10]) && last.contains(&clock[11..]), "{last} {clock}");
        let counted = due.lines.iter().filter(|l| l.what.contains(" 日")).count();
        prop_assert_eq!(counted, usize::try_from(amount).unwrap());
    }
}
