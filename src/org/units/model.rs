//! What the chain's pages show: the tree, what lies below a place, the day looked at. Pure.

use std::borrow::Borrow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::base::words;
use crate::org::NodeId;
use crate::org::access::{Level, PostKind};

/// One line of the organisation tree, as `chain_tree` brings them: flat, in display order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TreeNode {
    /// The node.
    pub id: NodeId,
    /// Its code.
    pub code: String,
    /// Its administrative name.
    pub name: String,
    /// How deep it stands; 0 is the top.
    pub depth: i32,
    /// Whether anything lies below it.
    pub has_children: bool,
    /// Whether what lies below it is shown.
    pub open: bool,
    /// Whether it is the node looked at.
    pub current: bool,
    /// Matters still open at it or below.
    pub count: i64,
}

/// The open matters of all top nodes together.
pub fn total(nodes: &[TreeNode]) -> i64 {
    let tops = nodes.iter().filter(|n| n.depth == 0);
    tops.map(|n| n.count).sum()
}

/// What follows the line at `index` when the flat list is drawn as nested lists: a deeper line
/// (-1), one beside it (0), or the end of so many lists.
pub fn unclosed_after(nodes: &[TreeNode], index: impl Borrow<usize>) -> i32 {
    let index = *index.borrow();
    let depth = |i: usize| nodes.get(i).map_or(0, |n| n.depth);
    depth(index) - depth(index + 1)
}

/// Kinds of departments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Serialize, Deserialize)]
#[sqlx(type_name = "department_kind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DepartmentKind {
    /// 委办局
    Bureau,
    /// 双管单位
    Vertical,
    /// 公用企业
    Utility,
}

impl DepartmentKind {
    /// Every kind, in the order of the page.
    pub const ALL: [DepartmentKind; 3] = [Self::Bureau, Self::Vertical, Self::Utility];

    /// The stored word, also used in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bureau => "bureau",
            Self::Vertical => "vertical",
            Self::Utility => "utility",
        }
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bureau => "委办局",
            Self::Vertical => "双管单位",
            Self::Utility => "公用企业",
        }
    }
}

/// The day whose holders a page shows (看哪一天).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AsOf {
    /// The day shown; today if what was typed is no day.
    pub(super) day: NaiveDate,
    /// What stands in the field.
    pub(super) typed: String,
    /// What is wrong with it, or nothing.
    pub(super) wrong: &'static str,
    /// Whether the day is today.
    pub(super) is_today: bool,
}

impl AsOf {
    /// Reads a typed day; nothing typed is today.
    pub(super) fn read(typed: &str, today: NaiveDate) -> Self {
        const FORM: &str = "日期写成 2026-11-23 这样，并且要有这一天。";
        let typed = typed.trim();
        let written = NaiveDate::parse_from_str(typed, "%Y-%m-%d")
            .ok()
            .filter(|day| words::day(day) == typed);
        let (day, wrong) = match written {
            _ if typed.is_empty() => (today, ""),
            None => (today, FORM),
            Some(day) if day > today => (today, "这一天还没到，只能看今天和以前。"),
            Some(day) if day < founding() => (today, "只能看 1949-10-01 以后的日子。"),
            Some(day) => (day, ""),
        };
        let shown = if typed.is_empty() {
            words::day(day)
        } else {
            typed.chars().take(20).collect()
        };
        Self {
            day,
            typed: shown,
            wrong,
            is_today: day == today,
        }
    }

    /// What links add so that the day stays.
    pub(super) fn suffix(&self) -> String {
        if self.is_today {
            String::new()
        } else {
            format!("?day={}", words::day(self.day))
        }
    }
}

/// No office is older.
fn founding() -> NaiveDate {
    NaiveDate::from_ymd_opt(1949, 10, 1).unwrap_or(NaiveDate::MIN)
}

/// A node by name.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: NodeId,
    pub(super) name: String,
    pub(super) party_name: String,
}

/// A node of the chain with both faces.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) level: Level,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) party_name: String,
    pub(super) households: Option<i32>,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) is_sample: bool,
    /// What it was made of.
    pub(super) predecessors: Vec<Named>,
    /// What became of it.
    pub(super) successors: Vec<Named>,
    /// To which node its open work went.
    pub(super) heir: Option<Named>,
    /// From the street down to the parent.
    pub(super) above: Vec<Named>,
    /// What it was called before, the oldest first.
    pub(super) earlier: Vec<Earlier>,
}

