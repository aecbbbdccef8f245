//! The chain: each row is a path from the street down to the node that it is about. A path that
//! there is, is changed; one that there is not, is added, with the next code that was never given.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::columns::head_of;
use super::faces::form;
use super::ground::{Above, Add, ChainFacts, ChainPlan, Ground, Rename};
use super::row::{Row, cut};
use super::{Checked, Mark, Outcome, Plan};
use crate::org::access::Level;
use crate::org::redraw::{NodeFacts, numbered};

const LEVELS: [Level; 5] = [
    Level::Street,
    Level::Community,
    Level::Grid,
    Level::Building,
    Level::Unit,
];

/// Checks the rows from the streets down, whatever their order in the table.
pub(in super::super) fn check(
    mut rows: Vec<Row<'_>>,
    facts: &ChainFacts,
    today: NaiveDate,
) -> Outcome {
    let paths: Vec<Vec<String>> = rows.iter_mut().map(path).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| paths.get(*at).map_or(0, Vec::len));
    let mut told = Told::of(facts, today);
    let mut marks: Vec<(usize, Mark)> = Vec::new();
    for at in order {
        if let (Some(row), Some(path)) = (rows.get_mut(at), paths.get(at)) {
            let mark = told.one(row, path);
            if row.is_wrong() {
                told.refused.insert(path.clone(), row.line());
            }
            marks.push((at, mark));
        }
    }
    marks.sort_by_key(|(at, _)| *at);
    let marked = rows.into_iter().zip(marks);
    let marks: Vec<Checked> = marked.map(|(row, (_, mark))| row.marked(mark)).collect();
    Outcome {
        marks,
        plan: Plan::Chain(told.plan),
    }
}

/// The names from the street down; a gap is said.
fn path(row: &mut Row<'_>) -> Vec<String> {
    let mut names: Vec<String> = LEVELS
        .iter()
        .map(|level| row.text(head_of(*level)))
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    if names.is_empty() && !row.is_wrong() {
        row.fail(
            "街道",
            "没有填。每一行都从街道写起；合并的单元格请取消合并并逐行填满。",
        );
    }
    for (level, name) in LEVELS.iter().zip(&names) {
        if name.is_empty() && !row.is_wrong() {
            row.fail(
                head_of(*level),
                "没有填，下面的却填了。请写全上级；合并的单元格请取消合并并逐行填满。",
            );
        }
    }
    names
}

struct Told<'a> {
    facts: &'a ChainFacts,
    today: NaiveDate,
    plan: ChainPlan,
    /// What stands below each under a name: kept ones and those of the plan.
    below: HashMap<(Above, String), Above>,
    by_id: HashMap<Uuid, &'a Ground>,
    /// The last number that was given below each.
    last: HashMap<Above, u32>,
    /// Both names of the living below each, and of whom.
    names: HashMap<(Above, String), Option<Uuid>>,
    rows: HashMap<Vec<String>, u32>,
    refused: HashMap<Vec<String>, u32>,
}

impl<'a> Told<'a> {
    fn of(facts: &'a ChainFacts, today: NaiveDate) -> Self {
        let by_id: HashMap<Uuid, &Ground> = facts.ground.iter().map(|g| (g.id, g)).collect();
        let mut told = Self {
            facts,
            today,
            plan: ChainPlan::default(),
            below: HashMap::new(),
            by_id,
            last: HashMap::new(),
            names: HashMap::new(),
            rows: HashMap::new(),
            refused: HashMap::new(),
        };
        for node in &facts.ground {
            let above = node.parent.map_or(Above::City, Above::Kept);
            let own = told.parent_code(above).len();
            let number = node
                .code
                .get(own..)
                .and_then(|tail| tail.parse().ok())
                .unwrap_or(0);
            let last = told.last.entry(above).or_default();
            *last = (*last).max(number);
            if node.is_closed {
                continue;
            }
            for name in [&node.facts.name, &node.facts.party_name] {
                told.names.insert((above, name.clone()), Some(node.id));
            }
            told.below
                .insert((above, node.facts.name.clone()), Above::Kept(node.id));
        }
        told
    }

    /// What stands at the end of a path.
    fn at(&self, path: &[String]) -> Option<Above> {
        path.iter().try_fold(Above::City, |above, name| {
            self.below.get(&(above, name.clone())).copied()
        })
    }

    fn parent_code(&self, above: Above) -> String {
        match above {
            Above::City => self.facts.code.clone(),
            Above::Kept(id) => self
                .by_id
                .get(&id)
                .map(|g| g.code.clone())
                .unwrap_or_default(),
            Above::New(at) => self
                .plan
                .adds
                .get(at)
                .map(|a| a.code.clone())
                .unwrap_or_default(),
        }
    }

