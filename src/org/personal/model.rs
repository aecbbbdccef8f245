//! Which values are personal, where each is sealed, what for they are looked at, how long they stay. Pure.

use chrono::{DateTime, Months, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::base::form::FieldErrors;
use crate::base::words;
use crate::coded;
use crate::org::TenantId;

coded! {
    /// A personal value.
    Field as "text" {
        /// The name of the resident who told a matter.
        TellerName = "teller_name" "诉求人姓名",
        /// The number of that resident.
        TellerPhone = "teller_phone" "诉求人电话",
        /// Where exactly a matter is, where that names a room.
        Spot = "spot" "具体位置",
        /// The number of somebody in the register of people.
        Phone = "phone" "人员电话",
        /// Where somebody wants to hear of notices; the program alone writes to it.
        Mail = "mail" "人员邮箱",
    }
}

impl Field {
    /// What a look opens; to an address the program alone writes.
    pub(super) const SEEN: [Self; 4] =
        [Self::TellerName, Self::TellerPhone, Self::Spot, Self::Phone];

    /// The one place in which a value opens.
    pub(super) fn place(self, tenant: TenantId, owner: Uuid) -> String {
        format!("personal|{tenant}|{owner}|{}", self.code())
    }

    /// Within which equal values have equal digests: one tenant, one kind of value.
    pub(super) fn domain(self, tenant: TenantId) -> String {
        format!("{tenant}|{}", self.code())
    }

    /// The form in which a value is compared: a number by its figures alone, without the country's
    /// code; a name without blanks; an address in small letters.
    pub(super) fn normal(self, value: &str) -> String {
        match self {
            Self::TellerPhone | Self::Phone => words::figures(value),
            Self::TellerName => value.chars().filter(|c| !c.is_whitespace()).collect(),
            Self::Mail => value.trim().to_lowercase(),
            Self::Spot => value.trim().to_owned(),
        }
    }
}

coded! {
    /// What somebody looks at a value in the clear for.
    Purpose as "text" {
        /// To speak with the person about the matter.
        Contact = "contact" "联系本人办事",
        /// To ask whether it is solved.
        Visit = "visit" "回访",
        /// To see whether what is kept is right.
        Verify = "verify" "核对登记信息",
        /// For whoever goes there.
        Handover = "handover" "转给上门处理的人",
        /// The person asks what is kept, or to have it corrected (PIPL 45, 46).
        Request = "request" "本人要求查阅、更正",
    }
}

/// One value as the database keeps it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub(super) owner: Uuid,
    pub(super) field: Field,
    pub(super) key_name: String,
    pub(super) sealed: Vec<u8>,
    pub(super) digest: Vec<u8>,
}

/// The values of one owner in the clear. Never printed.
#[derive(Clone, Default)]
pub struct Opened {
    /// The name, if one is kept.
    pub name: Option<String>,
    /// The number, if one is kept.
    pub phone: Option<String>,
    /// The place with its room, if one is kept.
    pub spot: Option<String>,
}

impl Opened {
    pub(super) fn take(&mut self, field: Field, value: String) {
        match field {
            Field::TellerName => self.name = Some(value),
            Field::TellerPhone | Field::Phone => self.phone = Some(value),
            Field::Spot => self.spot = Some(value),
            Field::Mail => {}
        }
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened")
    }
}

/// What a look into the clear is asked with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SightForm {
    purpose: String,
    words: String,
}

impl SightForm {
    /// The purpose and the words beside it.
    pub fn read(&self) -> Result<(Purpose, String), FieldErrors> {
        let mut errors = FieldErrors::new();
        let purpose = errors.choice("purpose", "查看明文的用途", &self.purpose);
        let words = errors.text("words", "补充说明", &self.words, (0, 100));
        if words::holds_number(&words) {
            errors.add("words", "补充说明里不要写电话号码。");
        }
        match purpose {
            Some(purpose) if errors.is_empty() => Ok((purpose, words)),
            _ => Err(errors),
        }
    }
}

