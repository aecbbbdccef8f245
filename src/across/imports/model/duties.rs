//! The duty list: an item is known by its number, or by its name where no number is written.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::duty_kept::{Amended, DutyFacts, DutyPlan, KeptDuty, KeptVersion};
use super::duty_words::{Classes, Departments, unknown};
use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::words::{self, sides};
use crate::work::duties::{Content, DutyForm, Offer, Why, begins};

/// The fields of the form that a table fills in, under their heads.
const HEADS: [(&str, &str); 15] = [
    ("number", "项号"),
    ("name", "名称"),
    ("law", "依据"),
    ("lead", "主办部门"),
    ("boundary", "界限"),
    ("classes", "适用类别"),
    ("from_day", "生效日期"),
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
pub(in super::super) fn check(rows: Vec<Row<'_>>, facts: &DutyFacts, today: NaiveDate) -> Outcome {
    let written = rows.iter().filter_map(|row| number(&row.raw("项号")));
    let mut told = Told::of((facts, today), written.max().unwrap_or_default());
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
    today: NaiveDate,
    by_number: HashMap<i32, &'a KeptDuty>,
    /// Those that can be changed, by every name that holds or will.
    by_name: HashMap<&'a str, Vec<&'a KeptDuty>>,
    /// In which row a number stands, and a new item without one.
    numbers: HashMap<i32, u32>,
    names: HashMap<String, u32>,
    /// The number that the next new item gets.
    next: i32,
    plan: DutyPlan,
}

impl<'a> Told<'a> {
    fn of((facts, today): (&'a DutyFacts, NaiveDate), written: i32) -> Self {
        let mut by_name: HashMap<&str, Vec<&KeptDuty>> = HashMap::new();
        let open = |item: &&KeptDuty| item.is_closed(today).is_none();
        for item in facts.kept.iter().filter(open) {
            for version in &item.versions {
                let named = by_name.entry(&version.name).or_default();
                if named.iter().all(|other| other.number != item.number) {
                    named.push(item);
                }
            }
        }
        Self {
            today,
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
        let day = row.day("生效日期");
        let base = known.and_then(|item| item.held(day.unwrap_or(self.today)));
        let Some(form) = self.form(row, base, name) else {
            return Mark::Refuse;
        };
        let number = own.unwrap_or(self.next);
        let form = DutyForm {
            number: number.to_string(),
            from_day: words::day(day.unwrap_or(self.today)),
            ..form
        };
        let (content, why) = match form.read(self.offer, false, self.today) {
            Ok(read) if !row.is_wrong() => read,
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
        match known.zip(base) {
            None => self.add(row, own.is_none(), (content, why)),
            Some((item, base)) => self.change(row, (item, base), content, day),
        }
    }

    /// The item that the row is about, if there is one.
    fn known(&self, row: &mut Row<'_>, written: Option<i32>, name: &str) -> Option<&'a KeptDuty> {
        if let Some(number) = written {
            let known = self.by_number.get(&number).copied();
            if let Some(sentence) = known.and_then(|item| item.is_closed(self.today)) {
                row.fail("项号", &sentence);
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
    fn form(
        &self,
        row: &mut Row<'_>,
        known: Option<&KeptVersion>,
        name: String,
    ) -> Option<DutyForm> {
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

    fn lead(&self, row: &mut Row<'_>, known: Option<&KeptVersion>) -> String {
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
    fn assists(&self, row: &mut Row<'_>, known: Option<&KeptVersion>) -> Vec<(Uuid, String)> {
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

    fn class(&self, row: &mut Row<'_>, known: Option<&KeptVersion>) -> Vec<String> {
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

    fn add(&mut self, row: &mut Row<'_>, is_next: bool, (content, why): (Content, Why)) -> Mark {
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
        if why.from_day > self.today {
            row.note(format!("{} 起施行。", words::day(why.from_day)));
        }
        self.plan.adds.push((content, why));
        Mark::Create
    }

    fn change(
        &mut self,
        row: &mut Row<'_>,
        (item, base): (&KeptDuty, &KeptVersion),
        content: Content,
        asked: Option<NaiveDate>,
    ) -> Mark {
        let day = asked.unwrap_or(self.today);
        let changed = self.changes(base, &content);
        if changed.is_none() && asked.is_none_or(|day| day >= base.from_day) {
            return Mark::Same;
        }
        let mut waits = item.versions.iter().filter(|v| v.from_day > self.today);
        if let Some(later) = waits.clone().find(|v| v.from_day > day) {
            let (nth, from) = (later.version, words::day(later.from_day));
            row.fail(
                "生效日期",
                &format!(
                    "第 {} 项第 {nth} 版自 {from} 起施行，还没有开始。生效日期写 {from} 或以后；要更早，先在这一项的页面上撤回那一版。",
                    item.number
                ),
            );
        }
        let reason = row.short("修改理由", (2, 300));
        let Some(changed) = changed.filter(|_| !row.is_wrong()) else {
            return Mark::Refuse;
        };
        let from = begins(day, self.today);
        let version = item.next;
        row.note(format!(
            "第 {} 项第 {version} 版{from}。{changed}",
            item.number
        ));
        if let Some(same) = waits.find(|v| v.from_day == day) {
            let nth = same.version;
            row.note(format!(
                "原定 {} 起的第 {nth} 版不再施行。",
                words::day(day)
            ));
        }
        self.plan.changes.push(Amended {
            version,
            from_day: day,
            sentence: format!(
                "第 {} 项第 {version} 版{from}：{reason}（{changed}）",
                item.number
            ),
            reason,
            content,
        });
        Mark::Change
    }

    /// What is different, field by field.
    fn changes(&self, item: &KeptVersion, content: &Content) -> Option<String> {
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

    fn changed_assists(&self, item: &KeptVersion, content: &Content) -> Option<(&str, String)> {
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

    fn changed_classes(&self, item: &KeptVersion, content: &Content) -> Option<(&str, String)> {
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
