//! The traps of `domain.md` 10.1 and 10.2, by hand.

use super::*;
use crate::base::clock::instant;
use crate::base::words::minute;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

pub(super) fn at(local: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
    instant(local)
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn special(kind: DayKind, name: &str, from: &str, to: &str) -> Vec<SpecialDay> {
    let days = day(from).iter_days().take_while(|d| *d <= day(to));
    days.map(|day| SpecialDay {
        day,
        kind,
        name: name.to_owned(),
        own: false,
    })
    .collect()
}

/// 2026 as the notice has it, with the office hours of the look.
pub(super) fn year_2026() -> Calendar {
    use DayKind::{Off, Work};
    let days = [
        special(Off, "元旦", "2026-01-01", "2026-01-03"),
        special(Work, "元旦", "2026-01-04", "2026-01-04"),
        special(Work, "春节", "2026-02-14", "2026-02-14"),
        special(Off, "春节", "2026-02-15", "2026-02-23"),
        special(Work, "春节", "2026-02-28", "2026-02-28"),
        special(Off, "清明节", "2026-04-04", "2026-04-06"),
        special(Off, "劳动节", "2026-05-01", "2026-05-05"),
        special(Work, "劳动节", "2026-05-09", "2026-05-09"),
        special(Off, "端午节", "2026-06-19", "2026-06-21"),
        special(Work, "国庆节", "2026-09-20", "2026-09-20"),
        special(Off, "中秋节", "2026-09-25", "2026-09-27"),
        special(Off, "国庆节", "2026-10-01", "2026-10-07"),
        special(Work, "国庆节", "2026-10-10", "2026-10-10"),
    ];
    Calendar::new(WorkDayMode::Dates, [2026], days.concat(), hours())
}

pub(super) fn hours() -> Vec<OfficeHours> {
    let season = |name: &str, from, to, sessions: [i16; 4]| OfficeHours {
        name: name.to_owned(),
        from_day: day("2020-01-01"),
        season_from: from,
        season_to: to,
        sessions: sessions.to_vec(),
    };
    vec![
        season("冬季", 1001, 430, [510, 720, 780, 1050]),
        season("夏季", 501, 930, [510, 720, 810, 1080]),
    ]
}

fn due(start: &str, amount: i64, unit: Unit) -> String {
    let limit = Limit::new(amount, unit).unwrap();
    minute(year_2026().due(at(start), limit, &[]).unwrap().at)
}

#[test]
fn days_worked_out_of_turn_count_and_the_festival_does_not() {
    assert_eq!(
        due("2026-02-13 10:00", 3, Unit::WorkDay),
        "2026-02-25 17:30"
    );
    assert_eq!(
        due("2026-09-30 10:00", 5, Unit::WorkDay),
        "2026-10-13 17:30"
    );
    assert_eq!(
        due("2026-11-13 15:20", 7, Unit::WorkDay),
        "2026-11-24 17:30"
    );
}

#[test]
fn a_limit_in_working_days_tells_each_day() {
    let limit = Limit::new(3, Unit::WorkDay).unwrap();
    let due = year_2026().due(at("2026-02-13 10:00"), limit, &[]).unwrap();
    let lines: Vec<String> = due.lines.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "02-13 周五 10:00 收到，当日不计",
            "02-14 周六 调休上班，第 1 日",
            "02-15 至 02-23 春节放假，不计",
            "02-24 周二 第 2 日",
            "02-25 周三 第 3 日，17:30 到期",
        ]
    );
}

#[test]
fn office_hours_stop_at_noon_at_night_and_at_the_weekend() {
    assert_eq!(
        due("2026-11-20 11:00", 8, Unit::WorkHour),
        "2026-11-23 11:00"
    );
    assert_eq!(
        due("2026-11-23 08:30", 3, Unit::WorkHour),
        "2026-11-23 11:30"
    );
    // 3.5 hours to noon, the fourth hour begins after it.
    assert_eq!(
        due("2026-11-23 08:30", 4, Unit::WorkHour),
        "2026-11-23 13:30"
    );
    // A budget that is spent at the close is due at the close, not at the next opening.
    assert_eq!(
        due("2026-11-23 08:30", 8, Unit::WorkHour),
        "2026-11-23 17:30"
    );
    assert_eq!(
        due("2026-11-23 19:00", 1, Unit::WorkHour),
        "2026-11-24 09:30"
    );
    assert_eq!(
        due("2026-11-21 10:00", 1, Unit::WorkHour),
        "2026-11-23 09:30"
    );
    assert_eq!(
        due("2026-11-23 12:20", 1, Unit::WorkHour),
        "2026-11-23 14:00"
    );
}

