//! What a change of the calendar replaces, in words: the other side of the record.

use chrono::Datelike;

use super::{Calendar, Change, Plan};

/// So many days are named, the others are counted.
const NAMED: usize = 10;

impl Change {
    /// What stood before: `11-30 工作日`, `冬季办公时间 08:30–12:00，13:00–16:30`.
    pub fn replaced(&self, before: &Calendar, after: &Calendar) -> String {
        match self {
            Self::Days { .. } => days_before(before, after),
            Self::Year { .. } => "没有录入".to_owned(),
            Self::Hours(hours) => before.hours_on(hours.from_day).map_or_else(
                |_| "没有办公时间".to_owned(),
                |held| format!("{} {}", held.name, held.words()),
            ),
            Self::NoHours {
                from_day,
                season_from,
            } => {
                let is_gone = |key| key == (*from_day, *season_from);
                let gone = before.office_hours().iter().find(|h| is_gone(h.key()));
                gone.map_or_else(String::new, |h| format!("{} {}", h.name, h.words()))
            }
            Self::Mode(_) => format!("{}计", before.mode().label()),
        }
    }
}

fn days_before(before: &Calendar, after: &Calendar) -> String {
    let days = before.differing(after);
    let named = days.iter().take(NAMED).map(|day| {
        let was = before
            .plan(*day)
            .map_or_else(|_| "未录入".to_owned(), |plan| plan.words());
        format!("{:02}-{:02} {was}", day.month(), day.day())
    });
    let named: Vec<String> = named.collect();
    match days.len().saturating_sub(NAMED) {
        0 => named.join("，"),
        n => format!("{}，另有 {n} 天", named.join("，")),
    }
}

impl Plan<'_> {
    /// What the day is called: `工作日`, `休（元旦）`.
    fn words(&self) -> String {
        let named = |what: &str, name: &str| match name {
            "" => what.to_owned(),
            name => format!("{what}（{name}）"),
        };
        match self {
            Self::Weekend => "周末".to_owned(),
            Self::Ordinary(_) => "工作日".to_owned(),
            Self::Off(name) => named("休", name),
            Self::MakeUp(_, name) => named("班", name),
            Self::Half(_, name) => named("半日", name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, year_2026};
    use super::super::{DayKind, WorkDayMode};
    use super::*;

    #[test]
    fn the_record_says_what_stood_before() {
        let before = year_2026();
        let off = Change::Days {
            from: day("2026-11-27"),
            to: day("2026-11-30"),
            kind: Some(DayKind::Work),
            name: "清雪".to_owned(),
            source: "通知".to_owned(),
        };
        let after = before.changed(&off, &[], day("2026-11-23")).unwrap();
        assert_eq!(off.replaced(&before, &after), "11-28 周末，11-29 周末");
        let mode = Change::Mode(WorkDayMode::Hours);
        let after = before.changed(&mode, &[], day("2026-11-23")).unwrap();
        let label = WorkDayMode::Dates.label();
        assert_eq!(mode.replaced(&before, &after), format!("{label}计"));
    }
}
