//! The rules beside the limits: how long a decision may take, when supervision goes further, how
//! often something may be done. They are rows of a version of the limits, never constants. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::coded;
use crate::org::calendar::{Limit, NoDue, Unit};

coded! {
    /// A rule of a version of the limits.
    Rule as "limit_rule" {
        /// How long the street has to decide on a return.
        DecideReturnStreet = "decide_return_street" "退回，街道裁定",
        /// How long the city's office has.
        DecideReturnCity = "decide_return_city" "退回，市治理办裁定",
        /// How long a city leader has.
        DecideReturnLeader = "decide_return_leader" "退回，市领导裁定",
        /// How long an extension may wait.
        DecideExtension = "decide_extension" "延期审批",
        /// How long a suspension may wait.
        DecideSuspension = "decide_suspension" "挂账审批",
        /// How long an appeal may wait.
        DecideAppeal = "decide_appeal" "超时申诉答复",
        /// How long after the limit to sign a return may be asked for.
        AskReturn = "ask_return" "签收期满后可提退回",
        /// How long after a denial one may go one level up.
        Contest = "contest" "答复后可提请上一级",
        /// How long a department has to answer the city's letter.
        Reply = "reply" "回复督办函",
        /// A department's late assignments in a month that bring a yellow card.
        LateForYellow = "late_for_yellow" "本月超期几件亮黄牌",
        /// Yellow cards in a quarter that bring a red one.
        YellowForRed = "yellow_for_red" "本季度几张黄牌亮红牌",
        /// Reworks that bring the city's letter.
        ReworksForCity = "reworks_for_city" "返工几次市级督办",
        /// How often an express whistle may be extended.
        ExtensionsExpress = "extensions_express" "快捷哨最多延期几次",
        /// A routine one.
        ExtensionsRoutine = "extensions_routine" "日常哨最多延期几次",
        /// A joint enforcement.
        ExtensionsJoint = "extensions_joint" "综合执法哨最多延期几次",
        /// Calls that reach nobody, after which the asking ends.
        VisitTries = "visit_tries" "回访几次未接通为止",
        /// Days after its close in which the same trouble counts as come again.
        RecurDays = "recur_days" "办结后几天内再发算复发",
        /// How long before its decision a department asks about a cadre.
        AskBefore = "ask_before" "干部考评，决定前征求意见",
        /// How long a street has for its opinion on a cadre.
        OpinionCadre = "opinion_cadre" "干部考评，街道意见",
        /// On a plan.
        OpinionPlanning = "opinion_planning" "街区规划，街道意见",
        /// On a project.
        OpinionProject = "opinion_project" "民生项目，街道意见",
        /// On an award.
        OpinionAward = "opinion_award" "评先评优，街道意见",
        /// How long after a co-ordination its minutes are due.
        Minutes = "minutes" "综合协调，形成纪要",
        /// How long a department has to answer about a cadre.
        AnswerCadre = "answer_cadre" "干部考评，部门答复",
        /// About a plan.
        AnswerPlanning = "answer_planning" "街区规划，部门答复",
        /// After the last thing that a co-ordination agreed.
        AnswerCoordination = "answer_coordination" "综合协调，部门反馈",
        /// About a project.
        AnswerProject = "answer_project" "民生项目，部门答复",
        /// About an award.
        AnswerAward = "answer_award" "评先评优，部门答复",
        /// How long a street has to object to an answer.
        Reaction = "reaction" "街道对答复表态",
        /// How long the city's office has to rule on an objection.
        Ruling = "ruling" "异议裁定",
    }
}

