//! The meeting of a joint enforcement whistle (集合时间): the street names it, and there the
//! departments report in.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, Kind};
use crate::base::words;
use crate::work::clocks::{Clock, Stage as Timed};

/// How far ahead a meeting may lie: so near that it comes before the result is due, which is ten
/// working days after the whistle sounds.
const DAYS_AHEAD: i64 = 10;

/// What the meeting time lacks before a whistle of this kind can go anywhere; other kinds have none.
pub(crate) fn meeting_lacks(
    kind: Kind,
    meets_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<String> {
    if kind != Kind::JointEnforcement {
        return None;
    }
    let Some(at) = meets_at else {
        return Some("综合执法哨要写明集合时间，各部门按这个时间报到。".to_owned());
    };
    let last = now + TimeDelta::days(DAYS_AHEAD);
    if at <= now {
        let at = words::minute(at);
        Some(format!("集合时间 {at} 已过，请改成以后的时间。"))
    } else if at > last {
        let last = words::minute(last);
        Some(format!("集合时间最晚写到 {last}，{DAYS_AHEAD} 天以内。"))
    } else {
        None
    }
}

impl Case {
    /// What the meeting time lacks at an instant.
    pub fn meeting_lacks(&self, now: DateTime<Utc>) -> Option<String> {
        meeting_lacks(self.kind, self.meets_at, now)
    }

    /// The meeting that is still ahead: whoever is called before it reports in there.
    pub fn meeting_ahead(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.meets_at.filter(|at| *at > now)
    }

    /// The meeting at which a clock is due, if it times a report to it.
    pub fn meeting_of(&self, clock: &Clock) -> Option<DateTime<Utc>> {
        let is_report = clock.stage == Timed::Report;
        self.meeting_ahead(clock.started_at).filter(|_| is_report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_joint_enforcement_meets_and_soon() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-23T04:00:00Z");
        let lacks = |kind, meets: Option<&str>| meeting_lacks(kind, meets.map(at), now);
        let joint = Kind::JointEnforcement;
        assert_eq!(lacks(Kind::Routine, None), None);
        assert_eq!(lacks(joint, Some("2026-11-24T01:00:00Z")), None);
        assert_eq!(lacks(joint, Some("2026-12-03T04:00:00Z")), None);
        for (meets, says) in [
            (None, "要写明集合时间"),
            (
                Some("2026-11-23T04:00:00Z"),
                "集合时间 2026-11-23 12:00 已过",
            ),
            (Some("2026-12-03T04:01:00Z"), "最晚写到 2026-12-03 12:00"),
        ] {
            let said = lacks(joint, meets).unwrap();
            assert!(said.contains(says), "{said}");
        }
    }
}
