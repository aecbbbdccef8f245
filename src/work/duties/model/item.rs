//! An item with all its versions, and how each stands on a day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{Assist, Class, Precedent};
use crate::org::DepartmentId;
use crate::work::DutyItemId;

/// How a version stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Standing {
    /// Its day is still to come.
    Coming,
    /// In force.
    InForce,
    /// A later version took its place.
    Replaced,
    /// Ended; nothing took its place.
    Ended,
    /// It was taken back, or another took its place, before its day.
    Never,
}

impl Standing {
    /// What the page calls it.
    pub(in super::super) fn label(self) -> &'static str {
        match self {
            Self::Coming => "待施行",
            Self::InForce => "现行",
            Self::Replaced => "旧版本",
            Self::Ended => "已停用",
            Self::Never => "没有施行",
        }
    }
}

/// One version of an item: what it says, from when, until when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in super::super) struct Version {
    pub(in super::super) id: DutyItemId,
    pub(in super::super) version: i32,
    pub(in super::super) name: String,
    pub(in super::super) law: String,
    pub(in super::super) lead_id: DepartmentId,
    pub(in super::super) lead: String,
    pub(in super::super) boundary: String,
    pub(in super::super) assists: Vec<Assist>,
    pub(in super::super) classes: Vec<Class>,
    pub(in super::super) from_day: NaiveDate,
    /// It is in force until this day, which is not included.
    pub(in super::super) to_day: Option<NaiveDate>,
    pub(in super::super) changer: String,
    pub(in super::super) reason: String,
    /// When it was said that the item ends with this version.
    pub(in super::super) ended_at: Option<DateTime<Utc>>,
    pub(in super::super) end_reason: Option<String>,
    /// When it was taken back, or gave way to another, before its day.
    pub(in super::super) dropped_at: Option<DateTime<Utc>>,
}

impl Version {
    /// How it stands on a day.
    pub(in super::super) fn standing(&self, day: NaiveDate) -> Standing {
        if self.dropped_at.is_some() {
            Standing::Never
        } else if self.from_day > day {
            Standing::Coming
        } else if self.to_day.is_none_or(|to| to > day) {
            Standing::InForce
        } else if self.ended_at.is_some() {
            Standing::Ended
        } else {
            Standing::Replaced
        }
    }

    /// The day on which the item ends with this version, if it is to.
    fn end(&self) -> Option<NaiveDate> {
        self.to_day.filter(|_| self.ended_at.is_some())
    }
}

/// What of an item waits for its day.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Waits<'a> {
    /// A version.
    Version(&'a Version),
    /// The end, on this day.
    End(NaiveDate),
}

/// One version of an item with everything its page shows.
#[derive(Clone, Debug)]
pub(in super::super) struct Item {
    pub(in super::super) number: i32,
    /// The version that was asked for.
    pub(in super::super) own: Version,
    /// Newest first; there is always one.
    pub(in super::super) versions: Vec<Version>,
    /// Newest first.
    pub(in super::super) precedents: Vec<Precedent>,
    /// How many whistles cite any version of it.
    pub(in super::super) cited: i64,
    /// Those of them that are at work.
    pub(in super::super) open: i64,
    /// Drafts that cite it and were not sounded.
    pub(in super::super) drafts: i64,
}

impl Item {
    /// The last version that holds or will: what a change stands on.
    pub(in super::super) fn last(&self) -> Option<&Version> {
        self.versions.iter().find(|v| v.dropped_at.is_none())
    }

    /// Its id; of an item that never came into force, that of the version asked for.
    pub(in super::super) fn newest(&self) -> DutyItemId {
        self.last().map_or(self.own.id, |v| v.id)
    }

    /// The number of the next version.
    pub(in super::super) fn next(&self) -> i32 {
        self.versions.first().map_or(1, |v| v.version + 1)
    }

    /// The version that holds on a day as far as is known now.
    pub(in super::super) fn held(&self, day: NaiveDate) -> Option<&Version> {
        let holds = |v: &&Version| v.standing(day) == Standing::InForce;
        self.versions.iter().find(holds)
    }

