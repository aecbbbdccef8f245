//! Who answers for a task or an item (责任单位), and how much time is left in calendar days.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::org::access::{PostKind, Seat, Viewer};
use crate::work::clocks::Lamp;

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BodyKind {
    /// The city's office.
    City,
    /// A street.
    Street,
    /// A department.
    Department,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Body {
    pub(crate) kind: BodyKind,
    /// The street's node or the department; the city's office has none.
    pub(crate) id: Option<Uuid>,
    /// The street's code.
    pub(crate) code: String,
    pub(crate) name: String,
}

impl Body {
    /// As forms and addresses name it.
    pub(crate) fn key(&self) -> String {
        match (self.kind, self.id) {
            (BodyKind::Street, Some(id)) => format!("street.{id}"),
            (BodyKind::Department, Some(id)) => format!("department.{id}"),
            (BodyKind::City, _) | (_, None) => "city".to_owned(),
        }
    }

    /// The department, if it is one.
    pub(crate) fn department(&self) -> Option<Uuid> {
        self.id.filter(|_| self.kind == BodyKind::Department)
    }

    /// The street, if it is one.
    pub(crate) fn street(&self) -> Option<Uuid> {
        self.id.filter(|_| self.kind == BodyKind::Street)
    }

    /// The street's code, if it is one.
    pub(crate) fn street_code(&self) -> Option<&str> {
        self.street().map(|_| self.code.as_str())
    }

    /// Whether this viewer acts for it.
    pub(crate) fn is_of(&self, me: &Viewer) -> bool {
        match (self.kind, &me.seat) {
            (BodyKind::City, _) => me.kind == PostKind::CityOffice,
            (BodyKind::Street, Seat::Node { code, .. }) => *code == self.code,
            (BodyKind::Department, Seat::Department { id, .. }) => self.id == Some(id.0),
            (BodyKind::Street, Seat::City | Seat::Department { .. })
            | (BodyKind::Department, Seat::City | Seat::Node { .. }) => false,
        }
    }
}

/// A body as a filter names it; unknown words narrow to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Narrow {
    pub(crate) city: bool,
    pub(crate) street: Option<Uuid>,
    pub(crate) department: Option<Uuid>,
}

impl Narrow {
    /// Reads a key.
    pub(crate) fn read(key: &str) -> Self {
        let id = |text: &str| Some(text.parse().unwrap_or_default());
        match key.split_once('.') {
            Some(("street", text)) => Self {
                street: id(text),
                ..Self::default()
            },
            Some(("department", text)) => Self {
                department: id(text),
                ..Self::default()
            },
            Some(_) | None => Self {
                city: key == "city",
                ..Self::default()
            },
        }
    }
}

/// So many days before the day it turns yellow.
const SOON: i64 = 7;

/// The lamp of a day that is to be kept: late when the day has ended.
pub(crate) fn lamp(day: NaiveDate, today: NaiveDate) -> Lamp {
    match (day - today).num_days() {
        ..0 => Lamp::Red,
        0..=SOON => Lamp::Yellow,
        _ => Lamp::Green,
    }
}

/// How many calendar days are left, or over.
pub(crate) fn left(day: NaiveDate, today: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "今天到期".to_owned(),
        days if days < 0 => format!("超期 {} 天", -days),
        days => format!("还剩 {days} 天"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_late_when_it_has_ended() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-23");
        for (due, color, words) in [
            ("2026-11-22", Lamp::Red, "超期 1 天"),
            ("2026-11-23", Lamp::Yellow, "今天到期"),
            ("2026-11-30", Lamp::Yellow, "还剩 7 天"),
            ("2026-12-01", Lamp::Green, "还剩 8 天"),
        ] {
            assert_eq!(lamp(day(due), today), color, "{due}");
            assert_eq!(left(day(due), today), words);
        }
    }

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let id = Uuid::from_u128(7);
        let body = |kind, id| Body {
            kind,
            id,
            code: String::new(),
            name: String::new(),
        };
        let street = Narrow::read(&body(BodyKind::Street, Some(id)).key());
        assert_eq!(street.street, Some(id));
        let department = Narrow::read(&body(BodyKind::Department, Some(id)).key());
        assert_eq!(department.department, Some(id));
        assert!(Narrow::read(&body(BodyKind::City, None).key()).city);
        assert_eq!(Narrow::read(""), Narrow::default());
        assert_eq!(Narrow::read("street.x").street, Some(Uuid::nil()));
    }
}
