//! Chance that falls the same way every time, on every machine and with every
//! version of every crate: the sample is the same city for everybody.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A `SplitMix64` sequence.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice that begin from this seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice for the random part of one tenant's ids. What happens in the sample does
    /// not depend on the tenant, the ids do.
    pub(super) fn of_tenant(tenant: Uuid) -> Self {
        let (high, low) = tenant.as_u64_pair();
        Self(high.rotate_left(17) ^ low)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low) + 1;
        low.saturating_add_unsigned(self.next() % width)
    }

    /// An index below `length`; 0 for an empty list.
    pub(super) fn below(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX).max(1) - 1;
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// True in so many cases of a hundred.
    pub(super) fn percent(&mut self, share: i64) -> bool {
        self.between(1, 100) <= share
    }

    /// One of several.
    pub(super) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// An id of version 7 as it would have been given at that instant.
    pub(super) fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        for chunk in random.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_instant() {
        let mut dice = Dice::new(1);
        let at = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        let ids: Vec<Uuid> = (0..50)
            .map(|n| dice.id(at + chrono::TimeDelta::milliseconds(n)))
            .collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0].get_version_num(), 7);
    }

    #[test]
    fn between_reaches_both_ends() {
        let mut dice = Dice::new(7);
        let seen: Vec<i64> = (0..200).map(|_| dice.between(-1, 1)).collect();
        assert_eq!(
            (seen.iter().min(), seen.iter().max()),
            (Some(&-1), Some(&1))
        );
    }
}
