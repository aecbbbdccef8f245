//! A scheme as it is typed, read and checked.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::super::model::{
    Component, Department, Exact, Exemption, Group, Item, Scheme, Subject, earliest_start,
};
use crate::base::form::FieldErrors;
use crate::base::web::Typed;
use crate::base::words;
use crate::org::documents::Basis;

/// Groups that a form can name.
pub(super) const GROUPS: RangeInclusive<i16> = 1..=4;

/// The form as a version would fill it in.
pub(super) fn filled(scheme: &Scheme, departments: &[Department]) -> Typed {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    if let Some(basis) = &scheme.basis {
        put("basis", basis.key());
    }
    if scheme.splits_by_document {
        put("splits", "1".to_owned());
    }
    for item in Item::ALL {
        put(&format!("p.{}", item.code()), scheme.points(*item).short());
    }
    for subject in Subject::ALL {
        put(
            &format!("w.{}", subject.code()),
            scheme.weight(*subject).short(),
        );
    }
    put("basic_share", scheme.basic_share.short());
    for (name, number) in [
        ("min_n", scheme.min_n),
        ("shrink_n", scheme.shrink_n),
        ("locked_days", scheme.locked_days),
        ("window_days", scheme.window_days),
    ] {
        put(name, number.to_string());
    }
    put("small", scheme.small.code().to_owned());
    put("ties", scheme.ties.code().to_owned());
    put("no_cases", scheme.no_cases.code().to_owned());
    for exemption in &scheme.exemptions {
        put(&format!("e.{}", exemption.code()), "1".to_owned());
    }
    for group in &scheme.groups {
        put(&format!("g.{}", group.position), group.name.clone());
    }
    for department in departments {
        let group = scheme.group_of(department);
        put(&format!("d.{}", department.code), group.to_string());
    }
    Typed(fields)
}

/// The new version that a form asks for, after all before it.
pub(super) fn asked(
    schemes: &[Scheme],
    (departments, citable): (&[Department], &[Basis]),
    typed: &Typed,
    (id, today): (uuid::Uuid, NaiveDate),
) -> Result<Scheme, FieldErrors> {
    let mut form = Asking {
        typed,
        errors: FieldErrors::new(),
    };
    let from_day = form.begins(schemes, today);
    let note = form
        .errors
        .text("note", "说明", form.value("note"), (2, 200));
    let named = form.value("basis");
    let basis = citable.iter().find(|b| b.key() == named).cloned();
    if basis.is_none() {
        let sentence = if citable.is_empty() {
            "还没有现行的制度文件。请先登记考核办法，再立新版。"
        } else {
            "请选择这一版依据哪份文件的哪一条。"
        };
        form.errors.add("basis", sentence);
    }
    let splits_by_document = form.value("splits") == "1";
    let (items, weights) = (form.items(), form.weights());
    form.sums(&items, splits_by_document);
    let scheme = Scheme {
        id,
        number: schemes.iter().map(|s| s.number).max().unwrap_or(0) + 1,
        from_day,
        note,
        basis,
        splits_by_document,
        basic_share: form.share(),
        min_n: form.number("min_n", "最少样本", 1..=100),
        shrink_n: form.number("shrink_n", "排名加的件数", 0..=100),
        small: form
            .choice("small", "样本不足怎么办")
            .unwrap_or(super::super::model::Small::Shrunk),
        ties: form
            .choice("ties", "同分怎么办")
            .unwrap_or(super::super::model::Ties::Same),
        no_cases: form
            .choice("no_cases", "没有评价怎么办")
            .unwrap_or(super::super::model::NoCases::Objective),
        exemptions: form.exemptions(),
        locked_days: form.number("locked_days", "记录到第几个工作日", 1..=60),
        window_days: form.number("window_days", "异议期", 1..=60),
        made_by: None,
        items,
        weights,
        groups: form.groups(schemes, departments),
    };
    form.errors.or(scheme)
}

/// A form being read.
struct Asking<'a> {
    typed: &'a Typed,
    errors: FieldErrors,
}

