//! Numbers of matters and whistles: prefix, kind, local day, sequence, check digit.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::base::number;

/// Gives numbers without gaps inside a day.
#[derive(Debug)]
pub(super) struct Series {
    prefix: &'static str,
    last: BTreeMap<NaiveDate, i32>,
}

impl Series {
    /// A series for a tenant's prefix in which nothing has been numbered.
    pub(super) fn new(prefix: &'static str) -> Self {
        Self {
            prefix,
            last: BTreeMap::new(),
        }
    }

    /// The next number of that day, as `DAS-20261123-00012-7`.
    pub(super) fn give(&mut self, letter: char, day: NaiveDate) -> String {
        let last = self.last.entry(day).or_insert(0);
        *last += 1;
        number::written(self.prefix, letter, day, *last)
    }

    /// The last sequence of each day.
    pub(super) fn last(&self) -> impl Iterator<Item = (NaiveDate, i32)> {
        self.last.iter().map(|(day, last)| (*day, *last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_one() {
        let mut series = Series::new("DA");
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let next = day.succ_opt().unwrap();
        assert!(series.give('S', day).starts_with("DAS-20261123-00001-"));
        assert!(series.give('S', day).starts_with("DAS-20261123-00002-"));
        assert!(series.give('R', next).starts_with("DAR-20261124-00001-"));
        let last: Vec<_> = series.last().map(|(_, last)| last).collect();
        assert_eq!(last, [2, 1]);
    }
}
