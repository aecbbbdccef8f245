//! What a change of the calendar does to what runs. Pure: the preview and the change ask the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Clock;
use crate::org::calendar::Calendar;

/// A clock that runs by the calendar, with what it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Running {
    /// The clock.
    pub(in super::super) clock: Clock,
    /// The matter it belongs to, if it is one.
    pub(in super::super) matter: Option<Uuid>,
    /// The whistle it belongs to, if it is one.
    pub(in super::super) whistle: Option<Uuid>,
    /// The use of a power it belongs to, if it is one.
    #[serde(default)]
    pub(in super::super) exercise: Option<Uuid>,
    /// The title of any of them.
    pub(in super::super) title: String,
}

impl Running {
    /// The matter, whistle or use of a power.
    pub(in super::super) fn item(&self) -> Uuid {
        let item = self.whistle.or(self.matter).or(self.exercise);
        item.unwrap_or_default()
    }
}

/// A clock whose time a change moves.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Moved<'a> {
    /// The clock as it runs now.
    pub(in super::super) of: &'a Running,
    /// When it will be due; none if that cannot be said any more.
    pub(in super::super) due_at: Option<DateTime<Utc>>,
    /// When only a third is left.
    pub(in super::super) soon_at: Option<DateTime<Utc>>,
}

/// The clocks that a change from one calendar to another moves. What is stopped, stands still or
/// was passed before `now` is never moved; what could not be counted before is moved as soon as
/// it can.
pub(in super::super) fn moves<'a>(
    before: &Calendar,
    after: &Calendar,
    now: DateTime<Utc>,
    clocks: &'a [Running],
) -> Vec<Moved<'a>> {
    let runs = |clock: &Clock| {
        let passed = clock.due_at.is_some_and(|due| due < now);
        clock.is_running() && clock.breached_at.is_none() && !passed
    };
    let mut moved = Vec::new();
    for of in clocks.iter().filter(|r| runs(&r.clock)) {
        let times = |calendar| of.clock.due(calendar).ok().map(|due| (due.at, due.soon_at));
        let (was, will) = (times(before), times(after));
        let unknown = of.clock.due_at.is_none() && will.is_some();
        if was != will || unknown {
            moved.push(Moved {
                of,
                due_at: will.map(|(at, _)| at),
                soon_at: will.map(|(_, soon)| soon),
            });
        }
    }
    moved
}

/// What a change does, told by matter and whistle.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Effect<'a> {
    /// The nearest moved clock of each item whose due time moves, the tightest first, and how many
    /// more of the item move.
    pub(in super::super) items: Vec<(Moved<'a>, usize)>,
}