impl<'a> Asking<'a> {
    fn value(&self, name: &str) -> &'a str {
        self.typed.field(name).unwrap_or_default().trim()
    }

    fn begins(&mut self, schemes: &[Scheme], today: NaiveDate) -> NaiveDate {
        let soonest = earliest_start(today);
        let read = self.value("from_day").parse::<NaiveDate>().ok();
        let last = schemes.iter().map(|s| s.from_day).max();
        let is_quarter = |d: NaiveDate| super::super::model::Period::quarter_of(d).first() == d;
        let wrong = match read {
            None => format!("起用日期写成 {}。", words::day(soonest)),
            Some(day) if !is_quarter(day) => {
                "起用日期写一个季度的第一天：01-01、04-01、07-01 或 10-01。".to_owned()
            }
            Some(day) if day < soonest || day > soonest + chrono::Months::new(60) => {
                format!("起用日期写 {} 或以后五年内的季度。", words::day(soonest))
            }
            Some(day) if last.is_some_and(|last| day <= last) => format!(
                "上一版自 {} 起用，新版要晚于这一天，各版不能重叠。",
                last.map(words::day).unwrap_or_default()
            ),
            Some(day) => return day,
        };
        self.errors.add("from_day", wrong);
        soonest
    }

    fn exact(&mut self, name: &str, sentence: &str, fits: impl Fn(&Exact) -> bool) -> Exact {
        let read = Exact::typed(self.value(name)).filter(fits);
        read.unwrap_or_else(|| {
            self.errors.add(name, sentence);
            Exact::default()
        })
    }

    fn items(&mut self) -> BTreeMap<Item, Exact> {
        let mut items = BTreeMap::new();
        for item in Item::ALL {
            let sentence = format!("{}写 0 至 100 的数，最多两位小数。", item.label());
            let most = Exact::whole(100);
            let points = self.exact(&format!("p.{}", item.code()), &sentence, |p| *p <= most);
            items.insert(*item, points);
        }
        items
    }

    fn weights(&mut self) -> BTreeMap<Subject, Exact> {
        let mut weights = BTreeMap::new();
        for subject in Subject::ALL {
            let sentence = format!(
                "{}的权重写大于 0、至多 10 的数，最多两位小数。",
                subject.label()
            );
            let most = Exact::whole(10);
            let name = format!("w.{}", subject.code());
            let weight = self.exact(&name, &sentence, |w| !w.is_zero() && *w <= most);
            weights.insert(*subject, weight);
        }
        weights
    }

    /// A hundred in all; seventy-five for street and residents, unless the clause says otherwise.
    fn sums(&mut self, items: &BTreeMap<Item, Exact>, splits_by_document: bool) {
        if !self.errors.is_empty() && Item::ALL.iter().any(|i| self.is_wrong(*i)) {
            return;
        }
        let total: Exact = items.values().cloned().sum();
        if total != Exact::whole(100) {
            let sum = total.short();
            self.errors
                .add("p.rating", format!("各项满分合计应为 100，现在是 {sum}。"));
        }
        let judged = items
            .iter()
            .filter(|(i, _)| i.component() != Component::Objective);
        let judged: Exact = judged.map(|(_, points)| points.clone()).sum();
        if judged != Exact::whole(75) && !splits_by_document {
            let sum = judged.short();
            self.errors.add(
                "splits",
                format!("街道和群众合计应为 75，现在是 {sum}。所引条款另有规定的，请选中这一项。"),
            );
        }
    }

    fn is_wrong(&self, item: Item) -> bool {
        !self.errors.of(&format!("p.{}", item.code())).is_empty()
    }

    fn share(&mut self) -> Exact {
        let one = Exact::whole(1);
        self.exact(
            "basic_share",
            "基本满意写 0 至 1 的数，例如 0.9。",
            |s| *s <= one,
        )
    }

    fn number(&mut self, name: &str, label: &str, range: RangeInclusive<i16>) -> i16 {
        let read = self
            .value(name)
            .parse::<i16>()
            .ok()
            .filter(|n| range.contains(n));
        read.unwrap_or_else(|| {
            let (least, most) = (range.start(), range.end());
            self.errors
                .add(name, format!("{label}写 {least} 至 {most} 的整数。"));
            *least
        })
    }

    fn choice<T: std::str::FromStr>(&mut self, name: &str, label: &str) -> Option<T> {
        let typed = self.value(name);
        self.errors.choice(name, label, typed)
    }

    fn exemptions(&self) -> Vec<Exemption> {
        let chosen = |e: &Exemption| self.value(&format!("e.{}", e.code())) == "1";
        Exemption::ALL.iter().copied().filter(chosen).collect()
    }

    /// The groups that have a name, each department in exactly one of them. A department that comes
    /// later goes where its kind has gone so far.
    fn groups(&mut self, schemes: &[Scheme], departments: &[Department]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let last = schemes.iter().max_by_key(|s| s.from_day);
        for position in GROUPS {
            let name = format!("g.{position}");
            let typed = self.value(&name);
            if typed.is_empty() {
                continue;
            }
            let named = self.errors.text(&name, "组名", typed, (2, 20));
            if groups.iter().any(|g| g.name == named) {
                self.errors.add(name, "组名不能相同。");
            }
            let before = last.and_then(|s| s.groups.iter().find(|g| g.position == position));
            groups.push(Group {
                position,
                name: named,
                kinds: before.map(|g| g.kinds.clone()).unwrap_or_default(),
                departments: Vec::new(),
            });
        }
        if groups.is_empty() {
            self.errors.add("g.1", "至少写一个组名。");
        }
        for department in departments {
            let name = format!("d.{}", department.code);
            let chosen = self.value(&name).parse::<i16>().ok();
            if let Some(group) = groups.iter_mut().find(|g| Some(g.position) == chosen) {
                group.departments.push(department.id);
            } else {
                let sentence = format!("请给{}选一个有名称的组。", department.name);
                self.errors.add(name, sentence);
            }
        }
        groups
    }
}
