//! A limit: an amount that always carries its unit (`domain.md` 4.5).

use serde::{Deserialize, Serialize};

use super::NoDue;
use crate::coded;

coded! {
    /// What a limit counts (时限单位).
    Unit as "duration_unit" {
        /// Minutes on end; the on-site report of an emergency.
        UrgentMinute = "urgent_minute" "分钟",
        /// Hours on end, nights and days off included; the word 紧急 decides.
        UrgentHour = "urgent_hour" "紧急工作时",
        /// Office hours only.
        WorkHour = "work_hour" "工作时",
        /// Working days, by date or by office hours as the tenant counts them.
        WorkDay = "work_day" "工作日",
        /// Hours on end.
        NaturalHour = "natural_hour" "小时",
        /// Days of 24 hours on end.
        NaturalDay = "natural_day" "自然日",
    }
}

impl Unit {
    /// Whether it looks at the calendar at all.
    pub fn is_working(self) -> bool {
        matches!(self, Self::WorkHour | Self::WorkDay)
    }

    /// The largest amount that a limit of this unit may have: a year, or its office hours.
    pub fn most(self) -> i64 {
        match self {
            Self::UrgentMinute => 1_440,
            Self::UrgentHour | Self::NaturalHour => 8_784,
            Self::WorkHour => 2_000,
            Self::WorkDay | Self::NaturalDay => 366,
        }
    }
}

/// An amount of a unit, at least 1 and at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    amount: i32,
    unit: Unit,
}

impl Limit {
    /// Checks the amount.
    pub fn new(amount: i64, unit: Unit) -> Result<Self, NoDue> {
        match i32::try_from(amount) {
            Ok(whole) if amount >= 1 && amount <= unit.most() => Ok(Self {
                amount: whole,
                unit,
            }),
            _ => Err(NoDue::BadAmount(amount, unit.most())),
        }
    }

    /// How many.
    pub fn amount(self) -> i32 {
        self.amount
    }

    /// Of what.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// `7 个工作日`, `8 工作时`, `30 分钟`.
    pub fn words(self) -> String {
        match self.unit {
            Unit::WorkDay | Unit::NaturalDay => format!("{} 个{}", self.amount, self.unit.label()),
            Unit::UrgentMinute | Unit::UrgentHour | Unit::WorkHour | Unit::NaturalHour => {
                format!("{} {}", self.amount, self.unit.label())
            }
        }
    }
}
