//! What is kept of a class.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::coded;
use crate::org::DocumentId;
use crate::org::calendar::Limit;
use crate::org::documents::Basis;

coded! {
    /// The two families of the national order (GB/T 30428.2).
    Family as "class_family" {
        /// Something that happens.
        Event = "event" "事件",
        /// Something that stands there; its code begins with B.
        Component = "component" "部件",
    }
}

/// A condition of filing (立案条件) with its condition of closing (结案条件), as one version of a
/// class has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The version of the class; 0 while it is only typed.
    pub version: i32,
    /// Which of the version, from 1.
    pub position: i16,
    /// When a matter is filed.
    pub filing: String,
    /// When it may be closed.
    pub closing: String,
}

impl Condition {
    /// As a form carries it: version and position.
    pub fn key(&self) -> String {
        format!("{}.{}", self.version, self.position)
    }
}

/// A place on the quick list of the ground (常用).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quick {
    /// Which place, from 1. Two at one place stand by code.
    pub order: i16,
    /// What people on the ground call it.
    pub name: String,
}

/// What a version says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The minor class (小类).
    pub name: String,
    /// Its place on the quick list, if it stands there.
    pub quick: Option<Quick>,
    /// Whether matters of it may be filed.
    pub in_use: bool,
    /// At most [`CONDITIONS`](super::CONDITIONS).
    pub conditions: Vec<Condition>,
}

impl Content {
    /// Whether both say the same, whatever version their conditions are of.
    pub fn says(&self, other: &Self) -> bool {
        let plain = |c: &Self| -> Vec<(String, String)> {
            let all = c.conditions.iter();
            all.map(|k| (k.filing.clone(), k.closing.clone())).collect()
        };
        self.name == other.name
            && self.quick == other.quick
            && self.in_use == other.in_use
            && plain(self) == plain(other)
    }
}

/// One version of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// 第 n 版.
    pub number: i32,
    /// From when.
    pub from_day: NaiveDate,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
    /// Why.
    pub reason: String,
    /// The clause it stands on, if one is cited.
    pub basis: Option<Basis>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom; none: the program brought it.
    pub by: Option<String>,
}

/// How a version stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// Its day is still to come.
    Coming,
    /// It held, and a later one took its place.
    Past,
    /// A later version took its place before its day.
    Never,
}

impl Standing {
    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Holds => "现行",
            Self::Coming => "待生效",
            Self::Past => "旧版本",
            Self::Never => "没有施行",
        }
    }
}

/// An item of the duty list that covers a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The version in force.
    pub id: Uuid,
    /// 第 n 项.
    pub number: i32,
    /// Its name.
    pub name: String,
}

/// A class with all its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// For good, and never given again.
    pub code: String,
    /// Event or component.
    pub family: Family,
    /// The major class (大类).
    pub major: String,
    /// Whether the city added it.
    pub is_local: bool,
    /// Newest first; there is always one.
    pub versions: Vec<Version>,
    /// The promise that holds today.
    pub limit: Option<Limit>,
    /// Items of the duty list in force that cover it.
    pub duties: Vec<Named>,
}

impl Class {
    /// The version that holds on a day, if one has begun.
    pub fn held(&self, day: NaiveDate) -> Option<&Version> {
        self.versions.iter().find(|v| v.from_day <= day)
    }

    /// What the class is called and does on a day; before it begins, what it begins with.
    pub fn shown(&self, day: NaiveDate) -> Option<&Version> {
        self.held(day).or(self.versions.first())
    }

    /// Whether matters of it may be filed on a day.
    pub fn is_in_use(&self, day: NaiveDate) -> bool {
        self.held(day).is_some_and(|v| v.content.in_use)
    }

