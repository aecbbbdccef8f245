//! Numbers of matters and whistles: prefix, kind, local day, sequence, check digit.

use std::collections::BTreeMap;

use chrono::NaiveDate;

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
        let (head, day) = (format!("{}{letter}", self.prefix), day.format("%Y%m%d"));
        let check = check_digit(&format!("{head}{day}{last:05}"));
        format!("{head}-{day}-{last:05}-{check}")
    }

    /// The last sequence of each day.
    pub(super) fn last(&self) -> impl Iterator<Item = (NaiveDate, i32)> {
        self.last.iter().map(|(day, last)| (*day, *last))
    }
}

/// ISO 7064 MOD 11,10 over the digits, each letter standing for two digits, A for 10.
pub(super) fn check_digit(text: &str) -> u32 {
    let values = text
        .chars()
        .filter_map(|c| c.to_ascii_uppercase().to_digit(36));
    let digits = values.flat_map(|v| {
        if v < 10 {
            vec![v]
        } else {
            vec![v / 10, v % 10]
        }
    });
    let product = digits.fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        2 * (if sum == 0 { 10 } else { sum }) % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_iso_7064_mod_11_10() {
        // The standard's own example is 0794 with check digit 5.
        assert_eq!(check_digit("0794"), 5);
        assert_eq!(check_digit("A"), check_digit("10"));
    }

    #[test]
    fn a_swap_is_noticed() {
        assert_ne!(
            check_digit("DAS2026112300012"),
            check_digit("DAS2026112300021")
        );
    }

    #[test]
    fn a_day_begins_with_one() {
        let mut series = Series::new("DA");
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert!(series.give('S', day).starts_with("DAS-20261123-00001-"));
        assert!(series.give('S', day).starts_with("DAS-20261123-00002-"));
        assert!(
            series
                .give('R', day.succ_opt().unwrap())
                .starts_with("DAR-20261124-00001-")
        );
        assert_eq!(
            series.last().map(|(_, last)| last).collect::<Vec<_>>(),
            [2, 1]
        );
    }
}
