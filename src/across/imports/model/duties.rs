//! The duty list: an item is known by its number, or by its name where no number is written.

use std::collections::HashMap;

use uuid::Uuid;

use super::duty_words::{Classes, Departments, unknown};
use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::words::sides;
use crate::work::duties::{Content, DutyForm, Offer};

/// An item in its newest version, in force or ended.
#[derive(Clone, Debug)]
pub(in super::super) struct KeptDuty {
    pub(in super::super) id: Uuid,
    pub(in super::super) number: i32,
    pub(in super::super) version: i32,
    pub(in super::super) is_ended: bool,
    pub(in super::super) name: String,
    pub(in super::super) law: String,
    pub(in super::super) lead: (Uuid, String),
    pub(in super::super) boundary: String,
    /// Id and name of each department that assists, and what it is asked for.
    pub(in super::super) assists: Vec<(Uuid, String, String)>,
    /// Code and name of each class.
    pub(in super::super) classes: Vec<(String, String)>,
}

/// What the list is checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct DutyFacts {
    pub(in super::super) offer: Offer,
    pub(in super::super) kept: Vec<KeptDuty>,
}

/// An item of which a new version follows.
#[derive(Clone, Debug)]
pub(in super::super) struct Amended {
    /// The version that ends.
    pub(in super::super) old: Uuid,
    /// That of the next.
    pub(in super::super) version: i32,
    pub(in super::super) content: Content,
    pub(in super::super) reason: String,
    /// Both sides, as the record tells it.
    pub(in super::super) sentence: String,
}

/// What an import of the duty list writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct DutyPlan {
    pub(in super::super) adds: Vec<Content>,
    pub(in super::super) changes: Vec<Amended>,
}

/// The fields of the form that a table fills in, under their heads.
const HEADS: [(&str, &str); 14] = [
    ("number", "项号"),
    ("name", "名称"),
    ("law", "依据"),
    ("lead", "主办部门"),
    ("boundary", "界限"),
    ("classes", "适用类别"),
    ("ask-0", "协办部门"),
    ("ask-1", "协办部门"),
    ("ask-2", "协办部门"),
    ("ask-3", "协办部门"),
    ("ask-4", "协办部门"),
    ("ask-5", "协办部门"),
    ("ask-6", "协办部门"),
    ("ask-7", "协办部门"),
];
/// What is written where no department assists.
const NONE: &str = "无";
/// Most departments that assist.
const ASSISTS: usize = 8;
/// The last number that there can be.
const LAST: i32 = 9999;

/// Checks the rows against the whole list.
pub(in super::super) fn check(rows: Vec<Row<'_>>, facts: &DutyFacts) -> Outcome {
    let written = rows.iter().filter_map(|row| number(&row.raw("项号")));
    let mut told = Told::of(facts, written.max().unwrap_or_default());
    let mut marks = Vec::new();
    for mut row in rows {
        let mark = told.one(&mut row);
        marks.push(row.marked(mark));
    }
    Outcome {
        marks,
        plan: Plan::Duties(told.plan),
    }
}

/// A number, however it is written: `47`, `第47项`.
fn number(typed: &str) -> Option<i32> {
    let bare = typed.trim().trim_start_matches('第').trim_end_matches('项');
    let number = bare.trim().parse().ok()?;
    (1..=LAST).contains(&number).then_some(number)
}

struct Told<'a> {
    offer: &'a Offer,
    departments: Departments<'a>,
    classes: Classes<'a>,
    by_number: HashMap<i32, &'a KeptDuty>,
    /// Those in force.
    by_name: HashMap<&'a str, Vec<&'a KeptDuty>>,
    /// In which row a number stands, and a new item without one.
    numbers: HashMap<i32, u32>,
    names: HashMap<String, u32>,
    /// The number that the next new item gets.
    next: i32,
    plan: DutyPlan,
}

impl<'a> Told<'a> {
    fn of(facts: &'a DutyFacts, written: i32) -> Self {
        let mut by_name: HashMap<&str, Vec<&KeptDuty>> = HashMap::new();
        for item in facts.kept.iter().filter(|item| !item.is_ended) {
            by_name.entry(&item.name).or_default().push(item);
        }
        Self {
            offer: &facts.offer,
            departments: Departments::of(&facts.offer.departments),
            classes: Classes::of(&facts.offer.classes),
            by_number: facts.kept.iter().map(|item| (item.number, item)).collect(),
            by_name,
            numbers: HashMap::new(),
            names: HashMap::new(),
            next: facts.offer.next.max(written + 1),
            plan: DutyPlan::default(),
        }
    }

