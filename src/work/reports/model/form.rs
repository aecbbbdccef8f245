//! What is typed about a report.

use serde::{Deserialize, Serialize};

use super::order::{Order, title, when};
use super::rhythm::{HOURS, Rhythm};
use crate::base::form::FieldErrors;
use crate::work::figures::ScopeKind;

/// What stands in a form for the whole city, whose key is empty.
const CITY: &str = "city";

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Wanted {
    /// The key of the part of the city.
    pub(in super::super) scope: String,
    /// How often.
    pub(in super::super) rhythm: Rhythm,
    /// At which hour.
    pub(in super::super) hour: i16,
}

impl Wanted {
    /// `慧阳街道周报，每周一 08:00`
    pub(in super::super) fn told(&self, name: &str) -> String {
        let title = title(self.rhythm, name);
        format!("{title}，{}", when(self.rhythm, self.hour))
    }
}

/// The form of one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct OrderForm {
    /// Makes it act once.
    pub(in super::super) once: String,
    /// Which version was looked at.
    pub(in super::super) version: String,
    /// Which part of the city.
    pub(in super::super) scope: String,
    /// How often.
    pub(in super::super) rhythm: String,
    /// At which hour.
    pub(in super::super) hour: String,
}

impl OrderForm {
    /// A new one of a part of the city.
    pub(in super::super) fn new(once: String, scope: &str) -> Self {
        Self {
            once,
            version: String::new(),
            scope: Self::value(scope).to_owned(),
            rhythm: Rhythm::Weekly.code().to_owned(),
            hour: "8".to_owned(),
        }
    }

    /// The form as an order stands.
    pub(in super::super) fn of(order: &Order, once: String) -> Self {
        Self {
            once,
            version: order.version.to_string(),
            scope: Self::value(&order.scope).to_owned(),
            rhythm: order.rhythm.code().to_owned(),
            hour: order.hour.to_string(),
        }
    }

    /// What stands in the form for a key.
    pub(in super::super) fn value(key: &str) -> &str {
        if key.is_empty() { CITY } else { key }
    }

    /// The key that was chosen.
    pub(in super::super) fn key(&self) -> &str {
        match self.scope.trim() {
            CITY => "",
            // Nothing was chosen: no key is like this.
            "" => "-",
            key => key,
        }
    }

    /// What is asked for, by somebody whose own part of the city has this key; or what is wrong.
    pub(in super::super) fn read(&self, own: &str) -> Result<Wanted, FieldErrors> {
        let mut errors = FieldErrors::new();
        let rhythm = errors.choice("rhythm", "送什么", &self.rhythm);
        let is_bulletin = rhythm == Some(Rhythm::Bulletin);
        let key = if is_bulletin { "" } else { self.key() };
        if !is_bulletin && ScopeKind::within(own, key).is_none() {
            errors.add("scope", OUTSIDE);
        }
        let hour = self.hour.trim().parse().ok();
        let hour = hour.filter(|hour| HOURS.contains(hour));
        if hour.is_none() {
            errors.add("hour", "请选择几点送。");
        }
        errors.or(Wanted {
            scope: key.to_owned(),
            rhythm: rhythm.unwrap_or(Rhythm::Weekly),
            hour: hour.unwrap_or(HOURS[0]),
        })
    }
}

/// What is said where a part of the city is not the viewer's to see, or is none.
pub(in super::super) const OUTSIDE: &str = "请选择自己范围里的地方或部门。";

#[cfg(test)]
mod tests {
    use super::*;

    fn form(scope: &str, rhythm: &str, hour: &str) -> OrderForm {
        let of = str::to_owned;
        OrderForm {
            scope: of(scope),
            rhythm: of(rhythm),
            hour: of(hour),
            ..OrderForm::default()
        }
    }

    #[test]
    fn what_is_typed_wrong_is_said_beside_its_field() {
        const STREET: &str = "220882001";
        let right = form("220882001001", "daily", "12").read(STREET).unwrap();
        assert_eq!(right.scope, "220882001001");
        for (scope, rhythm, hour, field) in [
            ("", "daily", "8", "scope"),
            ("city", "daily", "8", "scope"),
            ("220882002", "weekly", "8", "scope"),
            ("220882001", "hourly", "8", "rhythm"),
            ("220882001", "daily", "3", "hour"),
            ("220882001", "daily", "八", "hour"),
        ] {
            let errors = form(scope, rhythm, hour).read(STREET).unwrap_err();
            assert_eq!((errors.len(), errors.first()), (1, field), "{errors:?}");
        }
    }

    #[test]
    fn a_bulletin_is_of_the_whole_city_whoever_reads_it() {
        let wanted = form("220882001", "bulletin", "8")
            .read("220882001")
            .unwrap();
        assert_eq!(wanted.scope, "");
        assert_eq!(wanted.told("大安市"), "大安市通报，印发以后 08:00");
    }
}
