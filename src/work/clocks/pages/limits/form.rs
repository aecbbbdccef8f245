//! The form of a new version of the limits: typed, looked at with what it changes, made.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::{key, majors};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Typed};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::calendar::{Limit, Unit};
use crate::org::documents::{self, Basis};
use crate::work::clocks::actions::changing;
use crate::work::clocks::model::{
    Book, NewVersion, OfClass, OfKind, Rule, STAGES, Stage, asked, field,
};
use crate::work::clocks::queries::versions;
use crate::work::whistles::Kind;

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
pub(in super::super) struct LimitsEdit {
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
        self.book.last_number()
    }

    fn value(&self, name: &str) -> &str {
        field(&self.typed.0, name).unwrap_or_default()
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
            amount: field(&self.typed.0, &amount_name).map_or(amount, str::to_owned),
            unit: field(&self.typed.0, &unit_name).unwrap_or(unit).to_owned(),
            error: self.errors.of(&amount_name).to_owned(),
            label,
            amount_name,
            unit_name,
        }
    }
}

/// The form of a new version.
pub(in super::super) async fn edit(mut visit: Visit) -> Result<Page<LimitsEdit>> {
    let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    Ok(Page(LimitsEdit::of(
        &visit,
        (book, citable),
        Typed::default(),
    )))
}

/// A new version before it is made: what it changes and what it leaves alone.
#[derive(Template)]
#[template(path = "clocks/limits_check.html")]
struct LimitsCheck {
    chrome: Chrome,
    new: NewVersion,
    basis: Option<Basis>,
    /// Whistles and matters that are at work and keep their limits.
    at_work: (i64, i64),
    /// What was typed, to be sent again.
    hidden: Vec<(String, String)>,
}

/// What a new version would change.
async fn check(
    mut visit: Visit,
    new: NewVersion,
    citable: Vec<Basis>,
    typed: Typed,
) -> Result<Response> {
    let at_work = versions::at_work(&mut visit.tx, &visit.me).await?;
    let cited = |b: &Basis| new.basis == Some((b.document, b.clause.number));
    let hidden = typed.0.into_iter().filter(|(name, _)| name != "step");
    let page = LimitsCheck {
        chrome: visit.chrome(Section::Limits),
        basis: citable.into_iter().find(cited),
        new,
        at_work,
        hidden: hidden.collect(),
    };
    Ok(Page(page).into_response())
}

/// Shows what a new version changes, goes back to the form, or makes it, once.
pub(in super::super) async fn keep(
    State(db): State<Db>,
    mut visit: Visit,
    typed: Typed,
) -> Result<Response> {
    const THERE: &str = "/limits?done=1";
    let typed = typed.single()?;
    let today = visit.tx.today();
    let step = field(&typed.0, "step").unwrap_or_default().to_owned();
    if let Some(earlier) = visit
        .claim(field(&typed.0, "once").unwrap_or_default(), THERE)
        .await?
    {
        return Ok(earlier);
    }
    let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
    let citable = documents::citable(&mut visit.tx, &visit.me).await?;
    if step == "again" {
        let mut visit = visit.afresh(&db).await?;
        let book = versions::book(&mut visit.tx, &visit.me, (None, None)).await?;
        return Ok(Page(LimitsEdit::of(&visit, (book, citable), typed)).into_response());
    }
    let seen = field(&typed.0, "version").and_then(|v| v.parse::<i32>().ok());
    let kept = match asked(&book, &citable, &typed.0, today) {
        Err(errors) => Err(Error::Invalid(errors)),
        Ok(_) if seen != Some(book.last_number()) => Err(Error::Stale),
        Ok(new) if step != "make" => return check(visit, new, citable, typed).await,
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
