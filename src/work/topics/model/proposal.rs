//! What came again and again, and the list of matters of which it is the length.

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::address;
use crate::work::matters::filed_list;

/// A class thrice or more in a grid within ninety local days.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Proposal {
    pub(in super::super) class_code: String,
    pub(in super::super) class: String,
    pub(in super::super) grid: Uuid,
    pub(in super::super) grid_code: String,
    /// Street, community and grid.
    pub(in super::super) place: String,
    /// How many matters.
    pub(in super::super) n: i64,
    /// From which day on they are counted.
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) first_at: DateTime<Utc>,
    pub(in super::super) last_at: DateTime<Utc>,
}

impl Proposal {
    /// The matters that are meant.
    pub(in super::super) fn href(&self, today: NaiveDate) -> String {
        filed_list(&self.grid_code, &self.class_code, (self.from_day, today))
    }

    /// Where it is taken up (`new`) or set aside (`set-aside/new`).
    pub(in super::super) fn act(&self, page: &str) -> String {
        let fields = [("class", &self.class_code), ("place", &self.grid_code)];
        address(&format!("/topics/{page}"), fields)
    }
}

/// The months that a topic can be of: the last one to eleven months ahead.
pub(in super::super) fn months(today: NaiveDate) -> Vec<NaiveDate> {
    let this = today.with_day(1).unwrap_or(today);
    let first = this.checked_sub_months(Months::new(1)).unwrap_or(this);
    let ahead = (0..13).filter_map(|ahead| first.checked_add_months(Months::new(ahead)));
    ahead.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::words;

    #[test]
    fn a_month_is_read_as_it_was_written() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        let offered = months(day);
        assert_eq!(offered.len(), 13);
        assert_eq!(words::month_code(offered[0]), "2025-12");
        assert_eq!(words::month_title(offered[1]), "2026 年 1 月");
        for month in offered {
            assert_eq!(words::month_of(&words::month_code(month)), Some(month));
        }
        assert_eq!(words::month_of("2026-13"), None);
    }
}
