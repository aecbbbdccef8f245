//! The catalogue: each figure is defined here once, and every page, file and letter draws from it.

use super::scope::ScopeKind;
use crate::coded;
use crate::org::access::Permission;

coded! {
    /// What is counted by local day; the condition of each stands in `figures_counted`.
    Figure as "figure_code" {
        /// Matters filed.
        Filed = "filed" "上报事项",
        /// Matters ended, however.
        Ended = "ended" "结束事项",
        /// Matters solved.
        Solved = "solved" "解决事项",
        /// Solved in the grid.
        SolvedGrid = "solved_grid" "网格解决",
        /// Solved by the community.
        SolvedCommunity = "solved_community" "社区解决",
        /// Solved by the street itself.
        SolvedStreet = "solved_street" "街道解决",
        /// Solved by a whistle.
        SolvedWhistle = "solved_whistle" "吹哨解决",
        /// Solved without passing a limit.
        SolvedInTime = "solved_in_time" "按时解决",
        /// Matters past their limit when the day was over.
        MattersLate = "matters_late" "超期事项",
        /// Whistles blown.
        Sounded = "sounded" "吹哨",
        /// Whistles closed or withdrawn.
        WhistlesEnded = "whistles_ended" "结束哨单",
        /// Whistles closed.
        Closed = "closed" "办结哨单",
        /// Closed without passing a limit that counts.
        ClosedInTime = "closed_in_time" "按时办结",
        /// Closed without a failed check.
        FirstPass = "first_pass" "核查一次通过",
        /// Whistles whose trouble was first seen again.
        Recurred = "recurred" "复发",
        /// Whistles past their limit when the day was over.
        WhistlesLate = "whistles_late" "超期哨单",
        /// Residents who answered.
        Heard = "heard" "有效回访",
        /// Of these: the leading department reported in in time.
        Responded = "responded" "按时报到",
        /// Of these: it is solved.
        HeardSolved = "heard_solved" "群众说已解决",
        /// Of these: satisfied.
        Satisfied = "satisfied" "满意",
        /// Of these: basically satisfied.
        Basically = "basically" "基本满意",
        /// Uses of the five powers begun, but for the confidential ones about cadres.
        Asked = "asked" "行使五项权力",
        /// Of these: answered by now.
        Answered = "answered" "已答复",
        /// Of these: answered within the limit.
        AnsweredInTime = "answered_in_time" "按时答复",
    }
}

/// Under which heading a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// 事项
    Matters,
    /// 哨单
    Whistles,
    /// 群众回访
    Residents,
    /// 五项权力
    Powers,
}

impl Group {
    /// In the order of the page.
    pub const ALL: [Self; 4] = [Self::Matters, Self::Whistles, Self::Residents, Self::Powers];

    /// Its heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Matters => "事项",
            Self::Whistles => "哨单",
            Self::Residents => "群众回访",
            Self::Powers => "五项权力",
        }
    }

    /// Who may open the lists behind it.
    pub fn needs(self) -> Permission {
        match self {
            Self::Matters => Permission::SeeMatters,
            Self::Whistles => Permission::SeeWhistles,
            Self::Residents => Permission::SeeVisits,
            Self::Powers => Permission::SeePowers,
        }
    }

    /// Whether it is counted in such a part of the city.
    pub fn covers(self, kind: ScopeKind) -> bool {
        use ScopeKind::{City, Community, Department, Grid, Street};
        match self {
            Self::Matters => matches!(kind, City | Street | Community | Grid),
            Self::Whistles => matches!(kind, City | Street | Community | Department),
            Self::Residents => matches!(kind, City | Department),
            Self::Powers => matches!(kind, City | Street | Department),
        }
    }
}

/// How a figure is made of what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many the period brought.
    Count(Figure),
    /// How many of the others, shown with both numbers.
    Share(Figure, Figure),
    /// How many were under way when the period was over: those there are now, less what came since,
    /// and what ended since.
    Open(Figure, Figure),
    /// Whistles for each thousand matters filed.
    WhistleRate,
}

/// One figure: what it says, in what, by which rule.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What exactly is counted.
    pub meaning: &'static str,
    /// In what.
    pub unit: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Its heading.
    pub group: Group,
    /// How it is made.
    pub measure: Measure,
}

const fn defined(
    (group, name, unit): (Group, &'static str, &'static str),
    measure: Measure,
    meaning: &'static str,
    source: &'static str,
) -> Definition {
    Definition {
        name,
        meaning,
        unit,
        source,
        group,
        measure,
    }
}

/// The indicators of city management by their standard.
const STANDARD: &str = "CJ/T 292、GB/T 30428.4";
/// This office's own rule.
const OWN: &str = "市治理办数据口径";
/// The three rates.
const RATES: &str = "接诉即办“三率”，只算有效回访";
/// The plan of the five powers.
const POWERS: &str = "赋予街道五项权力实施方案";

