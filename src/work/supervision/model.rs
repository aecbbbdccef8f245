//! The levels of supervision and the rules by which each comes (`domain.md` 2.8). Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::coded;
use crate::org::access::PostKind;
use crate::org::calendar::Calendar;
use crate::org::events::Verb;
use crate::work::clocks::{Clock, Rule, Rules};

coded! {
    /// How far supervision has gone (督办级别).
    Level as "supervision_level" {
        /// A word to the liaison: time is short, or over.
        Urge = "urge" "催办",
        /// The street's letter to the head of the department.
        Street = "street" "街道督办",
        /// The city's letter, to be answered.
        City = "city" "市级督办",
        /// A formal warning.
        Yellow = "yellow" "黄牌",
        /// The last one; public, and passed on.
        Red = "red" "红牌",
    }
}

impl Level {
    /// The paper that goes out.
    pub fn paper(self) -> &'static str {
        match self {
            Self::Urge => "催办通知",
            Self::Street => "督办单",
            Self::City => "督办函",
            Self::Yellow => "黄牌",
            Self::Red => "红牌",
        }
    }

    /// The verb under which it stands on the timeline.
    pub fn verb(self) -> Verb {
        match self {
            Self::Urge => Verb::Urge,
            Self::Street | Self::City => Verb::Supervise,
            Self::Yellow | Self::Red => Verb::Card,
        }
    }

    /// What the timeline says of it.
    pub fn sentence(self, reason: &str) -> String {
        format!("{}：{reason}", self.paper())
    }

    /// Whether a post may issue it by hand.
    pub fn may_issue(self, kind: PostKind) -> bool {
        match self {
            Self::Urge => matches!(kind, PostKind::StreetDispatcher | PostKind::StreetDeputy),
            Self::Street => matches!(kind, PostKind::StreetDeputy | PostKind::StreetSecretary),
            Self::City | Self::Yellow | Self::Red => kind == PostKind::CityOffice,
        }
    }
}

/// A running clock under watch, with how far supervision went for it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Watched {
    pub(super) clock: Clock,
    pub(super) whistle: Uuid,
    pub(super) title: String,
    pub(super) department_id: Option<Uuid>,
    /// The department, or the street.
    pub(super) seat: String,
    pub(super) rework_count: i16,
    pub(super) reached: Option<Level>,
}

impl Watched {
    /// The levels that are due and have not been reached, in order. A street's own delays go no
    /// further than its secretary.
    pub(super) fn due(&self, calendar: &Calendar, rules: &Rules, now: DateTime<Utc>) -> Vec<Level> {
        let levels: &[Level] = if self.department_id.is_some() {
            &[Level::Urge, Level::Street, Level::City]
        } else {
            &[Level::Urge, Level::Street]
        };
        levels
            .iter()
            .copied()
            .filter(|level| {
                self.reached < Some(*level) && self.calls_for(*level, (calendar, rules), now)
            })
            .collect()
    }

    fn calls_for(
        &self,
        level: Level,
        (calendar, rules): (&Calendar, &Rules),
        now: DateTime<Utc>,
    ) -> bool {
        let (Some(due), Some(soon)) = (self.clock.due_at, self.clock.soon_at) else {
            return false;
        };
        match level {
            Level::Urge => now >= soon,
            Level::Street => now > due,
            Level::City => {
                let late = now > due && self.is_half_over(calendar, due, now);
                late || self.is_reworked(rules)
            }
            Level::Yellow | Level::Red => false,
        }
    }

    /// Whether it went back to work so often that the city's letter is due.
    fn is_reworked(&self, rules: &Rules) -> bool {
        i64::from(self.rework_count) >= rules.count(Rule::ReworksForCity)
    }

    /// Whether more than half of the limit has passed since it was over, in its own time.
    fn is_half_over(&self, calendar: &Calendar, due: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let Clock {
            unit, started_at, ..
        } = self.clock;
        let given = calendar.elapsed(unit, started_at, due, &self.clock.pauses);
        let over = calendar.elapsed(unit, due, now, &[]);
        matches!((given, over), (Ok(given), Ok(over)) if over * 2 > given)
    }

    /// Why, in a sentence.
    pub(super) fn reason(
        &self,
        level: Level,
        (calendar, rules): (&Calendar, &Rules),
        now: DateTime<Utc>,
    ) -> String {
        let (stage, seat) = (self.clock.stage.label(), &self.seat);
        let left = match self.clock.due_at {
            Some(due) => calendar.left(self.clock.unit, now, due),
            None => String::new(),
        };
        match level {
            Level::City if self.is_reworked(rules) => {
                format!("{seat}返工 {} 次，{stage}{left}。", self.rework_count)
            }
            Level::Urge | Level::Street | Level::City | Level::Yellow | Level::Red => {
                format!("{seat}{stage}{left}。")
            }
        }
    }
}

