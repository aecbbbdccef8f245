//! What the chain's pages show. Pure.

use std::borrow::Borrow;

use serde::Deserialize;

use crate::org::NodeId;

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
}
