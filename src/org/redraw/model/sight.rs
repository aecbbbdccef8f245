//! What stands at the nodes that are to be changed, as the page shows it before anything is done.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::org::NodeId;
use crate::org::access::Level;

/// A node by name.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Named {
    pub(in super::super) id: Uuid,
    pub(in super::super) name: String,
    /// Its party name, where it matters that no other has it.
    #[serde(default)]
    pub(in super::super) party_name: String,
}

/// One of a node's own posts and who holds it, or will.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Standing {
    pub(in super::super) title: String,
    pub(in super::super) name: Option<String>,
}

/// A node that is to be changed.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Root {
    pub(in super::super) id: NodeId,
    pub(in super::super) level: Level,
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    pub(in super::super) party_name: String,
    pub(in super::super) households: Option<i32>,
    pub(in super::super) longitude: Option<f64>,
    pub(in super::super) latitude: Option<f64>,
    pub(in super::super) valid_to: Option<NaiveDate>,
    pub(in super::super) version: i32,
    pub(in super::super) parent: Option<Named>,
    /// The living nodes directly below, in the order of codes.
    pub(in super::super) children: Vec<Named>,
    /// Living nodes below it altogether.
    pub(in super::super) below: i64,
    /// Its own posts that stand.
    pub(in super::super) own: Vec<Standing>,
    /// Posts at and below it.
    pub(in super::super) posts: i64,
    /// Of these, how many somebody holds or will hold.
    pub(in super::super) held: i64,
    /// Open matters at and below it.
    pub(in super::super) matters: i64,
    /// Open whistles at and below it.
    pub(in super::super) whistles: i64,
    /// Uses of the five powers that are not over; only a street has them.
    pub(in super::super) exercises: i64,
    /// Tasks of the plan and rectification items for which it answers; only a street has them.
    pub(in super::super) tasks: i64,
}

impl Root {
    /// Matters and whistles that are open there.
    pub(in super::super) fn open(&self) -> i64 {
        self.matters + self.whistles
    }

    /// Who holds its own posts: `网格长 朱军、网格党支部书记 空缺`.
    pub(in super::super) fn holders(&self) -> String {
        let each = self.own.iter().map(|s| {
            let name = s.name.as_deref().unwrap_or("空缺");
            format!("{} {name}", s.title)
        });
        each.collect::<Vec<_>>().join("、")
    }

    /// The names directly below, at most eight of them.
    pub(in super::super) fn children_named(&self) -> String {
        let shown: Vec<&str> = self
            .children
            .iter()
            .take(8)
            .map(|c| c.name.as_str())
            .collect();
        let more = if self.children.len() > 8 { "等" } else { "" };
        format!("{}{more}", shown.join("、"))
    }
}

/// Who may take work over.
#[derive(Clone, Debug)]
pub(in super::super) struct Lead {
    pub(in super::super) id: Uuid,
    pub(in super::super) name: String,
    /// Whether it is the one above.
    is_parent: bool,
}

impl Lead {
    /// How the form offers it.
    pub(in super::super) fn label(&self) -> String {
        if self.is_parent {
            format!("{}（上级直接管）", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// All nodes that are to be changed together, and those beside them.
#[derive(Clone, Debug)]
pub(in super::super) struct Sight {
    pub(in super::super) roots: Vec<Root>,
    /// The living ones with the same parent.
    pub(in super::super) siblings: Vec<Named>,
    /// What stood there when the page was drawn, condensed.
    pub(in super::super) seen: String,
}

impl Sight {
    /// The node whose page it is.
    pub(in super::super) fn first(&self, id: NodeId) -> Option<&Root> {
        self.roots.iter().find(|r| r.id == id)
    }

    /// Open matters and whistles at all of them.
    pub(in super::super) fn open(&self) -> i64 {
        self.roots.iter().map(Root::open).sum()
    }

    /// Their names: `城南社区、城北社区`.
    pub(in super::super) fn names(&self) -> String {
        let names: Vec<&str> = self.roots.iter().map(|r| r.name.as_str()).collect();
        names.join("、")
    }

    /// `在办事项 2 件、哨单 1 件`, or that there are none.
    pub(in super::super) fn open_words(&self) -> String {
        let sum = |of: fn(&Root) -> i64| self.roots.iter().map(of).sum::<i64>();
        let (matters, whistles) = (sum(|r| r.matters), sum(|r| r.whistles));
        if matters + whistles == 0 {
            "没有在办的事项和哨单".to_owned()
        } else {
            format!("在办事项 {matters} 件、哨单 {whistles} 件")
        }
    }

    /// Which of these names one beside them has already.
    pub(in super::super) fn taken(&self, names: [&str; 2]) -> Option<&str> {
        let has =
            |s: &Named| names.contains(&s.name.as_str()) || names.contains(&s.party_name.as_str());
        let beside = self.siblings.iter().find(|s| has(s))?;
        Some(if names.contains(&beside.name.as_str()) {
            &beside.name
        } else {
            &beside.party_name
        })
    }

    /// Why nothing may be done with them: what only a street answers for and nobody could take over.
    pub(in super::super) fn stands_in_the_way(&self) -> Option<String> {
        let street = self.roots.iter().find(|r| r.exercises + r.tasks > 0)?;
        let mut parts = Vec::new();
        if street.exercises > 0 {
            parts.push(format!(
                "五项权力 {} 件没有办完（在“五项权力”里由这个街道或部门办完）",
                street.exercises
            ));
        }
        if street.tasks > 0 {
            parts.push(format!(
                "三年计划任务、整改事项 {} 项还由它负责（请市治理办先了结或终止）",
                street.tasks
            ));
        }
        Some(format!(
            "{}还有{}，现在不能变动。",
            street.name,
            parts.join("；")
        ))
    }

    /// Who may take over the open work of a node that is closed: the others of its parent, or below a
    /// community the parent itself. Nobody takes over a street: its communities have their own work.
    pub(in super::super) fn leads(&self) -> Vec<Lead> {
        let Some(root) = self.roots.first().filter(|r| r.level > Level::Street) else {
            return Vec::new();
        };
        let lead = |of: &Named, is_parent| Lead {
            id: of.id,
            name: of.name.clone(),
            is_parent,
        };
        let siblings = self.siblings.iter().map(|s| lead(s, false));
        let parent = root
            .parent
            .as_ref()
            .filter(|_| root.level > Level::Community);
        let parent = parent.map(|p| lead(p, true));
        siblings.chain(parent).collect()
    }
}
