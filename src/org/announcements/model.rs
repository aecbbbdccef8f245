//! Notices to all, their versions and whom they reach. Pure.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::clock::day_of;
use crate::base::form::FieldErrors;
use crate::base::words;
use crate::coded;

/// How long a notice may be shown, in days from today.
const LONGEST: i64 = 366;
/// What ticks every audience.
pub(super) const ALL: &str = "all";

coded! {
    /// Whom a notice is meant for.
    Audience as "announcement_audience" {
        /// City leaders and the city's office.
        City = "city" "市级",
        /// Posts of the streets.
        Streets = "streets" "街道",
        /// Communities and below.
        Ground = "ground" "社区和网格",
        /// Departments.
        Departments = "departments" "部门",
        /// The three administrators.
        Admins = "admins" "管理员",
    }
}

/// Whom it is meant for, in words.
pub(super) fn named(audiences: &[Audience]) -> String {
    if audiences.len() == Audience::ALL.len() {
        return "全体".to_owned();
    }
    let labels: Vec<&str> = audiences.iter().map(|a| a.label()).collect();
    labels.join("、")
}

/// A notice that somebody has still to read, for the desk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Unread {
    /// Which.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Whether it stands above the others.
    pub is_pinned: bool,
}

/// What a notice says in one version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Version {
    pub(super) version: i32,
    /// How often the draft was saved.
    pub(super) revision: i32,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) audiences: Vec<Audience>,
    pub(super) from_at: DateTime<Utc>,
    pub(super) to_day: NaiveDate,
    pub(super) is_pinned: bool,
    pub(super) saved_at: DateTime<Utc>,
    pub(super) saved_by: String,
    /// None: a draft.
    pub(super) put_out_at: Option<DateTime<Utc>>,
    pub(super) put_out_by: Option<String>,
    pub(super) readers: i64,
}

impl Version {
    /// Whom it is meant for, in words.
    pub(super) fn whom(&self) -> String {
        named(&self.audiences)
    }

    /// From when to when it is shown.
    pub(super) fn span(&self) -> String {
        span(self.from_at, self.to_day)
    }

    fn content(&self) -> Content {
        Content {
            title: self.title.clone(),
            body: self.body.clone(),
            audiences: self.audiences.clone(),
            from_at: self.from_at,
            to_day: self.to_day,
            is_pinned: self.is_pinned,
        }
    }
}

/// From when to when something is shown.
pub(super) fn span(from: DateTime<Utc>, to: NaiveDate) -> String {
    format!("{} 起，{} 止", words::minute(from), words::day(to))
}

/// How many people of an audience a notice reaches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Reached {
    /// None: all of them, each once.
    pub(super) audience: Option<Audience>,
    /// With an account.
    pub(super) people: i64,
    /// Without one, so that they do not see it.
    pub(super) without: i64,
}

/// Where a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Never put out.
    Draft,
    /// Put out, to be shown later.
    Coming,
    /// Shown now.
    Shown,
    /// Its time is over.
    Over,
    /// Withdrawn.
    Withdrawn,
}

impl Standing {
    /// What it is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Coming => "未到时间",
            Self::Shown => "公告中",
            Self::Over => "已到期",
            Self::Withdrawn => "已撤回",
        }
    }

    /// Where something stands that is shown in this span, if it was put out.
    pub(super) fn of(
        is_withdrawn: bool,
        span: Option<(DateTime<Utc>, NaiveDate)>,
        now: DateTime<Utc>,
    ) -> Self {
        match span {
            _ if is_withdrawn => Self::Withdrawn,
            None => Self::Draft,
            Some((_, to)) if to < day_of(now) => Self::Over,
            Some((from, _)) if from > now => Self::Coming,
            Some(_) => Self::Shown,
        }
    }
}

