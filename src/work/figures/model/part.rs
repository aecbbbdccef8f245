//! What a part of the city came to, beside the others of its kind.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::catalogue::{Figure, Measure};
use super::reading::{Reading, Sums};
use super::scope::Scope;
use super::span::Span;

/// Closed whistles below which a department is not ranked.
pub const RANKED_FROM: i64 = 5;

/// A number with the list of which it is the length.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The number, and of how many.
    pub reading: Reading,
    /// The list.
    pub href: String,
}

/// A part of what was asked for, with what the span brought there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Which part.
    #[serde(flatten)]
    pub scope: Scope,
    /// How many of each figure.
    pub sums: HashMap<Figure, i64>,
}

impl Part {
    /// A figure of it in the span. What is under way is not told of parts.
    pub fn read(&self, measure: Measure) -> Reading {
        let count = |figure| self.sums.get(&figure).copied().unwrap_or(0);
        measure.brought(count).unwrap_or(Reading::count(0))
    }

    /// The same with its list.
    pub fn shown(&self, measure: Measure, span: Span) -> Shown {
        Shown {
            reading: self.read(measure),
            href: measure.href(&self.scope, span),
        }
    }

    /// Whether it closed enough whistles to be ranked.
    pub fn is_ranked(&self) -> bool {
        self.read(Measure::Count(Figure::Closed)).count >= RANKED_FROM
    }

    /// Which of two departments stands first: the better share of closings in time, and of the same
    /// share whoever closed more. Crosswise, so that nothing is rounded.
    pub fn by_results(&self, other: &Self) -> Ordering {
        let in_time = Measure::Share(Figure::ClosedInTime, Figure::Closed);
        let (mine, theirs) = (self.read(in_time), other.read(in_time));
        let (closed, others) = (mine.of.unwrap_or(0), theirs.of.unwrap_or(0));
        let across = (theirs.count * closed).cmp(&(mine.count * others));
        across.then(others.cmp(&closed))
    }
}

/// How many of a figure a month brought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Month {
    /// Its first day.
    pub month: NaiveDate,
    /// Which figure.
    pub figure: Figure,
    /// So many.
    pub count: i64,
}

/// How many of a figure a day that is not kept brought to a part of the city or a class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LiveCount {
    /// As the counts name it.
    pub scope: String,
    /// Which figure.
    pub figure: Figure,
    /// The local day.
    pub day: NaiveDate,
    /// So many.
    pub count: i64,
}

/// The days of a look that are not kept, today first of all, and what they brought: counted from the
/// facts, once for everything that a page shows.
#[derive(Clone, Debug)]
pub struct Live {
    /// The days.
    pub days: Vec<NaiveDate>,
    /// What was filed, solved, sounded and closed in the city, what sounded in each street, what was
    /// filed in each community and of each class; only if it was asked for.
    pub counts: Vec<LiveCount>,
}

/// All that is read of a part of the city at once.
#[derive(Clone, Debug)]
pub struct Read {
    /// The part of the city asked for, with its name.
    pub scope: Scope,
    /// Its sums.
    pub sums: Sums,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// What the last twelve months brought.
    pub months: Vec<Month>,
    /// The days that are not kept.
    pub live: Live,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::figures::ScopeKind;

    fn department(closed: i64, in_time: i64) -> Part {
        Part {
            scope: Scope {
                kind: ScopeKind::Department,
                ..Scope::city("")
            },
            sums: HashMap::from([(Figure::Closed, closed), (Figure::ClosedInTime, in_time)]),
        }
    }

    #[test]
    fn the_better_share_stands_first_and_of_the_same_whoever_closed_more() {
        let parts = [(10, 5), (8, 8), (20, 10), (16, 16), (7, 0)];
        let mut parts: Vec<Part> = parts.into_iter().map(|(c, t)| department(c, t)).collect();
        parts.sort_by(Part::by_results);
        let closed: Vec<i64> = parts.iter().map(|p| p.sums[&Figure::Closed]).collect();
        assert_eq!(closed, [16, 8, 20, 10, 7]);
        assert!(department(5, 0).is_ranked() && !department(4, 4).is_ranked());
    }
}
