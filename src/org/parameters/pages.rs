//! The parameters, and the form of one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::actions;
use super::model::{Change, ChangeForm, Parameter, effects};
use super::queries::{self, Standing};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeStaff);
    const SET: Access = Access::Can(Permission::SetParameters);
    Routes::new()
        .get("/parameters", SEE, list)
        .get("/parameters/{parameter}", SET, ask)
        .post("/parameters/{parameter}", SET, set)
}

#[derive(Template)]
#[template(path = "parameters/list.html")]
struct List {
    chrome: Chrome,
    all: Vec<Standing>,
    may_set: bool,
    done: bool,
    today: chrono::NaiveDate,
}

impl List {
    /// The value that will hold from a later day on, in words.
    fn next(&self, standing: &Standing) -> Option<String> {
        let set = standing.history.first()?;
        let unit = standing.parameter.unit();
        (set.from_day > self.today)
            .then(|| format!("{} 起 {} {unit}", words::day(set.from_day), set.value))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn list(mut visit: Visit, Query(done): Query<Done>) -> Result<Response> {
    let all = queries::standing(&mut visit.tx, &visit.me, None).await?;
    Ok(Page(List {
        chrome: visit.chrome(Section::Parameters),
        may_set: visit.me.kind.may(Permission::SetParameters),
        all,
        done: !done.done.is_empty(),
        today: visit.tx.today(),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "parameters/set.html")]
struct Write {
    chrome: Chrome,
    standing: Standing,
    form: ChangeForm,
    errors: FieldErrors,
    refused: String,
}

impl Write {
    /// Which choice holds now.
    fn follows(&self, value: &i32) -> &'static str {
        if *value == self.standing.value {
            "现在的"
        } else {
            ""
        }
    }

    fn is_chosen(&self, value: &i32) -> bool {
        self.form.value == value.to_string()
    }
}

async fn write(visit: &mut Visit, code: &str, typed: Option<ChangeForm>) -> Result<Write> {
    let parameter = Parameter::read(code).ok_or(Error::NotFound)?;
    let found = queries::standing(&mut visit.tx, &visit.me, Some(parameter)).await?;
    let standing = found.into_iter().next().ok_or(Error::NotFound)?;
    let number = standing.history.first().map_or(0, |set| set.number);
    let mut form = typed.unwrap_or_else(|| ChangeForm {
        once: visit.once(),
        value: standing.value.to_string(),
        from_day: words::day(visit.tx.today()),
        ..ChangeForm::default()
    });
    form.version = number.to_string();
    Ok(Write {
        chrome: visit.chrome(Section::Parameters),
        standing,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

async fn ask(mut visit: Visit, Path(code): Path<String>) -> Result<Response> {
    Ok(Page(write(&mut visit, &code, None).await?).into_response())
}

/// A change before it is made: what it was, what it will be, whom it concerns.
#[derive(Template)]
#[template(path = "parameters/check.html")]
struct Check {
    chrome: Chrome,
    standing: Standing,
    form: ChangeForm,
    change: Change,
    effects: Vec<String>,
}

async fn look(visit: &mut Visit, parameter: Parameter, form: &ChangeForm) -> Result<Check> {
    let found = queries::standing(&mut visit.tx, &visit.me, Some(parameter)).await?;
    let standing = found.into_iter().next().ok_or(Error::NotFound)?;
    let today = visit.tx.today();
    let change = actions::asked(&standing, form, today)?;
    let later: Vec<_> = (standing.history.iter())
        .filter(|set| set.from_day > today)
        .map(|set| (set.from_day, set.value))
        .collect();
    let of = (standing.minutes.as_slice(), standing.people);
    Ok(Check {
        chrome: visit.chrome(Section::Parameters),
        effects: effects((parameter, &change), of, &later, today),
        form: ChangeForm {
            once: visit.once(),
            ..form.clone()
        },
        standing,
        change,
    })
}

async fn set(
    State(db): State<Db>,
    mut visit: Visit,
    Path(code): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response> {
    const LOCATION: &str = "/parameters?done=set";
    let parameter = Parameter::read(&code).ok_or(Error::NotFound)?;
    let tried = match form.act.as_str() {
        "edit" => {
            let page = write(&mut visit, &code, Some(form)).await?;
            return Ok(Page(page).into_response());
        }
        "save" => {
            if let Some(answer) = visit.claim(&form.once, LOCATION).await? {
                return Ok(answer);
            }
            actions::set(&mut visit.tx, &visit.me, parameter, &form).await
        }
        _ => match look(&mut visit, parameter, &form).await {
            Ok(page) => return Ok(Page(page).into_response()),
            Err(error) => Err(error),
        },
    };
    let why = match tried {
        Ok(()) => return visit.done(LOCATION).await,
        Err(error) => error.again()?,
    };
    let status = why.status();
    let mut visit = visit.afresh(&db).await?;
    let mut page = write(&mut visit, &code, Some(form)).await?;
    match why {
        Again::Invalid(errors) => page.errors = errors,
        Again::Refused(sentence) => page.refused = sentence,
        Again::Stale => {
            page.refused = format!(
                "您打开这一页以后，别人改过这个参数：现在是 {} {}，修改记录在下面。您填的还在，核对后再看一次改动，就以您填的为准。",
                page.standing.value,
                parameter.unit()
            );
        }
    }
    Ok((status, Page(page)).into_response())
}
