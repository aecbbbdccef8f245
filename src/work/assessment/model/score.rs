//! The score of a department: component, item, sample. Exact, and independent of any order.
//!
//! An item's rate is the weighted mean of its samples, however few: below the minimum it is marked
//! as 样本不足, and the ranking draws the department to the mean. A threshold in the value itself
//! would let a late case raise a score, by making an item count that did not count before. Only
//! where there is no sample at all do points go to the other items of the component, in
//! proportion; an empty component gives its points to the others in the same way.

use serde::{Deserialize, Serialize};

use super::{Case, Component, Department, Exact, Item, Sample, Scheme, Subject};

/// One item of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemScore {
    /// Which.
    pub item: Item,
    /// How many samples.
    pub n: usize,
    /// The sum of their weights.
    pub weight: Exact,
    /// The sum of weight times value.
    pub got: Exact,
    /// The points of the scheme.
    pub points: Exact,
    /// The points it has after those of empty items were given on.
    pub worth: Exact,
    /// What it brings.
    pub score: Exact,
}

impl ItemScore {
    /// From 0 to 1; none without samples.
    pub fn rate(&self) -> Option<Exact> {
        (self.n > 0 && !self.weight.is_zero()).then(|| &self.got / &self.weight)
    }

    /// What it costs.
    pub fn lost(&self) -> Exact {
        &self.worth - &self.score
    }
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentScore {
    /// Which.
    pub component: Component,
    /// The points of the scheme.
    pub points: Exact,
    /// The points it has after those of empty parts were given on.
    pub worth: Exact,
    /// What it brings.
    pub score: Exact,
    /// Its items.
    pub items: Vec<ItemScore>,
}

impl ComponentScore {
    /// The item that is taken apart by kind, if it is here.
    pub fn rating(&self) -> Option<&ItemScore> {
        self.items.iter().find(|i| i.item == Item::Rating)
    }

    /// Whether anything was counted in it.
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(|i| i.n == 0)
    }

    /// What it costs.
    pub fn lost(&self) -> Exact {
        &self.worth - &self.score
    }
}

/// The score of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Whose.
    pub department: Department,
    /// Its group in the scheme.
    pub group: i16,
    /// Cases that something was counted of.
    pub n: usize,
    /// The three parts.
    pub components: Vec<ComponentScore>,
    /// The sum; none if nothing was counted.
    pub total: Option<Exact>,
}

impl Score {
    /// One part.
    pub fn of(&self, component: Component) -> Option<&ComponentScore> {
        self.components.iter().find(|c| c.component == component)
    }

    /// One item.
    pub fn item(&self, item: Item) -> Option<&ItemScore> {
        let mut items = self.components.iter().flat_map(|c| &c.items);
        items.find(|i| i.item == item)
    }

    /// Whether nobody rated it: neither the street nor a resident.
    pub fn is_unrated(&self) -> bool {
        let judged = |c: &&ComponentScore| c.component != Component::Objective;
        self.components
            .iter()
            .filter(judged)
            .all(ComponentScore::is_empty)
    }
}

/// The score of one department from its cases, in whatever order they come.
pub(crate) fn score(scheme: &Scheme, department: &Department, cases: &[Case]) -> Score {
    let own = cases.iter().filter(|c| c.department == department.id);
    let samples: Vec<Vec<Sample>> = own.map(|case| case.samples(scheme)).collect();
    let n = samples.iter().filter(|of| !of.is_empty()).count();
    let all: Vec<Sample> = samples.into_iter().flatten().collect();
    let mut components: Vec<ComponentScore> = Component::ALL
        .into_iter()
        .map(|component| gathered(scheme, component, &all))
        .collect();
    share_out(&mut components);
    let total = (n > 0).then(|| components.iter().map(|c| c.score.clone()).sum());
    Score {
        department: department.clone(),
        group: scheme.group_of(department),
        n,
        components,
        total,
    }
}

/// The samples of a part, added up by item; nothing is worth anything yet.
fn gathered(scheme: &Scheme, component: Component, all: &[Sample]) -> ComponentScore {
    let item = |item: Item| {
        let of = || all.iter().filter(move |s| s.item == item);
        ItemScore {
            item,
            n: of().count(),
            weight: of().map(|s| s.weight.clone()).sum(),
            got: of().map(|s| &s.weight * &s.value).sum(),
            points: scheme.points(item),
            worth: Exact::default(),
            score: Exact::default(),
        }
    };
    ComponentScore {
        component,
        points: scheme.points_of(component),
        worth: Exact::default(),
        score: Exact::default(),
        items: Item::of(component).map(item).collect(),
    }
}

/// Gives the points of what is empty to what is not, in proportion, and scores every item.
fn share_out(components: &mut [ComponentScore]) {
    let counted = |c: &ComponentScore| c.items.iter().any(|i| i.n > 0 && !i.points.is_zero());
    let filled: Exact = components
        .iter()
        .filter(|c| counted(c))
        .map(|c| c.points.clone())
        .sum();
    let hundred: Exact = components.iter().map(|c| c.points.clone()).sum();
    for component in components.iter_mut().filter(|c| counted(c)) {
        component.worth = &(&hundred * &component.points) / &filled;
        let there = component.items.iter().filter(|i| i.n > 0);
        let there: Exact = there.map(|i| i.points.clone()).sum();
        for item in component.items.iter_mut().filter(|i| i.n > 0) {
            item.worth = &(&component.worth * &item.points) / &there;
            item.score = item.rate().unwrap_or_default() * item.worth.clone();
        }
        component.score = component.items.iter().map(|i| i.score.clone()).sum();
    }
}

/// The ratings of one kind: how many, their mean, what they cost.
#[derive(Clone, Debug)]
pub(crate) struct OfSubject {
    /// Which kind.
    pub subject: Subject,
    /// How many.
    pub n: usize,
    /// From 1 to 5.
    pub mean: Exact,
    /// Its share of what the item costs.
    pub lost: Exact,
}

/// The rating item taken apart by kind.
pub(crate) fn by_subject(scheme: &Scheme, item: &ItemScore, cases: &[&Case]) -> Vec<OfSubject> {
    let of = |subject: &Subject| {
        let rated = cases
            .iter()
            .filter(|c| c.subject == *subject && !c.relieved)
            .filter(|c| c.exempted_from(Item::Rating).is_none());
        let means: Vec<Exact> = rated.filter_map(|c| c.mean()).collect();
        if means.is_empty() || item.weight.is_zero() {
            return None;
        }
        let (n, weight) = (means.len(), scheme.weight(*subject));
        let sum: Exact = means.into_iter().sum();
        let short = Exact::count(n * 5) - sum.clone();
        let share = weight * short / Exact::whole(5) / item.weight.clone();
        Some(OfSubject {
            subject: *subject,
            n,
            mean: sum / Exact::count(n),
            lost: item.worth.clone() * share,
        })
    };
    Subject::ALL.iter().filter_map(of).collect()
}
