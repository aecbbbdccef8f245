//! The rule by which a post sees an item, in words. Pure. The rules themselves are conditions of the
//! queries; a test asks both about every post of a town.

use serde::Deserialize;
use uuid::Uuid;

use crate::org::access::{Level, Permission, PostKind, Reach, Seat};
use crate::org::{DepartmentId, NodeId};

/// A post that the person holds today, or of somebody for whom he stands in.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Held {
    pub(super) kind: PostKind,
    pub(super) title: String,
    node_id: Option<Uuid>,
    node_level: Option<Level>,
    node_code: Option<String>,
    node_name: Option<String>,
    department_id: Option<Uuid>,
    department_name: Option<String>,
    /// Whose post it is, if he stands in.
    pub(super) absent: Option<String>,
}

impl Held {
    /// Where the post sits.
    fn seat(&self) -> Seat {
        match (self, self.department_id) {
            (_, Some(id)) => Seat::Department {
                id: DepartmentId(id),
                name: self.department_name.clone().unwrap_or_default(),
            },
            (
                Self {
                    node_id: Some(id),
                    node_level: Some(level),
                    node_code: Some(code),
                    node_name: Some(name),
                    ..
                },
                None,
            ) => Seat::Node {
                id: NodeId(*id),
                level: *level,
                code: code.clone(),
                name: name.clone(),
            },
            _ => Seat::City,
        }
    }

    /// `慧阳街道·党工委书记`
    pub(super) fn named(&self) -> String {
        match self.node_name.as_ref().or(self.department_name.as_ref()) {
            Some(at) => format!("{at}·{}", self.title),
            None => self.title.clone(),
        }
    }

    fn at(&self) -> &str {
        let at = self.node_name.as_ref().or(self.department_name.as_ref());
        at.map_or("", String::as_str)
    }

    fn reach(&self) -> Reach {
        self.seat().reach(self.kind)
    }
}

/// What is asked about.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Item {
    /// 事项
    Matter {
        number: String,
        place_code: String,
        place: String,
    },
    /// 哨单
    Whistle {
        /// None: still a draft without a number, which nobody can ask about.
        number: Option<String>,
        place_code: String,
        place: String,
        /// Whether it has sounded.
        sounded: bool,
        /// The departments that have or had a part in it.
        departments: Vec<Named>,
    },
    /// 行权记录
    Exercise {
        number: String,
        street_code: String,
        place: String,
        /// Whether it is an opinion on a cadre.
        cadre: bool,
        /// The departments that take part.
        departments: Vec<Named>,
    },
}

/// A department with its name.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: Uuid,
    pub(super) name: String,
}

impl Item {
    /// What it is called.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Matter { .. } => "事项",
            Self::Whistle { .. } => "哨单",
            Self::Exercise { .. } => "行权记录",
        }
    }

    /// Its number.
    pub(super) fn number(&self) -> &str {
        match self {
            Self::Matter { number, .. } | Self::Exercise { number, .. } => number,
            Self::Whistle { number, .. } => number.as_deref().unwrap_or_default(),
        }
    }

    /// Where it is.
    pub(super) fn place(&self) -> &str {
        match self {
            Self::Matter { place, .. }
            | Self::Whistle { place, .. }
            | Self::Exercise { place, .. } => place,
        }
    }

    /// The departments it was given to: `供水公司、供热公司`.
    pub(super) fn departments(&self) -> String {
        let all = match self {
            Self::Matter { .. } => &[][..],
            Self::Whistle { departments, .. } | Self::Exercise { departments, .. } => departments,
        };
        let names: Vec<&str> = all.iter().map(|d| d.name.as_str()).collect();
        names.join("、")
    }

    fn needs(&self) -> Permission {
        match self {
            Self::Matter { .. } => Permission::SeeMatters,
            Self::Whistle { .. } => Permission::SeeWhistles,
            Self::Exercise { .. } => Permission::SeePowers,
        }
    }
}

/// Whether a post sees the item, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) sees: bool,
    pub(super) because: String,
}

fn yes(because: String) -> Answer {
    Answer {
        sees: true,
        because,
    }
}

fn no(because: String) -> Answer {
    Answer {
        sees: false,
        because,
    }
}

/// Why the post sees the item or does not.
pub(super) fn why(post: &Held, item: &Item) -> Answer {
    let label = item.label();
    if post.kind.is_admin() {
        return no("管理员不接触业务内容".to_owned());
    }
    if !post.kind.may(item.needs()) {
        return no(format!("这种职务不看{label}"));
    }
    let reach = post.reach();
    match item {
        Item::Matter { place_code, .. } => by_ground(post, &reach, label, place_code),
        Item::Whistle {
            place_code,
            sounded,
            departments,
            ..
        } => {
            if !sounded {
                return no("还没有吹哨，只在拟稿的街道、社区看得到".to_owned());
            }
            match reach.department {
                Some(own) => by_department(post, own, label, departments),
                None => by_ground(post, &reach, label, place_code),
            }
        }
        Item::Exercise {
            street_code,
            cadre,
            departments,
            ..
        } => {
            if *cadre && !post.kind.may(Permission::ReadCadre) {
                return no("干部考评意见只有街道书记、部门负责人和市治理办看得到".to_owned());
            }
            match reach.department {
                Some(own) => by_department(post, own, label, departments),
                None => by_ground(post, &reach, label, street_code),
            }
        }
    }
}

fn by_ground(post: &Held, reach: &Reach, label: &str, code: &str) -> Answer {
    let ground = [&reach.below, &reach.grid, &reach.community, &reach.street];
    match ground.into_iter().flatten().next() {
        None => yes(format!("市级职务，看得到全市的{label}")),
        Some(own) if code.starts_with(own.as_str()) => {
            yes(format!("{label}在{}，这里的{label}都看得到", post.at()))
        }
        Some(_) => no(format!("{label}不在{}", post.at())),
    }
}

fn by_department(post: &Held, own: Uuid, label: &str, departments: &[Named]) -> Answer {
    if departments.iter().any(|d| d.id == own) {
        yes(format!("{label}派给了{}", post.at()))
    } else {
        no(format!("{label}没有派给{}", post.at()))
    }
}

/// What the post sees of the work at all.
pub(super) fn sight(post: &Held) -> String {
    if post.kind.is_admin() {
        return "不接触业务内容".to_owned();
    }
    let sees: Vec<&str> = [
        (Permission::SeeMatters, "事项"),
        (Permission::SeeWhistles, "哨单"),
        (Permission::SeePowers, "行权记录"),
    ]
    .into_iter()
    .filter(|(permission, _)| post.kind.may(*permission))
    .map(|(_, label)| label)
    .collect();
    let sees = sees.join("、");
    match post.seat() {
        Seat::City => format!("全市的{sees}"),
        Seat::Node { name, .. } => format!("{name}的{sees}"),
        Seat::Department { name, .. } => format!("派给{name}的{sees}"),
    }
}