    /// Whether nothing of it holds or will hold.
    pub(in super::super) fn is_over(&self, today: NaiveDate) -> bool {
        let last = self.last().map(|v| v.standing(today));
        !matches!(last, Some(Standing::InForce | Standing::Coming))
    }

    /// The versions that wait for their day, the nearest first.
    pub(in super::super) fn coming(&self, today: NaiveDate) -> Vec<&Version> {
        let coming = |v: &&Version| v.standing(today) == Standing::Coming;
        let mut all: Vec<&Version> = self.versions.iter().filter(coming).collect();
        all.reverse();
        all
    }

    /// What waits for its day and can be taken back: the last version, or the end.
    pub(in super::super) fn waits(&self, today: NaiveDate) -> Option<Waits<'_>> {
        let last = self.last()?;
        match (last.standing(today), last.end()) {
            (Standing::Coming, _) => Some(Waits::Version(last)),
            (Standing::InForce, Some(day)) => Some(Waits::End(day)),
            (Standing::InForce | Standing::Replaced | Standing::Ended | Standing::Never, _) => None,
        }
    }

    /// The version that one took or takes the place of.
    pub(in super::super) fn before(&self, version: &Version) -> Option<&Version> {
        let earlier = |v: &&Version| v.version < version.version && v.dropped_at.is_none();
        self.versions.iter().find(earlier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
    }

    fn version(number: i32, (from, to): (u32, Option<u32>)) -> Version {
        Version {
            id: DutyItemId(uuid::Uuid::from_u128(number.unsigned_abs().into())),
            version: number,
            name: String::new(),
            law: String::new(),
            lead_id: DepartmentId(uuid::Uuid::nil()),
            lead: String::new(),
            boundary: String::new(),
            assists: Vec::new(),
            classes: Vec::new(),
            from_day: day(from),
            to_day: to.map(day),
            changer: String::new(),
            reason: String::new(),
            ended_at: None,
            end_reason: None,
            dropped_at: None,
        }
    }

    fn item(versions: Vec<Version>) -> Item {
        Item {
            number: 47,
            own: versions[0].clone(),
            versions,
            precedents: Vec::new(),
            cited: 0,
            open: 0,
            drafts: 0,
        }
    }

    #[test]
    fn a_version_stands_by_the_day_that_is_asked_for() {
        let mut dropped = version(3, (9, Some(9)));
        dropped.dropped_at = Some(DateTime::UNIX_EPOCH);
        let item = item(vec![
            version(4, (10, None)),
            dropped,
            version(2, (5, Some(10))),
            version(1, (5, Some(5))),
        ]);
        let on = |d: u32| -> Vec<Standing> {
            item.versions.iter().map(|v| v.standing(day(d))).collect()
        };
        let (never, replaced) = (Standing::Never, Standing::Replaced);
        assert_eq!(
            on(9),
            [Standing::Coming, never, Standing::InForce, replaced]
        );
        assert_eq!(on(10), [Standing::InForce, never, replaced, replaced]);
        assert_eq!(item.held(day(9)).map(|v| v.version), Some(2));
        assert!(matches!(item.waits(day(9)), Some(Waits::Version(v)) if v.version == 4));
        assert!(item.waits(day(10)).is_none());
        assert_eq!(item.before(&item.versions[0]).map(|v| v.version), Some(2));
        assert_eq!((item.next(), item.is_over(day(9))), (5, false));
    }

    #[test]
    fn an_end_waits_for_its_day_too() {
        let mut only = version(1, (1, Some(8)));
        only.ended_at = Some(DateTime::UNIX_EPOCH);
        let item = item(vec![only]);
        assert!(matches!(item.waits(day(7)), Some(Waits::End(end)) if end == day(8)));
        assert!(!item.is_over(day(7)));
        assert!(item.is_over(day(8)));
        assert!(item.waits(day(8)).is_none());
        assert_eq!(item.own.standing(day(8)), Standing::Ended);
    }
}
