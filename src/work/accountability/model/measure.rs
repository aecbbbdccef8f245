//! The figures that prove a task: each is counted from facts, none is typed. What is typed is the
//! target.

use chrono::NaiveDate;
use serde::Deserialize;

use super::body::{Body, BodyKind};
use crate::base::words;
use crate::work::visits::Rate;

crate::coded! {
    /// A figure of the program.
    Measure as "task_measure" {
        /// Whistles that sounded.
        Whistles = "whistles" "吹哨次数",
        /// Of the lead's closings, those in time.
        ClosedInTime = "closed_in_time" "按时办结率",
        /// Of the reports, those in time.
        ReportedInTime = "reported_in_time" "按时报到率",
        /// What residents said.
        Satisfied = "satisfied" "群众满意率",
        /// Of the solved matters, those that grid or community solved.
        SolvedBelow = "solved_below" "事项社区解决率",
        /// Posts that nobody holds.
        VacantPosts = "vacant_posts" "空缺职务数",
        /// Of the grids, those that have a chief.
        GridChiefs = "grid_chiefs" "网格长配齐率",
    }
}

impl Measure {
    /// Whether it is a share of something.
    pub(crate) fn is_share(self) -> bool {
        match self {
            Self::Whistles | Self::VacantPosts => false,
            Self::ClosedInTime
            | Self::ReportedInTime
            | Self::Satisfied
            | Self::SolvedBelow
            | Self::GridChiefs => true,
        }
    }

    /// Whether it shows how things stand today, whatever the period.
    pub(crate) fn is_of_today(self) -> bool {
        matches!(self, Self::VacantPosts | Self::GridChiefs)
    }

    /// Whether a body has such a figure: departments have neither matters nor grids.
    pub(crate) fn fits(self, body: BodyKind) -> bool {
        match body {
            BodyKind::City | BodyKind::Street => true,
            BodyKind::Department => !matches!(self, Self::SolvedBelow | Self::GridChiefs),
        }
    }

    /// What is counted.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Whistles => "统计期内吹响的哨单。",
            Self::ClosedInTime => "统计期内吹响的哨单，主办已反馈或超期的任务里没有超期的。",
            Self::ReportedInTime => "统计期内吹响的哨单，已报到或超期的任务里按时报到的。",
            Self::Satisfied => "统计期内的有效回访；满意计 1，基本满意计 0.9。",
            Self::SolvedBelow => "统计期内解决的事项里，网格或社区解决的。",
            Self::VacantPosts => "今天没有人担任的职务。",
            Self::GridChiefs => "今天有网格长的网格。",
        }
    }

    /// The unit of its number.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Whistles => "件",
            Self::VacantPosts => "个",
            Self::ClosedInTime
            | Self::ReportedInTime
            | Self::Satisfied
            | Self::SolvedBelow
            | Self::GridChiefs => "%",
        }
    }
}

/// What a figure shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) measure: Measure,
    pub(crate) at_least: bool,
    pub(crate) target: i32,
}

/// A figure with what it shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Figure {
    pub(crate) measure: Measure,
    pub(crate) at_least: bool,
    pub(crate) target: i32,
    /// Ten for each that fits, nine for one that nearly fits.
    pub(crate) tenths: i64,
    /// How many there are.
    pub(crate) whole: i64,
}

/// Below so many a share says nothing.
const ENOUGH: i64 = 5;

impl Figure {
    fn rate(&self) -> Rate {
        let enough = if self.measure.is_of_today() {
            1
        } else {
            ENOUGH
        };
        if self.whole < enough {
            Rate::TooFew
        } else {
            Rate::Tenths((self.tenths * 100 + self.whole / 2) / self.whole)
        }
    }

    /// `90.5%`, `12 件`, `样本不足`
    pub(crate) fn value(&self) -> String {
        if self.measure.is_share() {
            self.rate().to_string()
        } else {
            format!("{} {}", self.whole, self.measure.unit())
        }
    }

    /// Of how many, for a share.
    pub(crate) fn of_how_many(&self) -> String {
        if self.measure.is_share() {
            format!("共 {} 件", self.whole).replace(
                "件",
                if self.measure == Measure::GridChiefs {
                    "个网格"
                } else {
                    "件"
                },
            )
        } else {
            String::new()
        }
    }

    /// `不低于 90%`
    pub(crate) fn target_words(&self) -> String {
        let word = if self.at_least {
            "不低于"
        } else {
            "不高于"
        };
        match self.measure.unit() {
            "%" => format!("{word} {}%", self.target),
            unit => format!("{word} {} {unit}", self.target),
        }
    }

    /// Whether it is what it shall be; nothing while there are too few. What is shown is judged.
    pub(crate) fn is_met(&self) -> Option<bool> {
        let target = i64::from(self.target);
        let (value, target) = if self.measure.is_share() {
            match self.rate() {
                Rate::Tenths(tenths) => (tenths, target * 10),
                Rate::TooFew => return None,
            }
        } else {
            (self.whole, target)
        };
        Some(if self.at_least {
            value >= target
        } else {
            value <= target
        })
    }

    /// The list behind it, where there is one.
    pub(crate) fn href(&self, body: &Body, (from, to): (NaiveDate, NaiveDate)) -> Option<String> {
        match self.measure {
            Measure::Whistles => {
                let (from, to) = (words::day(from), words::day(to));
                let whose = match (body.street_code(), body.department()) {
                    (Some(code), _) => format!("&street={code}"),
                    (None, Some(id)) => format!("&department={id}"),
                    (None, None) => String::new(),
                };
                Some(format!("/whistles?sounded=1&from={from}&to={to}{whose}"))
            }
            Measure::ClosedInTime
            | Measure::ReportedInTime
            | Measure::Satisfied
            | Measure::SolvedBelow
            | Measure::VacantPosts
            | Measure::GridChiefs => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(measure: Measure, at_least: bool, target: i32, of: (i64, i64)) -> Figure {
        Figure {
            measure,
            at_least,
            target,
            tenths: of.0,
            whole: of.1,
        }
    }

    #[test]
    fn a_figure_is_judged_by_what_is_shown() {
        let share = figure(Measure::ClosedInTime, true, 90, (90, 10));
        assert_eq!(share.value(), "90.0%");
        assert_eq!(share.is_met(), Some(true));
        assert_eq!(share.of_how_many(), "共 10 件");
        assert_eq!(share.target_words(), "不低于 90%");
        let less = figure(Measure::ClosedInTime, true, 90, (80, 10));
        assert_eq!(less.is_met(), Some(false));
        let most = figure(Measure::VacantPosts, false, 3, (40, 4));
        assert_eq!(most.value(), "4 个");
        assert_eq!(most.is_met(), Some(false));
        assert_eq!(most.target_words(), "不高于 3 个");
    }

    #[test]
    fn too_few_say_nothing_but_every_grid_counts() {
        let few = figure(Measure::Satisfied, true, 90, (40, 4));
        assert_eq!(few.value(), "样本不足");
        assert_eq!(few.is_met(), None);
        let grids = figure(Measure::GridChiefs, true, 100, (20, 2));
        assert_eq!(grids.is_met(), Some(true));
        assert_eq!(grids.of_how_many(), "共 2 个网格");
    }
}
