//! Classes: known by their code; several rows of one code are the conditions of one class.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::row::Row;
use super::{Mark, Outcome, Plan};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::work::classes::{Asked, Class, ClassForm, Local, Major, difference};

/// What classes are checked against.
#[derive(Clone, Debug)]
pub(in super::super) struct ClassFacts {
    pub(in super::super) classes: Vec<Class>,
    pub(in super::super) majors: Vec<Major>,
}

/// What an import of classes writes.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ClassPlan {
    /// Code, the version it stands on, and what it becomes.
    pub(in super::super) changes: Vec<(String, i32, Asked)>,
    /// In the order of their codes.
    pub(in super::super) adds: Vec<(Local, Asked)>,
}

/// What takes something away.
const NOTHING: &str = "无";

const HEADS: [(&str, &str); 7] = [
    ("name", "小类名称"),
    ("in_use", "是否在用"),
    ("quick_name", "基层叫法"),
    ("quick_order", "常用位次"),
    ("from_day", "生效日期"),
    ("reason", "理由"),
    // Too many of them.
    ("filing-0", "立案条件"),
];

/// What one row says.
struct Said {
    code: String,
    major: String,
    name: String,
    quick_name: String,
    quick_order: String,
    in_use: Option<&'static str>,
    filing: String,
    closing: String,
    from_day: Option<NaiveDate>,
    reason: String,
}

impl Said {
    fn read(row: &mut Row<'_>) -> Self {
        let line = |row: &mut Row<'_>, head| row.text(head).replace('\n', " ").trim().to_owned();
        Self {
            code: row
                .text("编码")
                .to_uppercase()
                .replace(['－', '—', '–'], "-"),
            major: line(row, "大类"),
            name: line(row, "小类名称"),
            quick_name: line(row, "基层叫法"),
            quick_order: line(row, "常用位次"),
            in_use: row.word("是否在用"),
            filing: line(row, "立案条件"),
            closing: line(row, "结案条件"),
            from_day: row.day("生效日期"),
            reason: line(row, "理由"),
        }
    }

    /// Which rows are of one class: of a new one its major class and name.
    fn key(&self) -> String {
        if self.code.is_empty() {
            format!("+{}+{}", self.major, self.name)
        } else {
            self.code.clone()
        }
    }

    /// What a further row of a class says otherwise than its first.
    fn differs(&self, first: &Self) -> Option<&'static str> {
        let other = |mine: &str, its: &str| !mine.is_empty() && mine != its;
        [
            ("大类", other(&self.major, &first.major)),
            ("小类名称", other(&self.name, &first.name)),
            ("基层叫法", other(&self.quick_name, &first.quick_name)),
            ("常用位次", other(&self.quick_order, &first.quick_order)),
            (
                "是否在用",
                self.in_use.is_some() && self.in_use != first.in_use,
            ),
            (
                "生效日期",
                self.from_day.is_some() && self.from_day != first.from_day,
            ),
            ("理由", other(&self.reason, &first.reason)),
        ]
        .into_iter()
        .find_map(|(head, differs)| differs.then_some(head))
    }
}

/// Checks the rows against the register.
pub(in super::super) fn check(
    mut rows: Vec<Row<'_>>,
    facts: &ClassFacts,
    today: NaiveDate,
) -> Outcome {
    let mut said: Vec<Said> = rows.iter_mut().map(Said::read).collect();
    for one in &mut said {
        // However it is written, it is the same major class.
        if let Some(major) = named(&facts.majors, &one.major) {
            one.major.clone_from(&major.key);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, one) in said.iter().enumerate() {
        let first = said.iter().position(|s| s.key() == one.key()).unwrap_or(at);
        groups.entry(first).or_default().push(at);
    }
    let mut told = Told {
        facts,
        today,
        plan: ClassPlan::default(),
        names: BTreeMap::new(),
    };
    let mut marks = vec![Mark::Refuse; rows.len()];
    for group in groups.values() {
        let mark = told.group(&mut rows, &said, group);
        for at in group {
            if mark == Mark::Refuse
                && let Some(row) = rows.get_mut(*at)
                && !row.is_wrong()
            {
                row.fail("编码", "同一类别的另一行不通过，见那一行。");
            }
            if let Some(place) = marks.get_mut(*at) {
                *place = mark;
            }
        }
    }
    Outcome {
        marks: rows
            .into_iter()
            .zip(marks)
            .map(|(row, mark)| row.marked(mark))
            .collect(),
        plan: Plan::Classes(told.plan),
    }
}

struct Told<'a> {
    facts: &'a ClassFacts,
    today: NaiveDate,
    plan: ClassPlan,
    /// Major class and name of what this table keeps in use, with its row.
    names: BTreeMap<(String, String), u32>,
}

