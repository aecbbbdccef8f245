//! What a notice says, who wants it how by mail, when, and what the mail says. Pure.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, NaiveTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::clock::china;
use crate::base::form::FieldErrors;
use crate::base::mail::is_address;
use crate::coded;
use crate::org::events::Verb;

coded! {
    /// How much a notice presses.
    Class as "notice_class" {
        /// Work has moved on.
        Step = "step" "进展",
        /// A time limit is near or past.
        Limit = "limit" "时限",
        /// Danger to life or property.
        Danger = "danger" "险情",
    }
}

coded! {
    /// How step notices come by mail.
    Choice as "mail_choice" {
        /// Each at once.
        AtOnce = "at_once" "立即发送",
        /// All of a day together.
        Digest = "digest" "每天 08:00 汇总",
        /// In the inbox alone.
        None = "none" "不发邮件",
    }
}

coded! {
    /// What a mail carries.
    Parcel as "delivery_kind" {
        /// One notice.
        AtOnce = "at_once" "即时",
        /// A day's unread notices.
        Digest = "digest" "汇总",
        /// Figures that somebody asked for by mail.
        Report = "report" "定期报告",
    }
}

coded! {
    /// How a mail stands.
    State as "delivery_state" {
        /// Not handed in yet.
        Waiting = "waiting" "待发送",
        /// A server took it.
        Sent = "sent" "已送出",
        /// No server will ever take it.
        Failed = "failed" "送不到",
    }
}

/// What is told to some posts.
#[derive(Clone, Debug)]
pub struct Message {
    /// How much it presses.
    pub class: Class,
    /// What was done.
    pub verb: Verb,
    /// One line: who did what, and what is asked.
    pub title: String,
    /// What it was done to, in a line.
    pub words: String,
    /// Where to look, a path of this program.
    pub link: String,
}

/// How a person wants mails; who has never said gets a digest of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wishes {
    pub(super) steps: Choice,
    /// From and to, in minutes of the local day.
    pub(super) quiet: Option<(i16, i16)>,
}

impl Wishes {
    pub(super) const UNSAID: Self = Self {
        steps: Choice::Digest,
        quiet: None,
    };

    /// When a notice of this class is mailed that comes up now; never on its own, if nothing.
    pub(super) fn mails(self, class: Class, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match (class, self.steps) {
            (Class::Limit | Class::Danger, _) => Some(now),
            (Class::Step, Choice::AtOnce) => Some(self.after_quiet(now)),
            (Class::Step, Choice::Digest | Choice::None) => None,
        }
    }

    /// This instant, or the end of the quiet hours it falls into.
    pub(super) fn after_quiet(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some((from, to)) = self.quiet else {
            return now;
        };
        let (from, to) = (i64::from(from), i64::from(to));
        let local = now.with_timezone(&china()).time();
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let rests = if from < to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        };
        if !rests {
            return now;
        }
        let left = (to - minute).rem_euclid(24 * 60);
        let whole = now - Duration::seconds(i64::from(local.second()));
        whole - Duration::nanoseconds(i64::from(local.nanosecond())) + Duration::minutes(left)
    }
}

