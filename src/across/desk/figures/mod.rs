//! The leader's page: what changed, what is late and with whom, how the city stands. Each number is
//! the length of the list it opens.

mod beside;
pub(super) mod queries;

use chrono::{Days as Later, Months, NaiveDate};

use super::model::Figure as Cell;
use crate::work::figures::{Figure, Measure, Read, Reading, Scope, Shown, Span, When};
pub(super) use beside::{
    Class, Department, JUDGED_FROM, Street, classes, departments, hot, streets,
};
use queries::{City, Days};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_looks_at_thirty_days_and_twelve_months() {
        let look = Look::on("2026-03-01".parse().unwrap());
        assert_eq!(look.lately.first.to_string(), "2026-01-30");
        assert_eq!(look.year.first.to_string(), "2025-03-02");
        assert_eq!(look.days().before_from.to_string(), "2025-12-30");
    }
}
