//! The page of figures and exactly the same as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Deserialize;

use super::model::{
    Bar, CATALOGUE, Definition, Figure, Group, Measure, Reading, Scope, ScopeKind, Span, When, bars,
};
use super::queries::{self, Asked, Part, Read};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Seat, Section, Viewer, Visit};
use crate::org::events;
use crate::work::visits::Tally;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const READ: Access = Access::Can(Permission::ReadFigures);
    Routes::new()
        .get("/figures", READ, show)
        .get("/figures.xlsx", READ, sheet)
        .get("/figures.csv", READ, sheet)
}

/// The address: which days, and of which part of the city.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    from: String,
    to: String,
    /// A node by its code.
    place: String,
    /// A department by its id.
    department: String,
}

/// A column by which parts are compared.
#[derive(Clone, Copy, Debug)]
struct Heading {
    name: &'static str,
    group: Group,
    measure: Measure,
}

const fn heading(group: Group, name: &'static str, measure: Measure) -> Heading {
    Heading {
        name,
        group,
        measure,
    }
}

/// What the parts of the ground are compared by.
const GROUND: [Heading; 8] = [
    heading(Group::Matters, "上报", Measure::Count(Figure::Filed)),
    heading(Group::Matters, "解决", Measure::Count(Figure::Solved)),
    heading(
        Group::Matters,
        "网格解决",
        Measure::Share(Figure::SolvedGrid, Figure::Solved),
    ),
    heading(
        Group::Matters,
        "社区解决",
        Measure::Share(Figure::SolvedCommunity, Figure::Solved),
    ),
    heading(
        Group::Matters,
        "按时解决",
        Measure::Share(Figure::SolvedInTime, Figure::Solved),
    ),
    heading(Group::Whistles, "吹哨", Measure::Count(Figure::Sounded)),
    heading(Group::Whistles, "吹哨率", Measure::WhistleRate),
    heading(
        Group::Whistles,
        "按时办结",
        Measure::Share(Figure::ClosedInTime, Figure::Closed),
    ),
];

/// What the departments are compared by: results, never people.
const DEPARTMENTS: [Heading; 7] = [
    heading(Group::Whistles, "接哨", Measure::Count(Figure::Sounded)),
    heading(Group::Whistles, "办结", Measure::Count(Figure::Closed)),
    heading(
        Group::Whistles,
        "按时办结",
        Measure::Share(Figure::ClosedInTime, Figure::Closed),
    ),
    heading(
        Group::Whistles,
        "核查一次通过",
        Measure::Share(Figure::FirstPass, Figure::Closed),
    ),
    heading(Group::Residents, "有效回访", Measure::Count(Figure::Heard)),
    heading(
        Group::Residents,
        "群众说已解决",
        Measure::Share(Figure::HeardSolved, Figure::Heard),
    ),
    heading(
        Group::Powers,
        "按时答复街道",
        Measure::Share(Figure::AnsweredInTime, Figure::Asked),
    ),
];

/// A number with the list of which it is the length.
#[derive(Clone, Debug)]
struct Shown {
    reading: Reading,
    href: String,
}

/// One figure of the catalogue as the page shows it.
#[derive(Clone, Debug)]
struct Line {
    definition: &'static Definition,
    now: Shown,
    before: Reading,
    year: Reading,
}

/// Parts of one kind, side by side.
#[derive(Clone, Debug)]
struct Table {
    title: &'static str,
    first: &'static str,
    headings: Vec<Heading>,
    rows: Vec<Row>,
    /// Parts of which nothing was counted.
    without: usize,
}

#[derive(Clone, Debug)]
struct Row {
    name: String,
    href: String,
    cells: Vec<Shown>,
}

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
        address("/figures", scope, *span)
    }

    /// The same as a file.
    fn sheet(&self, ending: &str) -> String {
        address(&format!("/figures.{ending}"), &self.scope, self.span)
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

fn address(path: &str, scope: &Scope, span: Span) -> String {
    let days = [
        ("from", words::day(span.first)),
        ("to", words::day(span.last)),
    ];
    let fields: Vec<_> = days.into_iter().chain(scope.fields()).collect();
    let query = serde_html_form::to_string(&fields).unwrap_or_default();
    format!("{path}?{query}")
}

/// The viewer's own part, as the counts name it.
fn own_key(me: &Viewer) -> String {
    match &me.seat {
        Seat::City => String::new(),
        Seat::Node { code, .. } => code.clone(),
        Seat::Department { id, .. } => id.0.to_string(),
    }
}

/// The part asked for, if it is the viewer's own or within it.
fn key_of(me: &Viewer, wish: &Wish) -> Result<(String, ScopeKind)> {
    let own = own_key(me);
    let department = wish.department.trim();
    match &me.seat {
        Seat::Department { .. } if department.is_empty() || department == own => {
            Ok((own, ScopeKind::Department))
        }
        Seat::City if !department.is_empty() && wish.place.is_empty() => {
            let id: uuid::Uuid = department.parse().map_err(|_| Error::NotFound)?;
            Ok((id.to_string(), ScopeKind::Department))
        }
        Seat::Department { .. } => Err(Error::NotFound),
        Seat::City | Seat::Node { .. } => {
            let place = wish.place.trim();
            let code = if place.is_empty() {
                own.as_str()
            } else {
                place
            };
            let kind = ScopeKind::of_code(code).filter(|_| code.starts_with(&own));
            Ok((code.to_owned(), kind.ok_or(Error::NotFound)?))
        }
    }
}

/// The groups whose lists the viewer may open, in such a part.
fn groups(me: &Viewer, kind: ScopeKind) -> Vec<Group> {
    let all = Group::ALL.into_iter();
    all.filter(|g| g.covers(kind) && me.kind.may(g.needs()))
        .collect()
}

async fn read(visit: &mut Visit, wish: &Wish) -> Result<(Read, Span, FieldErrors)> {
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let span = Span::read(&wish.from, &wish.to, today, &mut errors);
    let (key, kind) = key_of(&visit.me, wish)?;
    let asked = Asked {
        key: &key,
        level_below: kind.level_below(),
        departments: kind == ScopeKind::City,
        parts: span,
        span,
    };
    let tenant = visit.me.tenant;
    let read = queries::read(&mut visit.tx, tenant, asked).await?;
    Ok((read.ok_or(Error::NotFound)?, span, errors))
}

fn lines(read: &Read, group: Group, span: Span) -> Vec<Line> {
    let of_group = CATALOGUE.iter().filter(|d| d.group == group);
    let line = |definition: &'static Definition| Line {
        definition,
        now: Shown {
            reading: read.sums.read(definition.measure, When::Now),
            href: definition.href(&read.scope, span),
        },
        before: read.sums.read(definition.measure, When::Before),
        year: read.sums.read(definition.measure, When::Year),
    };
    of_group.map(line).collect()
}

