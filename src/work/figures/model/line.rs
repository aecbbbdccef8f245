//! The figures of a part of the city, line by line, as the page, its file and a report show them.

use super::catalogue::{CATALOGUE, Definition, Group};
use super::part::{Read, Shown};
use super::reading::{Reading, When};
use super::scope::ScopeKind;
use super::span::Span;
use crate::org::access::PostKind;

/// One figure of the catalogue with what it is compared with.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which figure.
    pub definition: &'static Definition,
    /// What it is, with its list.
    pub now: Shown,
    /// What it was in the span before.
    pub before: Reading,
    /// What it was a year before.
    pub year: Reading,
}

/// The groups whose lists a post may open, in such a part.
pub fn groups(post: PostKind, kind: ScopeKind) -> Vec<Group> {
    let all = Group::ALL.into_iter();
    all.filter(|g| g.covers(kind) && post.may(g.needs()))
        .collect()
}

/// The figures of a group.
pub fn lines(read: &Read, group: Group, span: Span) -> Vec<Line> {
    let of_group = CATALOGUE.iter().filter(|d| d.group == group);
    let line = |definition: &'static Definition| Line {
        definition,
        now: Shown {
            reading: read.sums.read(definition.measure, When::Now),
            href: definition.measure.href(&read.scope, span),
        },
        before: read.sums.read(definition.measure, When::Before),
        year: read.sums.read(definition.measure, When::Year),
    };
    of_group.map(line).collect()
}
