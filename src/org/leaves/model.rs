//! Days of leave, and whether a choice of deputies leads in a circle. Pure.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;

/// The longest leave that is entered at once, in days.
const LONGEST: i64 = 366;

/// A leave that is in force or will be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave {
    pub(super) person: Uuid,
    pub(super) deputy: Uuid,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

impl Leave {
    /// Whether the deputy would on some day be stood in for, over others, by the absent person.
    pub(super) fn leads_in_a_circle(self, others: &[Leave]) -> bool {
        let mut open = vec![(self.deputy, self.from, self.to)];
        let mut steps = 0;
        while let Some((person, from, to)) = open.pop() {
            steps += 1;
            if person == self.person || steps > 1_000 {
                return true;
            }
            let away = others.iter().filter(|other| other.person == person);
            let meets = away.map(|other| (other.deputy, from.max(other.from), to.min(other.to)));
            open.extend(meets.filter(|(_, from, to)| from <= to));
        }
        false
    }
}

/// A leave as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LeaveForm {
    pub(super) deputy: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) once: String,
}

impl LeaveForm {
    /// The leave, if the form can be read. Whether the deputy may be one is not asked here.
    pub(super) fn read(&self, person: Uuid, today: NaiveDate) -> Result<Leave, FieldErrors> {
        let mut errors = FieldErrors::new();
        let deputy = errors.choice("deputy", "代班人", &self.deputy);
        let from = day(&mut errors, "from", &self.from);
        let to = day(&mut errors, "to", &self.to);
        if let (Some(from), Some(to)) = (from, to) {
            if to < from {
                errors.add("to", "结束日期不能早于开始日期。");
            } else if to < today {
                errors.add("to", "这段日子已经过去，不用登记。");
            } else if (to - from).num_days() >= LONGEST {
                errors.add("to", "一次最多登记一年，请分次登记。");
            }
        }
        match (deputy, from, to) {
            (Some(deputy), Some(from), Some(to)) => errors.or(Leave {
                person,
                deputy,
                from,
                to,
            }),
            _ => Err(errors),
        }
    }
}

fn day(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok();
    if day.is_none() {
        errors.add(field, "日期写成 2026-11-23 这样。");
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leave(person: u128, deputy: u128, from: u32, to: u32) -> Leave {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        Leave {
            person: Uuid::from_u128(person),
            deputy: Uuid::from_u128(deputy),
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn a_circle_is_one_only_on_days_that_meet() {
        let others = [leave(2, 3, 10, 20), leave(3, 1, 15, 25)];
        for (from, to, circle) in [
            (1, 9, false),
            (10, 14, false),
            (12, 16, true),
            (20, 20, true),
            (21, 25, false),
        ] {
            let new = leave(1, 2, from, to);
            assert_eq!(new.leads_in_a_circle(&others), circle, "{from} to {to}");
        }
        assert!(!leave(4, 2, 1, 30).leads_in_a_circle(&others));
    }
}