/// `20:00`.
pub(super) fn clock_of(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a person types about mails.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WishForm {
    pub(super) mail: String,
    pub(super) steps: String,
    pub(super) quiet_from: String,
    pub(super) quiet_to: String,
}

impl WishForm {
    /// The form as it stands before anything is typed.
    pub(super) fn of(mail: Option<String>, wishes: Wishes) -> Self {
        let (from, to) = wishes.quiet.unzip();
        Self {
            mail: mail.unwrap_or_default(),
            steps: wishes.steps.code().to_owned(),
            quiet_from: from.map(clock_of).unwrap_or_default(),
            quiet_to: to.map(clock_of).unwrap_or_default(),
        }
    }

    /// The address and the wishes, or what is wrong.
    pub(super) fn read(&self) -> Result<(Option<String>, Wishes), FieldErrors> {
        let mut errors = FieldErrors::new();
        let mail = self.mail.trim();
        if !mail.is_empty() && !is_address(mail) {
            errors.add(
                "mail",
                "邮箱地址写得不对，应像 wangli@example.gov.cn 这样，最长 100 个字符。",
            );
        }
        let steps = errors.choice("steps", "进展消息怎么发", &self.steps);
        let from = minute_of(&mut errors, "quiet_from", &self.quiet_from);
        let to = minute_of(&mut errors, "quiet_to", &self.quiet_to);
        let quiet = match (from, to) {
            (Some(from), Some(to)) if from == to => {
                errors.add(
                    "quiet_to",
                    "开始和结束不能是同一时间。不需要夜间不发，请把两处都清空。",
                );
                None
            }
            (Some(from), Some(to)) => Some((from, to)),
            (Some(_), None) if self.quiet_to.trim().is_empty() => {
                errors.add("quiet_to", "请填写到几点恢复发送，例如 07:00。");
                None
            }
            (None, Some(_)) if self.quiet_from.trim().is_empty() => {
                errors.add("quiet_from", "请填写从几点起不发，例如 20:00。");
                None
            }
            (Some(_) | None, _) => None,
        };
        let steps = steps.unwrap_or(Choice::Digest);
        let mail = (!mail.is_empty()).then(|| mail.to_owned());
        errors.or((mail, Wishes { steps, quiet }))
    }
}

/// A time of day as minutes; nothing, if nothing is typed.
fn minute_of(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<i16> {
    let typed = typed.trim().replace('：', ":");
    if typed.is_empty() {
        return None;
    }
    let Ok(time) = NaiveTime::parse_from_str(&typed, "%H:%M") else {
        errors.add(field, "时间写成 20:00 这样，00:00 至 23:59。");
        return None;
    };
    i16::try_from(time.hour() * 60 + time.minute()).ok()
}

/// A notice in the inbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Notice {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) class: Class,
    pub(super) verb: String,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) ask: String,
    pub(super) read: bool,
}

impl Notice {
    /// The kind in a word.
    pub(super) fn kind(&self) -> &str {
        match self.class {
            Class::Step => Verb::read(&self.verb).map_or("进展", Verb::label),
            Class::Limit | Class::Danger => self.class.label(),
        }
    }
}

/// One mail in the list of what was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// To whom.
    pub person: String,
    /// What it says first.
    pub subject: String,
    /// What it carries.
    pub kind: Parcel,
    /// How it stands.
    pub state: State,
    /// When it is tried next.
    pub due_at: DateTime<Utc>,
    /// How often it was tried in vain.
    pub tries: i32,
    /// Why the last time was in vain; empty if it was not.
    pub last_error: String,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The most lines a digest lists.
pub(super) const LISTED: usize = 20;

/// Subject and text of a mail about one notice.
pub(super) fn letter(city: &str, host: &str, message: &Message) -> (String, String) {
    let mark = match message.class {
        Class::Step => "",
        Class::Limit => "【时限】",
        Class::Danger => "【险情】",
    };
    let text = format!(
        "{}\n{}\n\n查看：{}{}\n\n{}",
        without_numbers(&message.title),
        without_numbers(&message.words),
        site(host),
        message.link,
        foot(city)
    );
    (format!("{mark}{}", without_numbers(&message.title)), text)
}

/// Subject and text of a digest: how many are unread, the newest of them, where to read on.
pub(super) fn digest_letter(
    city: &str,
    host: &str,
    unread: i64,
    newest: &[(String, String)],
) -> (String, String) {
    let mut text = format!("您有 {unread} 条进展消息未读。\n\n");
    for (title, words) in newest {
        let _ = writeln!(text, "{}", without_numbers(title));
        if !words.is_empty() {
            let _ = writeln!(text, "  {}", without_numbers(words));
        }
    }
    if usize::try_from(unread).is_ok_and(|n| n > newest.len()) {
        text.push_str("……\n");
    }
    let _ = write!(text, "\n查看：{}/inbox\n\n{}", site(host), foot(city));
    (format!("{city}街哨：{unread} 条消息未读"), text)
}

