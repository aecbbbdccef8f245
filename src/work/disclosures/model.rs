//! What such a file is, who may ask for it, who lets it be made. Pure.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::words;
use crate::coded;
use crate::org::access::{Factor, PostKind, Viewer};
use crate::org::personal::Purpose;

/// The most rows of one file.
pub(super) const MOST: i64 = 2_000;
/// How long it can be fetched.
pub(super) const HOLDS: Duration = Duration::hours(24);
/// How many days of filing one file may span.
const DAYS: i64 = 366;

coded! {
    /// What is in the file.
    Kind as "text" {
        /// Who told the matters of one's own ground.
        Tellers = "tellers" "诉求人姓名、电话",
        /// The numbers of the people in the register.
        Numbers = "numbers" "人员电话",
    }
}

impl Kind {
    /// What a post may ask for: the ground it works on, or the register it keeps.
    pub(super) fn of(me: &Viewer) -> Option<Self> {
        match me.kind {
            PostKind::CommunitySecretary
            | PostKind::CommunityWorker
            | PostKind::StreetDispatcher
            | PostKind::StreetDeputy
            | PostKind::StreetSecretary => Some(Self::Tellers),
            PostKind::SystemAdmin => Some(Self::Numbers),
            PostKind::CityLeader
            | PostKind::CityOffice
            | PostKind::StreetChecker
            | PostKind::GridChief
            | PostKind::GridSecretary
            | PostKind::BuildingChief
            | PostKind::BuildingLeader
            | PostKind::UnitChief
            | PostKind::UnitHousehold
            | PostKind::DepartmentHead
            | PostKind::DepartmentClerk
            | PostKind::SecurityAdmin
            | PostKind::AuditAdmin => None,
        }
    }

    /// What a post decides on: over residents its street's secretary or deputy, over staff the
    /// security administrator.
    pub(super) fn decided_by(me: &Viewer) -> Option<Self> {
        match me.kind {
            PostKind::StreetDeputy | PostKind::StreetSecretary => Some(Self::Tellers),
            PostKind::SecurityAdmin => Some(Self::Numbers),
            PostKind::CityLeader
            | PostKind::CityOffice
            | PostKind::StreetDispatcher
            | PostKind::StreetChecker
            | PostKind::CommunitySecretary
            | PostKind::CommunityWorker
            | PostKind::GridChief
            | PostKind::GridSecretary
            | PostKind::BuildingChief
            | PostKind::BuildingLeader
            | PostKind::UnitChief
            | PostKind::UnitHousehold
            | PostKind::DepartmentHead
            | PostKind::DepartmentClerk
            | PostKind::SystemAdmin
            | PostKind::AuditAdmin => None,
        }
    }

    /// Who lets it be made, for the page.
    pub(super) fn decider(self) -> &'static str {
        match self {
            Self::Tellers => "街道书记或分管副主任",
            Self::Numbers => "安全管理员",
        }
    }
}

/// Why somebody without a second factor is refused; nothing, if nothing is in the way.
pub(super) fn lacks_factor(me: &Viewer) -> Option<&'static str> {
    match me.factor {
        Factor::Given | Factor::Waived => None,
        Factor::None | Factor::Owed => {
            Some("导出个人信息须用第二因子登录。请先到“登录与密码”设置第二因子，再来办。")
        }
    }
}

/// What is typed to ask for a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    pub(super) once: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) purpose: String,
    pub(super) words: String,
}

/// A checked request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) kind: Kind,
    /// The days of filing, both included; none for the register.
    pub(super) span: Option<(NaiveDate, NaiveDate)>,
    pub(super) purpose: Purpose,
    pub(super) words: String,
}

impl AskForm {
    pub(super) fn read(&self, kind: Kind, today: NaiveDate) -> Result<Ask, FieldErrors> {
        let mut errors = FieldErrors::new();
        let span = match kind {
            Kind::Numbers => None,
            Kind::Tellers => {
                let from = errors.day("from", "上报日期从", &self.from);
                let to = errors.day("to", "上报日期到", &self.to);
                let span = from.zip(to);
                if let Some((from, to)) = span {
                    if to < from {
                        errors.add("to", "结束日期不能早于开始日期。");
                    } else if to > today {
                        errors.add("to", "结束日期不能晚于今天。");
                    } else if (to - from).num_days() > DAYS {
                        errors.add("from", "一次最多导出一年。请缩短日期。");
                    }
                }
                span
            }
        };
        let purpose = errors.choice::<Purpose>("purpose", "用途", &self.purpose);
        let words = errors.text("words", "做什么用", &self.words, (5, 200));
        if words::holds_number(&words) {
            errors.add("words", "这里不要写电话号码。");
        }
        match purpose {
            Some(purpose) if errors.is_empty() => Ok(Ask {
                kind,
                span,
                purpose,
                words,
            }),
            _ => Err(errors),
        }
    }
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody has decided.
    Waiting,
    /// It can be fetched until then.
    Open(DateTime<Utc>),
    /// That time is over.
    Over,
    /// It was refused.
    Denied,
}

