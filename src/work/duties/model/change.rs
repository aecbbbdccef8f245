//! What a change of an item changes: field by field, and whom the list proposes to lead.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Content, Offer, Version};
use crate::base::words;
use crate::work::classes::Difference;

/// What an item says, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Said {
    pub(in super::super) name: String,
    pub(in super::super) law: String,
    pub(in super::super) lead: String,
    pub(in super::super) boundary: String,
    /// Department, and what it is asked for.
    pub(in super::super) assists: Vec<(String, String)>,
    /// Names, in the order of the code list.
    pub(in super::super) classes: Vec<String>,
}

impl Said {
    /// What a version says.
    pub(in super::super) fn of(version: &Version) -> Self {
        let assists = version.assists.iter();
        Self {
            name: version.name.clone(),
            law: version.law.clone(),
            lead: version.lead.clone(),
            boundary: version.boundary.clone(),
            assists: assists
                .map(|a| (a.department.clone(), a.ask.clone()))
                .collect(),
            classes: version.classes.iter().map(|c| c.name.clone()).collect(),
        }
    }

    /// What was typed, by the names of what was offered.
    pub(in super::super) fn typed(content: &Content, offer: &Offer) -> Self {
        let department = |id| {
            let found = offer.departments.iter().find(|d| d.id == id);
            found.map_or_else(String::new, |d| d.name.clone())
        };
        let classes = offer.classes.iter();
        Self {
            name: content.name.clone(),
            law: content.law.clone(),
            lead: department(content.lead.0),
            boundary: content.boundary.clone(),
            assists: content
                .assists
                .iter()
                .map(|(id, ask)| (department(id.0), ask.clone()))
                .collect(),
            classes: classes
                .filter(|c| content.classes.contains(&c.code))
                .map(|c| c.name.clone())
                .collect(),
        }
    }
}

/// What stands where there is nothing.
const NONE: &str = "无";

/// What is said otherwise than before; of a new item, all of it.
pub(in super::super) fn difference(before: Option<&Said>, after: &Said) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut add = |label: String, before: &str, after: &str| {
        if before != after {
            let or = |text: &str| if text.is_empty() { NONE } else { text }.to_owned();
            all.push(Difference {
                label,
                before: or(before),
                after: or(after),
            });
        }
    };
    let none = Said::default();
    let before = before.unwrap_or(&none);
    for (label, was, is) in [
        ("名称", &before.name, &after.name),
        ("依据", &before.law, &after.law),
        ("主办部门", &before.lead, &after.lead),
    ] {
        add(label.to_owned(), was, is);
    }
    let ask = |said: &Said, department: &str| {
        let found = said.assists.iter().find(|(d, _)| d == department);
        found.map_or_else(String::new, |(_, ask)| ask.clone())
    };
    let departments = |said: &Said| -> Vec<String> {
        let each = said.assists.iter();
        each.map(|(department, _)| department.clone()).collect()
    };
    let (were, are) = (departments(before), departments(after));
    let come = are.iter().filter(|d| !were.contains(d));
    for department in were.iter().chain(come) {
        let label = format!("协办 {department}");
        add(label, &ask(before, department), &ask(after, department));
    }
    if were != are && were.iter().collect::<BTreeSet<_>>() == are.iter().collect() {
        add("协办部门先后".to_owned(), &were.join("、"), &are.join("、"));
    }
    add("界限".to_owned(), &before.boundary, &after.boundary);
    let only = |of: &[String], other: &[String]| -> String {
        let only: Vec<&str> = (of.iter().map(String::as_str))
            .filter(|name| !other.iter().any(|o| o == name))
            .collect();
        only.join("、")
    };
    if *before == none {
        add("适用类别".to_owned(), "", &after.classes.join("、"));
    } else {
        let (gone, come) = (
            only(&before.classes, &after.classes),
            only(&after.classes, &before.classes),
        );
        add("去掉的类别".to_owned(), &gone, "");
        add("增加的类别".to_owned(), "", &come);
    }
    all
}

/// A class that the change of an item concerns, as the list has it on the day of the change.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Covered {
    pub(in super::super) code: String,
    pub(in super::super) name: String,
    /// Who leads by the item itself, if it covers the class that day.
    pub(in super::super) own: Option<String>,
    /// The first other item that covers it: number, and who leads by it.
    pub(in super::super) other: Option<(i32, String)>,
}

/// A class for which the list proposes another lead than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Turn {
    pub(in super::super) class: String,
    /// Item and department; none: the list is silent.
    before: Option<(i32, String)>,
    after: Option<(i32, String)>,
}

impl Turn {
    fn words(proposed: Option<&(i32, String)>) -> String {
        proposed.map_or_else(
            || "没有建议，要自选部门、写理由".to_owned(),
            |(number, lead)| format!("{lead}（第 {number} 项）"),
        )
    }

    /// Whom the list proposed.
    pub(in super::super) fn was(&self) -> String {
        Self::words(self.before.as_ref())
    }

    /// Whom it proposes.
    pub(in super::super) fn is(&self) -> String {
        Self::words(self.after.as_ref())
    }
}

