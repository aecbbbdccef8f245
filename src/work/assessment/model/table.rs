//! The ranking as a table: what the command and the export give.

use super::{Assessed, Component, Exact, Item, Standing};

/// The columns: how a program calls each, and what people read above it.
pub const HEAD: [(&str, &str); 21] = [
    ("code", "部门代码"),
    ("name", "部门"),
    ("group", "考核组"),
    ("score", "得分"),
    ("shown", "公布得分"),
    ("street", "街道评价"),
    ("residents", "群众评价"),
    ("objective", "客观情况"),
    ("rating", "街道评价分项"),
    ("responded", "响应"),
    ("solved", "解决"),
    ("satisfied", "满意"),
    ("sign", "按时签收"),
    ("report", "按时报到"),
    ("close", "按时办结"),
    ("first_check", "一次核查通过"),
    ("returns", "退回成立"),
    ("cases", "件数"),
    ("shrunk", "靠拢后"),
    ("place", "名次"),
    ("small", "说明"),
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
