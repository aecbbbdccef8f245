//! The parts side by side: by what they are compared, and how the page shows them.

use super::super::model::{Figure, Group, Measure, Part, Read, ScopeKind, Shown, Span};

/// A column by which parts are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heading {
    pub(super) name: &'static str,
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

/// Parts of one kind, side by side.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) title: &'static str,
    pub(super) first: &'static str,
    pub(super) headings: Vec<Heading>,
    pub(super) rows: Vec<Row>,
    /// Parts of which nothing was counted.
    pub(super) without: usize,
}

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) cells: Vec<Shown>,
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
        href: part.scope.page("/figures", span),
        cells: headings
            .iter()
            .map(|h| part.shown(h.measure, span))
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
pub(super) fn tables(read: &Read, allowed: &[Group], span: Span) -> Vec<Table> {
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