/// The classes for which another department than before is proposed to lead, or none: of several
/// items that fit one class the lowest number is proposed. `after`: who leads by the changed item,
/// and the codes that it covers; none if it ends.
pub(in super::super) fn turns(
    number: i32,
    covered: &[Covered],
    after: Option<(&str, &[String])>,
) -> Vec<Turn> {
    let first = |own: Option<&str>, other: Option<&(i32, String)>| {
        let own = own.map(|lead| (number, lead.to_owned()));
        match (own, other) {
            (Some(own), Some(other)) if other.0 < own.0 => Some(other.clone()),
            (Some(own), _) => Some(own),
            (None, other) => other.cloned(),
        }
    };
    let turn = |class: &Covered| {
        let own = after.filter(|(_, codes)| codes.contains(&class.code));
        let turn = Turn {
            class: class.name.clone(),
            before: first(class.own.as_deref(), class.other.as_ref()),
            after: first(own.map(|(lead, _)| lead), class.other.as_ref()),
        };
        let lead = |proposed: &Option<(i32, String)>| proposed.as_ref().map(|p| p.1.clone());
        (lead(&turn.before) != lead(&turn.after)).then_some(turn)
    };
    covered.iter().filter_map(turn).collect()
}

/// `，2026-12-01 起`, where a change does not hold from today on.
pub fn begins(day: NaiveDate, today: NaiveDate) -> String {
    if day > today {
        format!("，{} 起", words::day(day))
    } else {
        String::new()
    }
}

/// What the record says of a change: what is otherwise, from when, and why.
pub(in super::super) fn sentence(
    head: &str,
    changes: &[Difference],
    (day, today): (NaiveDate, NaiveDate),
    reason: &str,
) -> String {
    /// What an event's sentence holds; the whole stands in the list itself.
    const LONGEST: usize = 1_600;
    let said: Vec<String> = changes.iter().map(Difference::words).collect();
    let mut said = said.join("；");
    if said.chars().count() > LONGEST {
        said = said.chars().take(LONGEST).collect();
        said.push_str("……全文见权责清单");
    }
    let from = begins(day, today);
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("（{said}。）")
    };
    format!("{head}{from}：{reason}{said}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lead: &str, assists: &[(&str, &str)], classes: &[&str]) -> Said {
        Said {
            name: "排水".to_owned(),
            law: "条例".to_owned(),
            lead: lead.to_owned(),
            boundary: "到户为止。".to_owned(),
            assists: assists
                .iter()
                .map(|(d, a)| ((*d).to_owned(), (*a).to_owned()))
                .collect(),
            classes: classes.iter().map(|c| (*c).to_owned()).collect(),
        }
    }

    fn words(before: Option<&Said>, after: &Said) -> Vec<String> {
        let all = difference(before, after);
        all.iter().map(Difference::words).collect()
    }

    #[test]
    fn each_department_and_class_is_said_by_itself() {
        let old = said(
            "住建局",
            &[("供水公司", "关阀"), ("公安局", "疏导")],
            &["积水", "堵塞"],
        );
        let new = said(
            "水务局",
            &[("公安局", "封路"), ("城管局", "清掏")],
            &["堵塞", "塌陷"],
        );
        assert_eq!(
            words(Some(&old), &new),
            [
                "主办部门：住建局 → 水务局",
                "协办 供水公司：关阀 → 无",
                "协办 公安局：疏导 → 封路",
                "协办 城管局：无 → 清掏",
                "去掉的类别：积水 → 无",
                "增加的类别：无 → 塌陷",
            ]
        );
        assert!(words(Some(&old), &old).is_empty());
        let turned = said(
            "住建局",
            &[("公安局", "疏导"), ("供水公司", "关阀")],
            &["积水", "堵塞"],
        );
        assert_eq!(
            words(Some(&old), &turned),
            ["协办部门先后：供水公司、公安局 → 公安局、供水公司"]
        );
        assert_eq!(
            words(None, &old).last().unwrap(),
            "适用类别：无 → 积水、堵塞"
        );
    }

    #[test]
    fn the_lowest_number_that_fits_is_proposed() {
        let covered = |code: &str, own: Option<&str>, other: Option<(i32, &str)>| Covered {
            code: code.to_owned(),
            name: format!("类{code}"),
            own: own.map(str::to_owned),
            other: other.map(|(n, lead)| (n, lead.to_owned())),
        };
        let all = [
            covered("1", Some("住建局"), None),
            covered("2", Some("住建局"), Some((50, "城管局"))),
            covered("3", Some("住建局"), Some((3, "城管局"))),
            covered("4", None, None),
            covered("5", None, Some((3, "水务局"))),
        ];
        let told = |after: Option<(&str, &[String])>| -> Vec<String> {
            let turns = turns(47, &all, after);
            turns
                .iter()
                .map(|t| format!("{} {} {}", t.class, t.was(), t.is()))
                .collect()
        };
        let none = "没有建议，要自选部门、写理由";
        assert_eq!(
            told(None),
            [
                format!("类1 住建局（第 47 项） {none}"),
                "类2 住建局（第 47 项） 城管局（第 50 项）".to_owned(),
            ]
        );
        let codes = ["1", "2", "3", "4", "5"].map(str::to_owned);
        assert_eq!(
            told(Some(("水务局", &codes))),
            [
                "类1 住建局（第 47 项） 水务局（第 47 项）".to_owned(),
                "类2 住建局（第 47 项） 水务局（第 47 项）".to_owned(),
                format!("类4 {none} 水务局（第 47 项）"),
            ]
        );
    }
}
