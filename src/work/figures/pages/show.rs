//! The page of figures.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};

use super::super::model::{
    Bar, Figure, Group, Line, Month, Read, Reading, Scope, Shown, Span, bars, groups, lines,
};
use super::tables::{Table, tables};
use super::{Wish, own_key, read};
use crate::base::error::Result;
use crate::base::form::{FieldErrors, address};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Viewer, Visit};
use crate::work::visits::Tally;

/// The twelve months with what they brought of some figures.
#[derive(Clone, Debug)]
struct Year {
    months: Vec<Span>,
    series: Vec<(Figure, Vec<Shown>)>,
    bars: Vec<Vec<Bar>>,
}

impl Year {
    /// The values as the drawing's words.
    fn label(&self) -> String {
        let of = |(figure, shown): &(Figure, Vec<Shown>)| {
            let counts: Vec<String> = shown.iter().map(|s| s.reading.count.to_string()).collect();
            format!("{}：{}", figure.label(), counts.join("、"))
        };
        let series: Vec<String> = self.series.iter().map(of).collect();
        format!("近 12 个月{}", series.join("；"))
    }
}

#[derive(Template)]
#[template(path = "figures/show.html")]
struct Figures {
    chrome: Chrome,
    me: Viewer,
    now: DateTime<Utc>,
    today: NaiveDate,
    scope: Scope,
    span: Span,
    typed: (String, String),
    errors: FieldErrors,
    groups: Vec<(Group, Vec<Line>)>,
    tables: Vec<Table>,
    year: Option<Year>,
    /// What the residents answered.
    heard: Tally,
}

impl Figures {
    /// The address of this page for other days or another part.
    fn link(&self, span: &Span, scope: &Scope) -> String {
        scope.page("/figures", *span)
    }

    /// The same as a file.
    fn sheet(&self, ending: &str) -> String {
        self.scope.page(&format!("/figures.{ending}"), self.span)
    }

    /// Where this part of the city is ordered by mail.
    fn report(&self) -> String {
        address("/reports/new", self.scope.fields())
    }

    fn usual(&self) -> Vec<(&'static str, Span)> {
        Span::usual(self.today)
    }

    fn before_label(&self) -> String {
        self.span.before_label(self.today)
    }

    /// What the figures are compared with, in words.
    fn compared(&self) -> String {
        let days = |span: Span| format!("{} 至 {}", words::day(span.first), words::day(span.last));
        let before = days(self.span.before(self.today));
        let year = days(self.span.year_before(self.today));
        format!("{}：{before}。上年同期：{year}。", self.before_label())
    }

    /// Whether the viewer looks at a part of what is his.
    fn is_part(&self) -> bool {
        self.scope.key != own_key(&self.me)
    }
}

/// The last twelve months, of the figures that the viewer may open.
fn year(read: &Read, allowed: &[Group], today: NaiveDate) -> Option<Year> {
    let months = Span::twelve_months_to(today);
    let of_matters = [Figure::Filed, Figure::Solved];
    let of_whistles = [Figure::Sounded, Figure::Closed];
    let series = |figure: Figure| {
        let count = |span: &Span| {
            let same = |m: &&Month| m.figure == figure && m.month == span.first;
            read.months.iter().find(same).map_or(0, |m| m.count)
        };
        let shown = |span: &Span| Shown {
            reading: Reading::count(count(span)),
            href: figure.href(&read.scope, *span),
        };
        (figure, months.iter().map(shown).collect::<Vec<_>>())
    };
    let of = |group, figures: [Figure; 2]| allowed.contains(&group).then_some(figures);
    let figures = [
        of(Group::Matters, of_matters),
        of(Group::Whistles, of_whistles),
    ];
    let series: Vec<_> = figures
        .into_iter()
        .flatten()
        .flatten()
        .map(series)
        .collect();
    let drawn: Vec<Vec<i64>> = series
        .iter()
        .take(2)
        .map(|(_, shown)| shown.iter().map(|s| s.reading.count).collect())
        .collect();
    (!series.is_empty()).then(|| Year {
        bars: bars(&drawn, (720.0, 120.0)),
        months,
        series,
    })
}

/// The page.
pub(super) async fn show(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let (read, span, errors) = read(&mut visit, &wish).await?;
    let today = visit.tx.today();
    let allowed = groups(visit.me.kind, read.scope.kind);
    let of_group = |group: &Group| (*group, lines(&read, *group, span));
    let wrong = !errors.is_empty();
    let typed = if wrong {
        (wish.from, wish.to)
    } else {
        (words::day(span.first), words::day(span.last))
    };
    let page = Page(Figures {
        chrome: visit.chrome(Section::Figures),
        me: visit.me.clone(),
        now: visit.tx.now,
        today,
        groups: allowed.iter().map(of_group).collect(),
        tables: tables(&read, &allowed, span),
        year: year(&read, &allowed, today),
        heard: read.sums.heard(),
        scope: read.scope,
        span,
        typed,
        errors,
    });
    Ok(if wrong {
        page.unprocessable()
    } else {
        page.into_response()
    })
}
