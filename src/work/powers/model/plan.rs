//! A plan (赋权方案): what it says, whether it is in force, how its scopes are written down. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::words::Power;
use crate::base::words;
use crate::org::DepartmentId;
use crate::org::documents::Basis;
use crate::org::events::Entry;
use crate::work::PlanId;

/// Whether a plan is in force on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Standing {
    /// Its first day has not come.
    Coming,
    /// In force.
    InForce,
    /// Over.
    Ended,
}

impl Standing {
    /// From when, and until before when.
    pub(in super::super) fn span(from: &NaiveDate, to: Option<&NaiveDate>) -> String {
        let from = words::day(*from);
        match to {
            Some(to) => format!("{from} 起，{} 止", words::day(*to)),
            None => format!("{from} 起"),
        }
    }

    /// On a day; a plan is in force until before its last.
    pub(in super::super) fn on(
        today: NaiveDate,
        (from, to): (NaiveDate, Option<NaiveDate>),
    ) -> Self {
        if today < from {
            Self::Coming
        } else if to.is_none_or(|to| today < to) {
            Self::InForce
        } else {
            Self::Ended
        }
    }
}

/// A power that a department grants, and over what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Granted {
    pub(in super::super) department: DepartmentId,
    pub(in super::super) name: String,
    pub(in super::super) power: Power,
    pub(in super::super) scope: String,
}

/// A symposium (座谈会) at which the plan was talked over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Meeting {
    pub(in super::super) held_on: NaiveDate,
    pub(in super::super) place: String,
    pub(in super::super) present: String,
    pub(in super::super) words: String,
}

/// What a power is granted over, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Scope<'a> {
    pub(in super::super) words: &'a str,
    /// Names.
    pub(in super::super) departments: Vec<&'a str>,
}

impl Scope<'_> {
    /// The names in a row; with how many there are, if they are several.
    pub(in super::super) fn names(&self) -> String {
        let names = self.departments.join("、");
        match self.departments.len() {
            1 => names,
            n => format!("{names}（{n} 个）"),
        }
    }
}

/// A plan with everything its page shows.
#[derive(Clone, Debug)]
pub(in super::super) struct PlanCase {
    pub(in super::super) id: PlanId,
    pub(in super::super) number: i32,
    pub(in super::super) name: String,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    pub(in super::super) made_at: DateTime<Utc>,
    pub(in super::super) maker: String,
    pub(in super::super) basis: Basis,
    pub(in super::super) meetings: Vec<Meeting>,
    /// Codes and names.
    pub(in super::super) streets: Vec<(String, String)>,
    pub(in super::super) grants: Vec<Granted>,
    /// Records that stand on it, as far as counting goes.
    pub(in super::super) records: i64,
    pub(in super::super) timeline: Vec<Entry>,
}

impl PlanCase {
    /// Whether it is in force on a day.
    pub(in super::super) fn standing(&self, today: NaiveDate) -> Standing {
        Standing::on(today, (self.from_day, self.to_day))
    }

    /// How many departments grant something.
    pub(in super::super) fn departments(&self) -> usize {
        let all: BTreeSet<_> = self.grants.iter().map(|g| g.department).collect();
        all.len()
    }

    /// Power by power, of those that are granted: each scope with the departments that grant just it.
    pub(in super::super) fn scopes(&self) -> Vec<(Power, Vec<Scope<'_>>)> {
        let all = Power::ALL
            .iter()
            .map(|power| (*power, self.scopes_of(*power)));
        all.filter(|(_, scopes)| !scopes.is_empty()).collect()
    }

    fn scopes_of(&self, power: Power) -> Vec<Scope<'_>> {
        let mut scopes: Vec<Scope<'_>> = Vec::new();
        for grant in self.grants.iter().filter(|g| g.power == power) {
            match scopes.iter_mut().find(|s| s.words == grant.scope) {
                Some(same) => same.departments.push(&grant.name),
                None => scopes.push(Scope {
                    words: &grant.scope,
                    departments: vec![&grant.name],
                }),
            }
        }
        scopes
    }

    /// The scope that most departments grant with a power, and below it a line for each other.
    pub(in super::super) fn written(&self, power: Power) -> (String, String) {
        let mut scopes = self.scopes_of(power);
        // Of several that are equally common the first stays in front.
        scopes.sort_by_key(|s| std::cmp::Reverse(s.departments.len()));
        let common = scopes.first().map(|s| s.words.to_owned());
        let others: Vec<String> = scopes
            .iter()
            .skip(1)
            .flat_map(|s| {
                s.departments
                    .iter()
                    .map(|name| format!("{name}：{}", s.words))
            })
            .collect();
        (common.unwrap_or_default(), others.join("\n"))
    }
}