impl Rule {
    /// Whether it is a time, and not a count.
    pub fn is_limit(self) -> bool {
        match self {
            Self::DecideReturnStreet
            | Self::DecideReturnCity
            | Self::DecideReturnLeader
            | Self::DecideExtension
            | Self::DecideSuspension
            | Self::DecideAppeal
            | Self::AskReturn
            | Self::Contest
            | Self::AskBefore
            | Self::OpinionCadre
            | Self::OpinionPlanning
            | Self::OpinionProject
            | Self::OpinionAward
            | Self::Minutes
            | Self::AnswerCadre
            | Self::AnswerPlanning
            | Self::AnswerCoordination
            | Self::AnswerProject
            | Self::AnswerAward
            | Self::Reaction
            | Self::Ruling
            | Self::Reply => true,
            Self::LateForYellow
            | Self::YellowForRed
            | Self::ReworksForCity
            | Self::ExtensionsExpress
            | Self::ExtensionsRoutine
            | Self::ExtensionsJoint
            | Self::VisitTries
            | Self::RecurDays => false,
        }
    }

    /// What a page says of it where it has this value: `2 工作时`, `3 件`.
    pub fn says(self, value: Value) -> String {
        match value.unit {
            Some(unit) => Limit::new(i64::from(value.amount), unit)
                .map(Limit::words)
                .unwrap_or_default(),
            None => format!("{} {}", value.amount, self.counted()),
        }
    }

    /// What is counted.
    pub fn counted(self) -> &'static str {
        match self {
            Self::LateForYellow => "件",
            Self::YellowForRed => "张",
            Self::RecurDays => "天",
            Self::DecideReturnStreet
            | Self::DecideReturnCity
            | Self::DecideReturnLeader
            | Self::DecideExtension
            | Self::DecideSuspension
            | Self::DecideAppeal
            | Self::AskReturn
            | Self::Contest
            | Self::AskBefore
            | Self::OpinionCadre
            | Self::OpinionPlanning
            | Self::OpinionProject
            | Self::OpinionAward
            | Self::Minutes
            | Self::AnswerCadre
            | Self::AnswerPlanning
            | Self::AnswerCoordination
            | Self::AnswerProject
            | Self::AnswerAward
            | Self::Reaction
            | Self::Ruling
            | Self::Reply
            | Self::ReworksForCity
            | Self::ExtensionsExpress
            | Self::ExtensionsRoutine
            | Self::ExtensionsJoint
            | Self::VisitTries => "次",
        }
    }
}

/// What a rule says: so much of a unit, or so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// How much, or how many.
    pub amount: i32,
    /// Of which unit; none: a count.
    pub unit: Option<Unit>,
}

/// All rules of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Rule, Value>")]
pub struct Rules(BTreeMap<Rule, Value>);

impl TryFrom<BTreeMap<Rule, Value>> for Rules {
    type Error = String;
    fn try_from(values: BTreeMap<Rule, Value>) -> Result<Self, String> {
        for rule in Rule::ALL {
            let value = values.get(rule).ok_or(format!("no rule {rule:?}"))?;
            if value.unit.is_some() != rule.is_limit() {
                return Err(format!("the rule {rule:?} says {value:?}"));
            }
        }
        Ok(Self(values))
    }
}

impl Rules {
    /// What a rule says.
    pub fn of(&self, rule: Rule) -> Value {
        // That every rule is there was seen to when they were read.
        self.0.get(&rule).copied().unwrap_or_default()
    }

    /// The time that a rule gives.
    pub fn limit(&self, rule: Rule) -> Result<Limit, NoDue> {
        let value = self.of(rule);
        let unit = value.unit.unwrap_or(Unit::WorkDay);
        Limit::new(i64::from(value.amount), unit)
    }

    /// How many a rule says.
    pub fn count(&self, rule: Rule) -> i64 {
        i64::from(self.of(rule).amount)
    }

    /// What a page says of a rule: `2 工作时`, `3 件`.
    pub fn words(&self, rule: Rule) -> String {
        rule.says(self.of(rule))
    }
}

#[cfg(test)]
impl Rules {
    /// Two of everything.
    pub(crate) fn of_two() -> Self {
        let values = Rule::ALL.iter().map(|rule| {
            let unit = rule.is_limit().then_some(Unit::WorkDay);
            (*rule, Value { amount: 2, unit })
        });
        Self(values.collect())
    }
}
