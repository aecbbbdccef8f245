//! What is frozen, how it is written down so that anybody can check it, and what has changed since.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Case, Component, Exact, Item, Period, Scheme, Standing};

/// Scheme, inputs and scores of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The city.
    pub city: String,
    /// The period.
    pub period: Period,
    /// Facts recorded later did not count.
    pub locked_at: DateTime<Utc>,
    /// The rules.
    pub scheme: Scheme,
    /// The inputs.
    pub cases: Vec<Case>,
    /// The scores with their places.
    pub standings: Vec<Standing>,
}

impl Snapshot {
    /// As canonical JSON: names of fields in order, no spaces, cases and departments in the order in
    /// which they stand. And its SHA-256, in hexadecimal.
    pub fn written(&self) -> anyhow::Result<(String, String)> {
        // A value keeps its fields in a sorted map, so the order of declaration does not matter.
        let content = serde_json::to_value(self)?.to_string();
        let digest = digest(&content);
        Ok((content, digest))
    }
}

/// The SHA-256 of a text, in hexadecimal.
pub(crate) fn digest(content: &str) -> String {
    let bytes = Sha256::digest(content.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `3f9a 71c2`
pub(crate) fn short_digest(digest: &str) -> String {
    let part = |from: usize| digest.get(from..from + 4).unwrap_or_default();
    format!("{} {}", part(0), part(4))
}

/// An item that would come out differently by what is known today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which item.
    pub item: Item,
    /// Samples and score as frozen.
    pub frozen: (usize, Exact),
    /// Samples and score by today's facts.
    pub now: (usize, Exact),
}

/// What differs between a frozen score and the same score by today's facts.
pub(crate) fn corrections(frozen: &Standing, now: &Standing) -> Vec<Correction> {
    let items = Component::ALL.into_iter().flat_map(Item::of);
    let differing = items.filter_map(|item| {
        let (old, new) = (frozen.score.item(item)?, now.score.item(item)?);
        let same = old.n == new.n && old.got == new.got && old.weight == new.weight;
        (!same).then(|| Correction {
            item,
            frozen: (old.n, old.score.clone()),
            now: (new.n, new.score.clone()),
        })
    });
    differing.collect()
}
