//! What was counted, read as a figure of the catalogue.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::catalogue::{Figure, Measure};
use super::scope::Scope;
use super::span::Span;
use crate::base::form::address;
use crate::base::words;
use crate::work::visits::Tally;

/// What one figure came to in the span asked for, the one before and a year before; and since the
/// end of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// In the span.
    pub now: i64,
    /// In the one before.
    pub before: i64,
    /// In that of the year before.
    pub year: i64,
    /// From the day after each of the three until today.
    pub since_now: i64,
    /// Since the one before.
    pub since_before: i64,
    /// Since that of the year before.
    pub since_year: i64,
}

/// The sums of a part of the city, and what is under way there now.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// By figure.
    pub by: HashMap<Figure, Sum>,
    /// Matters not ended.
    pub matters_open: i64,
    /// Whistles sounded and not over.
    pub whistles_open: i64,
}

/// A figure that was read: so many, and of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// So many.
    pub count: i64,
    /// Of so many.
    pub of: Option<i64>,
    /// Out of each so many: a hundred, or a thousand.
    pub per: i64,
}

impl Reading {
    /// A plain number.
    pub fn count(count: i64) -> Self {
        Self {
            count,
            of: None,
            per: 100,
        }
    }

    /// The rate: `82%`, `9.1‰`; none of nothing.
    pub fn rate(self) -> Option<String> {
        let of = self.of.filter(|of| *of > 0)?;
        Some(if self.per == 1000 {
            let tenths = self.count * 10_000 / of;
            format!("{}.{}‰", tenths / 10, tenths % 10)
        } else {
            format!("{}%", self.count * 100 / of)
        })
    }

    /// As a comparison says it: `82%`, `120`.
    pub fn short(self) -> String {
        match self.of {
            None => self.count.to_string(),
            Some(_) => self.rate().unwrap_or_else(|| "—".to_owned()),
        }
    }
}

/// Which of the three spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The one asked for.
    Now,
    /// The one before.
    Before,
    /// The same a year before.
    Year,
}

impl Sums {
    /// How many of a figure.
    pub fn of(&self, figure: Figure, when: When) -> i64 {
        let sum = self.by.get(&figure).copied().unwrap_or_default();
        match when {
            When::Now => sum.now,
            When::Before => sum.before,
            When::Year => sum.year,
        }
    }

    fn since(&self, figure: Figure, when: When) -> i64 {
        let sum = self.by.get(&figure).copied().unwrap_or_default();
        match when {
            When::Now => sum.since_now,
            When::Before => sum.since_before,
            When::Year => sum.since_year,
        }
    }

    /// What the residents answered in the span.
    pub fn heard(&self) -> Tally {
        let of = |figure| self.of(figure, When::Now);
        Tally {
            valid: of(Figure::Heard),
            responded: of(Figure::Responded),
            solved: of(Figure::HeardSolved),
            satisfied: of(Figure::Satisfied),
            basically: of(Figure::Basically),
        }
    }

    /// A figure of the catalogue.
    pub fn read(&self, measure: Measure, when: When) -> Reading {
        let brought = measure.brought(|figure| self.of(figure, when));
        brought.unwrap_or_else(|| self.open(measure, when))
    }

    /// What was under way at the end: what is now, less what came since, and what ended since.
    fn open(&self, measure: Measure, when: When) -> Reading {
        let Measure::Open(came, ended) = measure else {
            return Reading::count(0);
        };
        let now = if came == Figure::Filed {
            self.matters_open
        } else {
            self.whistles_open
        };
        Reading::count(now - self.since(came, when) + self.since(ended, when))
    }
}

impl Measure {
    /// What it comes to where so many of each figure were brought; none of what is under way, which
    /// is not brought.
    pub(super) fn brought(self, of: impl Fn(Figure) -> i64) -> Option<Reading> {
        let share = |part, whole, per| Reading {
            count: of(part),
            of: Some(of(whole)),
            per,
        };
        match self {
            Self::Count(figure) => Some(Reading::count(of(figure))),
            Self::Share(part, whole) => Some(share(part, whole, 100)),
            Self::WhistleRate => Some(share(Figure::Sounded, Figure::Filed, 1000)),
            Self::Open(..) => None,
        }
    }

    /// The list of which it is the length, in a part of the city and a span.
    pub fn href(self, scope: &Scope, span: Span) -> String {
        match self {
            Measure::Count(figure) | Measure::Share(figure, _) => figure.href(scope, span),
            Measure::WhistleRate => Figure::Sounded.href(scope, span),
            Measure::Open(came, _) => {
                let on = [("on", words::day(span.last))];
                if came == Figure::Filed {
                    address("/matters", on.into_iter().chain(scope.of_matters()))
                } else {
                    address("/whistles", on.into_iter().chain(scope.of_whistles()))
                }
            }
        }
    }
}

