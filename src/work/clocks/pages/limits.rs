//! The limits (时限设置): what holds, its versions, and the form that makes a new one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::change::day;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Query, Typed};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::calendar::{Limit, Unit};
use crate::org::documents::{self, Basis};
use crate::work::clocks::actions::changing;
use crate::work::clocks::model::{Rule, Stage, Value};
use crate::work::clocks::queries::versions::{self, Book, NewVersion, OfClass, OfKind, Version};
use crate::work::whistles::Kind;

/// The stages of a whistle that have a limit of their own, in the order in which they come.
const STAGES: [Stage; 10] = [
    Stage::Sign,
    Stage::Report,
    Stage::FirstFeedback,
    Stage::Close,
    Stage::Check,
    Stage::Rating,
    Stage::Conclude,
    Stage::Visit,
    Stage::Approve,
    Stage::Verify,
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
    major: String,
    done: String,
}

#[derive(Template)]
#[template(path = "clocks/limits.html")]
pub(super) struct LimitsPage {
    chrome: Chrome,
    today: NaiveDate,
    book: Book,
    major: String,
    may_set: bool,
    flash: String,
}

impl LimitsPage {
    fn shown(&self) -> Option<&Version> {
        let shown = |v: &&Version| Some(v.id) == self.book.shown;
        self.book.versions.iter().find(shown)
    }

    /// The version that holds today.
    fn current(&self) -> Option<&Version> {
        self.book.versions.iter().find(|v| v.from_day <= self.today)
    }

    fn is_current(&self, version: &Version) -> bool {
        self.current().is_some_and(|c| c.id == version.id)
    }

    fn is_shown(&self, version: &Version) -> bool {
        self.book.shown == Some(version.id)
    }

    fn state(&self, version: &Version) -> &'static str {
        if self.is_current(version) {
            "现行"
        } else if version.from_day > self.today {
            "还没起用"
        } else {
            "已停用"
        }
    }

    fn rule(&self, rule: &Rule) -> String {
        self.book.rules.words(*rule)
    }

    fn cell(&self, kind: &Kind, stage: &Stage) -> String {
        let found = self
            .book
            .kinds
            .iter()
            .find(|l| l.kind == *kind && l.stage == *stage);
        found.map_or("—".to_owned(), |l| l.limit.words())
    }

    fn majors(&self) -> Vec<(String, String)> {
        majors(&self.book.classes)
    }

    fn classes(&self) -> Vec<&OfClass> {
        let of = |c: &&OfClass| self.major.is_empty() || key(c) == self.major;
        self.book.classes.iter().filter(of).collect()
    }

    /// The address of a version with a major class.
    fn link(&self, version: &Version) -> String {
        format!("/limits?version={}", version.number)
    }

    fn number(&self) -> i32 {
        self.shown().map_or(0, |v| v.number)
    }
}

/// A major class, since both families have some of one name: `event-市容环境`.
fn key(class: &OfClass) -> String {
    format!("{}-{}", class.family, class.major)
}

/// The major classes with what they are called, in order.
fn majors(classes: &[OfClass]) -> Vec<(String, String)> {
    let mut majors: Vec<(String, String)> = Vec::new();
    for class in classes {
        let key = key(class);
        if majors.iter().all(|(known, _)| *known != key) {
            let family = if class.family == "component" {
                "部件"
            } else {
                "事件"
            };
            majors.push((key, format!("{family}·{}", class.major)));
        }
    }
    majors
}