fn table(
    (title, first): (&'static str, &'static str),
    headings: &[Heading],
    parts: &[&Part],
    (allowed, span): (&[Group], Span),
) -> Option<Table> {
    let kind = parts.first()?.scope.kind;
    let headings: Vec<Heading> = headings
        .iter()
        .filter(|h| allowed.contains(&h.group) && h.group.covers(kind))
        .copied()
        .collect();
    let row = |part: &&Part| Row {
        name: part.scope.name.clone(),
        href: address("/figures", &part.scope, span),
        cells: headings
            .iter()
            .map(|h| Shown {
                reading: part.read(h.measure),
                href: h.measure.href(&part.scope, span),
            })
            .collect(),
    };
    let all: Vec<Row> = parts.iter().map(row).collect();
    let brought = |row: &Row| row.cells.iter().any(|cell| cell.reading.count > 0);
    let (rows, without): (Vec<Row>, Vec<Row>) = all.into_iter().partition(brought);
    Some(Table {
        title,
        first,
        headings,
        rows,
        without: without.len(),
    })
}

/// The parts of the ground, then the departments.
fn tables(read: &Read, allowed: &[Group], span: Span) -> Vec<Table> {
    let is_department = |p: &&Part| p.scope.kind == ScopeKind::Department;
    let (departments, ground): (Vec<&Part>, Vec<&Part>) =
        read.parts.iter().partition(is_department);
    let of_ground = match read.scope.kind {
        ScopeKind::City => ("各街道", "街道"),
        ScopeKind::Street => ("各社区", "社区"),
        ScopeKind::Community | ScopeKind::Grid | ScopeKind::Department => ("各网格", "网格"),
    };
    let of_departments = ("各部门", "部门");
    let ground = table(of_ground, &GROUND, &ground, (allowed, span));
    let departments = table(of_departments, &DEPARTMENTS, &departments, (allowed, span));
    ground.into_iter().chain(departments).collect()
}

/// The last twelve months, of the figures that the viewer may open.
fn year(read: &Read, allowed: &[Group], today: NaiveDate) -> Option<Year> {
    let first = queries::year_back(today);
    let months: Vec<Span> = (0..12)
        .map(|n| Span::month_of(first + Months::new(n)))
        .collect();
    let of_matters = [Figure::Filed, Figure::Solved];
    let of_whistles = [Figure::Sounded, Figure::Closed];
    let series = |figure: Figure| {
        let count = |span: &Span| {
            let same = |m: &&queries::Month| m.figure == figure && m.month == span.first;
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

async fn show(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let (read, span, errors) = read(&mut visit, &wish).await?;
    let today = visit.tx.today();
    let allowed = groups(&visit.me, read.scope.kind);
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

/// Exactly these figures as a file.
async fn sheet(mut visit: Visit, format: Format, Query(wish): Query<Wish>) -> Result<Response> {
    let (read, span, errors) = read(&mut visit, &wish).await?;
    errors.or(()).map_err(Error::Invalid)?;
    let today = visit.tx.today();
    let mut sheet = Sheet::new(format, ("figures", "数据"), columns(span, today))?;
    for group in groups(&visit.me, read.scope.kind) {
        for line in lines(&read, group, span) {
            sheet.row(&cells(&line, &read.scope, span))?;
        }
    }
    events::sheet(visit, sheet).await
}

fn columns(span: Span, today: NaiveDate) -> Vec<Column> {
    vec![
        Column::text("范围", 20),
        Column::text("时间", 26),
        Column::text("分类", 12),
        Column::text("指标", 18),
        Column::text("单位", 8),
        Column::number("数值"),
        Column::text("占比", 10),
        Column::number("其中分母"),
        Column::number(span.before_label(today)),
        Column::text(format!("{}占比", span.before_label(today)), 12),
        Column::number("上年同期"),
        Column::text("上年同期占比", 12),
        Column::text("口径", 60),
        Column::text("依据", 30),
    ]
}

fn cells(line: &Line, scope: &Scope, span: Span) -> Vec<Cell> {
    let d = line.definition;
    let now = line.now.reading;
    vec![
        scope.name.clone().into(),
        span.title().into(),
        d.group.label().into(),
        d.name.into(),
        d.unit.into(),
        now.count.into(),
        now.rate().into(),
        now.of.into(),
        line.before.count.into(),
        line.before.rate().into(),
        line.year.count.into(),
        line.year.rate().into(),
        d.meaning.into(),
        d.source.into(),
    ]
}