    fn one(&mut self, row: &mut Row<'_>) -> Mark {
        let typed = row.text("项号");
        let name = row.text("名称");
        let name = if name.is_empty() {
            name
        } else {
            row.short("名称", (2, 60))
        };
        let written = number(&typed);
        if written.is_none() && !typed.is_empty() {
            row.fail("项号", "写 1 至 9999 的整数；新列的项可以留空。");
        }
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let known = self.known(row, written, &name);
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let own = known.map(|item| item.number).or(written);
        self.stands_alone(row, own, &name);
        let Some(form) = self.form(row, known, name) else {
            return Mark::Refuse;
        };
        let number = own.unwrap_or(self.next);
        let form = DutyForm {
            number: number.to_string(),
            ..form
        };
        let content = match form.read(self.offer, false) {
            Ok((content, _)) if !row.is_wrong() => content,
            Ok(_) => return Mark::Refuse,
            Err(errors) if number > LAST => {
                row.fail("项号", "项号已用到 9999，请填一个没有用过的。");
                row.fail_fields(&errors, HEADS.split_at(1).1);
                return Mark::Refuse;
            }
            Err(errors) => {
                row.fail_fields(&errors, &HEADS);
                return Mark::Refuse;
            }
        };
        match known {
            None => self.add(row, own.is_none(), content),
            Some(item) => self.change(row, item, content),
        }
    }

