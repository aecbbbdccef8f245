//! What two versions of the limits say, and in what they differ.

use serde::{Deserialize, Serialize};

use super::{Rule, Rules, Stage, Value};
use crate::org::calendar::Limit;
use crate::work::whistles::Kind;

/// The limit of one stage of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct OfKind {
    pub(in super::super) kind: Kind,
    pub(in super::super) stage: Stage,
    pub(in super::super) limit: Limit,
}

/// A class of matters, with its limit if it has one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct OfClass {
    pub(in super::super) code: String,
    pub(in super::super) family: String,
    pub(in super::super) major: String,
    pub(in super::super) name: String,
    pub(in super::super) limit: Option<Limit>,
}

/// All limits of a version as it is made.
#[derive(Clone, Debug)]
pub(in super::super) struct NewLimits {
    pub(in super::super) kinds: Vec<OfKind>,
    /// The classes that have a limit, by code.
    pub(in super::super) classes: Vec<(String, Limit)>,
    pub(in super::super) rules: Vec<(Rule, Value)>,
}

/// One limit that is other than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Difference {
    /// What is limited: `日常哨签收`.
    pub(in super::super) what: String,
    pub(in super::super) before: String,
    pub(in super::super) after: String,
}

/// What a class without a limit says.
pub(super) const NONE: &str = "不设时限";
/// The record names so many and counts the others.
const NAMED: usize = 20;

/// What is other than in the version before: kinds, then rules, then classes.
pub(in super::super) fn differences(
    kinds: &[OfKind],
    classes: &[OfClass],
    rules: &Rules,
    new: &NewLimits,
) -> Vec<Difference> {
    let of_kinds = kinds.iter().filter_map(|held| {
        let same = |l: &&OfKind| l.kind == held.kind && l.stage == held.stage;
        let after = new.kinds.iter().find(same)?.limit;
        let what = format!("{}{}", held.kind.label(), held.stage.label());
        (after != held.limit).then(|| difference(what, held.limit.words(), after.words()))
    });
    let of_rules = new.rules.iter().filter_map(|(rule, value)| {
        let is_other = rules.of(*rule) != *value;
        is_other.then(|| {
            difference(
                rule.label().to_owned(),
                rules.words(*rule),
                rule.says(*value),
            )
        })
    });
    let of_classes = classes.iter().filter_map(|class| {
        let after = new.classes.iter().find(|(code, _)| *code == class.code);
        let after = after.map(|(_, limit)| *limit);
        let words = |limit: Option<Limit>| limit.map_or(NONE.to_owned(), Limit::words);
        let what = format!("{} {}", class.code, class.name);
        (after != class.limit).then(|| difference(what, words(class.limit), words(after)))
    });
    of_kinds.chain(of_rules).chain(of_classes).collect()
}

fn difference(what: String, before: String, after: String) -> Difference {
    Difference {
        what,
        before,
        after,
    }
}

/// What the record says of the differences: `日常哨签收由 4 工作时 改为 2 工作时`.
pub(in super::super) fn told(changes: &[Difference]) -> String {
    let named = changes.iter().take(NAMED);
    let named: Vec<String> = named
        .map(|d| format!("{}由 {} 改为 {}", d.what, d.before, d.after))
        .collect();
    let rest = changes.len().saturating_sub(NAMED);
    match rest {
        0 => named.join("；"),
        n => format!("{}；另有 {n} 项", named.join("；")),
    }
}
