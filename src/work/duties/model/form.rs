//! What is typed about an item, what it may be chosen from, and what it must be to be kept.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Class, Named, Version};
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::org::DepartmentId;

/// How far ahead a change may be entered, in days.
pub(in super::super) const AHEAD: i64 = 90;

/// Most assisting departments that one item names.
pub(in super::super) const ASSISTS: usize = 8;

/// What the form sends. Department and ask repeat, row by row.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(default)]
pub struct DutyForm {
    /// The key of the form.
    pub once: String,
    /// Which button: preview, save, edit or more.
    pub act: String,
    /// 第 n 项.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The law it stands on.
    pub law: String,
    /// The id of the department that leads.
    pub lead: String,
    /// The ids of those that assist.
    pub department: Vec<String>,
    /// What each is asked for.
    pub ask: Vec<String>,
    /// Where the duty ends.
    pub boundary: String,
    /// The codes of the classes it covers.
    pub class: Vec<String>,
    /// From when.
    pub from_day: String,
    /// Why it is changed.
    pub reason: String,
}

/// From when a version is in force, and why it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// From when.
    pub from_day: NaiveDate,
    /// Why; of a new item, that it is one.
    pub reason: String,
}

/// What a new item's first version is put down to.
const FIRST: &str = "首次列入";

/// What the form of an item offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Departments in force.
    pub departments: Vec<Named>,
    /// All classes.
    pub classes: Vec<Class>,
    /// The number after the last one given.
    pub next: i32,
}

/// What an item says, checked and ready to be kept.
#[derive(Clone, Debug)]
pub struct Content {
    /// 第 n 项.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// The law it stands on.
    pub law: String,
    /// The department that leads.
    pub lead: DepartmentId,
    /// Where the duty ends.
    pub boundary: String,
    /// The departments that assist, and what each is asked for.
    pub assists: Vec<(DepartmentId, String)>,
    /// The codes of the classes it covers.
    pub classes: Vec<String>,
}

impl DutyForm {
    /// The form of what a version of an item says, from today on, but never before that version.
    pub(in super::super) fn of(
        (number, item): (i32, &Version),
        once: String,
        today: NaiveDate,
    ) -> Self {
        Self {
            once,
            number: number.to_string(),
            from_day: words::day(item.from_day.max(today)),
            name: item.name.clone(),
            law: item.law.clone(),
            lead: item.lead_id.to_string(),
            department: item
                .assists
                .iter()
                .map(|a| a.department_id.to_string())
                .collect(),
            ask: item.assists.iter().map(|a| a.ask.clone()).collect(),
            boundary: item.boundary.clone(),
            class: item.classes.iter().map(|c| c.code.clone()).collect(),
            ..Self::default()
        }
    }

    /// What an item must be to be kept, from when, and why it is changed, if it is. A changed item
    /// keeps its number, so none is read then.
    pub fn read(
        &self,
        offer: &Offer,
        is_change: bool,
        today: NaiveDate,
    ) -> Result<(Content, Why), FieldErrors> {
        let mut errors = FieldErrors::new();
        let number = if is_change {
            1
        } else {
            let number = self.number.trim().parse().ok();
            number
                .filter(|n| (1..=9999).contains(n))
                .unwrap_or_else(|| {
                    errors.add("number", "项号写 1 至 9999 的整数。");
                    0
                })
        };
        let name = errors.text("name", "名称", &self.name, (2, 60));
        let law = errors.text("law", "依据", &self.law, (2, 300));
        let lead = offered(&self.lead, offer);
        if lead.is_none() {
            errors.add("lead", "请选择主办部门。");
        }
        let assists = self.assists(offer, lead, &mut errors);
        let boundary = errors.text("boundary", "界限", &self.boundary, (2, 1000));
        let classes = self.classes(offer, &mut errors);
        let from_day = day_of_effect(&mut errors, &self.from_day, today);
        let reason = if is_change {
            errors.text("reason", "修改理由", &self.reason, (2, 300))
        } else {
            FIRST.to_owned()
        };
        match lead {
            Some(lead) if errors.is_empty() => {
                let content = Content {
                    number,
                    name,
                    law,
                    lead,
                    boundary,
                    assists,
                    classes,
                };
                Ok((content, Why { from_day, reason }))
            }
            _ => Err(errors),
        }
    }

    /// The departments that assist; an empty row is none.
    fn assists(
        &self,
        offer: &Offer,
        lead: Option<DepartmentId>,
        errors: &mut FieldErrors,
    ) -> Vec<(DepartmentId, String)> {
        let mut assists: Vec<(DepartmentId, String)> = Vec::new();
        for (row, typed) in self.department.iter().enumerate().take(ASSISTS) {
            let field = format!("ask-{row}");
            let ask = self.ask.get(row).map_or("", String::as_str);
            let ask = errors.text(&field, "配合事项", ask, (0, 300));
            let Some(department) = offered(typed, offer) else {
                if !ask.is_empty() {
                    errors.add(field, "写了配合事项，还没有选部门。");
                }
                continue;
            };
            if lead == Some(department) {
                errors.add(field, "这个部门已是主办，不用再列为协办。");
            } else if assists.iter().any(|(d, _)| *d == department) {
                errors.add(field, "这个部门已经列过，一个部门只写一行。");
            } else if ask.is_empty() {
                errors.add(field, "请写明请它配合什么。");
            }
            assists.push((department, ask));
        }
        assists
    }

    /// The classes ticked, each once.
    fn classes(&self, offer: &Offer, errors: &mut FieldErrors) -> Vec<String> {
        let known = offer.classes.iter().map(|c| &c.code);
        let ticked: Vec<String> = known.filter(|c| self.class.contains(c)).cloned().collect();
        if ticked.is_empty() {
            errors.add("classes", "请勾选这一项管哪些类别，起草哨单时照此建议。");
        }
        ticked
    }
}

/// The day from which a change holds: today, or within [`AHEAD`] days.
pub(in super::super) fn day_of_effect(
    errors: &mut FieldErrors,
    typed: &str,
    today: NaiveDate,
) -> NaiveDate {
    let day = errors.day_ahead("from_day", ("生效日期", typed), (today, AHEAD));
    day.unwrap_or(today)
}

/// The department, if it is one that is offered.
fn offered(typed: &str, offer: &Offer) -> Option<DepartmentId> {
    let id: DepartmentId = typed.parse().ok()?;
    offer.departments.iter().any(|d| d.id == id.0).then_some(id)
}