    /// The item that the row is about, if there is one.
    fn known(&self, row: &mut Row<'_>, written: Option<i32>, name: &str) -> Option<&'a KeptDuty> {
        if let Some(number) = written {
            let known = self.by_number.get(&number).copied();
            if known.is_some_and(|item| item.is_ended) {
                row.fail(
                    "项号",
                    &format!("第 {number} 项已经停用，不能再改，项号也不再用。需要时请新列一项。"),
                );
            }
            return known;
        }
        match self.by_name.get(name).map_or(&[][..], Vec::as_slice) {
            [] => None,
            [only] => Some(*only),
            several => {
                let numbers: Vec<String> = several.iter().map(|i| i.number.to_string()).collect();
                row.fail(
                    "项号",
                    &format!(
                        "清单里第 {} 项都叫这个名称，请填项号说明是哪一项。",
                        numbers.join("、")
                    ),
                );
                None
            }
        }
    }

    /// Each item stands in one row.
    fn stands_alone(&mut self, row: &mut Row<'_>, own: Option<i32>, name: &str) {
        let line = row.line();
        let before = match own {
            Some(number) => self.numbers.insert(number, line),
            None => self.names.insert(name.to_owned(), line),
        };
        if let Some(before) = before {
            row.fail(
                if own.is_some() { "项号" } else { "名称" },
                &format!("和第 {before} 行是同一项。每一项只写一行。"),
            );
        }
    }

    /// What the row says in the words of the form; what is left empty stays as it is.
    fn form(&self, row: &mut Row<'_>, known: Option<&KeptDuty>, name: String) -> Option<DutyForm> {
        let texts = ["依据", "界限"].map(|head| row.text(head));
        let [law, boundary] = texts;
        let or = |typed: String, kept: Option<&String>| {
            if typed.is_empty() {
                kept.cloned().unwrap_or_default()
            } else {
                typed
            }
        };
        let lead = self.lead(row, known);
        let assists = self.assists(row, known);
        let class = self.class(row, known);
        if row.is_wrong() {
            return None;
        }
        let (department, ask) = assists
            .into_iter()
            .map(|(id, ask)| (id.to_string(), ask))
            .unzip();
        Some(DutyForm {
            name: or(name, known.map(|item| &item.name)),
            law: or(law, known.map(|item| &item.law)),
            boundary: or(boundary, known.map(|item| &item.boundary)),
            lead,
            department,
            ask,
            class,
            ..DutyForm::default()
        })
    }

    fn lead(&self, row: &mut Row<'_>, known: Option<&KeptDuty>) -> String {
        let typed = row.text("主办部门");
        if typed.is_empty() {
            return known
                .map(|item| item.lead.0.to_string())
                .unwrap_or_default();
        }
        let found = self.departments.named(&typed);
        if found.is_none() {
            row.fail("主办部门", &unknown(&typed));
        }
        found.map(|id| id.to_string()).unwrap_or_default()
    }

    /// A department that is named alone and assists already is asked for the same.
    fn assists(&self, row: &mut Row<'_>, known: Option<&KeptDuty>) -> Vec<(Uuid, String)> {
        let kept = known.map_or(&[][..], |item| item.assists.as_slice());
        let typed = row.text("协办部门");
        if typed.is_empty() {
            let same = kept.iter().map(|(id, _, ask)| (*id, ask.clone()));
            return same.collect();
        }
        if typed == NONE {
            return Vec::new();
        }
        let mut found = match self.departments.assists(&typed) {
            Ok(found) => found,
            Err(sentence) => {
                row.fail("协办部门", &sentence);
                return Vec::new();
            }
        };
        if found.len() > ASSISTS {
            row.fail("协办部门", "一项最多写 8 个协办部门。");
        }
        for (id, ask) in found.iter_mut().filter(|(_, ask)| ask.is_empty()) {
            if let Some((_, _, same)) = kept.iter().find(|(kept, ..)| kept == id) {
                ask.clone_from(same);
            }
        }
        found
    }

    fn class(&self, row: &mut Row<'_>, known: Option<&KeptDuty>) -> Vec<String> {
        let typed = row.text("适用类别");
        if typed.is_empty() && !row.is_wrong() {
            let Some(item) = known else {
                row.fail("适用类别", "没有填。写类别的名称或编码，几类用顿号分开。");
                return Vec::new();
            };
            return item.classes.iter().map(|(code, _)| code.clone()).collect();
        }
        self.classes.codes(&typed).unwrap_or_else(|sentence| {
            row.fail("适用类别", &sentence);
            Vec::new()
        })
    }

    fn add(&mut self, row: &mut Row<'_>, is_next: bool, content: Content) -> Mark {
        if is_next {
            row.note(format!("编为第 {} 项。", content.number));
            self.next = content.number + 1;
        }
        if let Some(other) = self
            .by_name
            .get(content.name.as_str())
            .and_then(|items| items.first())
        {
            row.note(format!("第 {} 项也叫这个名称，请核对。", other.number));
        }
        self.plan.adds.push(content);
        Mark::Create
    }

    fn change(&mut self, row: &mut Row<'_>, item: &KeptDuty, content: Content) -> Mark {
        let Some(changed) = self.changes(item, &content) else {
            return Mark::Same;
        };
        let reason = row.short("修改理由", (2, 300));
        if row.is_wrong() {
            return Mark::Refuse;
        }
        let version = item.version + 1;
        row.note(format!("第 {} 项第 {version} 版。{changed}", item.number));
        self.plan.changes.push(Amended {
            old: item.id,
            version,
            sentence: format!(
                "第 {} 项第 {version} 版：{reason}（{changed}）",
                item.number
            ),
            reason,
            content,
        });
        Mark::Change
    }

    /// What is different, field by field.
    fn changes(&self, item: &KeptDuty, content: &Content) -> Option<String> {
        let plain = [
            ("名称", &item.name, &content.name),
            ("依据", &item.law, &content.law),
            ("界限", &item.boundary, &content.boundary),
        ];
        let mut changed: Vec<(&str, String)> = plain
            .into_iter()
            .filter(|(_, old, new)| old != new)
            .map(|(head, old, new)| (head, sides(old, new)))
            .collect();
        if item.lead.0 != content.lead.0 {
            let new = self.department(content.lead.0);
            changed.push(("主办部门", sides(&item.lead.1, new)));
        }
        changed.extend(self.changed_assists(item, content));
        changed.extend(self.changed_classes(item, content));
        let changed: Vec<String> = changed
            .into_iter()
            .map(|(head, sides)| format!("{head}：{sides}"))
            .collect();
        (!changed.is_empty()).then(|| format!("{}。", changed.join("；")))
    }

    fn department(&self, id: Uuid) -> &str {
        let offered = self.offer.departments.iter().find(|d| d.id == id);
        offered.map_or("", |d| d.name.as_str())
    }

    fn changed_assists(&self, item: &KeptDuty, content: &Content) -> Option<(&str, String)> {
        let old = item.assists.iter().map(|(id, _, ask)| (*id, ask.as_str()));
        let new = content.assists.iter().map(|(id, ask)| (id.0, ask.as_str()));
        if old.eq(new.clone()) {
            return None;
        }
        let asked = |name: &str, ask: &str| format!("{name}：{ask}");
        let old = item.assists.iter().map(|(_, name, ask)| asked(name, ask));
        let new = new.map(|(id, ask)| asked(self.department(id), ask));
        Some(("协办部门", sides(&listed(old, "；"), &listed(new, "；"))))
    }

    fn changed_classes(&self, item: &KeptDuty, content: &Content) -> Option<(&str, String)> {
        let mut old: Vec<&str> = item.classes.iter().map(|(code, _)| code.as_str()).collect();
        let mut new: Vec<&str> = content.classes.iter().map(String::as_str).collect();
        old.sort_unstable();
        new.sort_unstable();
        if old == new {
            return None;
        }
        let old = listed(item.classes.iter().map(|(_, name)| name.clone()), "、");
        let new = listed(self.named(&content.classes), "、");
        Some(("适用类别", sides(&old, &new)))
    }

    fn named(&self, codes: &[String]) -> impl Iterator<Item = String> {
        let classes = self.offer.classes.iter();
        classes
            .filter(|class| codes.contains(&class.code))
            .map(|class| class.name.clone())
    }
}

fn listed(each: impl Iterator<Item = String>, between: &str) -> String {
    let all: Vec<String> = each.collect();
    if all.is_empty() {
        NONE.to_owned()
    } else {
        all.join(between)
    }
}
