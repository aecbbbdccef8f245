//! A scheme (评分规则): what an item is worth, what a kind weighs, who is compared with whom.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Exact;
use crate::coded;
use crate::org::DepartmentId;
use crate::org::documents::Basis;
use crate::org::units::DepartmentKind;
use crate::work::whistles::Kind;

coded! {
    /// What is scored (项目).
    Item as "assessment_item" {
        /// The street's and the community's marks.
        Rating = "rating" "街道评价",
        /// The department reported in in time, by the answered visits.
        Responded = "responded" "响应",
        /// The resident says solved.
        Solved = "solved" "解决",
        /// The resident is satisfied.
        Satisfied = "satisfied" "满意",
        /// Signed in time.
        Sign = "sign" "按时签收",
        /// Reported in in time.
        Report = "report" "按时报到",
        /// The result in time.
        Close = "close" "按时办结",
        /// The first check passed.
        FirstCheck = "first_check" "一次核查通过",
        /// Returns that were right.
        Returns = "returns" "退回成立",
    }
}

coded! {
    /// What a rating is about, which decides what it weighs.
    Subject as "assessment_subject" {
        /// A tough whistle.
        Tough = "tough" "攻坚哨",
        /// A joint enforcement whistle.
        JointEnforcement = "joint_enforcement" "综合执法哨",
        /// An emergency.
        Emergency = "emergency" "应急哨",
        /// A routine whistle.
        Routine = "routine" "日常哨",
        /// An express whistle.
        Express = "express" "快捷哨",
        /// The answer about one of the five powers.
        Power = "power" "五项权力答复",
    }
}

coded! {
    /// What becomes of departments with few cases (样本不足).
    Small as "assessment_small" {
        /// Ranked like all others, by the shrunk mean.
        Shrunk = "shrunk" "向平均分靠拢后参加排名",
        /// Shown and not ranked.
        Unranked = "unranked" "注明样本不足，不参加排名",
    }
}

coded! {
    /// What becomes of equal scores.
    Ties as "assessment_ties" {
        /// The same place.
        Same = "same" "并列",
        /// Who had more cases goes first.
        MoreCases = "more_cases" "件数多的在前",
    }
}

coded! {
    /// What becomes of departments that nobody rated.
    NoCases as "assessment_no_cases" {
        /// Scored by what is there.
        Objective = "objective" "只按客观情况折算",
        /// Scored, not ranked.
        Unranked = "unranked" "折算得分，不参加排名",
    }
}

coded! {
    /// What is not counted (剔除); it stays in sight.
    Exemption as "assessment_exemption" {
        /// A breach for which an appeal was granted.
        Appeal = "appeal" "超时申诉成立的那一次超时",
        /// The result of what was put aside.
        Suspension = "suspension" "挂账哨单的办结时限",
        /// What a department had before its return was upheld.
        Returned = "returned" "退回成立前的签收、报到",
    }
}

/// The three parts of a score (组成).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Street and community.
    Street,
    /// Residents.
    Residents,
    /// What clocks, checks and decisions say.
    Objective,
}

impl Component {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Street, Self::Residents, Self::Objective];

    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Street => "街道评价",
            Self::Residents => "群众评价",
            Self::Objective => "客观情况",
        }
    }

    /// In an address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Residents => "residents",
            Self::Objective => "objective",
        }
    }

    /// In a figure.
    pub fn short(self) -> &'static str {
        match self {
            Self::Street => "街道",
            Self::Residents => "群众",
            Self::Objective => "客观",
        }
    }
}

impl Item {
    /// The part it belongs to.
    pub fn component(self) -> Component {
        match self {
            Self::Rating => Component::Street,
            Self::Responded | Self::Solved | Self::Satisfied => Component::Residents,
            Self::Sign | Self::Report | Self::Close | Self::FirstCheck | Self::Returns => {
                Component::Objective
            }
        }
    }

