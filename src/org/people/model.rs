//! When an account locks, and what a browser is called. Pure.

use chrono::{DateTime, Duration, Utc};

use crate::base::sounds;

/// Failures after which an account or a source is locked (`domain.md` 8.1).
const FAILURES: i16 = 5;
/// For how long.
const LOCKED: Duration = Duration::minutes(15);

/// Failures so far and the lock that may follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) failures: i16,
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Lock {
    /// Whether it is locked now.
    pub(crate) fn holds(self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until > now)
    }

    /// After one more failure. A lock that has run out starts the count anew.
    pub(crate) fn after_failure(self, now: DateTime<Utc>) -> Self {
        let failures = if self.until.is_some() && !self.holds(now) {
            1
        } else {
            self.failures + 1
        };
        let until = (failures >= FAILURES).then(|| now + LOCKED);
        Self { failures, until }
    }
}

/// Words that a password should not be made of, in pinyin and as they stand: the names of the city,
/// its streets and the person.
pub(super) fn own_words(names: &[String]) -> Vec<String> {
    let spelt = names.iter().map(|name| sounds::spelt(name));
    let cut = names.iter().map(|n| n.trim_end_matches(['市', '县', '区']));
    let cut = cut.map(|n| n.trim_end_matches("街道").to_owned());
    let cut: Vec<String> = cut.collect();
    let short = cut.iter().map(|name| sounds::spelt(name));
    let words = spelt.chain(short).chain(cut.iter().cloned());
    words.filter(|w| w.chars().count() > 1).collect()
}

/// A short name for a browser, for the list of sessions: nothing that identifies a person.
pub(super) fn browser(agent: &str) -> String {
    let system = [
        ("Android", "安卓"),
        ("iPhone", "苹果手机"),
        ("Windows", "Windows"),
        ("Mac OS", "苹果电脑"),
        ("Linux", "Linux"),
    ]
    .iter()
    .find(|(mark, _)| agent.contains(mark))
    .map_or("其他系统", |(_, name)| *name);
    let program = [
        ("Edg/", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome 内核浏览器"),
        ("Safari", "Safari"),
    ]
    .iter()
    .find(|(mark, _)| agent.contains(mark))
    .map_or("其他浏览器", |(_, name)| *name);
    format!("{system}·{program}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_locks_for_a_quarter_of_an_hour() {
        let now: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let mut lock = Lock {
            failures: 0,
            until: None,
        };
        for _ in 0..4 {
            lock = lock.after_failure(now);
            assert!(!lock.holds(now));
        }
        lock = lock.after_failure(now);
        assert!(lock.holds(now + Duration::minutes(14)));
        let later = now + Duration::minutes(15);
        assert!(!lock.holds(later));
        assert_eq!(
            lock.after_failure(later),
            Lock {
                failures: 1,
                until: None
            }
        );
    }
}
