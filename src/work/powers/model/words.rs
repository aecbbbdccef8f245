//! The words of the five powers. Pure.

use crate::coded;
use crate::work::clocks::Rule;

coded! {
    /// One of the five powers (五项权力, `domain.md` 6).
    Power as "power_kind" {
        /// An opinion on cadres of departments and their branches.
        Cadre = "cadre" "干部考评建议权",
        /// A part in the plans of the area.
        Planning = "planning" "街区规划参与权",
        /// Calling departments together.
        Coordination = "coordination" "综合协调管理权",
        /// Proposing livelihood projects, or being asked about them.
        Project = "project" "民生项目建议权",
        /// An opinion on awards.
        Award = "award" "评先评优建议权",
    }
}

impl Power {
    /// The letter in the number of a record.
    pub fn letter(self) -> char {
        match self {
            Self::Cadre => 'B',
            Self::Planning => 'P',
            Self::Coordination => 'C',
            Self::Project => 'M',
            Self::Award => 'J',
        }
    }

    /// What one record is called: 民生项目征求意见, 综合协调.
    pub fn record(self, origin: Origin) -> &'static str {
        match (self, origin) {
            (Self::Cadre, Origin::Department) => "干部考评征求意见",
            (Self::Cadre, Origin::Street) => "干部考评建议",
            (Self::Planning, _) => "街区规划征求意见",
            (Self::Coordination, _) => "综合协调",
            (Self::Project, Origin::Department) => "民生项目征求意见",
            (Self::Project, Origin::Street) => "民生项目建议",
            (Self::Award, Origin::Department) => "评先评优征求意见",
            (Self::Award, Origin::Street) => "评先评优建议",
        }
    }

    /// Who may begin a record of it: departments consult, streets propose and call.
    pub fn begins(self, origin: Origin) -> bool {
        match self {
            Self::Planning => origin == Origin::Department,
            Self::Coordination => origin == Origin::Street,
            Self::Cadre | Self::Project | Self::Award => true,
        }
    }

    /// How long the street has for its opinion; a co-ordination asks for none.
    pub fn opinion(self) -> Option<Rule> {
        match self {
            Self::Cadre => Some(Rule::OpinionCadre),
            Self::Planning => Some(Rule::OpinionPlanning),
            Self::Project => Some(Rule::OpinionProject),
            Self::Award => Some(Rule::OpinionAward),
            Self::Coordination => None,
        }
    }

    /// How long the department has for its answer.
    pub fn answer(self) -> Rule {
        match self {
            Self::Cadre => Rule::AnswerCadre,
            Self::Planning => Rule::AnswerPlanning,
            Self::Coordination => Rule::AnswerCoordination,
            Self::Project => Rule::AnswerProject,
            Self::Award => Rule::AnswerAward,
        }
    }
}

coded! {
    /// Who began a record.
    Origin as "exercise_origin" {
        /// The department asks the street.
        Department = "department" "部门征求",
        /// The street proposes or calls.
        Street = "street" "街道提请",
    }
}

coded! {
    /// Where a record stands. Only [`super::next`] says what moves it.
    Stage as "exercise_stage" {
        /// The street's opinion is awaited.
        Opining = "opining" "待街道提意见",
        /// Departments are called; the minutes are awaited.
        Meeting = "meeting" "待形成纪要",
        /// The department's answer is awaited.
        Answering = "answering" "待部门答复",
        /// The street accepts or objects.
        Reacting = "reacting" "待街道表态",
        /// The city's office rules on the objection.
        Objected = "objected" "待裁定异议",
        /// Over.
        Closed = "closed" "已办结",
        /// Called back.
        Withdrawn = "withdrawn" "已撤回",
    }
}

impl Stage {
    /// Whether nothing follows.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

coded! {
    /// What the street thinks of what a department asked.
    OpinionKind as "opinion_kind" {
        /// It agrees.
        Agree = "agree" "同意",
        /// It agrees and suggests changes.
        Suggest = "suggest" "有修改建议",
        /// It does not agree.
        Disagree = "disagree" "不同意",
        /// It said nothing in time.
        Silent = "silent" "逾期未答，视为无意见",
        /// What it said is sealed.
        Sealed = "sealed" "意见另行授权查看",
    }
}

impl OpinionKind {
    /// Those that a street chooses from.
    pub const CHOICES: [Self; 3] = [Self::Agree, Self::Suggest, Self::Disagree];
}

coded! {
    /// What the department does with it (部门答复).
    AnswerKind as "answer_kind" {
        /// All of it.
        Adopted = "adopted" "采纳",
        /// Some of it.
        Partly = "partly" "部分采纳",
        /// Nothing of it.
        NotAdopted = "not_adopted" "未采纳",
    }
}

impl AnswerKind {
    /// What a co-ordination's answer is called: things are carried out there, not adopted.
    pub fn word(self, power: Power) -> &'static str {
        match (power, self) {
            (Power::Coordination, Self::Adopted) => "已落实",
            (Power::Coordination, Self::Partly) => "部分落实",
            (Power::Coordination, Self::NotAdopted) => "未落实",
            (Power::Cadre | Power::Planning | Power::Project | Power::Award, _) => self.label(),
        }
    }

    /// The answer that answers of items make together: all, some or none adopted.
    pub fn of_items(items: &[AnswerKind]) -> Option<Self> {
        let all = |kind: Self| items.iter().all(|item| *item == kind);
        if items.is_empty() {
            None
        } else if all(Self::Adopted) {
            Some(Self::Adopted)
        } else if all(Self::NotAdopted) {
            Some(Self::NotAdopted)
        } else {
            Some(Self::Partly)
        }
    }
}

coded! {
    /// What the street says to the answer.
    ReactionKind as "reaction_kind" {
        /// It accepts.
        Accepted = "accepted" "认可",
        /// It objects.
        Objected = "objected" "异议",
        /// It said nothing in time.
        Silent = "silent" "逾期未表态，视为认可",
    }
}

coded! {
    /// What the city's office says to the objection.
    RulingKind as "ruling_kind" {
        /// The street is right: the department answers anew.
        Upheld = "upheld" "支持街道异议，部门重新答复",
        /// The answer stands.
        Dismissed = "dismissed" "维持部门答复",
    }
}

coded! {
    /// How far the plan is that the street is asked about.
    Phase as "planning_phase" {
        /// Being drawn up.
        Draft = "draft" "编制",
        /// The year's programme.
        Programme = "programme" "年度计划",
        /// Before it is sent for approval.
        Approval = "approval" "报批",
        /// When what was built is taken over.
        Acceptance = "acceptance" "验收",
    }
}

coded! {
    /// Into which pool a project came.
    Pool as "project_pool" {
        /// Into the pool.
        Pooled = "pooled" "列入项目库",
        /// Merged with another.
        Merged = "merged" "并入其他项目",
        /// Later.
        Deferred = "deferred" "暂缓",
        /// Not at all.
        Refused = "refused" "不列入",
    }
}

impl Pool {
    /// The answer that goes with it.
    pub fn answer(self) -> AnswerKind {
        match self {
            Self::Pooled => AnswerKind::Adopted,
            Self::Merged | Self::Deferred => AnswerKind::Partly,
            Self::Refused => AnswerKind::NotAdopted,
        }
    }

    /// Whether a budget year goes with it.
    pub fn has_budget(self) -> bool {
        match self {
            Self::Pooled | Self::Merged => true,
            Self::Deferred | Self::Refused => false,
        }
    }
}
