//! The ranking as a table: what the command and the export give.

use super::{Assessed, Component, Exact, Item, Standing};

/// The names of the columns, as a program reads them.
pub const HEAD: [&str; 21] = [
    "code",
    "name",
    "group",
    "score",
    "shown",
    "street",
    "residents",
    "objective",
    "rating",
    "responded",
    "solved",
    "satisfied",
    "sign",
    "report",
    "close",
    "first_check",
    "returns",
    "cases",
    "shrunk",
    "place",
    "small",
];

/// A row for each department, in the order of the page. Scores have four places, `shown` one; what
/// has no sample is empty.
pub fn rows(assessed: &Assessed) -> Vec<Vec<String>> {
    assessed
        .standings
        .iter()
        .map(|s| row(assessed, s))
        .collect()
}

fn row(assessed: &Assessed, standing: &Standing) -> Vec<String> {
    let score = &standing.score;
    let four = |exact: Option<&Exact>| exact.map(|e| e.decimal(4)).unwrap_or_default();
    let group = assessed
        .scheme
        .groups
        .iter()
        .find(|g| g.position == score.group);
    let mut row = vec![
        score.department.code.clone(),
        score.department.name.clone(),
        group.map(|g| g.name.clone()).unwrap_or_default(),
        four(score.total.as_ref()),
        score
            .total
            .as_ref()
            .map(|t| t.decimal(1))
            .unwrap_or_default(),
    ];
    for component in Component::ALL {
        let counted = score.of(component).filter(|c| !c.is_empty());
        row.push(four(counted.map(|c| &c.score)));
    }
    for item in Item::ALL {
        let counted = score.item(*item).filter(|i| i.n > 0);
        row.push(four(counted.map(|i| &i.score)));
    }
    row.push(score.n.to_string());
    row.push(four(standing.shrunk.as_ref()));
    row.push(standing.place.map(|p| p.to_string()).unwrap_or_default());
    let small = match score.n {
        0 => "无事项",
        _ if standing.is_small => "样本不足",
        _ => "",
    };
    row.push(small.to_owned());
    row
}