/// A notice with its versions.
#[derive(Clone, Debug)]
pub(super) struct Announcement {
    pub(super) id: Uuid,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_by: Option<String>,
    pub(super) withdraw_reason: Option<String>,
    /// Newest first; a draft among them stands first.
    pub(super) versions: Vec<Version>,
    /// Whom the newest reaches, the sum last.
    pub(super) reached: Vec<Reached>,
    /// Whether the viewer is one of those whom the version in force is meant for.
    pub(super) is_mine: bool,
    /// Whether the viewer has opened it.
    pub(super) is_read: bool,
}

impl Announcement {
    /// The version that was put out last.
    pub(super) fn in_force(&self) -> Option<&Version> {
        self.versions.iter().find(|v| v.put_out_at.is_some())
    }

    /// The draft of the next version.
    pub(super) fn draft(&self) -> Option<&Version> {
        self.versions.first().filter(|v| v.put_out_at.is_none())
    }

    pub(super) fn standing(&self, now: DateTime<Utc>) -> Standing {
        let span = self.in_force().map(|v| (v.from_at, v.to_day));
        Standing::of(self.withdrawn_at.is_some(), span, now)
    }

    /// What it says now.
    pub(super) fn title(&self) -> &str {
        let shown = self.in_force().or(self.versions.first());
        shown.map_or("", |v| v.title.as_str())
    }
}

/// What is typed about a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct AnnouncementForm {
    pub(super) once: String,
    /// Version and revision that the form was drawn from.
    pub(super) version: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) audience: Vec<String>,
    pub(super) from_at: String,
    pub(super) to_day: String,
    pub(super) pinned: String,
}

/// What may be kept of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) audiences: Vec<Audience>,
    pub(super) from_at: DateTime<Utc>,
    pub(super) to_day: NaiveDate,
    pub(super) is_pinned: bool,
}

impl AnnouncementForm {
    /// The form of a version.
    pub(super) fn of(version: &Version) -> Self {
        let audience: Vec<String> = if version.audiences.len() == Audience::ALL.len() {
            vec![ALL.to_owned()]
        } else {
            let codes = version.audiences.iter().map(|a| a.code().to_owned());
            codes.collect()
        };
        Self {
            version: seen(version),
            title: version.title.clone(),
            body: version.body.clone(),
            audience,
            from_at: words::minute(version.from_at),
            to_day: words::day(version.to_day),
            pinned: if version.is_pinned { "1" } else { "" }.to_owned(),
            ..Self::default()
        }
    }

    /// Whether a box is ticked.
    pub(super) fn ticks(&self, code: &str) -> bool {
        self.audience.iter().any(|typed| typed == code)
    }

    /// What the form says.
    pub(super) fn read(&self, now: DateTime<Utc>) -> Result<Content, FieldErrors> {
        let mut errors = FieldErrors::new();
        let title = errors.text("title", "标题", &self.title, (2, 60));
        if title.contains(['\n', '\t']) {
            errors.add("title", "标题写在一行里，不要换行。");
        }
        let body = errors.text("body", "正文", &self.body, (2, 5000));
        let all = self.ticks(ALL);
        let ticked = Audience::ALL.iter().copied();
        let audiences: Vec<Audience> = ticked.filter(|a| all || self.ticks(a.code())).collect();
        if audiences.is_empty() {
            errors.add("audience", "请勾选发给谁，可以选几项。");
        }
        let from_at = errors.minute("from_at", "开始显示", &self.from_at);
        let to_day = errors.day("to_day", "显示到", &self.to_day);
        let today = day_of(now);
        let last = today + Duration::days(LONGEST);
        if from_at.is_some_and(|at| day_of(at) > last) {
            errors.add("from_at", "开始显示的时间要在一年以内。");
        }
        if to_day.is_some_and(|day| !(today..=last).contains(&day)) {
            errors.add(
                "to_day",
                format!(
                    "显示到哪天要在今天 {} 至 {} 之间。",
                    words::day(today),
                    words::day(last)
                ),
            );
        } else if let (Some(from), Some(to)) = (from_at, to_day)
            && to < day_of(from)
        {
            errors.add("to_day", "显示到哪天不能早于开始显示的那天。");
        }
        match (from_at, to_day) {
            (Some(from_at), Some(to_day)) if errors.is_empty() => Ok(Content {
                title,
                body,
                audiences,
                from_at,
                to_day,
                is_pinned: self.pinned == "1",
            }),
            _ => Err(errors),
        }
    }
}

