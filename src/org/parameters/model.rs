//! Which parameters there are, and what they may be. Pure.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::base::form::FieldErrors;
use crate::base::words;

/// How far ahead a change may be entered, in days.
const AHEAD: i64 = 90;

/// A number that the city sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, Deserialize)]
#[sqlx(type_name = "parameter", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(super) enum Parameter {
    /// Minutes without a request after which an administrator's session ends.
    IdleAdmin,
    /// The same for posts of the city, the streets and the departments.
    IdleOffice,
    /// The same for communities and whoever is on the ground with a phone.
    IdleGround,
    /// Hours after which any session ends.
    SessionHours,
}

impl Parameter {
    /// Every one, in the order of the page.
    pub(super) const ALL: [Self; 4] = [
        Self::IdleAdmin,
        Self::IdleOffice,
        Self::IdleGround,
        Self::SessionHours,
    ];

    /// Its word in addresses; also what is stored.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::IdleAdmin => "idle_admin",
            Self::IdleOffice => "idle_office",
            Self::IdleGround => "idle_ground",
            Self::SessionHours => "session_hours",
        }
    }

    /// The one of a word.
    pub(super) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// What it is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::IdleAdmin => "三名管理员多久不操作自动退出",
            Self::IdleOffice => "市、街道、部门多久不操作自动退出",
            Self::IdleGround => "社区、网格、楼栋多久不操作自动退出",
            Self::SessionHours => "登录一次最长用多久",
        }
    }

    /// What is counted.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::IdleAdmin | Self::IdleOffice | Self::IdleGround => "分钟",
            Self::SessionHours => "小时",
        }
    }

    /// What it may be (`domain.md` 8.1: idle at most 30 minutes, 8 to 12 hours at once).
    pub(super) fn choices(self) -> &'static [i32] {
        match self {
            Self::IdleAdmin | Self::IdleOffice | Self::IdleGround => &[5, 10, 15, 20, 30],
            Self::SessionHours => &[4, 8, 10, 12],
        }
    }
}

/// A change as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    pub(super) once: String,
    /// Which button: preview, save or edit.
    pub(super) act: String,
    /// The number of the value that the form was drawn from.
    pub(super) version: String,
    pub(super) value: String,
    pub(super) from_day: String,
    pub(super) reason: String,
}

/// A change that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) value: i32,
    pub(super) from_day: NaiveDate,
    pub(super) reason: String,
}

impl ChangeForm {
    /// What the form says.
    pub(super) fn read(
        &self,
        parameter: Parameter,
        today: NaiveDate,
    ) -> Result<Change, FieldErrors> {
        let mut errors = FieldErrors::new();
        let value = self.value.parse().ok();
        let value = value.filter(|v| parameter.choices().contains(v));
        if value.is_none() {
            errors.add("value", "请从列出的数里选一个。");
        }
        let effect = ("生效日期", self.from_day.as_str());
        let from_day = errors.day_ahead("from_day", effect, (today, AHEAD));
        let reason = errors.text("reason", "修改理由", &self.reason, (2, 200));
        errors.or(Change {
            value: value.unwrap_or_default(),
            from_day: from_day.unwrap_or(today),
            reason,
        })
    }
}

/// What is said beside a change that is looked at: when it begins, whom it concerns, what it takes
/// the place of. `minutes`: since each session under it was used, or of the hours began; `people`:
/// who has an account and a post under it; `later`: what was to hold from a later day on.
pub(super) fn effects(
    (parameter, change): (Parameter, &Change),
    (minutes, people): (&[i32], i64),
    later: &[(NaiveDate, i32)],
    today: NaiveDate,
) -> Vec<String> {
    let day = words::day(change.from_day);
    let mut effects = vec![if change.from_day > today {
        format!("{day} 零点起用，以前照现在的。")
    } else {
        "保存后立即起用。".to_owned()
    }];
    effects.push(format!(
        "管到 {people} 个有账号的人，现在登录着 {} 个。",
        minutes.len()
    ));
    let most = match parameter {
        Parameter::SessionHours => change.value * 60,
        Parameter::IdleAdmin | Parameter::IdleOffice | Parameter::IdleGround => change.value,
    };
    let over = minutes.iter().filter(|minute| **minute >= most).count();
    effects.push(match (change.from_day > today, over) {
        (true, _) => "到那天已经超过新数的登录，须重新登录；没有提交的内容重新登录后可以接着提交。"
            .to_owned(),
        (false, 0) => "现在没有人会马上退出。".to_owned(),
        (false, n) => {
            format!("{n} 个登录会马上退出，须重新登录；没有提交的内容重新登录后可以接着提交。")
        }
    });
    let unit = parameter.unit();
    let replaced = later.iter().filter(|(from, _)| *from >= change.from_day);
    effects.extend(replaced.map(|(from, value)| {
        format!(
            "原定 {} 起的 {value} {unit}不再起用，由这一次代替。",
            words::day(*from)
        )
    }));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_of_the_choices_and_not_of_yesterday() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let form = |value: &str, day: &str| ChangeForm {
            value: value.to_owned(),
            from_day: day.to_owned(),
            reason: "统一要求".to_owned(),
            ..ChangeForm::default()
        };
        let read = |value, day| form(value, day).read(Parameter::IdleOffice, today);
        assert_eq!(read("15", "2026-11-23").unwrap().value, 15);
        assert!(
            read("31", "2026-11-23")
                .unwrap_err()
                .of("value")
                .contains("选一个")
        );
        assert!(read("", "2026-11-23").is_err());
        let early = read("15", "2026-11-22").unwrap_err();
        assert!(early.of("from_day").contains("2026-11-23"));
        assert!(read("15", "2027-02-22").is_err());
        assert!(read("15", "2027-02-21").is_ok());
    }

    #[test]
    fn what_a_change_does_is_said_before() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let later = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let said = |parameter, value, from_day| {
            let change = Change {
                value,
                from_day,
                reason: String::new(),
            };
            let of = (&[3, 12, 250][..], 40);
            effects((parameter, &change), of, &[(later, 20)], today).join("")
        };
        let now = said(Parameter::IdleOffice, 10, today);
        assert!(now.contains("管到 40 个有账号的人，现在登录着 3 个。2 个登录会马上退出"));
        assert!(now.contains("原定 2026-12-01 起的 20 分钟不再起用"));
        assert!(said(Parameter::SessionHours, 4, today).contains("1 个登录会马上退出"));
        assert!(said(Parameter::SessionHours, 8, today).contains("没有人会马上退出"));
        let waits = said(Parameter::IdleOffice, 10, later.succ_opt().unwrap());
        assert!(waits.contains("2026-12-02 零点起用") && !waits.contains("不再起用"));
    }
}