#[test]
fn a_day_is_over_at_its_close_or_at_its_own_end() {
    for (of, end) in [
        ("2026-11-23", "2026-11-23 17:30"),
        // Summer hours.
        ("2026-06-01", "2026-06-01 18:00"),
        // A Saturday, a festival, a Saturday worked out of turn.
        ("2026-11-21", "2026-11-21 23:59"),
        ("2026-10-01", "2026-10-01 23:59"),
        ("2026-02-14", "2026-02-14 17:30"),
        // Nobody knows the notice of 2027 yet.
        ("2027-05-10", "2027-05-10 18:00"),
        ("2027-05-09", "2027-05-09 23:59"),
    ] {
        assert_eq!(minute(year_2026().end_of(day(of))), end);
    }
    let half = special(DayKind::Half, "除夕", "2026-11-24", "2026-11-24");
    let calendar = year_2026().with_days(half);
    assert_eq!(
        minute(calendar.end_of(day("2026-11-24"))),
        "2026-11-24 12:00"
    );
}

#[test]
fn working_days_by_office_hours_go_from_moment_to_moment() {
    let limit = Limit::new(1, Unit::WorkDay).unwrap();
    let calendar = year_2026().counting(WorkDayMode::Hours);
    let due = |start| minute(calendar.due(at(start), limit, &[]).unwrap().at);
    assert_eq!(due("2026-11-20 11:00"), "2026-11-23 11:00");
    assert_eq!(due("2026-02-14 08:30"), "2026-02-14 17:30");
}

#[test]
fn urgent_and_natural_time_run_on_through_nights_and_festivals() {
    assert_eq!(
        due("2026-10-01 23:50", 30, Unit::UrgentMinute),
        "2026-10-02 00:20"
    );
    assert_eq!(
        due("2026-02-16 22:00", 24, Unit::UrgentHour),
        "2026-02-17 22:00"
    );
    assert_eq!(
        due("2026-02-16 22:00", 5, Unit::NaturalHour),
        "2026-02-17 03:00"
    );
    assert_eq!(
        due("2026-02-16 22:00", 3, Unit::NaturalDay),
        "2026-02-19 22:00"
    );
    // They need no calendar.
    assert_eq!(
        due("2027-03-01 08:00", 2, Unit::NaturalDay),
        "2027-03-03 08:00"
    );
}

#[test]
fn a_start_outside_office_time_loses_no_day() {
    assert_eq!(
        due("2026-11-21 10:00", 1, Unit::WorkDay),
        "2026-11-23 17:30"
    );
    assert_eq!(
        due("2026-11-20 22:00", 1, Unit::WorkDay),
        "2026-11-23 17:30"
    );
    assert_eq!(
        due("2026-11-20 06:00", 1, Unit::WorkDay),
        "2026-11-23 17:30"
    );
}

#[test]
fn the_season_of_the_day_says_when_the_office_closes() {
    assert_eq!(
        due("2026-04-30 09:00", 1, Unit::WorkDay),
        "2026-05-06 18:00"
    );
    assert_eq!(
        due("2026-09-29 09:00", 2, Unit::WorkDay),
        "2026-10-08 17:30"
    );
}

#[test]
fn a_half_day_has_only_its_first_session() {
    let eve = special(DayKind::Half, "除夕前", "2026-11-24", "2026-11-24");
    let calendar = year_2026().with_days(eve);
    let due = |amount, unit| {
        let limit = Limit::new(amount, unit).unwrap();
        minute(calendar.due(at("2026-11-23 16:30"), limit, &[]).unwrap().at)
    };
    assert_eq!(due(5, Unit::WorkHour), "2026-11-25 09:00");
    assert_eq!(due(1, Unit::WorkDay), "2026-11-24 12:00");
}

#[test]
fn a_year_without_notice_is_an_error_in_words() {
    let limit = Limit::new(2, Unit::WorkDay).unwrap();
    let refused = year_2026()
        .due(at("2026-12-30 10:00"), limit, &[])
        .unwrap_err();
    assert_eq!(refused, NoDue::UnknownYear(2027));
    assert!(refused.to_string().starts_with("2027 年放假安排还没有录入"));
    assert_eq!(
        due("2026-12-30 10:00", 1, Unit::WorkDay),
        "2026-12-31 17:30"
    );
}