impl<'a> Effect<'a> {
    /// Gathers the clocks by item. A clock of which only the yellow lamp moves is not told.
    pub(in super::super) fn of(moved: &[Moved<'a>]) -> Self {
        let mut by_item: BTreeMap<Uuid, Vec<Moved<'a>>> = BTreeMap::new();
        for one in moved.iter().filter(|m| m.due_at != m.of.clock.due_at) {
            by_item.entry(one.of.item()).or_default().push(*one);
        }
        let mut items: Vec<(Moved<'a>, usize)> = by_item
            .into_values()
            .filter_map(|mut clocks| {
                clocks.sort_by_key(|m| (m.of.clock.due_at.or(m.due_at), m.of.clock.id));
                Some((*clocks.first()?, clocks.len() - 1))
            })
            .collect();
        items.sort_by_key(|(m, _)| (m.of.clock.due_at.or(m.due_at), m.of.clock.id));
        Self { items }
    }

    /// The items that move.
    pub(in super::super) fn moved_items(&self) -> BTreeSet<Uuid> {
        self.items.iter().map(|(m, _)| m.of.item()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stage;
    use super::*;
    use crate::org::calendar::{DayKind, OfficeHours, SpecialDay, Unit, WorkDayMode};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        let hours = OfficeHours {
            name: "全年".to_owned(),
            from_day: "2020-01-01".parse().unwrap(),
            season_from: 101,
            season_to: 1231,
            sessions: vec![510, 720, 780, 1050],
        };
        Calendar::new(WorkDayMode::Dates, [2026], [], vec![hours])
    }

    fn snowed_in() -> Calendar {
        calendar().with_days([SpecialDay {
            day: "2026-11-25".parse().unwrap(),
            kind: DayKind::Off,
            name: "暴雪停工".to_owned(),
            own: true,
        }])
    }

    fn running(item: u128, amount: i32, unit: Unit) -> Running {
        let mut clock = Clock {
            id: Uuid::now_v7(),
            assignment_id: None,
            stage: Stage::Close,
            amount,
            unit,
            extra: 0,
            from_class: false,
            started_at: at("2026-11-23T04:00:00Z"),
            due_at: None,
            soon_at: None,
            paused_at: None,
            stopped_at: None,
            breached_at: None,
            about: None,
            exempt: false,
            pauses: Vec::new(),
        };
        let due = clock.due(&calendar()).ok();
        clock.due_at = due.as_ref().map(|d| d.at);
        clock.soon_at = due.map(|d| d.soon_at);
        Running {
            clock,
            matter: Some(Uuid::from_u128(item)),
            whistle: None,
            exercise: None,
            title: "下水道堵塞".to_owned(),
        }
    }

    #[test]
    fn only_what_runs_by_the_calendar_moves() {
        let now = at("2026-11-23T06:00:00Z");
        let plain = running(1, 3, Unit::WorkDay);
        let soon = running(2, 1, Unit::WorkDay);
        let natural = running(3, 3, Unit::NaturalDay);
        let mut paused = running(4, 3, Unit::WorkDay);
        paused.clock.paused_at = Some(now);
        let mut stopped = running(5, 3, Unit::WorkDay);
        stopped.clock.stopped_at = Some(now);
        let mut breached = running(6, 3, Unit::WorkDay);
        breached.clock.breached_at = Some(now);
        let mut passed = running(7, 3, Unit::WorkDay);
        passed.clock.due_at = Some(now - chrono::TimeDelta::minutes(1));
        let clocks = [plain, soon, natural, paused, stopped, breached, passed];
        let moved = moves(&calendar(), &snowed_in(), now, &clocks);
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0].of.item(), Uuid::from_u128(1));
        assert_eq!(moved[0].due_at, Some(at("2026-11-27T09:30:00Z")));
        assert!(moves(&calendar(), &calendar(), now, &clocks).is_empty());
    }

    #[test]
    fn what_was_unknown_moves_as_soon_as_it_is_known() {
        let now = at("2026-11-23T06:00:00Z");
        let mut far = running(1, 60, Unit::WorkDay);
        assert!(far.clock.due_at.is_none());
        let known = calendar().with_year(2027);
        let clocks = [far.clone()];
        let moved = moves(&calendar(), &known, now, &clocks);
        assert!(moved[0].due_at.is_some() && moved[0].soon_at.is_some());
        // Also if the calendar had become known before without anybody looking.
        far.clock.due_at = None;
        assert_eq!(moves(&known, &known, now, &[far]).len(), 1);
    }

    #[test]
    fn an_item_is_told_once_by_its_nearest_clock() {
        let now = at("2026-11-23T06:00:00Z");
        let clocks = [running(1, 7, Unit::WorkDay), running(1, 3, Unit::WorkDay)];
        let moved = moves(&calendar(), &snowed_in(), now, &clocks);
        let effect = Effect::of(&moved);
        assert_eq!(effect.items.len(), 1);
        assert_eq!(effect.items[0].0.of.clock.amount, 3);
        assert_eq!(effect.items[0].1, 1);
        assert_eq!(effect.moved_items().len(), 1);
    }
}
