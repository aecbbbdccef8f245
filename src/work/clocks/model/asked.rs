//! What the form of a new version of the limits asks for.

use chrono::{Datelike as _, NaiveDate};

use super::{Book, NewLimits, NewVersion, OfKind, Rule, Value, differences};
use crate::base::form::FieldErrors;
use crate::org::calendar::{Limit, Unit};
use crate::org::documents::Basis;

/// A form as it came: names and values.
type Typed = [(String, String)];

/// A field as typed.
pub(in super::super) fn field<'a>(typed: &'a Typed, name: &str) -> Option<&'a str> {
    let found = typed.iter().find(|(n, _)| n == name);
    found.map(|(_, value)| value.as_str())
}

/// A limit as typed, or its sentence beside the field.
fn limit_of(
    errors: &mut FieldErrors,
    typed: &Typed,
    (amount, unit): (&str, &str),
) -> Option<Limit> {
    let number = field(typed, amount).unwrap_or_default().trim().to_owned();
    let unit: Option<Unit> = field(typed, unit).and_then(|code| code.parse().ok());
    let Some(unit) = unit else {
        errors.add(amount, "请选择时限的单位。");
        return None;
    };
    let whole = number.parse::<i64>().ok();
    let limit = whole.map(|whole| Limit::new(whole, unit));
    match limit {
        Some(Ok(limit)) => Some(limit),
        Some(Err(refused)) => {
            errors.add(amount, refused.to_string());
            None
        }
        None => {
            let most = unit.most();
            errors.add(amount, format!("时限写 1 至 {most} 的整数。"));
            None
        }
    }
}

/// The new version that a form asks for, standing on the last one.
pub fn asked(
    book: &Book,
    citable: &[Basis],
    typed: &Typed,
    today: NaiveDate,
) -> Result<NewVersion, FieldErrors> {
    let mut errors = FieldErrors::new();
    let from_day = day(
        &mut errors,
        "from_day",
        "起用日期",
        field(typed, "from_day").unwrap_or_default(),
    );
    match from_day {
        Some(d) if d < today => errors.add("from_day", "起用日期写今天或以后。"),
        Some(d) if book.versions.iter().any(|v| v.from_day == d) => {
            errors.add("from_day", "已有一版从这一天起用，请换一天。");
        }
        Some(_) | None => {}
    }
    let note = field(typed, "note").unwrap_or_default();
    let note = errors.text("note", "说明", note, (2, 200));
    let named = field(typed, "basis").unwrap_or_default();
    let basis = citable.iter().find(|b| b.key() == named);
    if basis.is_none() && !citable.is_empty() {
        errors.add("basis", "请选择这一版依据哪份文件的哪一条。");
    }
    let mut kinds = Vec::new();
    for held in &book.kinds {
        let name = format!("{}.{}", held.kind.code(), held.stage.code());
        let names = (format!("k.{name}"), format!("ku.{name}"));
        let limit = limit_of(&mut errors, typed, (&names.0, &names.1));
        kinds.extend(limit.map(|limit| OfKind {
            limit,
            ..held.clone()
        }));
    }
    let classes = asked_classes(book, typed, &mut errors);
    let rules = asked_rules(book, typed, &mut errors);
    let limits = NewLimits {
        kinds,
        classes,
        rules,
    };
    let changes = differences(&book.kinds, &book.classes, &book.rules, &limits);
    if errors.is_empty() && changes.is_empty() {
        errors.add("k.routine.sign", "时限和上一版完全一样，没有要改的。");
    }
    errors.or(NewVersion {
        number: book.last_number() + 1,
        from_day: from_day.unwrap_or_default(),
        note,
        basis: basis.map(|b| (b.document, b.clause.number)),
        limits,
        changes,
    })
}

/// The rules as typed; what is not on the form stays.
fn asked_rules(book: &Book, typed: &Typed, errors: &mut FieldErrors) -> Vec<(Rule, Value)> {
    let asked = |rule: &Rule| {
        let names = (format!("r.{}", rule.code()), format!("ru.{}", rule.code()));
        let Some(text) = field(typed, &names.0) else {
            return Some((*rule, book.rules.of(*rule)));
        };
        if rule.is_limit() {
            let limit = limit_of(errors, typed, (&names.0, &names.1))?;
            let (amount, unit) = (limit.amount(), Some(limit.unit()));
            return Some((*rule, Value { amount, unit }));
        }
        if let Ok(amount @ 1..=365) = text.trim().parse::<i32>() {
            return Some((*rule, Value { amount, unit: None }));
        }
        errors.add(names.0, "写 1 至 365 的整数。");
        None
    };
    Rule::ALL.iter().filter_map(asked).collect()
}

/// Classes keep what is not on the form; an emptied one has no limit any more.
fn asked_classes(book: &Book, typed: &Typed, errors: &mut FieldErrors) -> Vec<(String, Limit)> {
    let mut classes = Vec::new();
    for class in &book.classes {
        let names = (format!("c.{}", class.code), format!("cu.{}", class.code));
        let limit = match field(typed, &names.0).map(str::trim) {
            None => class.limit,
            Some("") => None,
            Some(_) => limit_of(errors, typed, (&names.0, &names.1)),
        };
        classes.extend(limit.map(|limit| (class.code.clone(), limit)));
    }
    classes
}

/// A day as typed.
pub(in super::super) fn day(
    errors: &mut FieldErrors,
    field: &str,
    label: &str,
    typed: &str,
) -> Option<NaiveDate> {
    let typed = typed.trim();
    if typed.is_empty() {
        errors.add(field, format!("请填写{label}，例如 2026-11-30。"));
        return None;
    }
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok();
    let day = day.filter(|d| (2020..=2100).contains(&d.year()));
    if day.is_none() {
        errors.add(field, "日期写成 2026-11-30 的样子，要有这一天。");
    }
    day
}