/// Reads lines `部门：范围` against the departments of one power; a sentence says what is wrong.
pub(in super::super) fn read_others(
    typed: &str,
    departments: &[(DepartmentId, String)],
) -> Result<Vec<(DepartmentId, String)>, String> {
    let mut others: Vec<(DepartmentId, String)> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let Some((name, scope)) = line.split_once(['：', ':']) else {
            return Err(format!("“{line}”写成“部门名称：范围”。"));
        };
        let (name, scope) = (name.trim(), scope.trim());
        let found = departments.iter().find(|(_, n)| n == name);
        let Some((id, _)) = found else {
            return Err(format!(
                "“{name}”没有勾选这项权力。请核对部门全称，或者先勾选。"
            ));
        };
        if others.iter().any(|(seen, _)| seen == id) {
            return Err(format!("“{name}”写了两行，请合成一行。"));
        }
        if !(2..=300).contains(&scope.chars().count()) {
            return Err(format!("“{name}”的范围写 2 至 300 个字。"));
        }
        others.push((*id, scope.to_owned()));
    }
    Ok(others)
}

/// A plan as it is made, checked and ready to be kept.
#[derive(Clone, Debug)]
pub(in super::super) struct Draft {
    pub(in super::super) name: String,
    pub(in super::super) basis: Basis,
    pub(in super::super) from_day: NaiveDate,
    pub(in super::super) to_day: Option<NaiveDate>,
    /// Codes.
    pub(in super::super) streets: Vec<String>,
    pub(in super::super) grants: Vec<(DepartmentId, Power, String)>,
    pub(in super::super) meetings: Vec<Meeting>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> DepartmentId {
        DepartmentId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn other_scopes_are_read_line_by_line() {
        let all = [(id(1), "供水公司".to_owned()), (id(2), "住建局".to_owned())];
        let read = |typed| read_others(typed, &all);
        assert_eq!(
            read("\n供水公司：供水管网\n 住建局: 老旧小区 \n"),
            Ok(vec![
                (id(1), "供水管网".to_owned()),
                (id(2), "老旧小区".to_owned())
            ])
        );
        assert_eq!(read(""), Ok(Vec::new()));
        for (wrong, why) in [
            ("供水公司 供水管网", "写成“部门名称：范围”"),
            ("水务局：管网", "“水务局”没有勾选"),
            ("供水公司：管", "写 2 至 300 个字"),
            ("供水公司：管网\n供水公司：泵房", "写了两行"),
        ] {
            assert!(read(wrong).unwrap_err().contains(why), "{wrong}");
        }
    }

    #[test]
    fn the_commonest_scope_is_written_once_and_the_others_in_lines() {
        let grants = [
            (1, "供水公司", "管网"),
            (2, "住建局", "小区"),
            (3, "教育局", "小区"),
        ];
        let at = "2026-11-23T01:00:00Z".parse().unwrap();
        let plan = PlanCase {
            id: PlanId::at(at),
            number: 1,
            name: String::new(),
            from_day: "2026-01-01".parse().unwrap(),
            to_day: None,
            made_at: at,
            maker: String::new(),
            basis: Basis {
                document: crate::org::DocumentId::at(at),
                code: String::new(),
                title: String::new(),
                clause: crate::org::documents::Clause {
                    number: 1,
                    words: String::new(),
                },
            },
            meetings: Vec::new(),
            streets: Vec::new(),
            grants: grants
                .map(|(n, name, scope)| Granted {
                    department: id(n),
                    name: name.to_owned(),
                    power: Power::Project,
                    scope: scope.to_owned(),
                })
                .to_vec(),
            records: 0,
            timeline: Vec::new(),
        };
        let written = plan.written(Power::Project);
        assert_eq!(written, ("小区".to_owned(), "供水公司：管网".to_owned()));
        assert_eq!(plan.written(Power::Cadre), (String::new(), String::new()));
        let scopes = plan.scopes();
        let [(Power::Project, scopes)] = scopes.as_slice() else {
            panic!("{scopes:?}");
        };
        let names: Vec<String> = scopes.iter().map(Scope::names).collect();
        assert_eq!(names, ["供水公司", "住建局、教育局（2 个）"]);
        assert_eq!(plan.departments(), 3);
    }

    #[test]
    fn a_plan_ends_before_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = (day("2026-01-01"), Some(day("2027-01-01")));
        for (today, standing) in [
            ("2025-12-31", Standing::Coming),
            ("2026-01-01", Standing::InForce),
            ("2026-12-31", Standing::InForce),
            ("2027-01-01", Standing::Ended),
        ] {
            assert_eq!(Standing::on(day(today), days), standing, "{today}");
        }
    }
}
