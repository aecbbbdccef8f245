//! The form in which a department objects.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::super::super::actions::objections::{self as actions, Asked};
use super::super::super::model::{
    Book, Case, Effect, Item, Life, Period, Reason, can_be_objected, effect, may_object, path,
};
use super::super::super::queries::book;
use super::super::cases::result;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::ObjectionId;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct ObjectForm {
    once: String,
    item: String,
    case: String,
    reason: String,
    words: String,
    evidence: String,
}

/// Which case in which item.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wish {
    item: String,
    case: String,
}

#[derive(Template)]
#[template(path = "assessment/objection_ask.html")]
struct AskPage {
    chrome: Chrome,
    book: Book,
    item: Item,
    case: Case,
    result: String,
    effect: Option<Effect>,
    form: ObjectForm,
    errors: FieldErrors,
    refused: String,
}

impl AskPage {
    fn back(&self) -> String {
        let (period, item) = (self.book.period.path(), self.item.code());
        format!("{period}/{}?item={item}#cases", self.case.department)
    }

    /// What it is about is called.
    fn noun(&self) -> &'static str {
        if self.case.is_of_whistle() {
            "哨单"
        } else {
            "行权记录"
        }
    }

    fn until(&self) -> String {
        let until = |l: &Life| words::minute(l.objections_until);
        self.book.life.as_ref().map(until).unwrap_or_default()
    }
}

/// The empty form.
pub(in super::super) async fn blank(
    mut visit: Visit,
    Path(period): Path<Period>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let form = ObjectForm {
        once: visit.once(),
        item: wish.item,
        case: wish.case,
        ..ObjectForm::default()
    };
    Ok(Page(page(&mut visit, period, form).await?).into_response())
}

/// What is objected to, as the address or the form names it.
fn named(form: &ObjectForm) -> Result<(Item, Uuid)> {
    let item = form.item.parse().map_err(|()| Error::NotFound)?;
    let case = form.case.parse().map_err(|_| Error::NotFound)?;
    Ok((item, case))
}

async fn page(visit: &mut Visit, period: Period, form: ObjectForm) -> Result<AskPage> {
    let (item, case_id) = named(&form)?;
    let own = visit.me.department().ok_or(Error::Forbidden)?;
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    // Before it is shown, not even that there is such a case is said.
    if book.life.is_none() {
        return Err(Error::NotFound);
    }
    let now = visit.tx.now;
    let assessed = book.assessed(now);
    let mut cases = assessed.cases_of(own);
    let case = cases.find(|c| c.id == case_id).cloned();
    let case = case.ok_or(Error::NotFound)?;
    let may = may_object(period, book.life.as_ref(), now);
    let may =
        may.and_then(|_| can_be_objected(&assessed.scheme, &case, item, book.raised(case_id)));
    let refused = match may {
        Ok(()) => String::new(),
        Err(Error::Refused(sentence)) => sentence,
        Err(error) => return Err(error),
    };
    Ok(AskPage {
        chrome: visit.chrome(Section::Assessment),
        item,
        result: result(&book, &case, item),
        effect: effect(&assessed, own, (case_id, item)),
        book,
        case,
        form,
        errors: FieldErrors::new(),
        refused,
    })
}

/// Objects, or shows the form again.
pub(in super::super) async fn create(
    State(db): State<Db>,
    mut visit: Visit,
    Path(period): Path<Period>,
    Form(form): Form<ObjectForm>,
) -> Result<Response> {
    let id = ObjectionId::at(visit.tx.now);
    let location = format!("{}?done=asked", path(period, id));
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match keep(&mut visit, (period, id), &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = page(&mut visit, period, form).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                // The page has looked anew and says so itself.
                Again::Stale => {}
            }
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn keep(visit: &mut Visit, of: (Period, ObjectionId), form: &ObjectForm) -> Result<()> {
    let (item, case_id) = named(form)?;
    // What cannot be objected to at all is said before what is wrong in the form.
    let book = book::book(&mut visit.tx, visit.me.tenant, of.0).await?;
    may_object(of.0, book.life.as_ref(), visit.tx.now)?;
    let mut errors = FieldErrors::new();
    let reason = errors.choice::<Reason>("reason", "理由", &form.reason);
    let words = errors.text("words", "说明", &form.words, (2, 500));
    let evidence = errors.text("evidence", "证据", &form.evidence, (2, 500));
    match reason {
        Some(reason) if errors.is_empty() => {
            let asked = Asked {
                item,
                case: case_id,
                reason,
                words,
                evidence,
            };
            actions::object(&mut visit.tx, &visit.me, of, &asked).await
        }
        _ => Err(Error::Invalid(errors)),
    }
}