/// `2026-11`: the month in which late clocks are counted.
pub fn month(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// `2026-Q4`: the quarter in which yellow cards are counted.
pub(super) fn quarter(day: NaiveDate) -> String {
    format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// The first day of the quarter.
pub(super) fn quarter_begins(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

/// One line of the block 督办 on the page of a whistle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Supervised {
    /// Its id.
    pub id: Uuid,
    /// How far.
    pub level: Level,
    /// Whom; none: the street's own.
    pub department_id: Option<Uuid>,
    /// The department's name.
    pub department: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, if by hand.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
    /// What the department answered.
    pub reply: Option<String>,
    /// When it answered.
    pub replied_at: Option<DateTime<Utc>>,
}

impl Supervised {
    /// Whether the viewer's department still owes an answer.
    pub fn is_owed_by(&self, department: Option<crate::org::DepartmentId>) -> bool {
        self.level == Level::City
            && self.reply.is_none()
            && department.is_some_and(|d| Some(d.0) == self.department_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::calendar::{OfficeHours, Unit, WorkDayMode};
    use crate::work::clocks::Stage;

    fn calendar() -> Calendar {
        let hours = OfficeHours {
            name: "全年".to_owned(),
            from_day: "2020-01-01".parse().unwrap(),
            season_from: 101,
            season_to: 1231,
            sessions: vec![510, 720, 780, 1050],
        };
        Calendar::new(WorkDayMode::Dates, [2026], [], vec![hours])
    }

    fn watched(reached: Option<Level>) -> Watched {
        let at = |text: &str| Some(text.parse().unwrap());
        Watched {
            clock: Clock {
                id: Uuid::nil(),
                assignment_id: Some(Uuid::nil()),
                stage: Stage::Report,
                amount: 4,
                unit: Unit::WorkHour,
                extra: 0,
                from_class: false,
                started_at: "2026-11-23T00:30:00Z".parse().unwrap(),
                due_at: at("2026-11-23T05:30:00Z"),
                soon_at: at("2026-11-23T03:10:00Z"),
                paused_at: None,
                stopped_at: None,
                breached_at: None,
                about: None,
                exempt: false,
                pauses: Vec::new(),
            },
            whistle: Uuid::nil(),
            title: String::new(),
            department_id: Some(Uuid::nil()),
            seat: "供水公司".to_owned(),
            rework_count: 0,
            reached,
        }
    }

    #[test]
    fn each_level_comes_in_its_time_and_once() {
        let due = |at: &str, reached| {
            watched(reached).due(&calendar(), &Rules::of_two(), at.parse().unwrap())
        };
        assert!(due("2026-11-23T03:09:00Z", None).is_empty());
        assert_eq!(due("2026-11-23T03:10:00Z", None), [Level::Urge]);
        assert_eq!(
            due("2026-11-23T05:30:01Z", None),
            [Level::Urge, Level::Street]
        );
        assert_eq!(
            due("2026-11-23T05:30:01Z", Some(Level::Urge)),
            [Level::Street]
        );
        // Two of its four hours are over: half is not more than half.
        assert_eq!(due("2026-11-23T07:30:00Z", Some(Level::Street)), []);
        assert_eq!(
            due("2026-11-23T07:31:00Z", Some(Level::Street)),
            [Level::City]
        );
        // Three days down: all that was due, in order.
        let all = [Level::Urge, Level::Street, Level::City];
        assert_eq!(due("2026-11-26T07:31:00Z", None), all);
        assert!(due("2026-11-26T07:31:00Z", Some(Level::City)).is_empty());
    }

    #[test]
    fn a_street_is_supervised_no_further_than_its_secretary() {
        let own = Watched {
            department_id: None,
            ..watched(None)
        };
        let due = own.due(
            &calendar(),
            &Rules::of_two(),
            "2026-11-26T07:31:00Z".parse().unwrap(),
        );
        assert_eq!(due, [Level::Urge, Level::Street]);
    }

    #[test]
    fn a_second_rework_is_the_citys_business() {
        let again = Watched {
            rework_count: 2,
            ..watched(Some(Level::Urge))
        };
        let due = again.due(
            &calendar(),
            &Rules::of_two(),
            "2026-11-23T03:30:00Z".parse().unwrap(),
        );
        assert_eq!(due, [Level::City]);
    }

    #[test]
    fn cards_are_counted_by_month_and_quarter() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(month(day("2026-11-23")), "2026-11");
        assert_eq!(quarter(day("2026-11-23")), "2026-Q4");
        assert_eq!(quarter_begins(day("2026-11-23")), day("2026-10-01"));
        assert_eq!(quarter(day("2026-03-31")), "2026-Q1");
    }
}