/// A request in the list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) reach_code: String,
    /// The name of the ground; none for the register.
    pub(super) ground: Option<String>,
    pub(super) from_day: Option<NaiveDate>,
    pub(super) to_day: Option<NaiveDate>,
    pub(super) purpose: Purpose,
    pub(super) words: String,
    pub(super) amount: i32,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) asked_by: Uuid,
    pub(super) asked_post: Uuid,
    pub(super) asker: String,
    pub(super) decider: Option<String>,
    pub(super) is_granted: Option<bool>,
    pub(super) reason: Option<String>,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) taken: i16,
}

impl Row {
    pub(super) fn state(&self, now: DateTime<Utc>) -> State {
        match (self.is_granted, self.expires_at) {
            (Some(true), Some(until)) if until > now => State::Open(until),
            (Some(true), _) => State::Over,
            (Some(false), _) => State::Denied,
            (None, _) => State::Waiting,
        }
    }

    /// Whether the viewer lets it be made or not: never who asked.
    pub(super) fn may_decide(&self, me: &Viewer) -> bool {
        let here = match self.kind {
            Kind::Tellers => self.reach_code.get(..9) == Some(me.node_code()),
            Kind::Numbers => true,
        };
        self.is_granted.is_none()
            && Kind::decided_by(me) == Some(self.kind)
            && here
            && self.asked_by != me.person.0
    }

    /// Whether the viewer fetches it now.
    pub(super) fn may_take(&self, me: &Viewer, now: DateTime<Utc>) -> bool {
        let own = self.asked_by == me.person.0 && self.asked_post == me.post.0;
        own && matches!(self.state(now), State::Open(_))
    }

    /// What is asked for, in a line.
    pub(super) fn what(&self) -> String {
        let span = self.from_day.zip(self.to_day);
        let span =
            span.map(|(from, to)| format!("，{} 至 {} 上报的", words::day(from), words::day(to)));
        format!(
            "{}{}{}，{} 行",
            self.ground.as_deref().unwrap_or_default(),
            self.kind.label(),
            span.unwrap_or_default(),
            self.amount
        )
    }
}

/// What stands on every page and in every row of the file: who fetched it, for which post, when.
pub(super) fn mark(me: &Viewer, now: DateTime<Utc>) -> String {
    format!(
        "{} {} {} 导出，严禁外传",
        me.title,
        me.name,
        words::minute(now)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> AskForm {
        AskForm {
            from: "2026-01-01".to_owned(),
            to: "2026-11-23".to_owned(),
            purpose: "verify".to_owned(),
            words: "核对低保户登记".to_owned(),
            ..AskForm::default()
        }
    }

    #[test]
    fn a_request_says_from_when_to_when_and_what_for() {
        let today = "2026-11-23".parse().unwrap();
        let ask = form().read(Kind::Tellers, today).unwrap();
        assert_eq!(ask.span.map(|s| s.1), Some(today));
        assert_eq!(form().read(Kind::Numbers, today).unwrap().span, None);
        let wrong = |bend: fn(&mut AskForm)| {
            let mut form = form();
            bend(&mut form);
            form.read(Kind::Tellers, today).unwrap_err().sentences()
        };
        for (said, sentence) in [
            (wrong(|f| f.to = "2025-12-31".into()), "不能早于开始日期"),
            (wrong(|f| f.to = "2026-11-24".into()), "不能晚于今天"),
            (wrong(|f| f.from = "2025-11-01".into()), "最多导出一年"),
            (wrong(|f| f.words = "看看".into()), "至少写 5 个字"),
            (
                wrong(|f| f.words = "联系 12900005678".into()),
                "不要写电话号码",
            ),
            (wrong(|f| f.purpose.clear()), "请选择用途"),
        ] {
            assert!(said.contains(sentence), "{said}");
        }
    }
}