/// What a tenant decided about its personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How many people one may look at in the clear on a day.
    pub sights: i16,
    /// How many months after its end a matter keeps its teller.
    pub teller_months: i16,
    /// How many months after the last post a person keeps the number.
    pub people_months: i16,
    pub(super) version: i32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            sights: 30,
            teller_months: 36,
            people_months: 24,
            version: 0,
        }
    }
}

impl Rules {
    /// What ended before this has been kept long enough to forget its teller.
    pub fn tellers_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        before(now, self.teller_months)
    }

    /// Whose last post ended before this loses the number.
    pub fn people_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        before(now, self.people_months)
    }

    /// The sentence for who has seen enough today.
    pub(super) fn enough(&self) -> String {
        format!(
            "今天已查看 {} 人的明文，到了每人每天的上限。请明天再看；确有需要的，请安全管理员在“个人信息”里调整上限。",
            self.sights
        )
    }
}

fn before(now: DateTime<Utc>, months: i16) -> DateTime<Utc> {
    let months = Months::new(u32::try_from(months).unwrap_or(0));
    now.checked_sub_months(months)
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The rules as the form sends them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RulesForm {
    pub(super) once: String,
    pub(super) version: String,
    pub(super) sights: String,
    pub(super) teller_months: String,
    pub(super) people_months: String,
}

impl RulesForm {
    pub(super) fn of(rules: &Rules) -> Self {
        Self {
            once: String::new(),
            version: rules.version.to_string(),
            sights: rules.sights.to_string(),
            teller_months: rules.teller_months.to_string(),
            people_months: rules.people_months.to_string(),
        }
    }

    pub(super) fn read(&self) -> Result<Rules, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut number = |field: &str, typed: &str, least: i16, most: i16, unit: &str| {
            let read = typed.trim().parse::<i16>().ok();
            let read = read.filter(|n| (least..=most).contains(n));
            if read.is_none() {
                errors.add(
                    field,
                    format!("请填 {least} 至 {most} 的整数，单位是{unit}。"),
                );
            }
            read.unwrap_or(least)
        };
        let rules = Rules {
            sights: number("sights", &self.sights, 1, 500, "人"),
            teller_months: number("teller_months", &self.teller_months, 3, 240, "月"),
            people_months: number("people_months", &self.people_months, 1, 240, "月"),
            version: self.version.parse().unwrap_or(-1),
        };
        errors.or(rules)
    }
}

impl Rules {
    /// What differs from before, both sides; nothing if nothing does.
    pub(super) fn changes(&self, before: &Self) -> Option<String> {
        let rows = [
            ("每人每天查看明文上限", before.sights, self.sights, "人"),
            (
                "诉求人信息保存",
                before.teller_months,
                self.teller_months,
                "个月",
            ),
            (
                "离任人员电话保存",
                before.people_months,
                self.people_months,
                "个月",
            ),
        ];
        let changed: Vec<String> = rows
            .iter()
            .filter(|(_, old, new, _)| old != new)
            .map(|(label, old, new, unit)| format!("{label}：{old} {unit} → {new} {unit}"))
            .collect();
        (!changed.is_empty()).then(|| format!("{}。", changed.join("；")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let normal = |text| Field::Phone.normal(text);
        for written in [
            "12900005678",
            "129 0000 5678",
            "129-0000-5678",
            "+86 12900005678",
            "008612900005678",
            "１２９００００５６７８",
        ] {
            assert_eq!(normal(written), "12900005678", "{written}");
        }
        assert_eq!(normal("0436-5220000"), "04365220000");
        assert_eq!(Field::TellerName.normal(" 张 三 "), "张三");
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let now = "2026-03-31T02:00:00Z".parse().unwrap();
        let rules = Rules {
            teller_months: 1,
            ..Rules::default()
        };
        assert_eq!(
            rules.tellers_before(now).to_rfc3339(),
            "2026-02-28T02:00:00+00:00"
        );
    }

    #[test]
    fn the_form_says_between_what() {
        let form = RulesForm {
            sights: "0".into(),
            teller_months: "36".into(),
            people_months: "x".into(),
            ..RulesForm::default()
        };
        let errors = form.read().unwrap_err();
        assert_eq!(errors.of("sights"), "请填 1 至 500 的整数，单位是人。");
        assert_eq!(errors.len(), 2);
    }
}