/// What a form carries of the version that it was drawn from.
pub(super) fn seen(version: &Version) -> String {
    format!("{}.{}", version.version, version.revision)
}

fn pinned(is_pinned: bool) -> &'static str {
    if is_pinned { "置顶" } else { "不置顶" }
}

/// How a first version is told when it is put out.
pub(super) fn told(version: &Version) -> String {
    format!(
        "{}：发给{}，{}，{}。",
        version.title,
        version.whom(),
        version.span(),
        pinned(version.is_pinned)
    )
}

/// Both sides of what a version changes, if it changes something.
pub(super) fn changes(before: &Version, after: &Version) -> Option<String> {
    let (old, new) = (before.content(), after.content());
    if old == new {
        return None;
    }
    let shown = |c: &Content| {
        [
            c.title.clone(),
            c.body.clone(),
            named(&c.audiences),
            span(c.from_at, c.to_day),
            pinned(c.is_pinned).to_owned(),
        ]
    };
    let labels = ["标题", "正文", "发给", "显示", "置顶"];
    let changed: Vec<String> = labels
        .into_iter()
        .zip(shown(&old).into_iter().zip(shown(&new)))
        .filter(|(_, (old, new))| old != new)
        .map(|(label, (old, new))| format!("{label}：{}", words::sides(&old, &new)))
        .collect();
    Some(format!("{}。", changed.join("；")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> AnnouncementForm {
        AnnouncementForm {
            title: "系统停机维护".to_owned(),
            body: "周六 20:00 至 22:00 停机。".to_owned(),
            audience: vec!["streets".to_owned(), "departments".to_owned()],
            from_at: "2026-11-23 14:05".to_owned(),
            to_day: "2026-11-28".to_owned(),
            ..AnnouncementForm::default()
        }
    }

    #[test]
    fn a_notice_is_for_somebody_and_for_a_time() {
        let now: DateTime<Utc> = "2026-11-23T06:05:00Z".parse().unwrap();
        let content = form().read(now).unwrap();
        assert_eq!(named(&content.audiences), "街道、部门");
        let mut all = form();
        all.audience = vec![ALL.to_owned()];
        assert_eq!(named(&all.read(now).unwrap().audiences), "全体");
        let wrong = |field: &str, change: &dyn Fn(&mut AnnouncementForm)| {
            let mut form = form();
            change(&mut form);
            assert!(!form.read(now).unwrap_err().of(field).is_empty(), "{field}");
        };
        wrong("title", &|f| f.title = "停".to_owned());
        wrong("title", &|f| f.title = "停机\n维护".to_owned());
        wrong("body", &|f| f.body = "长".repeat(5001));
        wrong("audience", &|f| f.audience = vec!["residents".to_owned()]);
        wrong("from_at", &|f| f.from_at = "明天".to_owned());
        wrong("to_day", &|f| f.to_day = "2026-11-22".to_owned());
        wrong("to_day", &|f| f.to_day = "2028-11-22".to_owned());
        wrong("to_day", &|f| f.from_at = "2026-12-01 08:00".to_owned());
    }

    #[test]
    fn it_stands_where_its_span_says() {
        let now: DateTime<Utc> = "2026-11-23T06:05:00Z".parse().unwrap();
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let hour = Duration::hours(1);
        for (withdrawn, span, standing) in [
            (false, None, Standing::Draft),
            (false, Some((now + hour, day(24))), Standing::Coming),
            (false, Some((now, day(23))), Standing::Shown),
            (false, Some((now - hour, day(22))), Standing::Over),
            (true, Some((now, day(23))), Standing::Withdrawn),
        ] {
            assert_eq!(Standing::of(withdrawn, span, now), standing);
        }
    }
}
