//! What was promised, and whether it was kept.

use serde::Serialize;

/// What kind of page it is; each kind has its goals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Desk,
    Leader,
    List,
    Case,
    Search,
    Other,
}

impl Class {
    /// Pages for each transaction of pgbench, at least.
    pub(crate) fn ratio(self) -> f64 {
        match self {
            Self::List | Self::Case => 0.8,
            Self::Desk | Self::Leader | Self::Search | Self::Other => 0.5,
        }
    }

    /// How much longer it may take at the largest size than at the smallest.
    pub(crate) fn growth(self) -> f64 {
        match self {
            Self::Leader => 1.5,
            Self::Desk | Self::List | Self::Case | Self::Search | Self::Other => 1.3,
        }
    }
}

/// Whole life cycles per second, at least; and how much fewer they may be at the largest size.
pub(crate) const CYCLES: f64 = 120.0;
pub(crate) const CYCLES_GROWTH: f64 = 1.3;
/// Resident memory of the program in MiB, at most.
pub(crate) const MEMORY: u64 = 64;
/// Compressed bytes of a first visit and of the next page, at most.
pub(crate) const FIRST_BYTES: usize = 100_000;
pub(crate) const NEXT_BYTES: usize = 20_000;

/// A sign that is read without colour.
pub(crate) fn mark(kept: bool) -> &'static str {
    if kept { "✓" } else { "✗" }
}