    /// The items of a part.
    pub fn of(component: Component) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(move |item| item.component() == component)
    }

    /// What it counts.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Rating | Self::Responded | Self::Solved | Self::Satisfied | Self::FirstCheck => {
                "件"
            }
            Self::Sign | Self::Report | Self::Close | Self::Returns => "次",
        }
    }
}

impl From<Kind> for Subject {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Routine => Self::Routine,
            Kind::Express => Self::Express,
            Kind::JointEnforcement => Self::JointEnforcement,
            Kind::Tough => Self::Tough,
            Kind::Emergency => Self::Emergency,
        }
    }
}

/// Departments that are compared with one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its place in the scheme.
    pub position: i16,
    /// What it is called.
    pub name: String,
    /// Where a department belongs that is named nowhere.
    pub kinds: Vec<DepartmentKind>,
    /// Those named.
    pub departments: Vec<DepartmentId>,
}

/// A department as far as it is assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Which.
    pub id: DepartmentId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Bureau, vertical or utility.
    pub kind: DepartmentKind,
}

/// One version of the scoring rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Which.
    pub id: uuid::Uuid,
    /// The number of the version.
    pub number: i32,
    /// In force from this day until the next version begins.
    pub from_day: NaiveDate,
    /// Why it was made.
    pub note: String,
    /// The clause it stands on.
    pub basis: Option<Basis>,
    /// The clause says itself how much street and residents have.
    pub splits_by_document: bool,
    /// What a basically satisfied resident counts.
    pub basic_share: Exact,
    /// Fewer samples than this are too few.
    pub min_n: i16,
    /// How many cases of the mean are added before ranking.
    pub shrink_n: i16,
    /// Departments with few cases.
    pub small: Small,
    /// Equal scores.
    pub ties: Ties,
    /// Departments that nobody rated.
    pub no_cases: NoCases,
    /// What is not counted.
    pub exemptions: Vec<Exemption>,
    /// Working days after the period in which facts are still recorded.
    pub locked_days: i16,
    /// Working days in which departments may object.
    pub window_days: i16,
    /// Who made it; nobody made the first.
    pub made_by: Option<String>,
    /// The points of each item.
    pub items: BTreeMap<Item, Exact>,
    /// The weight of each subject of a rating.
    pub weights: BTreeMap<Subject, Exact>,
    /// The groups, in order.
    pub groups: Vec<Group>,
}

impl Scheme {
    /// `第 2 版`
    pub fn name(&self) -> String {
        format!("第 {} 版", self.number)
    }

    /// The points of an item.
    pub fn points(&self, item: Item) -> Exact {
        self.items.get(&item).cloned().unwrap_or_default()
    }

    /// The points of a part.
    pub fn points_of(&self, component: Component) -> Exact {
        Item::of(component).map(|item| self.points(item)).sum()
    }

    /// What a rating of this subject weighs.
    pub fn weight(&self, subject: Subject) -> Exact {
        self.weights.get(&subject).cloned().unwrap_or_default()
    }

    /// Whether this is not counted.
    pub fn exempts(&self, exemption: Exemption) -> bool {
        self.exemptions.contains(&exemption)
    }

    /// Whether so many samples are too few.
    pub fn is_small(&self, n: usize) -> bool {
        n < usize::try_from(self.min_n).unwrap_or(0)
    }

    /// The place of a department's group: where it is named, or where its kind belongs.
    pub fn group_of(&self, department: &Department) -> i16 {
        let named = |g: &&Group| g.departments.contains(&department.id);
        let by_kind = |g: &&Group| g.kinds.contains(&department.kind);
        let groups = &self.groups;
        let found = groups
            .iter()
            .find(named)
            .or_else(|| groups.iter().find(by_kind));
        found.or(groups.first()).map_or(1, |g| g.position)
    }

    /// The scheme in force on the first day of a period: one period, one scheme.
    pub fn in_force(schemes: &[Scheme], day: NaiveDate) -> Option<&Scheme> {
        let begun = schemes.iter().filter(|s| s.from_day <= day);
        begun.max_by_key(|s| s.from_day)
    }
}