/// What a node was called until (not including) a day.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Earlier {
    to_day: NaiveDate,
    pub(super) name: String,
    pub(super) party_name: String,
}

impl Earlier {
    /// The last day on which it was called so.
    pub(super) fn last_day(&self) -> String {
        words::day(self.to_day.pred_opt().unwrap_or(self.to_day))
    }
}

impl Node {
    /// Whether the node stands on a day.
    pub(super) fn stands_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| to > day)
    }

    /// Calls it as it was called on a day.
    pub(super) fn called_on(&mut self, day: NaiveDate) {
        if let Some(then) = self.earlier.iter().find(|e| e.to_day > day) {
            self.name.clone_from(&then.name);
            self.party_name.clone_from(&then.party_name);
        }
    }
}

/// A matter that has not ended, in a node's short list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct OpenMatter {
    pub(super) id: uuid::Uuid,
    pub(super) title: String,
    pub(super) stage: OpenStage,
    pub(super) waiting_since: DateTime<Utc>,
    pub(super) place: String,
    /// How many there are altogether.
    pub(super) total: i64,
}

/// The stages in which a matter has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OpenStage {
    Filed,
    Accepted,
    Raised,
    Whistled,
}

impl OpenStage {
    /// What the chip says.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Filed => "待受理",
            Self::Accepted => "处置中",
            Self::Raised => "待街道分拣",
            Self::Whistled => "已吹哨",
        }
    }
}

/// The post that leads a node's administrative face. A community's own is led by nobody apart
/// from its secretary, so its workers stand there.
pub(super) fn chief_of(level: Level) -> PostKind {
    match level {
        Level::Street => PostKind::StreetDeputy,
        Level::Community => PostKind::CommunityWorker,
        Level::Grid => PostKind::GridChief,
        Level::Building => PostKind::BuildingChief,
        Level::Unit => PostKind::UnitChief,
    }
}

/// The post that leads a node's party face.
pub(super) fn party_head_of(level: Level) -> PostKind {
    match level {
        Level::Street => PostKind::StreetSecretary,
        Level::Community => PostKind::CommunitySecretary,
        Level::Grid => PostKind::GridSecretary,
        Level::Building => PostKind::BuildingLeader,
        Level::Unit => PostKind::UnitHousehold,
    }
}

/// The level below.
pub(super) fn below(level: Level) -> Option<Level> {
    Level::try_from(i16::from(level) + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(depth: i32, count: i64) -> TreeNode {
        TreeNode {
            id: NodeId(uuid::Uuid::nil()),
            code: String::new(),
            name: String::new(),
            depth,
            has_children: false,
            open: false,
            current: false,
            count,
        }
    }

    #[test]
    fn a_flat_tree_knows_where_its_lists_end() {
        let nodes = [line(0, 3), line(1, 2), line(2, 1), line(0, 4)];
        assert_eq!(total(&nodes), 7);
        let ends: Vec<i32> = (0..nodes.len())
            .map(|i| unclosed_after(&nodes, i))
            .collect();
        assert_eq!(ends, [-1, -1, 2, 0]);
    }

    #[test]
    fn a_tree_that_ends_deep_is_closed_to_the_top() {
        let nodes = [line(0, 1), line(1, 1), line(2, 1)];
        assert_eq!(unclosed_after(&nodes, 2), 2);
    }

    #[test]
    fn only_a_day_that_was_is_a_day_to_look_at() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let read = |typed| AsOf::read(typed, today);
        assert!(read("").is_today && read("2026-11-23").is_today);
        assert_eq!(read(" 2024-02-29 ").suffix(), "?day=2024-02-29");
        for wrong in [
            "2025-02-29",
            "2026-11-24",
            "2026-1-3",
            "1900-01-01",
            "+12026-01-01",
            "昨天",
        ] {
            assert!(!read(wrong).wrong.is_empty(), "{wrong}");
            assert_eq!(read(wrong).day, today);
            assert_eq!(read(wrong).typed, wrong);
        }
    }
}