impl Told<'_> {
    /// All rows of one class.
    fn group(&mut self, rows: &mut [Row<'_>], said: &[Said], group: &[usize]) -> Mark {
        let Some(first) = group.first().and_then(|at| said.get(*at)) else {
            return Mark::Refuse;
        };
        for at in group.iter().skip(1) {
            if let (Some(row), Some(one)) = (rows.get_mut(*at), said.get(*at))
                && let Some(head) = one.differs(first)
            {
                row.fail(head, "和同一类别的第一行不一样。请写成一样，或者留空。");
            }
        }
        let known = self.facts.classes.iter().find(|c| c.code == first.code);
        let major = self.major(first, known);
        let lead = group.first().copied().unwrap_or_default();
        let Some(row) = rows.get_mut(lead) else {
            return Mark::Refuse;
        };
        if known.is_none() && !first.code.is_empty() {
            row.fail(
                "编码",
                "登记里没有这个编码。新增的类别把编码留空，由系统编排。",
            );
        }
        match (&major, known) {
            (None, _) if first.major.is_empty() => row.fail("大类", "新增的类别要写大类。"),
            (None, _) => {
                let all: Vec<String> = self.facts.majors.iter().map(Major::label).collect();
                row.fail(
                    "大类",
                    &format!("没有这个大类。可以填：{}。", all.join("、")),
                );
            }
            (Some(major), Some(class)) if !class.code.starts_with(&format!("{}-", major.key)) => {
                row.fail("大类", "和编码对不上。类别的大类不能改。");
            }
            (Some(_), _) => {}
        }
        let form = self.form(known, said, group);
        let asked = match form.read(&[], self.today) {
            Ok(asked) => asked,
            Err(errors) => {
                row.fail_fields(&errors, &HEADS);
                fail_conditions(rows, group, &errors);
                return Mark::Refuse;
            }
        };
        let Some(major) = major else {
            return Mark::Refuse;
        };
        if group
            .iter()
            .any(|at| rows.get(*at).is_some_and(Row::is_wrong))
        {
            return Mark::Refuse;
        }
        let Some(row) = rows.get_mut(lead) else {
            return Mark::Refuse;
        };
        self.stands_alone(row, (&major, &first.code), &asked);
        if row.is_wrong() {
            return Mark::Refuse;
        }
        match known {
            Some(class) => self.changed(row, class, asked),
            None => self.added(row, major, asked),
        }
    }

    /// The major class that a row names, or that of the class it names.
    fn major(&self, said: &Said, known: Option<&Class>) -> Option<Major> {
        let majors = &self.facts.majors;
        if said.major.is_empty() {
            let key = known?.code.split('-').next()?;
            return majors.iter().find(|m| m.key == key).cloned();
        }
        named(majors, &said.major).cloned()
    }

    /// The form that the rows fill in: what they leave empty stays as it is.
    fn form(&self, known: Option<&Class>, said: &[Said], group: &[usize]) -> ClassForm {
        let of = || group.iter().filter_map(|at| said.get(*at));
        let last = known.and_then(Class::last).map(|v| &v.content);
        let mut form = ClassForm {
            in_use: if last.is_none_or(|c| c.in_use) {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
            reason: "批量导入".to_owned(),
            from_day: words::day(self.today),
            ..ClassForm::default()
        };
        if let Some(quick) = last.and_then(|c| c.quick.as_ref()) {
            form.quick_name.clone_from(&quick.name);
            form.quick_order = quick.order.to_string();
        }
        if let Some(first) = of().next() {
            form.name.clone_from(&first.name);
            if first.quick_name == NOTHING {
                form.quick_name.clear();
                form.quick_order.clear();
            } else {
                for (kept, typed) in [
                    (&mut form.quick_name, &first.quick_name),
                    (&mut form.quick_order, &first.quick_order),
                ] {
                    if !typed.is_empty() {
                        kept.clone_from(typed);
                    }
                }
            }
            match first.in_use {
                Some("是") => "yes".clone_into(&mut form.in_use),
                Some(_) => "no".clone_into(&mut form.in_use),
                None => {}
            }
            if let Some(day) = first.from_day {
                form.from_day = words::day(day);
            }
            if !first.reason.is_empty() {
                form.reason.clone_from(&first.reason);
            }
        }
        let is_silent = of().all(|s| s.filing.is_empty() && s.closing.is_empty());
        let is_none = of().any(|s| s.filing == NOTHING && s.closing.is_empty());
        if is_silent {
            let kept = last.map_or(&[][..], |c| &c.conditions[..]);
            form.filing = kept.iter().map(|c| c.filing.clone()).collect();
            form.closing = kept.iter().map(|c| c.closing.clone()).collect();
        } else if !is_none {
            form.filing = of().map(|s| s.filing.clone()).collect();
            form.closing = of().map(|s| s.closing.clone()).collect();
        }
        form
    }

    /// Two classes in use in one major class are not called alike.
    fn stands_alone(&mut self, row: &mut Row<'_>, (major, code): (&Major, &str), asked: &Asked) {
        if !asked.content.in_use {
            return;
        }
        let name = &asked.content.name;
        let key = (major.key.clone(), name.clone());
        if let Some(line) = self.names.get(&key) {
            row.fail("小类名称", &format!("和第 {line} 行重复。请另起一个名称。"));
            return;
        }
        self.names.insert(key, row.line());
        let begins = format!("{}-", major.key);
        let same = |c: &&Class| {
            c.code != code
                && c.code.starts_with(&begins)
                && c.last()
                    .is_some_and(|v| v.content.in_use && v.content.name == *name)
        };
        if let Some(other) = self.facts.classes.iter().find(same) {
            row.fail(
                "小类名称",
                &format!("同一大类里 {} 已经叫这个名称，请换一个。", other.code),
            );
        }
    }

    fn changed(&mut self, row: &mut Row<'_>, class: &Class, asked: Asked) -> Mark {
        let Some(last) = class.last() else {
            return Mark::Refuse;
        };
        if last.content.says(&asked.content) {
            return Mark::Same;
        }
        let day = words::day(asked.why.from_day);
        let said: Vec<String> = difference(Some(&last.content), &asked.content)
            .iter()
            .map(crate::work::classes::Difference::words)
            .collect();
        row.note(format!("{day} 起。{}。", said.join("；")));
        if last.from_day > self.today && last.from_day >= asked.why.from_day {
            let (number, of) = (last.number, words::day(last.from_day));
            row.note(format!("原定 {of} 起的第 {number} 版不再施行。"));
        }
        self.plan
            .changes
            .push((class.code.clone(), last.number, asked));
        Mark::Change
    }

    fn added(&mut self, row: &mut Row<'_>, major: Major, asked: Asked) -> Mark {
        let before = self.plan.adds.iter();
        let before = before.filter(|(l, _)| l.major.key == major.key).count();
        let Some(code) = major.free.get(before).cloned() else {
            row.fail("大类", "这一大类的本地编码已经用完。");
            return Mark::Refuse;
        };
        let day = words::day(asked.why.from_day);
        row.note(format!("编码 {code}，{day} 起。"));
        self.plan.adds.push((Local { major, code }, asked));
        Mark::Create
    }
}

/// The major class that is meant: by its key, its name, or both.
fn named<'a>(majors: &'a [Major], typed: &str) -> Option<&'a Major> {
    let bare = |text: &str| text.replace([' ', '·', '　'], "");
    let typed = bare(&typed.to_uppercase());
    let exact = majors.iter().find(|m| {
        m.key == typed || bare(&m.label()) == typed || format!("{}{}", m.key, m.name) == typed
    });
    let mut alike = majors.iter().filter(|m| m.name == typed);
    // A name that only one has is enough.
    let alone = alike.next().filter(|_| alike.next().is_none());
    exact.or(alone)
}

/// What is wrong with a condition is said in its row.
fn fail_conditions(rows: &mut [Row<'_>], group: &[usize], errors: &FieldErrors) {
    for (nth, at) in group.iter().enumerate() {
        let Some(row) = rows.get_mut(*at) else {
            continue;
        };
        for (field, head) in [("filing", "立案条件"), ("closing", "结案条件")] {
            let sentence = errors.of(&format!("{field}-{nth}"));
            // The first row has been told already.
            if !sentence.is_empty() && !(nth == 0 && field == "filing") {
                row.fail(head, sentence);
            }
        }
    }
}
