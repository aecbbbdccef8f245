//! Which city leader is in charge of a department (分管市领导), now and before. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::words;

/// A city leader's post put in charge, from a day until (not including) a day.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Leader {
    pub(super) id: Uuid,
    pub(super) title: String,
    /// Who holds the post on the day looked at, or held it on the last day; nobody: vacant.
    pub(super) holder: Option<String>,
    pub(super) from_day: NaiveDate,
    pub(super) to_day: Option<NaiveDate>,
    pub(super) named_at: DateTime<Utc>,
    pub(super) named_by: String,
}

impl Leader {
    /// From when, until when. Whoever was replaced on the same day was never in charge.
    pub(super) fn term(&self) -> String {
        let from = words::day(self.from_day);
        match self.to_day {
            None => format!("{from} 起"),
            Some(to) if to == self.from_day => format!("{from} 当天改定"),
            Some(to) => {
                let last = to.checked_sub_days(Days::new(1)).unwrap_or(to);
                format!("{from} 至 {}", words::day(last))
            }
        }
    }
}

/// Who is in charge of a department on one day, and who was before.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaders {
    pub(super) current: Option<Leader>,
    /// The latest first.
    pub(super) former: Vec<Leader>,
}

impl Leaders {
    /// Those named, as it stood on a day. What began later is not yet known then.
    pub(super) fn on(named: Vec<Leader>, day: NaiveDate) -> Self {
        let known = named.into_iter().filter(|l| l.from_day <= day);
        let (former, mut current): (Vec<_>, Vec<_>) =
            known.partition(|l| l.to_day.is_some_and(|to| to <= day));
        Self {
            current: current.pop(),
            former,
        }
    }
}

/// A post that can be put in charge.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Candidate {
    pub(super) post: Uuid,
    pub(super) title: String,
    /// Nobody: vacant.
    pub(super) holder: Option<String>,
}

impl Candidate {
    /// The post and who holds it.
    pub(super) fn words(&self) -> String {
        match &self.holder {
            Some(name) => format!("{} {name}", self.title),
            None => format!("{}（空缺）", self.title),
        }
    }
}

/// The form by which a leader is named, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LeaderForm {
    pub(super) once: String,
    /// The naming that stood on the page; none: nobody was named.
    pub(super) seen: String,
    pub(super) leader: String,
    pub(super) from: String,
}

/// A naming that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Naming {
    pub(super) seen: Option<Uuid>,
    pub(super) post: Uuid,
    pub(super) from: NaiveDate,
}

impl LeaderForm {
    /// Checks what was typed, as far as the form alone tells.
    pub(super) fn read(&self, today: NaiveDate) -> Result<Naming, FieldErrors> {
        let mut errors = FieldErrors::new();
        let post = errors.choice::<Uuid>("leader", "分管市领导", &self.leader);
        let typed = self.from.trim();
        let from = typed
            .parse::<NaiveDate>()
            .ok()
            .filter(|day| words::day(day) == typed);
        match from {
            None => errors.add("from", "日期写成 2026-11-23 这样，并且要有这一天。"),
            Some(day) if day > today => {
                errors.add("from", "不能晚于今天。以后才分管的，到那一天再指定。");
            }
            Some(_) => {}
        }
        match (post, from) {
            (Some(post), Some(from)) if errors.is_empty() => Ok(Naming {
                seen: self.seen.parse().ok(),
                post,
                from,
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn leader(title: &str, from: &str, to: Option<&str>) -> Leader {
        Leader {
            id: Uuid::nil(),
            title: title.to_owned(),
            holder: None,
            from_day: day(from),
            to_day: to.map(day),
            named_at: DateTime::UNIX_EPOCH,
            named_by: String::new(),
        }
    }

    #[test]
    fn who_is_in_charge_depends_on_the_day() {
        let named = vec![
            leader("丙", "2026-11-01", None),
            leader("乙", "2026-06-01", Some("2026-11-01")),
            leader("错", "2026-06-01", Some("2026-06-01")),
            leader("甲", "2025-01-01", Some("2026-06-01")),
        ];
        let on = |text| {
            let leaders = Leaders::on(named.clone(), day(text));
            let former: String = leaders.former.iter().map(|l| l.title.as_str()).collect();
            (leaders.current.map(|l| l.title), former)
        };
        assert_eq!(on("2026-11-23"), (Some("丙".into()), "乙错甲".into()));
        assert_eq!(on("2026-10-31"), (Some("乙".into()), "错甲".into()));
        assert_eq!(on("2025-01-01"), (Some("甲".into()), String::new()));
        assert_eq!(on("2024-12-31"), (None, String::new()));
        assert_eq!(named[0].term(), "2026-11-01 起");
        assert_eq!(named[1].term(), "2026-06-01 至 2026-10-31");
        assert_eq!(named[2].term(), "2026-06-01 当天改定");
    }

    #[test]
    fn a_naming_begins_today_or_before() {
        let read = |leader: &str, from: &str| {
            let form = LeaderForm {
                leader: leader.to_owned(),
                from: from.to_owned(),
                ..LeaderForm::default()
            };
            form.read(day("2026-11-23"))
        };
        let post = Uuid::nil().to_string();
        assert_eq!(read(&post, " 2026-11-23 ").unwrap().from, day("2026-11-23"));
        for wrong in ["", "2026-11-24", "2026-1-3", "2026-02-30", "昨天"] {
            assert!(
                !read(&post, wrong).unwrap_err().of("from").is_empty(),
                "{wrong}"
            );
        }
        assert!(
            !read("随便", "2026-11-23")
                .unwrap_err()
                .of("leader")
                .is_empty()
        );
    }
}
