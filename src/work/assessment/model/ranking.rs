//! Who stands where in a group: by the mean that few cases are drawn to.

use serde::{Deserialize, Serialize};

use super::{Case, Department, Exact, NoCases, Scheme, Score, Small, Ties, score};

/// A department with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The score.
    pub score: Score,
    /// The mean of all scores of its group.
    pub mean: Option<Exact>,
    /// The score after it was drawn to the mean.
    pub shrunk: Option<Exact>,
    /// The place; none if it is not ranked.
    pub place: Option<usize>,
    /// How many of its group are ranked.
    pub ranked: usize,
    /// The scheme calls its cases too few.
    pub is_small: bool,
}

/// The scores of all departments, group by group, each group by place; whoever is not ranked comes
/// last, by code.
pub(crate) fn standings(
    scheme: &Scheme,
    departments: &[Department],
    cases: &[Case],
) -> Vec<Standing> {
    let mut standings: Vec<Standing> = departments
        .iter()
        .map(|department| {
            let score = score(scheme, department, cases);
            Standing {
                is_small: scheme.is_small(score.n),
                score,
                mean: None,
                shrunk: None,
                place: None,
                ranked: 0,
            }
        })
        .collect();
    standings.sort_by(|a, b| key(a).cmp(&key(b)));
    for group in standings.chunk_by_mut(|a, b| a.score.group == b.score.group) {
        draw_to_the_mean(scheme, group);
        place(scheme, group);
        group.sort_by_key(|s| (s.place.is_none(), s.place, s.score.department.code.clone()));
    }
    standings
}

fn key(standing: &Standing) -> (i16, &str) {
    (standing.score.group, &standing.score.department.code)
}

fn draw_to_the_mean(scheme: &Scheme, group: &mut [Standing]) {
    let totals: Vec<Exact> = group.iter().filter_map(|s| s.score.total.clone()).collect();
    if totals.is_empty() {
        return;
    }
    let mean = totals.iter().cloned().sum::<Exact>() / Exact::count(totals.len());
    let k = Exact::whole(scheme.shrink_n.into());
    for standing in group {
        let n = Exact::count(standing.score.n);
        let whole = &n + &k;
        standing.mean = Some(mean.clone());
        standing.shrunk = standing.score.total.as_ref().map(|total| {
            let drawn = &(&n * total) + &(&k * &mean);
            &drawn / &whole
        });
    }
}

fn is_ranked(scheme: &Scheme, standing: &Standing) -> bool {
    let few = standing.is_small && scheme.small == Small::Unranked;
    let unrated = standing.score.is_unrated() && scheme.no_cases == NoCases::Unranked;
    standing.shrunk.is_some() && !few && !unrated
}

/// Whether one goes before the other, and not beside it.
fn goes_before(ties: Ties, one: &Standing, other: &Standing) -> bool {
    match ties {
        Ties::Same => one.shrunk > other.shrunk,
        Ties::MoreCases => (&one.shrunk, one.score.n) > (&other.shrunk, other.score.n),
    }
}

/// A place is one more than how many go before: equals share it, and the next is left out.
fn place(scheme: &Scheme, group: &mut [Standing]) {
    let ranked: Vec<Standing> = group
        .iter()
        .filter(|s| is_ranked(scheme, s))
        .cloned()
        .collect();
    for standing in group.iter_mut() {
        standing.ranked = ranked.len();
        if is_ranked(scheme, standing) {
            let before = ranked
                .iter()
                .filter(|r| goes_before(scheme.ties, r, standing));
            standing.place = Some(before.count() + 1);
        }
    }
}
