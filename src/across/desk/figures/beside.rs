//! What the leader's page sets side by side: streets, departments, classes, communities.

use std::collections::HashMap;

use super::Look;
use super::queries::{self, City};
use crate::base::form::address;
use crate::base::words;
use crate::work::figures::{
    Bar, Figure, Measure, Part, Read, Reading, Scope, ScopeKind, Shown, Span, bars, heat,
};

/// Matters filed below which a street's whistle rate says nothing.
pub(in super::super) const JUDGED_FROM: i64 = 100;
/// What a rate inside the band is called.
const USUAL: &str = "正常";
/// Weeks drawn for each street.
const WEEKS: i64 = 12;

/// One street.
#[derive(Clone, Debug)]
pub(in super::super) struct Street {
    pub(in super::super) name: String,
    pub(in super::super) href: String,
    pub(in super::super) filed: Shown,
    pub(in super::super) by_community: Shown,
    pub(in super::super) sounded: Shown,
    /// How its whistle rate lies to the city's, if there is enough to judge by.
    pub(in super::super) band: Option<&'static str>,
    pub(in super::super) late: i64,
    pub(in super::super) late_href: String,
    pub(in super::super) weeks: Vec<i64>,
    pub(in super::super) bars: Vec<Bar>,
}

impl Street {
    /// Whether its whistle rate lies outside the band.
    pub(in super::super) fn is_odd(&self) -> bool {
        self.band.is_some_and(|band| band != USUAL)
    }

    /// The weeks as the drawing's words.
    pub(in super::super) fn label(&self) -> String {
        let weeks: Vec<String> = self.weeks.iter().map(i64::to_string).collect();
        format!("{}近 12 周吹哨：{}", self.name, weeks.join("、"))
    }
}

/// One department with its results.
#[derive(Clone, Debug)]
pub(in super::super) struct Department {
    pub(in super::super) name: String,
    pub(in super::super) href: String,
    pub(in super::super) sounded: Shown,
    pub(in super::super) closed: Shown,
    pub(in super::super) in_time: Shown,
    pub(in super::super) first_pass: Shown,
    pub(in super::super) solved: Shown,
    pub(in super::super) late: i64,
    pub(in super::super) late_href: String,
    /// The width of its bar, of 80.
    pub(in super::super) bar: i64,
}

/// A class over the twelve months.
#[derive(Clone, Debug)]
pub(in super::super) struct Class {
    pub(in super::super) name: String,
    pub(in super::super) cells: Vec<HeatCell>,
}

/// What one month brought of a class.
#[derive(Clone, Debug)]
pub(in super::super) struct HeatCell {
    pub(in super::super) count: i64,
    pub(in super::super) href: String,
    /// From 0 to 5.
    pub(in super::super) step: u8,
}

fn late_of(city: &City) -> HashMap<&str, i64> {
    let pairs = city.late_of.iter().map(|l| (l.key.as_str(), l.count));
    pairs.collect()
}

/// Whether a street's whistle rate lies in the band round the city's: from half to twice of it.
fn band(street: Reading, city: Reading) -> Option<&'static str> {
    let (filed, all) = (street.of.unwrap_or(0), city.of.unwrap_or(0));
    if filed < JUDGED_FROM || city.count == 0 {
        return None;
    }
    // Crosswise, so that nothing is rounded.
    let (of_street, of_city) = (street.count * all, city.count * filed);
    Some(if of_street * 2 < of_city {
        "偏低"
    } else if of_street > of_city * 2 {
        "偏高"
    } else {
        USUAL
    })
}

/// The streets, as they stand in the chain.
pub(in super::super) fn streets(read: &Read, city: &City, look: &Look) -> Vec<Street> {
    let late = late_of(city);
    let of_streets = |part: &&Part| part.scope.kind == ScopeKind::Street;
    let parts: Vec<&Part> = read.parts.iter().filter(of_streets).collect();
    let whole = parts.iter().map(|p| p.read(Measure::WhistleRate));
    let whole = whole.fold(Reading::count(0), |sum, one| Reading {
        count: sum.count + one.count,
        of: Some(sum.of.unwrap_or(0) + one.of.unwrap_or(0)),
        per: one.per,
    });
    let street = |part: &&Part| {
        let week = |week: i64| {
            let same = |w: &&queries::OfWeek| w.street == part.scope.key && w.week == week;
            city.weeks.iter().find(same).map_or(0, |w| w.count)
        };
        let weeks: Vec<i64> = (0..WEEKS).rev().map(week).collect();
        let drawn = bars(std::slice::from_ref(&weeks), (104.0, 20.0));
        let rate = part.shown(Measure::WhistleRate, look.year);
        Street {
            name: part.scope.name.clone(),
            href: part.scope.page("/figures", look.year),
            filed: part.shown(Measure::Count(Figure::Filed), look.year),
            by_community: part.shown(
                Measure::Share(Figure::SolvedCommunity, Figure::Solved),
                look.year,
            ),
            band: band(rate.reading, whole),
            sounded: rate,
            late: late.get(part.scope.key.as_str()).copied().unwrap_or(0),
            late_href: Figure::WhistlesLate.href(&part.scope, look.year),
            bars: drawn.into_iter().next().unwrap_or_default(),
            weeks,
        }
    };
    parts.iter().map(street).collect()
}

