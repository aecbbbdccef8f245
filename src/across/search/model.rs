//! What can be found, and where it stands. Pure.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::finding::SOUGHT;
use crate::org::access::{Level, Permission, Viewer};
use crate::org::{DepartmentId, NodeId, PersonId};
use crate::work::clocks::Nearest;
use crate::work::{MatterId, WhistleId, matters, whistles};

/// What the box finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 事项
    Matters,
    /// 哨单
    Whistles,
    /// 地点
    Places,
    /// 部门
    Departments,
    /// 人员
    People,
}

impl Kind {
    /// In the order of the page.
    pub(crate) const ALL: [Self; 5] = [
        Self::Matters,
        Self::Whistles,
        Self::Places,
        Self::Departments,
        Self::People,
    ];

    /// What stands for it in an address.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Matters => "matters",
            Self::Whistles => "whistles",
            Self::Places => "places",
            Self::Departments => "departments",
            Self::People => "people",
        }
    }

    /// Its name.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Matters => "事项",
            Self::Whistles => "哨单",
            Self::Places => "地点",
            Self::Departments => "部门",
            Self::People => "人员",
        }
    }

    /// What its things are counted in.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Matters | Self::Whistles => "件",
            Self::Places | Self::Departments => "个",
            Self::People => "人",
        }
    }

    /// Whether only the viewer's own part of the city is looked through.
    pub(crate) fn is_local(self) -> bool {
        match self {
            Self::Matters | Self::Whistles => true,
            Self::Places | Self::Departments | Self::People => false,
        }
    }

    /// The list that shows the same, narrowed by the same words.
    pub(crate) fn list(self) -> Option<&'static str> {
        match self {
            Self::Matters => Some("/matters"),
            Self::Whistles => Some("/whistles"),
            Self::People => Some("/people"),
            Self::Places | Self::Departments => None,
        }
    }

    /// Whether the viewer finds any at all: who may open its list, and reaches something.
    pub(crate) fn is_for(self, me: &Viewer) -> bool {
        let reach = me.reach();
        let reaches = !reach.nothing;
        match self {
            Self::Matters => {
                reaches && reach.department.is_none() && me.kind.may(Permission::SeeMatters)
            }
            Self::Whistles => {
                reaches && reach.grid.is_none() && me.kind.may(Permission::SeeWhistles)
            }
            Self::Places | Self::Departments => me.kind.may(Permission::SeeChain),
            Self::People => me.kind.may(Permission::SeeStaff),
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or(())
    }
}

/// The first of a kind, and how many there are; counting stops after [`SOUGHT`].
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Group<T> {
    pub(crate) n: i64,
    pub(crate) rows: Vec<T>,
}

impl<T> Default for Group<T> {
    fn default() -> Self {
        Self {
            n: 0,
            rows: Vec::new(),
        }
    }
}

/// How many, as the page says it.
pub(crate) fn counted(n: i64) -> String {
    if n > SOUGHT {
        format!("超过 {SOUGHT}")
    } else {
        n.to_string()
    }
}

/// A matter that was found.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Matter {
    pub(crate) id: MatterId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) spot: String,
    /// The names of its place, from the community down.
    pub(crate) places: Vec<String>,
    pub(crate) stage: matters::Stage,
    pub(crate) solved_level: Option<matters::SolvedLevel>,
    pub(crate) urgent: bool,
    pub(crate) waiting_since: DateTime<Utc>,
    pub(crate) nearest: Option<Nearest>,
    pub(crate) late: bool,
}

impl Matter {
    /// Its whole place.
    pub(crate) fn place(&self) -> String {
        self.places.join(" ")
    }
}

/// A whistle that was found.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Whistle {
    pub(crate) id: WhistleId,
    pub(crate) number: Option<String>,
    pub(crate) title: String,
    pub(crate) kind: whistles::Kind,
    pub(crate) place: String,
    pub(crate) lead: Option<String>,
    pub(crate) stage: whistles::Stage,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) nearest: Option<Nearest>,
    pub(crate) late: bool,
}

/// A place that was found.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Place {
    pub(crate) id: NodeId,
    pub(crate) code: String,
    pub(crate) level: i16,
    /// The names from the street down to its own.
    pub(crate) names: Vec<String>,
    /// Who leads it, if anybody does.
    pub(crate) chief: Option<String>,
}

impl Place {
    /// What it is called with all above it.
    pub(crate) fn name(&self) -> String {
        self.names.join(" ")
    }

    /// What it is.
    pub(crate) fn level(&self) -> &'static str {
        Level::try_from(self.level).map_or("", Level::label)
    }
}

/// A department that was found.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Department {
    pub(crate) id: DepartmentId,
    pub(crate) name: String,
    pub(crate) head: Option<String>,
}

/// A person who was found.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) identity: String,
    /// The posts held today: `慧阳街道·党工委书记`.
    pub(crate) posts: Vec<String>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The words that were looked for, a place's name apart from what follows it.
    pub(crate) words: Vec<String>,
    pub(crate) matters: Group<Matter>,
    pub(crate) whistles: Group<Whistle>,
    pub(crate) places: Group<Place>,
    pub(crate) departments: Group<Department>,
    pub(crate) people: Group<Person>,
}

impl Found {
    /// How many of a kind.
    pub(crate) fn n(&self, kind: &Kind) -> i64 {
        match kind {
            Kind::Matters => self.matters.n,
            Kind::Whistles => self.whistles.n,
            Kind::Places => self.places.n,
            Kind::Departments => self.departments.n,
            Kind::People => self.people.n,
        }
    }

    /// The id of the last one shown of a kind, after which its next page begins; none: there is no more.
    pub(crate) fn next(&self, kind: Kind, size: i64) -> Option<Uuid> {
        let (shown, last) = match kind {
            Kind::Places => (
                self.places.rows.len(),
                self.places.rows.last().map(|r| r.id.0),
            ),
            Kind::Departments => (
                self.departments.rows.len(),
                self.departments.rows.last().map(|r| r.id.0),
            ),
            Kind::Matters | Kind::Whistles | Kind::People => return None,
        };
        last.filter(|_| i64::try_from(shown) == Ok(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_stops_at_three_hundred() {
        assert_eq!(counted(0), "0");
        assert_eq!(counted(300), "300");
        assert_eq!(counted(301), "超过 300");
    }

    #[test]
    fn each_kind_has_a_code_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert_eq!("rooms".parse::<Kind>(), Err(()));
    }
}