    /// The last version that was made: what a change stands on.
    pub fn last(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// How one of its versions stands on a day.
    pub fn standing(&self, version: &Version, day: NaiveDate) -> Standing {
        let later = |v: &&Version| v.number > version.number;
        let mut later = self.versions.iter().filter(later);
        if self.held(day).is_some_and(|h| h.number == version.number) {
            Standing::Holds
        } else if later.clone().any(|v| v.from_day <= version.from_day) {
            Standing::Never
        } else if version.from_day > day {
            Standing::Coming
        } else if later.any(|v| v.from_day <= day) {
            Standing::Past
        } else {
            Standing::Holds
        }
    }

    /// The versions whose day is still to come, the nearest first.
    pub fn coming(&self, day: NaiveDate) -> Vec<&Version> {
        let coming = |v: &&Version| self.standing(v, day) == Standing::Coming;
        let mut all: Vec<&Version> = self.versions.iter().filter(coming).collect();
        all.reverse();
        all
    }

    /// The version before one, as it will have been: the one that its words replace.
    pub fn before(&self, version: &Version) -> Option<&Version> {
        self.versions.iter().find(|v| v.number < version.number)
    }
}

/// A major class of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Major {
    /// The beginning of its codes: `01`, `B01`.
    pub key: String,
    /// Event or component.
    pub family: Family,
    /// What it is called.
    pub name: String,
    /// The codes that the city may still give, in their order: downward from 99, none that was given
    /// before, none among those of the national order.
    pub free: Vec<String>,
}

impl Major {
    /// The major classes of a register, by the classes that it has or ever had: code, family, name of
    /// the major class, whether the city added it.
    pub fn all(classes: &[(String, Family, String, bool)]) -> Vec<Self> {
        let mut majors: Vec<Self> = Vec::new();
        let given: BTreeSet<&str> = classes.iter().map(|c| c.0.as_str()).collect();
        let parts = classes
            .iter()
            .filter_map(|c| Some((c.0.split_once('-')?, c)));
        let mut last: BTreeMap<&str, u8> = BTreeMap::new();
        for ((key, number), (_, family, name, is_local)) in parts {
            let number = if *is_local {
                0
            } else {
                number.parse().unwrap_or(99)
            };
            let highest = last.entry(key).or_default();
            *highest = number.max(*highest);
            if majors.iter().all(|m| m.key != key) {
                majors.push(Self {
                    key: key.to_owned(),
                    family: *family,
                    name: name.clone(),
                    free: Vec::new(),
                });
            }
        }
        for major in &mut majors {
            let above = last.get(major.key.as_str()).copied().unwrap_or_default();
            let codes = (above + 1..=99)
                .rev()
                .map(|n| format!("{}-{n:02}", major.key));
            major.free = codes.filter(|c| !given.contains(c.as_str())).collect();
        }
        majors.sort_by(|a, b| a.key.cmp(&b.key));
        majors
    }

    /// The next code that the city may give.
    pub fn next(&self) -> Option<&str> {
        self.free.first().map(String::as_str)
    }

    /// `事件 01 市容环境`
    pub fn label(&self) -> String {
        format!("{} {} {}", self.family.label(), self.key, self.name)
    }
}

/// A class that the city adds.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its major class.
    pub major: Major,
    /// The code that was shown for it.
    pub code: String,
}

/// What a change stands on besides what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// From when it holds.
    pub from_day: NaiveDate,
    /// Why.
    pub reason: String,
    /// The clause that is cited.
    pub basis: Option<(DocumentId, i32)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_given_downward_from_99_and_never_twice() {
        let class = |code: &str, is_local| {
            let family = Family::Event;
            (code.to_owned(), family, "突发事件".to_owned(), is_local)
        };
        let all = [
            class("05-08", false),
            class("05-99", true),
            class("05-97", true),
            class("06-97", false),
            class("06-99", true),
            class("07-99", false),
        ];
        let majors = Major::all(&all);
        let next = |at: usize| majors[at].next();
        assert_eq!(
            (next(0), next(1), next(2)),
            (Some("05-98"), Some("06-98"), None)
        );
        assert_eq!(majors[0].free[1], "05-96");
        assert_eq!(majors[0].free.last().unwrap(), "05-09");
        assert_eq!(majors[1].free, ["06-98"]);
    }
}
