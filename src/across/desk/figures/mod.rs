//! The leader's figures. Each is counted by the very condition of the list it opens.

pub(super) mod queries;

use super::model::Figure;
use queries::{City, Count};

use crate::work::matters::Stage as MatterStage;
use crate::work::whistles::Stage;

/// The strip of main figures.
pub(super) fn strip(city: &City) -> Vec<Figure> {
    let matters = |stage: &str| {
        city.matters
            .iter()
            .filter(|c| c.key == stage)
            .map(|c| c.count)
            .sum()
    };
    let solved: i64 = matters(MatterStage::Solved.code());
    let all: i64 = city.matters.iter().map(|c| c.count).sum();
    let open = all - solved - matters("rejected") - matters("merged");
    let figure = |name: &str, count, href: &str, compare: String| Figure {
        name: name.to_owned(),
        count,
        unit: "件",
        href: href.to_owned(),
        compare,
    };
    vec![
        figure(
            "在办哨单",
            city.whistles_open,
            "/whistles?stage=open&sounded=1",
            format!("共吹哨 {} 件", city.whistles),
        ),
        figure(
            "已办结哨单",
            city.whistles_closed,
            "/whistles?stage=closed",
            share(city.whistles_closed, city.whistles),
        ),
        figure(
            "在办事项",
            open,
            "/matters?stage=open",
            format!("共上报 {all} 件"),
        ),
        figure(
            "已解决事项",
            solved,
            "/matters?stage=solved",
            share(solved, all),
        ),
        figure(
            "街道以下解决",
            city.below_street,
            "/matters?solved=below_street",
            share(city.below_street, solved),
        ),
    ]
}

/// A share with its n, as `82%，共 120 件`.
pub(super) fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        "还没有".to_owned()
    } else {
        format!("{}%，共 {whole} 件", part * 100 / whole)
    }
}

/// The count at a key, or 0.
pub(super) fn at(counts: &[Count], key: &str, other: &str) -> i64 {
    counts
        .iter()
        .find(|c| c.key == key && c.other == other)
        .map_or(0, |c| c.count)
}

/// The stages of sounded whistles, in order.
pub(super) fn whistle_stages() -> Vec<Stage> {
    let before = [Stage::Draft, Stage::Requested, Stage::Approving];
    Stage::ALL
        .iter()
        .copied()
        .filter(|s| !before.contains(s))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_says_its_n() {
        assert_eq!(share(3, 4), "75%，共 4 件");
        assert_eq!(share(0, 0), "还没有");
    }
}