impl Figure {
    /// The list of which the count is the length.
    #[expect(clippy::too_many_lines, reason = "a table: each figure with its list")]
    pub fn href(self, scope: &Scope, span: Span) -> String {
        let (from, to) = (words::day(span.first), words::day(span.last));
        let within = |from_name, to_name| vec![(from_name, from.clone()), (to_name, to.clone())];
        let with = |mut fields: Vec<(&'static str, String)>, more: &[(&'static str, &str)]| {
            fields.extend(
                more.iter()
                    .map(|(name, value)| (*name, (*value).to_owned())),
            );
            fields
        };
        let ended = || within("ended_from", "ended_to");
        let solved =
            |more: &[(&'static str, &str)]| with(with(ended(), &[("stage", "solved")]), more);
        let closed = |more: &[(&'static str, &str)]| {
            with(
                with(within("closed_from", "closed_to"), &[("stage", "closed")]),
                more,
            )
        };
        let heard = |more: &[(&'static str, &str)]| {
            with(with(within("from", "to"), &[("state", "answered")]), more)
        };
        let asked = |more: &[(&'static str, &str)]| {
            let all = [("tab", "all"), ("without_cadre", "1")];
            with(with(within("from", "to"), &all), more)
        };
        let (path, own) = match self {
            Self::Filed => ("/matters", within("from", "to")),
            Self::Ended => ("/matters", ended()),
            Self::Solved => ("/matters", solved(&[])),
            Self::SolvedGrid => ("/matters", solved(&[("solved", "grid")])),
            Self::SolvedCommunity => ("/matters", solved(&[("solved", "community")])),
            Self::SolvedStreet => ("/matters", solved(&[("solved", "street")])),
            Self::SolvedWhistle => ("/matters", solved(&[("solved", "whistle")])),
            Self::SolvedInTime => ("/matters", solved(&[("in_time", "1")])),
            Self::MattersLate => ("/matters", with(Vec::new(), &[("late", "1")])),
            Self::Sounded => ("/whistles", with(within("from", "to"), &[("sounded", "1")])),
            Self::WhistlesEnded => (
                "/whistles",
                with(within("ended_from", "ended_to"), &[("sounded", "1")]),
            ),
            Self::Closed => ("/whistles", closed(&[])),
            Self::ClosedInTime => ("/whistles", closed(&[("in_time", "1")])),
            Self::FirstPass => ("/whistles", closed(&[("first_pass", "1")])),
            Self::Recurred => ("/whistles", within("recurred_from", "recurred_to")),
            Self::WhistlesLate => (
                "/whistles",
                with(Vec::new(), &[("lamp", "red"), ("sounded", "1")]),
            ),
            Self::Heard => ("/visits", heard(&[])),
            Self::Responded => ("/visits", heard(&[("responded", "1")])),
            Self::HeardSolved => ("/visits", heard(&[("answer", "solved")])),
            Self::Satisfied => ("/visits", heard(&[("feeling", "satisfied")])),
            Self::Basically => ("/visits", heard(&[("feeling", "basically")])),
            Self::Asked => ("/powers/records", asked(&[])),
            Self::Answered => ("/powers/records", asked(&[("only", "answered")])),
            Self::AnsweredInTime => ("/powers/records", asked(&[("only", "in_time")])),
        };
        let place = if path == "/matters" {
            scope.of_matters()
        } else {
            scope.of_whistles()
        };
        address(path, own.into_iter().chain(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_nothing_is_none() {
        let none = Reading {
            count: 0,
            of: Some(0),
            per: 100,
        };
        assert_eq!(none.rate(), None);
        assert_eq!(none.short(), "—");
    }

    #[test]
    fn what_was_open_is_worked_back_from_now() {
        let mut sums = Sums {
            matters_open: 10,
            ..Sums::default()
        };
        let since = |since_before| Sum {
            since_before,
            ..Sum::default()
        };
        sums.by.insert(Figure::Filed, since(7));
        sums.by.insert(Figure::Ended, since(4));
        let open = Measure::Open(Figure::Filed, Figure::Ended);
        assert_eq!(sums.read(open, When::Now).count, 10);
        assert_eq!(sums.read(open, When::Before).count, 7);
    }

    #[test]
    fn a_rate_in_a_thousand_keeps_a_tenth() {
        let rate = Reading {
            count: 13,
            of: Some(1421),
            per: 1000,
        };
        assert_eq!(rate.rate().unwrap(), "9.1‰");
    }
}