    fn one(&mut self, row: &mut Row<'_>, path: &[String]) -> Mark {
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let (Some(level), Some((name, parents))) = (
            path.len()
                .checked_sub(1)
                .and_then(|at| LEVELS.get(at))
                .copied(),
            path.split_last(),
        ) else {
            return Mark::Refuse;
        };
        if let Some(line) = self.rows.get(path) {
            row.fail(
                head_of(level),
                &format!("和第 {line} 行重复。每个单位只写一行。"),
            );
            return Mark::Refuse;
        }
        self.rows.insert(path.to_vec(), row.line());
        let Some(above) = self.above(row, parents, level) else {
            return Mark::Refuse;
        };
        let Ok(known) = self.known(row, (name, level), above) else {
            return Mark::Refuse;
        };
        let facts = form(row, (name, parents, level), known.map(|k| &k.facts));
        let Some(facts) = facts else {
            return Mark::Refuse;
        };
        self.stands_alone(row, (above, level), &facts, known.map(|k| k.id));
        if row.is_wrong() {
            return Mark::Refuse;
        }
        for name in [&facts.name, &facts.party_name] {
            self.names
                .insert((above, name.clone()), known.map(|k| k.id));
        }
        match known {
            None => self.add(row, (above, level), facts),
            Some(known) => self.change(row, above, known, facts),
        }
    }

    /// What it stands below: kept, or of this table.
    fn above(&self, row: &mut Row<'_>, parents: &[String], level: Level) -> Option<Above> {
        if parents.is_empty() {
            return Some(Above::City);
        }
        if let Some(line) = self.refused.get(parents) {
            row.fail(
                head_of(level),
                &format!("上级在第 {line} 行，那一行不通过，请先改好。"),
            );
            return None;
        }
        let found = self.at(parents);
        if found.is_none() {
            let name = parents.last().map(|name| cut(name)).unwrap_or_default();
            row.fail(
                head_of(level),
                &format!("上级“{name}”在系统里和本表里都没有。请核对名称，或在表里给它加一行。"),
            );
        }
        if let Some(Above::Kept(id)) = found
            && let Some(kept) = self.by_id.get(&id).filter(|g| g.valid_from > self.today)
        {
            row.fail(
                head_of(level),
                &format!("上级自 {} 才设立，那天以后再导入。", kept.valid_from),
            );
        }
        found
    }

    /// The node that the row is about, if there is one; nothing at all if its code contradicts.
    fn known(
        &self,
        row: &mut Row<'_>,
        (name, level): (&str, Level),
        above: Above,
    ) -> Result<Option<&'a Ground>, ()> {
        let code = row.text("编码");
        let here = match self.below.get(&(above, name.to_owned())) {
            Some(Above::Kept(id)) => self.by_id.get(id).copied(),
            Some(Above::City | Above::New(_)) | None => None,
        };
        if code.is_empty() {
            return if row.is_wrong() { Err(()) } else { Ok(here) };
        }
        let coded = self.facts.ground.iter().find(|g| g.code == code);
        let Some(coded) = coded else {
            row.fail(
                "编码",
                "这些街道里没有这个编码。新设的单位留空，由系统编排。",
            );
            return Err(());
        };
        let parent = coded.parent.map_or(Above::City, Above::Kept);
        if coded.is_closed {
            row.fail("编码", "这个单位已经撤销，不能再改。新设的单位编码留空。");
        } else if coded.level != level || parent != above {
            row.fail(
                "编码",
                &format!(
                    "是“{}”，和这一行的上级、层级对不上。请核对编码。",
                    coded.facts.name
                ),
            );
        } else if here.is_some_and(|node| node.id != coded.id) {
            row.fail(
                "编码",
                &format!(
                    "是“{}”，而“{name}”是另一个单位。请核对编码。",
                    coded.facts.name
                ),
            );
        } else {
            return Ok(Some(coded));
        }
        Err(())
    }

    /// Beside one another no two have the same name.
    fn stands_alone(
        &self,
        row: &mut Row<'_>,
        (above, level): (Above, Level),
        facts: &NodeFacts,
        own: Option<Uuid>,
    ) {
        for (head, name) in [
            (head_of(level), &facts.name),
            ("党组织名称", &facts.party_name),
        ] {
            let taken = self.names.get(&(above, name.clone()));
            if taken.is_some_and(|other| own.is_none() || *other != own) {
                row.fail(
                    head,
                    &format!(
                        "同一上级下已有叫“{}”的单位或党组织。请另起一个名称。",
                        cut(name)
                    ),
                );
            }
        }
    }

    fn add(&mut self, row: &mut Row<'_>, (above, level): (Above, Level), facts: NodeFacts) -> Mark {
        let number = self.last.get(&above).copied().unwrap_or_default() + 1;
        let Some(code) = numbered(&self.parent_code(above), number) else {
            row.fail(
                head_of(level),
                "上级下面的编码已用完，不能再设。编码不重复使用。",
            );
            return Mark::Refuse;
        };
        self.last.insert(above, number);
        row.note(format!("编码 {code}，{}。", facts.party_name));
        let place = Above::New(self.plan.adds.len());
        self.below.insert((above, facts.name.clone()), place);
        self.plan.adds.push(Add {
            level,
            above,
            code,
            facts,
        });
        Mark::Create
    }

    fn change(
        &mut self,
        row: &mut Row<'_>,
        above: Above,
        known: &Ground,
        facts: NodeFacts,
    ) -> Mark {
        let Some(sentence) = facts.changes(&known.facts) else {
            return Mark::Same;
        };
        let before = (&known.facts.name, &known.facts.party_name);
        let is_named = (&facts.name, &facts.party_name) != before;
        row.note(sentence.clone());
        self.below.remove(&(above, known.facts.name.clone()));
        self.below
            .insert((above, facts.name.clone()), Above::Kept(known.id));
        self.plan.changes.push(Rename {
            id: known.id,
            version: known.version,
            facts,
            is_named,
            sentence,
        });
        Mark::Change
    }
}