#[test]
fn a_calendar_without_working_days_or_hours_says_so() {
    let limit = Limit::new(1, Unit::WorkDay).unwrap();
    let closed = year_2026()
        .with_year(2027)
        .with_year(2028)
        .with_days(special(DayKind::Off, "停工", "2026-01-01", "2028-12-31"));
    let refused = closed.due(at("2026-03-02 10:00"), limit, &[]).unwrap_err();
    assert!(matches!(refused, NoDue::NoWorkingDay(_)), "{refused}");
    let limit = Limit::new(1, Unit::WorkHour).unwrap();
    let refused = closed.due(at("2026-03-02 10:00"), limit, &[]).unwrap_err();
    assert!(matches!(refused, NoDue::NoWorkingDay(_)), "{refused}");
    let no_hours = Calendar::new(WorkDayMode::Dates, [2026], [], vec![]);
    let refused = no_hours
        .due(at("2026-03-02 10:00"), limit, &[])
        .unwrap_err();
    assert_eq!(refused, NoDue::NoHours(day("2026-03-02")));
}

#[test]
fn amounts_are_from_one_to_a_year() {
    assert_eq!(Limit::new(0, Unit::WorkDay), Err(NoDue::BadAmount(0, 366)));
    assert!(Limit::new(10_000, Unit::NaturalDay).is_err());
    assert!(Limit::new(-1, Unit::UrgentHour).is_err());
    assert!(Limit::new(366, Unit::WorkDay).is_ok());
}

#[test]
fn the_month_counts_are_those_of_the_notice() {
    let worked: Vec<usize> = (1..=12)
        .map(|month| year_2026().working_days(2026, month).unwrap())
        .collect();
    assert_eq!(worked, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
    assert_eq!(worked.iter().sum::<usize>(), 248);
}

#[test]
fn the_lamp_turns_yellow_when_a_third_is_left() {
    let soon = |start: &str, amount, unit| {
        let limit = Limit::new(amount, unit).unwrap();
        minute(year_2026().due(at(start), limit, &[]).unwrap().soon_at)
    };
    assert_eq!(
        soon("2026-11-23 08:30", 3, Unit::WorkHour),
        "2026-11-23 10:30"
    );
    assert_eq!(
        soon("2026-11-23 10:00", 30, Unit::UrgentMinute),
        "2026-11-23 10:20"
    );
    // 15:20 to the close of the 7th day are 58 hours 10 minutes; 38:46 of them are spent here.
    assert_eq!(
        soon("2026-11-13 15:20", 7, Unit::WorkDay),
        "2026-11-20 14:06"
    );
}

#[test]
fn a_pause_is_not_counted() {
    let pause = |from: &str, to: &str| Pause {
        from: at(from),
        to: Some(at(to)),
    };
    let due = |amount, unit, pauses: &[Pause]| {
        let limit = Limit::new(amount, unit).unwrap();
        minute(
            year_2026()
                .due(at("2026-11-23 10:00"), limit, pauses)
                .unwrap()
                .at,
        )
    };
    let over_a_night = [pause("2026-11-24 15:00", "2026-11-26 09:00")];
    assert_eq!(due(2, Unit::WorkDay, &over_a_night), "2026-11-27 17:30");
    assert_eq!(due(2, Unit::NaturalDay, &over_a_night), "2026-11-27 04:00");
    assert_eq!(due(16, Unit::WorkHour, &over_a_night), "2026-11-26 14:00");
    let before_the_close = [pause("2026-11-24 15:00", "2026-11-24 16:00")];
    assert_eq!(due(2, Unit::WorkDay, &before_the_close), "2026-11-25 17:30");
}

#[test]
fn what_is_left_is_said_in_two_units_rounded_down() {
    let calendar = year_2026();
    let left = |unit, now, due| calendar.left(unit, at(now), at(due));
    let noon = "2026-11-23 14:05";
    assert_eq!(
        left(Unit::WorkDay, noon, "2026-11-24 17:30"),
        "还剩 1 个工作日 3 小时"
    );
    assert_eq!(
        left(Unit::WorkHour, noon, "2026-11-23 11:00"),
        "超期 2 小时"
    );
    assert_eq!(
        left(Unit::UrgentHour, noon, "2026-11-21 09:00"),
        "超期 2 天 5 小时"
    );
    assert_eq!(
        left(Unit::UrgentMinute, noon, "2026-11-23 14:30"),
        "还剩 25 分钟"
    );
    assert_eq!(
        left(Unit::WorkHour, "2026-11-23 21:40", "2026-11-23 17:30"),
        "超期 不到 1 分钟"
    );
    // Beyond the calendar natural time is said.
    assert_eq!(
        left(Unit::WorkDay, "2027-01-02 08:00", "2027-01-03 09:00"),
        "还剩 1 天 1 小时"
    );
}
