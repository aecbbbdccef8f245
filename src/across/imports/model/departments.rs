//! Departments: known by their code, which is never given twice.

use std::collections::HashMap;

use uuid::Uuid;

use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::org::redraw::{DepartmentFacts, DepartmentForm};
use crate::org::units::DepartmentKind;

/// A department that there is or was.
#[derive(Clone, Debug)]
pub(in super::super) struct Kept {
    pub(in super::super) id: Uuid,
    pub(in super::super) code: String,
    pub(in super::super) version: i32,
    pub(in super::super) is_ended: bool,
    pub(in super::super) facts: DepartmentFacts,
}

/// A department that will be changed.
#[derive(Clone, Debug)]
pub(in super::super) struct Changed {
    pub(in super::super) id: Uuid,
    pub(in super::super) version: i32,
    pub(in super::super) facts: DepartmentFacts,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of departments writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct DepartmentPlan {
    pub(in super::super) adds: Vec<(String, DepartmentFacts)>,
    pub(in super::super) changes: Vec<Changed>,
}

const HEADS: [(&str, &str); 4] = [
    ("code", "代码"),
    ("name", "名称"),
    ("kind", "种类"),
    ("position", "排序"),
];

/// Checks the rows against all departments.
pub(in super::super) fn check(rows: Vec<Row<'_>>, kept: &[Kept]) -> Outcome {
    let mut plan = DepartmentPlan::default();
    let mut told = Told {
        kept,
        codes: HashMap::new(),
        names: HashMap::new(),
        last: kept
            .iter()
            .map(|d| d.facts.position)
            .max()
            .unwrap_or_default(),
    };
    let mut marks = Vec::new();
    for mut row in rows {
        let mark = told.one(&mut row, &mut plan);
        marks.push(row.marked(mark));
    }
    Outcome {
        marks,
        plan: Plan::Departments(plan),
    }
}

struct Told<'a> {
    kept: &'a [Kept],
    /// In which row a code stands.
    codes: HashMap<String, u32>,
    names: HashMap<String, u32>,
    last: i16,
}

impl Told<'_> {
    fn one(&mut self, row: &mut Row<'_>, plan: &mut DepartmentPlan) -> Mark {
        let code = row.text("代码").to_uppercase();
        let name = row.text("名称");
        let kind = row.word("种类");
        let position = row.text("排序");
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let known = self.kept.iter().find(|d| d.code == code);
        let kind = DepartmentKind::ALL
            .into_iter()
            .find(|k| Some(k.label()) == kind);
        let position = if position.is_empty() {
            known
                .map_or_else(|| self.last.min(998) + 1, |d| d.facts.position)
                .to_string()
        } else {
            position
        };
        let form = DepartmentForm {
            code: code.clone(),
            name,
            kind: kind.map(|k| k.code().to_owned()).unwrap_or_default(),
            position,
            ..DepartmentForm::default()
        };
        let facts = match form.read_new() {
            Ok((_, facts)) => facts,
            Err(errors) => {
                row.fail_fields(&errors, &HEADS);
                return Mark::Refuse;
            }
        };
        self.stands_alone(row, &code, &facts);
        if known.is_some_and(|d| d.is_ended) {
            row.fail("代码", "这个部门已经撤销，代码不能再用。请另写一个。");
        }
        if row.is_wrong() {
            return Mark::Refuse;
        }
        self.codes.insert(code.clone(), row.line());
        self.names.insert(facts.name.clone(), row.line());
        self.last = self.last.max(facts.position);
        let Some(known) = known else {
            plan.adds.push((code, facts));
            return Mark::Create;
        };
        let Some(sentence) = facts.changes(&known.facts) else {
            return Mark::Same;
        };
        row.note(sentence.clone());
        plan.changes.push(Changed {
            id: known.id,
            version: known.version,
            facts,
            sentence,
        });
        Mark::Change
    }

    /// A code and a name belong to one department, ended ones included.
    fn stands_alone(&self, row: &mut Row<'_>, code: &str, facts: &DepartmentFacts) {
        if let Some(line) = self.codes.get(code) {
            row.fail("代码", &format!("和第 {line} 行重复。每个部门只写一行。"));
        } else if let Some(line) = self.names.get(&facts.name) {
            row.fail("名称", &format!("和第 {line} 行重复。请另起一个名称。"));
        }
        let other = self
            .kept
            .iter()
            .find(|d| d.facts.name == facts.name && d.code != code);
        if let Some(other) = other {
            row.fail(
                "名称",
                &format!(
                    "代码 {} 的部门用过这个名称，撤销的也算。请核对代码，或另起一个名称。",
                    other.code
                ),
            );
        }
    }
}
