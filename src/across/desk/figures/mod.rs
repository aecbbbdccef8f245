//! The leader's page: what changed, what is late and with whom, how the city stands. Each number is
//! the length of the list it opens.

pub(super) mod queries;

use std::collections::HashMap;

use chrono::{Days as Later, Months, NaiveDate};

use super::model::Figure as Cell;
use crate::base::words;
use crate::work::figures::{
    Bar, Figure, Measure, Part, Read, Reading, Scope, ScopeKind, Span, When, bars, heat,
};
use queries::{City, Days};

/// Closed whistles below which a department is not ranked.
pub(super) const RANKED_FROM: i64 = 5;
/// Matters filed below which a street's whistle rate says nothing.
pub(super) const JUDGED_FROM: i64 = 100;
/// What a rate inside the band is called.
const USUAL: &str = "正常";
/// Weeks drawn for each street.
const WEEKS: i64 = 12;

/// Which days the page looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Today.
    today: NaiveDate,
    /// The last thirty days and today, as the visits count them too.
    pub(super) lately: Span,
    /// The last twelve months to the day.
    pub(super) year: Span,
}

impl Look {
    /// As seen on a day.
    pub(super) fn on(today: NaiveDate) -> Self {
        Self {
            today,
            lately: Span {
                first: today - Later::new(30),
                last: today,
            },
            year: Span {
                first: today - Months::new(12) + Later::new(1),
                last: today,
            },
        }
    }

    /// The days of the hot places and of the classes.
    pub(super) fn days(&self) -> Days {
        let year = self.lately.year_before(self.today);
        Days {
            months_from: Span::months_to(self.today, 12).first,
            lately_from: self.lately.first,
            before_from: self.lately.before(self.today).first,
            year_from: year.first,
            year_to: year.last,
        }
    }

    /// The twelve months of the heat grid.
    pub(super) fn months(&self) -> Vec<Span> {
        let first = Span::months_to(self.today, 12).first;
        (0..12)
            .map(|n| Span::month_of(first + Months::new(n)))
            .collect()
    }
}

/// A number, of how many, and its list.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) reading: Reading,
    pub(super) href: String,
}

fn shown(part: &Part, measure: Measure, span: Span) -> Shown {
    Shown {
        reading: part.read(measure),
        href: measure.href(&part.scope, span),
    }
}

/// One street.
#[derive(Clone, Debug)]
pub(super) struct Street {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) filed: Shown,
    pub(super) below: Shown,
    pub(super) sounded: Shown,
    /// How its whistle rate lies to the city's, if there is enough to judge by.
    pub(super) band: Option<&'static str>,
    pub(super) late: i64,
    pub(super) late_href: String,
    pub(super) weeks: Vec<i64>,
    pub(super) bars: Vec<Bar>,
}

impl Street {
    /// Whether its whistle rate lies outside the band.
    pub(super) fn is_odd(&self) -> bool {
        self.band.is_some_and(|band| band != USUAL)
    }

    /// The weeks as the drawing's words.
    pub(super) fn label(&self) -> String {
        let weeks: Vec<String> = self.weeks.iter().map(i64::to_string).collect();
        format!("{}近 12 周吹哨：{}", self.name, weeks.join("、"))
    }
}

/// One department with its results.
#[derive(Clone, Debug)]
pub(super) struct Department {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) sounded: Shown,
    pub(super) closed: Shown,
    pub(super) in_time: Shown,
    pub(super) first_pass: Shown,
    pub(super) solved: Shown,
    pub(super) late: i64,
    pub(super) late_href: String,
    /// The width of its bar, of 80.
    pub(super) bar: i64,
}

/// A class over the twelve months.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) cells: Vec<HeatCell>,
}

/// What one month brought of a class.
#[derive(Clone, Debug)]
pub(super) struct HeatCell {
    pub(super) count: i64,
    pub(super) href: String,
    /// From 0 to 5.
    pub(super) step: u8,
}

/// The five main figures.
pub(super) fn strip(read: &Read, city: &City, look: &Look) -> Vec<Cell> {
    let sums = &read.sums;
    let share = |name: &str, part: Figure, whole: Figure| {
        let measure = Measure::Share(part, whole);
        let now = sums.read(measure, When::Now);
        let before = sums.read(measure, When::Before).short();
        let rate = now.rate().unwrap_or_else(|| "还没有".to_owned());
        Cell {
            name: name.to_owned(),
            count: now.count,
            unit: "件",
            href: measure.href(&read.scope, look.lately),
            compare: format!("{rate}，共 {} 件，前 30 天 {before}", now.of.unwrap_or(0)),
            late: false,
        }
    };
    let whole = Scope::city(&read.scope.name);
    let late = match city.late_yesterday {
        Some(count) => format!("昨天结束时 {count} 件"),
        None => "超过时限还没有办完".to_owned(),
    };
    vec![
        Cell {
            name: "超期哨单".to_owned(),
            count: city.whistles_late,
            unit: "件",
            href: Figure::WhistlesLate.href(&whole, look.lately),
            compare: late,
            late: city.whistles_late > 0,
        },
        Cell {
            name: "在办哨单".to_owned(),
            count: sums.whistles_open,
            unit: "件",
            href: "/whistles?stage=open&sounded=1".to_owned(),
            compare: format!("在办事项 {} 件", sums.matters_open),
            late: false,
        },
        share("近 30 天按时办结", Figure::ClosedInTime, Figure::Closed),
        share("近 30 天群众满意", Figure::Satisfied, Figure::Heard),
        share(
            "近 30 天按时答复街道",
            Figure::AnsweredInTime,
            Figure::Asked,
        ),
    ]
}

