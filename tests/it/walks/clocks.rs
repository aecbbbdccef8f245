//! A hundred thousand moves of clocks over random calendars: stopped, sent to rework, put aside,
//! lifted, extended, while time passes. Pure, so that it can be long; the walk beside it does the
//! same through the pages.

use chrono::{DateTime, Duration, NaiveDate, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use street_whistle::org::calendar::{
    Calendar, DayKind, Limit, OfficeHours, Pause, SpecialDay, Unit, WorkDayMode,
};

use super::asked_for;

/// Moves of all walks together, unless `WALK_MOVES` asks for more.
const MOVES: usize = 100_000;
/// Moves of one clock's life.
const LIFE: usize = 40;

/// One clock as its facts are kept.
struct Life {
    calendar: Calendar,
    start: DateTime<Utc>,
    amount: i64,
    unit: Unit,
    pauses: Vec<Pause>,
    /// Since when it stands still or is stopped.
    stands: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    due: DateTime<Utc>,
}

pub(super) fn calendar(dice: &mut StdRng) -> Calendar {
    let opens = dice.random_range(420..600);
    let noon = opens + dice.random_range(60..240);
    let second = noon + dice.random_range(1..120);
    let hours = OfficeHours {
        name: "试验".to_owned(),
        from_day: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
        season_from: 101,
        season_to: 1231,
        sessions: vec![opens, noon, second, second + dice.random_range(60..300)],
    };
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let days: Vec<SpecialDay> = (0..dice.random_range(0..90))
        .map(|_| SpecialDay {
            day: first + Duration::days(dice.random_range(0..500)),
            kind: *[DayKind::Off, DayKind::Work, DayKind::Half]
                .choose(dice)
                .unwrap(),
            name: "试验日".to_owned(),
            own: true,
        })
        .collect();
    let mode = *[WorkDayMode::Dates, WorkDayMode::Hours]
        .choose(dice)
        .unwrap();
    Calendar::new(mode, 2026..=2060, days, vec![hours])
}

impl Life {
    fn begins(dice: &mut StdRng) -> Self {
        let calendar = calendar(dice);
        let first: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let start = first + Duration::minutes(dice.random_range(0..500_000));
        let unit = *Unit::ALL.choose(dice).unwrap();
        let mut life = Self {
            calendar,
            start,
            amount: dice.random_range(1..12),
            unit,
            pauses: Vec::new(),
            stands: None,
            now: start,
            due: start,
        };
        life.due = life.counted();
        life
    }

    fn counted(&self) -> DateTime<Utc> {
        let limit = Limit::new(self.amount, self.unit).unwrap();
        self.calendar
            .due(self.start, limit, &self.pauses)
            .unwrap()
            .at
    }

    fn moves(&mut self, dice: &mut StdRng) {
        self.now += Duration::minutes(dice.random_range(1..3_000));
        let before = self.due;
        match (self.stands, dice.random_range(0..4)) {
            // Fed back, or put aside: it stands from now on.
            (None, 0) => self.stands = Some(self.now),
            // Sent to rework, or lifted: what lies between does not count.
            (Some(since), 0 | 1) => {
                self.pauses.push(Pause {
                    from: since,
                    to: Some(self.now),
                });
                self.stands = None;
                self.due = self.counted();
                assert!(self.due >= before, "a pause gives time and takes none");
            }
            (None, 1) if self.amount < 40 => {
                self.amount += dice.random_range(1..6);
                self.due = self.counted();
                assert!(self.due > before, "an extension gives time");
            }
            _ => {}
        }
        self.holds();
    }

    fn holds(&self) {
        assert_eq!(
            self.due,
            self.counted(),
            "the same facts give the same due time"
        );
        let all = self
            .calendar
            .elapsed(Unit::NaturalHour, self.start, self.now, &[])
            .unwrap();
        let ran = self
            .calendar
            .elapsed(Unit::NaturalHour, self.start, self.now, &self.pauses)
            .unwrap();
        let stood = self
            .pauses
            .iter()
            .fold(TimeDelta::zero(), |sum, p| sum + (p.to.unwrap() - p.from));
        assert_eq!(all, ran + stood, "running and standing make the whole");
        if self.unit == Unit::WorkDay && self.calendar.mode() == WorkDayMode::Dates {
            let closes = self
                .calendar
                .closes(self.start, self.due, &self.pauses)
                .unwrap();
            assert_eq!(
                i64::from(closes),
                self.amount,
                "as many days closed as were given"
            );
            return;
        }
        let minutes = match self.unit {
            Unit::UrgentMinute => self.amount,
            Unit::UrgentHour | Unit::WorkHour | Unit::NaturalHour => self.amount * 60,
            Unit::NaturalDay => self.amount * 1_440,
            Unit::WorkDay => return,
        };
        let spent = self
            .calendar
            .elapsed(self.unit, self.start, self.due, &self.pauses)
            .unwrap();
        assert_eq!(
            spent.num_minutes(),
            minutes,
            "the limit is spent at the due time"
        );
        let so_far = self
            .calendar
            .elapsed(self.unit, self.start, self.now, &self.pauses)
            .unwrap();
        if self.stands.is_none() {
            let late = so_far > spent;
            assert!(
                !late || self.now > self.due,
                "late by its own time is late by the clock"
            );
        }
    }
}

#[test]
fn a_hundred_thousand_moves_of_clocks_keep_their_time() {
    let moves = asked_for("WALK_MOVES", MOVES as u64).max(MOVES as u64);
    let lives = moves / LIFE as u64;
    let seed = asked_for("WALK_SEED", 20_261_124);
    for life in 0..lives {
        let mut dice = StdRng::seed_from_u64(seed.wrapping_add(life));
        let mut one = Life::begins(&mut dice);
        for _ in 0..LIFE {
            one.moves(&mut dice);
        }
    }
}
