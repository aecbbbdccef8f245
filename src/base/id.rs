//! Ids are UUID v7 with a type each, so that one cannot stand for another.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// A new UUID v7 of the given instant. Ids sort by their instants, to the quarter of a
/// microsecond, and those of one instant by the order in which this process made them: two events
/// of one transaction keep their order.
pub fn uuid_at(now: DateTime<Utc>) -> Uuid {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    let fraction = now.timestamp_subsec_nanos() % 1_000_000 * 4_096 / 1_000_000;
    let order = MADE.fetch_add(1, Ordering::Relaxed);
    // The version takes four bits before the fraction, the variant two before the order.
    let mut tail: [u8; 10] = rand::random();
    tail[..2].copy_from_slice(&fraction.to_be_bytes()[2..]);
    tail[2..5].copy_from_slice(&(order & 0x003f_ffff).to_be_bytes()[1..]);
    Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

/// Declares id types: `id! { /// A matter. MatterId }`.
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id of this instant.
            pub fn at(now: chrono::DateTime<chrono::Utc>) -> Self {
                Self($crate::base::id::uuid_at(now))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_instant_and_then_by_order() {
        let now: DateTime<Utc> = "2026-11-23T06:05:59.000123Z".parse().unwrap();
        let later = now + chrono::Duration::microseconds(1);
        let ids = [now, now, now, later, later].map(uuid_at);
        assert!(ids.is_sorted());
        assert_eq!(ids[0].get_version_num(), 7);
        assert_eq!(ids[0].get_variant(), uuid::Variant::RFC4122);
    }
}
