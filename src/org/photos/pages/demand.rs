//! Where the city wants a photo (照片要求): what holds, and the form that changes it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::model::{Demand, Demanded};
use super::super::{actions, queries};
use crate::base::clock::day_of;
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DemandForm {
    once: String,
    from_day: String,
    found: String,
    on_site: String,
    finished: String,
    reason: String,
}

impl DemandForm {
    fn demand(&self) -> Demand {
        Demand {
            found: !self.found.is_empty(),
            on_site: !self.on_site.is_empty(),
            finished: !self.finished.is_empty(),
        }
    }
}

#[derive(Template)]
#[template(path = "photos/demands.html")]
struct DemandPage {
    chrome: Chrome,
    now: DateTime<Utc>,
    demands: Vec<Demanded>,
    may_set: bool,
    form: DemandForm,
    once: String,
    errors: FieldErrors,
    refused: String,
    flash: String,
}

impl DemandPage {
    async fn of(visit: &mut Visit) -> Result<Self> {
        let demands = queries::demands(&mut visit.tx, &visit.me).await?;
        let today = visit.tx.today();
        let current = demands.iter().find(|d| d.from_day <= today);
        let demand = current.map(|d| d.demand).unwrap_or_default();
        let ticked = |on: bool| if on { "1".to_owned() } else { String::new() };
        Ok(Self {
            chrome: visit.chrome(Section::Limits),
            now: visit.tx.now,
            may_set: visit.me.kind.may(Permission::SetCalendar),
            form: DemandForm {
                from_day: words::day(today),
                found: ticked(demand.found),
                on_site: ticked(demand.on_site),
                finished: ticked(demand.finished),
                ..DemandForm::default()
            },
            demands,
            once: visit.once(),
            errors: FieldErrors::new(),
            refused: String::new(),
            flash: String::new(),
        })
    }

    fn today(&self) -> NaiveDate {
        day_of(self.now)
    }

    fn current(&self) -> Demand {
        let today = self.today();
        let mut all = self.demands.iter();
        all.find(|d| d.from_day <= today)
            .map(|d| d.demand)
            .unwrap_or_default()
    }

    /// Whether the row at this place holds, has held or will hold.
    fn state(&self, at: &usize) -> &'static str {
        let today = self.today();
        let current = self.demands.iter().position(|d| d.from_day <= today);
        match current {
            Some(current) if *at == current => "现行",
            Some(current) if *at > current => "已不用",
            Some(_) | None => "还没起用",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// What is asked for.
pub(super) async fn look(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let mut page = DemandPage::of(&mut visit).await?;
    if wish.done == "set" {
        page.flash.push_str("照片要求已保存。");
    }
    Ok(Page(page).into_response())
}

/// Asks for something else from a day on.
pub(super) async fn set(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<DemandForm>,
) -> Result<Response> {
    let location = "/photo-demands?done=set";
    if let Some(answer) = visit.claim(&form.once, location).await? {
        return Ok(answer);
    }
    match sets(&mut visit, &form).await {
        Ok(()) => visit.done(location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = DemandPage::of(&mut visit).await?;
            let status: StatusCode = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                Again::Stale => {}
            }
            page.form = form;
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn sets(visit: &mut Visit, form: &DemandForm) -> Result<()> {
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let from_day = errors.day("from_day", "起用日期", &form.from_day);
    if from_day.is_some_and(|day| day < today) {
        errors.add("from_day", "起用日期不能早于今天。");
    }
    let reason = errors.text("reason", "理由", &form.reason, (2, 300));
    match from_day {
        Some(day) if errors.is_empty() => {
            let (tx, me) = (&mut visit.tx, &visit.me);
            actions::set_demand(tx, me, (day, form.demand()), &reason).await
        }
        Some(_) | None => Err(Error::Invalid(errors)),
    }
}