/// Every figure, in the order of the page.
pub const CATALOGUE: &[Definition] = &[
    defined(
        (Group::Matters, "上报事项", "件"),
        Measure::Count(Figure::Filed),
        "这段时间上报的事项，按上报时间算。",
        STANDARD,
    ),
    defined(
        (Group::Matters, "解决事项", "件"),
        Measure::Count(Figure::Solved),
        "这段时间解决的事项，按结束时间算；不受理和并入别的事项的不算。",
        STANDARD,
    ),
    defined(
        (Group::Matters, "网格解决", "件"),
        Measure::Share(Figure::SolvedGrid, Figure::Solved),
        "解决的事项里，网格自己解决的。",
        OWN,
    ),
    defined(
        (Group::Matters, "社区解决", "件"),
        Measure::Share(Figure::SolvedCommunity, Figure::Solved),
        "解决的事项里，社区解决的。",
        OWN,
    ),
    defined(
        (Group::Matters, "街道解决", "件"),
        Measure::Share(Figure::SolvedStreet, Figure::Solved),
        "解决的事项里，街道自己解决、没有吹哨的。",
        OWN,
    ),
    defined(
        (Group::Matters, "吹哨解决", "件"),
        Measure::Share(Figure::SolvedWhistle, Figure::Solved),
        "解决的事项里，吹哨后由部门解决的。",
        OWN,
    ),
    defined(
        (Group::Matters, "按时解决", "件"),
        Measure::Share(Figure::SolvedInTime, Figure::Solved),
        "解决的事项里，一路没有超过时限的。",
        STANDARD,
    ),
    defined(
        (Group::Matters, "期末在办", "件"),
        Measure::Open(Figure::Filed, Figure::Ended),
        "最后一天结束时还没有结束的事项；最后一天是今天的，算现在。",
        OWN,
    ),
    defined(
        (Group::Whistles, "吹哨", "件"),
        Measure::Count(Figure::Sounded),
        "这段时间吹响的哨单，按吹响时间算。",
        OWN,
    ),
    defined(
        (Group::Whistles, "吹哨率", "‰"),
        Measure::WhistleRate,
        "每上报一千件事项吹响几件哨单。太低是机制没用起来，太高是日常没管住。",
        "北京“街乡吹哨、部门报到”实施方案",
    ),
    defined(
        (Group::Whistles, "办结", "件"),
        Measure::Count(Figure::Closed),
        "这段时间办结的哨单，按办结时间算；撤哨的不算。",
        STANDARD,
    ),
    defined(
        (Group::Whistles, "按时办结", "件"),
        Measure::Share(Figure::ClosedInTime, Figure::Closed),
        "办结的哨单里，一路没有超过时限的；经裁定不算部门超期的不计。",
        STANDARD,
    ),
    defined(
        (Group::Whistles, "核查一次通过", "件"),
        Measure::Share(Figure::FirstPass, Figure::Closed),
        "办结的哨单里，核查没有一次不通过的。",
        STANDARD,
    ),
    defined(
        (Group::Whistles, "复发", "件"),
        Measure::Count(Figure::Recurred),
        "办结后同楼或附近又有同类事项的哨单，按头一次发现的时间算。",
        STANDARD,
    ),
    defined(
        (Group::Whistles, "期末在办", "件"),
        Measure::Open(Figure::Sounded, Figure::WhistlesEnded),
        "最后一天结束时吹响了还没有结束的哨单；最后一天是今天的，算现在。",
        OWN,
    ),
    defined(
        (Group::Residents, "有效回访", "件"),
        Measure::Count(Figure::Heard),
        "这段时间接通并答了的回访，按答的时间算。",
        RATES,
    ),
    defined(
        (Group::Residents, "响应", "件"),
        Measure::Share(Figure::Responded, Figure::Heard),
        "有效回访里，主办部门按时报到的。",
        RATES,
    ),
    defined(
        (Group::Residents, "解决", "件"),
        Measure::Share(Figure::HeardSolved, Figure::Heard),
        "有效回访里，群众说已解决的。",
        RATES,
    ),
    defined(
        (Group::Residents, "满意", "件"),
        Measure::Share(Figure::Satisfied, Figure::Heard),
        "有效回访里，群众说满意的；算满意率时基本满意按九成加上。",
        RATES,
    ),
    defined(
        (Group::Residents, "基本满意", "件"),
        Measure::Share(Figure::Basically, Figure::Heard),
        "有效回访里，群众说基本满意的。",
        RATES,
    ),
    defined(
        (Group::Powers, "行使五项权力", "件"),
        Measure::Count(Figure::Asked),
        "这段时间征求街道意见和街道提请的，按提出时间算；撤回的和干部考评不算。",
        POWERS,
    ),
    defined(
        (Group::Powers, "已答复", "件"),
        Measure::Share(Figure::Answered, Figure::Asked),
        "提出的里面，部门到现在答复了的。",
        POWERS,
    ),
    defined(
        (Group::Powers, "按时答复", "件"),
        Measure::Share(Figure::AnsweredInTime, Figure::Asked),
        "提出的里面，部门在时限内答复的。",
        POWERS,
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_figures_of_a_heading_have_one_name() {
        let mut seen = HashSet::new();
        for d in CATALOGUE {
            assert!(seen.insert((d.group.label(), d.name)), "{}", d.name);
            assert!(d.meaning.ends_with('。') && !d.source.is_empty());
        }
    }
}