/// What yesterday brought and the day before, with their lists.
pub(super) fn yesterday(city: &City, scope: &Scope, look: &Look) -> Vec<(Figure, Shown, i64)> {
    let day = look.today - Later::new(1);
    let count = |figure: Figure, day: NaiveDate| {
        let same = |d: &&queries::OfDay| d.figure == figure && d.day == day;
        city.days.iter().find(same).map_or(0, |d| d.count)
    };
    let of = |figure: Figure| {
        let shown = Shown {
            reading: Reading::count(count(figure, day)),
            href: figure.href(scope, Span::day(day)),
        };
        (figure, shown, count(figure, day - Later::new(1)))
    };
    let figures = [
        Figure::Filed,
        Figure::Solved,
        Figure::Sounded,
        Figure::Closed,
    ];
    figures.into_iter().map(of).collect()
}

/// Where what was solved lately was solved, with the widths of a bar of 720.
pub(super) fn levels(read: &Read, look: &Look) -> Vec<(Figure, Shown, i64)> {
    let all = read.sums.of(Figure::Solved, When::Now).max(1);
    let of = |figure: Figure| {
        let measure = Measure::Share(figure, Figure::Solved);
        let shown = Shown {
            reading: read.sums.read(measure, When::Now),
            href: measure.href(&read.scope, look.lately),
        };
        let width = shown.reading.count * 720 / all;
        (figure, shown, width)
    };
    let levels = [
        Figure::SolvedGrid,
        Figure::SolvedCommunity,
        Figure::SolvedStreet,
        Figure::SolvedWhistle,
    ];
    levels.into_iter().map(of).collect()
}

/// The three rates of the last thirty days.
pub(super) fn rates(read: &Read, look: &Look) -> Vec<(&'static str, Shown)> {
    let of = |(name, figure): (&'static str, Figure)| {
        let measure = Measure::Share(figure, Figure::Heard);
        let shown = Shown {
            reading: read.sums.read(measure, When::Now),
            href: measure.href(&read.scope, look.lately),
        };
        (name, shown)
    };
    let rates = [
        ("响应率", Figure::Responded),
        ("解决率", Figure::HeardSolved),
        ("满意", Figure::Satisfied),
        ("基本满意", Figure::Basically),
    ];
    rates.into_iter().map(of).collect()
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
pub(super) fn streets(read: &Read, city: &City, look: &Look) -> Vec<Street> {
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
        let rate = shown(part, Measure::WhistleRate, look.year);
        Street {
            name: part.scope.name.clone(),
            href: link(&part.scope, look.year),
            filed: shown(part, Measure::Count(Figure::Filed), look.year),
            below: shown(
                part,
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

/// The page of figures of a part.
fn link(scope: &Scope, span: Span) -> String {
    let days = [
        ("from", words::day(span.first)),
        ("to", words::day(span.last)),
    ];
    let fields: Vec<_> = days.into_iter().chain(scope.fields()).collect();
    format!(
        "/figures?{}",
        serde_html_form::to_string(&fields).unwrap_or_default()
    )
}

/// The departments that closed enough to be ranked, the best first, and how many did not.
pub(super) fn departments(read: &Read, city: &City, look: &Look) -> (Vec<Department>, usize) {
    let late = late_of(city);
    let of_departments = |part: &&Part| part.scope.kind == ScopeKind::Department;
    let department = |part: &Part| {
        let of = |measure| shown(part, measure, look.year);
        let in_time = of(Measure::Share(Figure::ClosedInTime, Figure::Closed));
        let closed = in_time.reading.of.unwrap_or(0).max(1);
        Department {
            name: part.scope.name.clone(),
            href: link(&part.scope, look.year),
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
    let all: Vec<Department> = read
        .parts
        .iter()
        .filter(of_departments)
        .map(department)
        .collect();
    let is_ranked = |d: &Department| d.closed.reading.count >= RANKED_FROM;
    let (mut ranked, few): (Vec<_>, Vec<_>) = all.into_iter().partition(is_ranked);
    // The better share first; of the same, whoever closed more.
    ranked.sort_by(|a, b| {
        let (x, y) = (a.in_time.reading, b.in_time.reading);
        let across = (y.count * x.of.unwrap_or(0)).cmp(&(x.count * y.of.unwrap_or(0)));
        across.then(b.closed.reading.count.cmp(&a.closed.reading.count))
    });
    (ranked, few.len())
}

/// The classes filed most, with their months.
pub(super) fn classes(city: &City, look: &Look) -> Vec<Class> {
    let months = look.months();
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
            let query = serde_html_form::to_string(fields).unwrap_or_default();
            HeatCell {
                count,
                href: format!("/matters?{query}"),
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
pub(super) fn hot(city: &City, look: &Look) -> Vec<(String, Shown, i64, i64)> {
    let place = |hot: &queries::Hot| {
        let fields = [
            ("place", hot.code.clone()),
            ("from", words::day(look.lately.first)),
            ("to", words::day(look.lately.last)),
        ];
        let query = serde_html_form::to_string(fields).unwrap_or_default();
        let shown = Shown {
            reading: Reading::count(hot.now),
            href: format!("/matters?{query}"),
        };
        (
            format!("{} {}", hot.street, hot.name),
            shown,
            hot.before,
            hot.year,
        )
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

    #[test]
    fn the_page_looks_at_thirty_days_and_twelve_months() {
        let look = Look::on("2026-03-01".parse().unwrap());
        assert_eq!(look.lately.first.to_string(), "2026-01-30");
        assert_eq!(look.year.first.to_string(), "2025-03-02");
        assert_eq!(look.days().before_from.to_string(), "2025-12-30");
        assert_eq!(look.months().len(), 12);
        assert_eq!(look.months()[11].last.to_string(), "2026-03-31");
    }
}