/// A text without telephone and identity numbers: mails leave the house.
fn without_numbers(text: &str) -> String {
    const SHORT: usize = 6;
    let is_part = |c: char| c.is_ascii_digit() || c == 'X' || c == 'x';
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        plain.push_str(before);
        plain.push_str(if run.len() > SHORT { "****" } else { run });
        rest = after;
    }
    plain + rest
}

/// The address of a host's pages: `https://whistle.example.gov.cn`.
pub fn site(host: &str) -> String {
    if host.is_empty() {
        String::new()
    } else if host == "localhost" || host.starts_with("127.") {
        format!("http://{host}")
    } else {
        format!("https://{host}")
    }
}

fn foot(city: &str) -> String {
    format!("{city}街哨。请勿回复本邮件；登录后在“消息”里可改怎么收。\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn quiet_hours_put_off_steps_and_nothing_else() {
        let night = Wishes {
            steps: Choice::AtOnce,
            quiet: Some((20 * 60, 7 * 60)),
        };
        let morning = at("2026-11-24T07:00:00+08:00");
        for late in ["2026-11-23T20:00:30+08:00", "2026-11-24T06:59:59+08:00"] {
            assert_eq!(night.mails(Class::Step, at(late)), Some(morning), "{late}");
            for pressing in [Class::Limit, Class::Danger] {
                assert_eq!(night.mails(pressing, at(late)), Some(at(late)), "{late}");
            }
        }
        for day in ["2026-11-24T07:00:00+08:00", "2026-11-23T19:59:59+08:00"] {
            assert_eq!(night.mails(Class::Step, at(day)), Some(at(day)), "{day}");
        }
        let noon = Wishes {
            quiet: Some((12 * 60, 13 * 60 + 30)),
            ..night
        };
        let after = at("2026-11-23T13:30:00+08:00");
        assert_eq!(noon.after_quiet(at("2026-11-23T12:10:00+08:00")), after);
        assert_eq!(noon.after_quiet(after), after);
    }

    #[test]
    fn no_number_of_a_person_is_mailed() {
        assert_eq!(
            without_numbers("张师傅 13800005678，3 号楼 2026-11-23，22010419800101123X。"),
            "张师傅 ****，3 号楼 2026-11-23，****。"
        );
        assert_eq!(without_numbers("无数字"), "无数字");
    }

    #[test]
    fn what_is_typed_wrong_is_said_beside_its_field() {
        let typed = |mail: &str, from: &str, to: &str| WishForm {
            mail: mail.to_owned(),
            steps: "digest".to_owned(),
            quiet_from: from.to_owned(),
            quiet_to: to.to_owned(),
        };
        let right = typed(" wangli@example.gov.cn ", "20：00", "07:00")
            .read()
            .unwrap();
        assert_eq!(right.0.as_deref(), Some("wangli@example.gov.cn"));
        assert_eq!(right.1.quiet, Some((1200, 420)));
        assert_eq!(typed("", "", "").read().unwrap().0, None);
        for (mail, from, to, field) in [
            ("王丽", "", "", "mail"),
            ("a@b\r\nBcc: c@d", "", "", "mail"),
            ("", "25:00", "07:00", "quiet_from"),
            ("", "20:00", "", "quiet_to"),
            ("", "", "07:00", "quiet_from"),
            ("", "20:00", "20:00", "quiet_to"),
        ] {
            let errors = typed(mail, from, to).read().unwrap_err();
            assert_eq!((errors.len(), errors.first()), (1, field), "{errors:?}");
        }
    }
}
