//! The form of a change of the calendar, as it is typed.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::base::form::FieldErrors;
use crate::org::calendar::{Change, DayKind, OfficeHours, WorkDayMode};
use crate::work::clocks::model::day;

/// Changes of days reach no further than this many at once.
const LONGEST: i64 = 366;

/// What the form carries; the address of a preview carries the same.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    /// days, hours, gone, mode.
    pub(super) what: String,
    /// Set by the button that asks for the preview.
    pub(super) preview: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) from_day: String,
    pub(super) season_from: String,
    pub(super) season_to: String,
    pub(super) first: String,
    pub(super) second: String,
    pub(super) third: String,
    pub(super) mode: String,
    pub(super) version: String,
    pub(super) once: String,
}

impl ChangeForm {
    /// The change that is meant, or what is wrong.
    pub(super) fn read(&self, today: NaiveDate) -> Result<Change, FieldErrors> {
        match self.what.as_str() {
            "hours" => self.hours(today),
            "gone" => self.gone(),
            "mode" => self.mode(),
            _ => self.days(),
        }
    }

    /// What a form must send again, besides version and key.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("what", &self.what),
            ("from", &self.from),
            ("to", &self.to),
            ("kind", &self.kind),
            ("name", &self.name),
            ("source", &self.source),
            ("from_day", &self.from_day),
            ("season_from", &self.season_from),
            ("season_to", &self.season_to),
            ("first", &self.first),
            ("second", &self.second),
            ("third", &self.third),
            ("mode", &self.mode),
        ];
        let filled = all.into_iter().filter(|(_, value)| !value.is_empty());
        filled.map(|(name, value)| (name, value.clone())).collect()
    }

    /// The address at which the form stands filled in, to go on typing.
    pub(super) fn link(&self) -> String {
        let query = serde_html_form::to_string(self.hidden()).unwrap_or_default();
        format!("/calendar/edit?{query}#do")
    }

    fn days(&self) -> Result<Change, FieldErrors> {
        let mut errors = FieldErrors::new();
        let from = day(&mut errors, "from", "从哪天", &self.from);
        let to = if self.to.trim().is_empty() {
            from
        } else {
            day(&mut errors, "to", "到哪天", &self.to)
        };
        if let (Some(from), Some(to)) = (from, to) {
            if from > to {
                errors.add("to", "到哪天比从哪天还早，请对调。");
            } else if (to - from).num_days() >= LONGEST {
                errors.add("to", "一次最多改一年，请分几次改。");
            }
        }
        let restores = self.kind == "restore";
        let kind: Option<DayKind> = if restores {
            None
        } else {
            errors.choice("kind", "改成什么", &self.kind)
        };
        let least = usize::from(!restores);
        let name = errors.text("name", "名称", &self.name, (least, 30));
        let source = errors.text("source", "依据", &self.source, (least * 2, 200));
        errors.or(Change::Days {
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
            kind,
            name,
            source,
        })
    }

    fn hours(&self, today: NaiveDate) -> Result<Change, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.text("name", "名称", &self.name, (1, 20));
        let from_day = day(&mut errors, "from_day", "起用日期", &self.from_day);
        if from_day.is_some_and(|d| d < today) {
            errors.add("from_day", "起用日期写今天或以后；已经过去的日子不再改。");
        }
        let season_from = season(&mut errors, "season_from", &self.season_from, 101);
        let season_to = season(&mut errors, "season_to", &self.season_to, 1231);
        let sessions = self.sessions(&mut errors);
        errors.or(Change::Hours(OfficeHours {
            name,
            from_day: from_day.unwrap_or_default(),
            season_from,
            season_to,
            sessions,
        }))
    }

    /// The sessions, each after the one before.
    fn sessions(&self, errors: &mut FieldErrors) -> Vec<i16> {
        let mut sessions: Vec<i16> = Vec::new();
        let fields = [
            ("first", &self.first),
            ("second", &self.second),
            ("third", &self.third),
        ];
        for (field, typed) in fields {
            if typed.trim().is_empty() {
                continue;
            }
            let Some((opens, closes)) = session(typed) else {
                errors.add(field, "写成 08:30-12:00 的样子，到点要比开始晚。");
                continue;
            };
            if sessions.last().is_some_and(|last| opens < *last) {
                errors.add(field, "这一段要在前一段之后，不能重叠。");
            }
            sessions.extend([opens, closes]);
        }
        if sessions.is_empty() && errors.of("first").is_empty() {
            errors.add("first", "至少填写一段办公时间，例如 08:30-12:00。");
        }
        sessions
    }

    fn gone(&self) -> Result<Change, FieldErrors> {
        let mut errors = FieldErrors::new();
        let from_day = day(&mut errors, "from_day", "起用日期", &self.from_day);
        let season_from = season(&mut errors, "season_from", &self.season_from, 101);
        errors.or(Change::NoHours {
            from_day: from_day.unwrap_or_default(),
            season_from,
        })
    }

    fn mode(&self) -> Result<Change, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mode = errors.choice("mode", "工作日怎么计", &self.mode);
        errors.or(Change::Mode(mode.unwrap_or(WorkDayMode::Dates)))
    }
}

