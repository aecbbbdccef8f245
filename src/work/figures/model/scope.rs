//! Of which part of the city a figure is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::span::Span;
use crate::base::form::address;
use crate::base::words;

/// How wide a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// 全市
    City,
    /// 街道
    Street,
    /// 社区
    Community,
    /// 网格
    Grid,
    /// 部门
    Department,
}

impl ScopeKind {
    /// The kind of a node with this code; none below the grid, of which nothing is counted by itself.
    pub fn of_code(code: &str) -> Option<Self> {
        let all_figures = code.bytes().all(|b| b.is_ascii_digit());
        match code.len() {
            0 => Some(Self::City),
            9 if all_figures => Some(Self::Street),
            12 if all_figures => Some(Self::Community),
            15 if all_figures => Some(Self::Grid),
            _ => None,
        }
    }

    /// The kind of a part by the key under which it is counted: of a node as above, else of a
    /// department.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::of_code(key).or_else(|| key.parse::<Uuid>().is_ok().then_some(Self::Department))
    }

    /// The kind of a part of the city, if it is one's own or within it; both by their keys.
    pub fn within(own: &str, key: &str) -> Option<Self> {
        let kind = Self::of_key(key)?;
        let is_within = match kind {
            Self::Department => own.is_empty() || own == key,
            Self::City | Self::Street | Self::Community | Self::Grid => key.starts_with(own),
        };
        is_within.then_some(kind)
    }

    /// The level of its nodes' parts; none where figures go no deeper.
    pub fn level_below(self) -> Option<i16> {
        match self {
            Self::City => Some(1),
            Self::Street => Some(2),
            Self::Community => Some(3),
            Self::Grid | Self::Department => None,
        }
    }
}

/// A part of the city with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// How wide.
    pub kind: ScopeKind,
    /// As the counts name it: nothing, a node's code, or a department's id.
    pub key: String,
    /// The id of the node or department.
    pub id: Option<Uuid>,
    /// What it is called.
    pub name: String,
}

impl Scope {
    /// The whole city.
    pub fn city(name: &str) -> Self {
        Self {
            kind: ScopeKind::City,
            key: String::new(),
            id: None,
            name: name.to_owned(),
        }
    }

    /// The fields of an address that narrow a list of matters to it.
    pub(super) fn of_matters(&self) -> Vec<(&'static str, String)> {
        match self.kind {
            ScopeKind::City | ScopeKind::Department => Vec::new(),
            ScopeKind::Street | ScopeKind::Community | ScopeKind::Grid => {
                vec![("place", self.key.clone())]
            }
        }
    }

    /// The same of whistles, which know a street by its code and what is below it by its id.
    pub(super) fn of_whistles(&self) -> Vec<(&'static str, String)> {
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        match self.kind {
            ScopeKind::City => Vec::new(),
            ScopeKind::Street => vec![("street", self.key.clone())],
            ScopeKind::Community | ScopeKind::Grid => vec![("place", id)],
            ScopeKind::Department => vec![("department", id)],
        }
    }

    /// Its own page of figures, or the file of the same.
    pub fn page(&self, path: &str, span: Span) -> String {
        let days = [
            ("from", words::day(span.first)),
            ("to", words::day(span.last)),
        ];
        address(path, days.into_iter().chain(self.fields()))
    }

    /// The fields of the address of its own page of figures.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self.kind {
            ScopeKind::City => Vec::new(),
            ScopeKind::Street | ScopeKind::Community | ScopeKind::Grid => {
                vec![("place", self.key.clone())]
            }
            ScopeKind::Department => vec![("department", self.key.clone())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sees_what_is_within_ones_own() {
        const STREET: &str = "220882001";
        const GRID: &str = "220882001001001";
        const WATER: &str = "0192f0c1-0000-7000-8000-000000000001";
        let cases = [
            ("", "", Some(ScopeKind::City)),
            ("", STREET, Some(ScopeKind::Street)),
            ("", WATER, Some(ScopeKind::Department)),
            (STREET, STREET, Some(ScopeKind::Street)),
            (STREET, GRID, Some(ScopeKind::Grid)),
            (STREET, "", None),
            (STREET, "220882002", None),
            (STREET, WATER, None),
            (GRID, STREET, None),
            (WATER, WATER, Some(ScopeKind::Department)),
            (WATER, "", None),
            (WATER, STREET, None),
            ("", "22088200", None),
            ("", "全市", None),
        ];
        for (own, key, kind) in cases {
            assert_eq!(ScopeKind::within(own, key), kind, "{own} {key}");
        }
    }
}