/// The limits that hold, or those of an earlier or later version.
pub(super) async fn look(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Page<LimitsPage>> {
    let today = visit.tx.today();
    let number = match asked.version.as_str() {
        "" => None,
        number => Some(number.parse::<i32>().map_err(|_| Error::NotFound)?),
    };
    let day = number.is_none().then_some(today);
    let book = versions::book(&mut visit.tx, &visit.me, (day, number)).await?;
    if number.is_some() && book.shown.is_none() {
        return Err(Error::NotFound);
    }
    let known = majors(&book.classes)
        .into_iter()
        .any(|m| m.0 == asked.major);
    let flash = match (asked.done.is_empty(), book.versions.first()) {
        (false, Some(latest)) => format!(
            "已立第 {} 版时限，{} 起用。已经吹响的哨单不变。",
            latest.number, latest.from_day
        ),
        _ => String::new(),
    };
    Ok(Page(LimitsPage {
        chrome: visit.chrome(Section::Limits),
        today,
        book,
        major: if known { asked.major } else { String::new() },
        may_set: visit.me.kind.may(Permission::SetCalendar),
        flash,
    }))
}

/// One limit as it is typed.
#[derive(Clone, Debug)]
struct Cell {
    /// The field of the number.
    amount_name: String,
    /// The field of the unit.
    unit_name: String,
    amount: String,
    unit: String,
    label: String,
    error: String,
}

#[derive(Template)]
#[template(path = "clocks/limits_edit.html")]
pub(super) struct LimitsEdit {
    chrome: Chrome,
    today: NaiveDate,
    book: Book,
    /// The clauses that a new version may stand on.
    citable: Vec<Basis>,
    typed: Typed,
    errors: FieldErrors,
    stale: bool,
    once: String,
}

impl LimitsEdit {
    fn of(visit: &Visit, (book, citable): (Book, Vec<Basis>), typed: Typed) -> Self {
        Self {
            chrome: visit.chrome(Section::Limits),
            today: visit.tx.today(),
            book,
            citable,
            typed,
            errors: FieldErrors::new(),
            stale: false,
            once: visit.once(),
        }
    }

    fn base(&self) -> i32 {
        self.book.versions.first().map_or(0, |v| v.number)
    }

    /// The number of the last version that was made, which a form must name.
    fn last(&self) -> i32 {
        last_number(&self.book)
    }

    fn value(&self, name: &str) -> &str {
        field(&self.typed, name).unwrap_or_default()
    }

    fn wrong(&self, name: &str) -> &str {
        self.errors.of(name)
    }

    /// The rules as they can be typed.
    fn rules(&self) -> Vec<(Rule, Cell)> {
        let cell = |rule: &Rule| {
            let value = self.book.rules.of(*rule);
            let held = Limit::new(i64::from(value.amount), value.unit.unwrap_or(Unit::WorkDay));
            let cell = self.cell(("r", rule.code()), held.ok(), rule.label().to_owned());
            (*rule, cell)
        };
        Rule::ALL.iter().map(cell).collect()
    }

    fn majors(&self) -> Vec<(String, String)> {
        majors(&self.book.classes)
    }

    fn has_wrong(&self, major: &str) -> bool {
        let of = self.book.classes.iter().filter(|c| key(c) == major);
        let mut names = of.map(|c| format!("c.{}", c.code));
        names.any(|name| !self.errors.of(&name).is_empty())
    }

    /// The limits of a stage, kind by kind; none where there is nothing to limit.
    fn row(&self, stage: &Stage) -> Vec<Option<Cell>> {
        let cell = |kind: &Kind| {
            let of = |l: &&OfKind| l.kind == *kind && l.stage == *stage;
            let held = self.book.kinds.iter().find(of)?;
            let name = format!("{}.{}", kind.code(), stage.code());
            let label = format!("{}{}", kind.label(), stage.label());
            Some(self.cell(("k", &name), Some(held.limit), label))
        };
        Kind::ALL.iter().map(cell).collect()
    }

    fn class_cells(&self, major: &str) -> Vec<(&OfClass, Cell)> {
        let of = self.book.classes.iter().filter(|c| key(c) == major);
        of.map(|c| (c, self.cell(("c", &c.code), c.limit, c.name.clone())))
            .collect()
    }

    fn cell(&self, (prefix, name): (&str, &str), held: Option<Limit>, label: String) -> Cell {
        let (amount_name, unit_name) = (format!("{prefix}.{name}"), format!("{prefix}u.{name}"));
        let amount = held.map_or(String::new(), |l| l.amount().to_string());
        let unit = held.map_or(Unit::WorkDay, Limit::unit).code();
        Cell {
            amount: field(&self.typed, &amount_name).map_or(amount, str::to_owned),
            unit: field(&self.typed, &unit_name).unwrap_or(unit).to_owned(),
            error: self.errors.of(&amount_name).to_owned(),
            label,
            amount_name,
            unit_name,
        }
    }
}

fn field<'a>(typed: &'a Typed, name: &str) -> Option<&'a str> {
    let found = typed.0.iter().find(|(n, _)| n == name);
    found.map(|(_, value)| value.as_str())
}

fn last_number(book: &Book) -> i32 {
    book.versions.iter().map(|v| v.number).max().unwrap_or(0)
}

/// The form of a new version.
pub(super) async fn edit(mut visit: Visit) -> Result<Page<LimitsEdit>> {
    let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    Ok(Page(LimitsEdit::of(
        &visit,
        (book, citable),
        Typed::default(),
    )))
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
fn asked(
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
    let same_rules = rules
        .iter()
        .all(|(rule, value)| book.rules.of(*rule) == *value);
    let same_kinds = kinds
        .iter()
        .zip(&book.kinds)
        .all(|(a, b)| a.limit == b.limit);
    let held = book
        .classes
        .iter()
        .filter_map(|c| Some((c.code.clone(), c.limit?)));
    if errors.is_empty() && same_kinds && same_rules && classes == held.collect::<Vec<_>>() {
        errors.add("k.routine.sign", "时限和上一版完全一样，没有要改的。");
    }
    errors.or(NewVersion {
        number: last_number(book) + 1,
        from_day: from_day.unwrap_or_default(),
        note,
        basis: basis.map(|b| (b.document, b.clause.number)),
        kinds,
        classes,
        rules,
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

/// Keeps a new version, once.
pub(super) async fn keep(State(db): State<Db>, mut visit: Visit, typed: Typed) -> Result<Response> {
    const THERE: &str = "/limits?done=1";
    let typed = typed.single()?;
    let today = visit.tx.today();
    if let Some(earlier) = visit
        .claim(field(&typed, "once").unwrap_or_default(), THERE)
        .await?
    {
        return Ok(earlier);
    }
    let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    let seen = field(&typed, "version").and_then(|v| v.parse::<i32>().ok());
    let kept = match asked(&book, &citable, &typed, today) {
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(_) if seen != Some(last_number(&book)) => Err(Error::Stale),
        Ok(new) => changing::new_limits(&mut visit.tx, &visit.me, &new).await,
    };
    let why = match kept {
        Ok(()) => return visit.done(THERE).await,
        Err(error) => error.again()?,
    };
    let mut visit = visit.afresh(&db).await?;
    let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let mut page = LimitsEdit::of(&visit, (book, citable), typed);
    let status: StatusCode = why.status();
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Stale | Again::Refused(_) => page.stale = true,
    }
    Ok((status, Page(page)).into_response())
}
