//! Accounts: the slip with the first password, unlocking, closing, ending sessions.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::actions::{self, Slip};
use super::super::model::login_for;
use super::super::queries::{self, Person};
use super::person;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::{PersonId, SessionId, factors};

/// What the steps send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountForm {
    once: String,
    login: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    chrome: Chrome,
    person: Person,
    form: AccountForm,
    errors: FieldErrors,
    refused: String,
}

/// Printed once, handed over, never shown again.
#[derive(Template)]
#[template(path = "staff/slip.html")]
struct SlipPage {
    chrome: Chrome,
    id: PersonId,
    slip: Slip,
    now: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "staff/closing.html")]
struct ClosingPage {
    chrome: Chrome,
    person: Person,
    form: AccountForm,
    errors: FieldErrors,
    refused: String,
}

async fn asked(visit: &mut Visit, id: PersonId, mut form: AccountForm) -> Result<AccountPage> {
    let person = queries::person(&mut visit.tx, &visit.me, id).await?;
    if person.account.is_none() && form.login.is_empty() {
        form.login = login_for(&person.facts.name);
    }
    Ok(AccountPage {
        chrome: visit.chrome(Section::People),
        person,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Asks whether an account is made, or its password made anew.
pub(super) async fn ask(mut visit: Visit, Path(id): Path<PersonId>) -> Result<Response> {
    let form = AccountForm {
        once: visit.once(),
        ..AccountForm::default()
    };
    Ok(Page(asked(&mut visit, id, form).await?).into_response())
}

/// Makes it, and shows the slip. A second click finds that there was one.
pub(super) async fn make(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    // A password that nobody asked for on the page is made for nobody.
    if form.once.parse::<Uuid>().is_err() {
        return Err(Error::Unreadable(
            "这一页不完整。请从人员页重新打开“账号”，再办一次。",
        ));
    }
    let again = format!("/people/{id}?done=slip");
    if let Some(answer) = visit.claim(&form.once, &again).await? {
        return Ok(answer);
    }
    let person = queries::person(&mut visit.tx, &visit.me, id).await?;
    let (tx, me) = (&mut visit.tx, &visit.me);
    let made = match person.account {
        None => actions::open(tx, me, id, &form.login).await,
        Some(_) => actions::reset(tx, me, id).await,
    };
    match made {
        Ok(slip) => {
            let page = SlipPage {
                chrome: visit.chrome(Section::People),
                id,
                slip,
                now: visit.tx.now,
            };
            visit.tx.commit().await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = asked(&mut visit, id, form).await?;
            let status = why.status();
            (page.errors, page.refused) = told(why);
            Ok((status, Page(page)).into_response())
        }
    }
}

/// What went wrong, for the field or for the whole.
fn told(why: Again) -> (FieldErrors, String) {
    match why {
        Again::Invalid(errors) => (errors, String::new()),
        Again::Refused(sentence) => (FieldErrors::new(), sentence),
        Again::Stale => (
            FieldErrors::new(),
            "这个账号刚被别人改过，下面是现在的情况。".to_owned(),
        ),
    }
}

/// Takes the lock off.
pub(super) async fn unlock(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
) -> Result<Response> {
    let done = actions::unlock(&mut visit.tx, &visit.me, id).await;
    stepped(visit, &db, (id, "unlocked"), done).await
}

/// Opens a closed account again.
pub(super) async fn reopen(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
) -> Result<Response> {
    let done = actions::reopen(&mut visit.tx, &visit.me, id).await;
    stepped(visit, &db, (id, "reopened"), done).await
}

/// Forgets somebody's second factor.
pub(super) async fn reset_factor(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
) -> Result<Response> {
    let done = factors::forget(&mut visit.tx, &visit.me, id).await;
    stepped(visit, &db, (id, "factor"), done).await
}

/// Ends a session of somebody.
pub(super) async fn end_session(
    State(db): State<Db>,
    mut visit: Visit,
    Path((id, session)): Path<(PersonId, SessionId)>,
) -> Result<Response> {
    let done = actions::end_session(&mut visit.tx, &visit.me, (id, session)).await;
    stepped(visit, &db, (id, "ended"), done).await
}

/// Back to the person, or the person's page with why not.
async fn stepped(
    visit: Visit,
    db: &Db,
    (id, word): (PersonId, &str),
    done: Result<()>,
) -> Result<Response> {
    match done {
        Ok(()) => visit.done(&format!("/people/{id}?done={word}")).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(db).await?;
            let mut page = person::page(&mut visit, id).await?;
            let status = why.status();
            page.refused = told(why).1;
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn closing(visit: &mut Visit, id: PersonId, form: AccountForm) -> Result<ClosingPage> {
    let person = queries::person(&mut visit.tx, &visit.me, id).await?;
    if person.account.is_none() {
        return Err(Error::NotFound);
    }
    Ok(ClosingPage {
        chrome: visit.chrome(Section::People),
        person,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// Asks why an account is closed.
pub(super) async fn ask_closing(mut visit: Visit, Path(id): Path<PersonId>) -> Result<Response> {
    let form = AccountForm {
        once: visit.once(),
        ..AccountForm::default()
    };
    Ok(Page(closing(&mut visit, id, form).await?).into_response())
}

/// Closes it.
pub(super) async fn close(
    State(db): State<Db>,
    mut visit: Visit,
    Path(id): Path<PersonId>,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    let location = format!("/people/{id}?done=closed");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match actions::close(&mut visit.tx, &visit.me, id, &form.reason).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = closing(&mut visit, id, form).await?;
            let status = why.status();
            (page.errors, page.refused) = told(why);
            Ok((status, Page(page)).into_response())
        }
    }
}