/// The departments that closed enough to be ranked, the best first, and how many did not.
pub(in super::super) fn departments(
    read: &Read,
    city: &City,
    look: &Look,
) -> (Vec<Department>, usize) {
    let late = late_of(city);
    let of_departments = |part: &&Part| part.scope.kind == ScopeKind::Department;
    let department = |part: &Part| {
        let of = |measure| part.shown(measure, look.year);
        let in_time = of(Measure::Share(Figure::ClosedInTime, Figure::Closed));
        let closed = in_time.reading.of.unwrap_or(0).max(1);
        Department {
            name: part.scope.name.clone(),
            href: part.scope.page("/figures", look.year),
            sounded: of(Measure::Count(Figure::Sounded)),
            closed: of(Measure::Count(Figure::Closed)),
            bar: in_time.reading.count * 80 / closed,
            in_time,
            first_pass: of(Measure::Share(Figure::FirstPass, Figure::Closed)),
            solved: of(Measure::Share(Figure::HeardSolved, Figure::Heard)),
            late: late.get(part.scope.key.as_str()).copied().unwrap_or(0),
            late_href: Figure::WhistlesLate.href(&part.scope, look.year),
        }
    };
    let parts = read.parts.iter().filter(of_departments);
    let (mut ranked, few): (Vec<&Part>, Vec<&Part>) = parts.partition(|p| p.is_ranked());
    ranked.sort_by(|a, b| a.by_results(b));
    (ranked.into_iter().map(department).collect(), few.len())
}

/// The classes filed most, with their months.
pub(in super::super) fn classes(city: &City, look: &Look) -> Vec<Class> {
    let months = Span::twelve_months_to(look.today);
    let counts = city.classes.iter().flat_map(|c| c.months.values().copied());
    let most = counts.max().unwrap_or(0);
    let class = |class: &queries::Class| {
        let cell = |month: &Span| {
            let count = class.months.get(&month.first).copied().unwrap_or(0);
            let fields = [
                ("class", class.code.clone()),
                ("from", words::day(month.first)),
                ("to", words::day(month.last)),
            ];
            HeatCell {
                count,
                href: address("/matters", fields),
                step: heat(count, most),
            }
        };
        Class {
            name: class.name.clone(),
            cells: months.iter().map(cell).collect(),
        }
    };
    city.classes.iter().map(class).collect()
}

/// Where the matters of a hot place stand, and what it was like before and a year ago.
pub(in super::super) fn hot(city: &City, look: &Look) -> Vec<(String, Shown, i64, i64)> {
    let place = |hot: &queries::Hot| {
        let scope = Scope {
            kind: ScopeKind::Community,
            key: hot.code.clone(),
            id: None,
            name: format!("{} {}", hot.street, hot.name),
        };
        let shown = Shown {
            reading: Reading::count(hot.now),
            href: Figure::Filed.href(&scope, look.lately),
        };
        (scope.name, shown, hot.before, hot.year)
    };
    city.hot.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(count: i64, of: i64) -> Reading {
        Reading {
            count,
            of: Some(of),
            per: 1000,
        }
    }

    #[test]
    fn a_rate_is_judged_by_that_of_the_city() {
        let city = rate(100, 10_000);
        let cases = [
            (rate(10, 1000), Some("正常")),
            (rate(5, 1000), Some("正常")),
            (rate(4, 1000), Some("偏低")),
            (rate(20, 1000), Some("正常")),
            (rate(21, 1000), Some("偏高")),
            (rate(9, 99), None),
        ];
        for (street, judged) in cases {
            assert_eq!(band(street, city), judged, "{street:?}");
        }
        assert_eq!(band(rate(0, 500), rate(0, 500)), None);
    }
}