/// `10-01` as 1001; left empty it is the edge of the year.
fn season(errors: &mut FieldErrors, field: &str, typed: &str, edge: i16) -> i16 {
    let typed = typed.trim();
    if typed.is_empty() {
        return edge;
    }
    // A leap year, so that 02-29 is a day.
    let day = NaiveDate::parse_from_str(&format!("2024-{typed}"), "%Y-%m-%d").ok();
    let Some(day) = day.filter(|_| typed.len() == 5) else {
        errors.add(field, "写成 10-01 的样子，要有这一天。");
        return edge;
    };
    i16::try_from(day.month() * 100 + day.day()).unwrap_or(edge)
}

/// `08:30-12:00` as minutes after midnight.
fn session(typed: &str) -> Option<(i16, i16)> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '–' | '—' | '～' | '至' | '~' => '-',
            '：' => ':',
            c => c,
        })
        .collect();
    let (opens, closes) = plain.split_once('-')?;
    let minutes = |clock: &str| {
        let (hour, minute) = clock.split_once(':')?;
        let sound = hour.len() <= 2 && minute.len() == 2;
        let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
        let within = (0..24).contains(&hour) && (0..60).contains(&minute);
        (sound && (within || (hour, minute) == (24, 0))).then_some(hour * 60 + minute)
    };
    let (opens, closes) = (minutes(opens)?, minutes(closes)?);
    (opens < closes).then_some((opens, closes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_read_as_people_write_them() {
        assert_eq!(session("08:30-12:00"), Some((510, 720)));
        assert_eq!(session(" 8:30 – 12：00 "), Some((510, 720)));
        assert_eq!(session("22:00至24:00"), Some((1320, 1440)));
        for bad in [
            "",
            "8",
            "12:00-08:30",
            "08:30-24:30",
            "-1:00-03:00",
            "a:00-b:00",
            "08:3-12:00",
        ] {
            assert_eq!(session(bad), None, "{bad}");
        }
    }

    #[test]
    fn wrong_days_are_told_beside_their_field() {
        let form = |from: &str, to: &str| ChangeForm {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: "off".to_owned(),
            name: "停工".to_owned(),
            source: "市政府".to_owned(),
            ..ChangeForm::default()
        };
        let today = NaiveDate::default();
        assert!(form("2026-11-30", "").read(today).is_ok());
        for (from, to, field) in [
            ("", "", "from"),
            ("2026-11-31", "", "from"),
            ("2026-12-01", "2026-11-30", "to"),
            ("2026-01-01", "2027-06-01", "to"),
            ("1026-01-01", "", "from"),
        ] {
            let errors = form(from, to).read(today).unwrap_err();
            assert_eq!(errors.first(), field, "{from} {to}");
        }
    }
}
