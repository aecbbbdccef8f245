//! The form by which a topic is taken up: from what is proposed, or written freely for whole streets.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Department, NewTopic, Place, months};
use super::super::queries::options::{self as queries, Options};
use super::STALE;
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::web::{Page, Query, Typed};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::work::TopicId;

/// How many assisting departments the form offers.
const HELPERS: usize = 5;

/// What the form sends; helpers and places are read by name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    once: String,
    class: String,
    title: String,
    month: String,
    goal: String,
    lead: String,
    #[serde(skip)]
    typed: Typed,
}

impl NewForm {
    fn read(typed: Typed) -> Result<Self> {
        let typed = typed.single()?;
        let mut form: Self = typed.into_form()?;
        form.typed = typed;
        Ok(form)
    }

    /// A field by its name.
    fn field(&self, name: &str) -> &str {
        self.typed.field(name).unwrap_or_default()
    }

    fn has_place(&self, code: &str) -> bool {
        !self.field(&format!("at-{code}")).is_empty()
    }
}

/// From where one came.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Came {
    class: String,
    /// The grid that is ticked at first; without it, all that are proposed.
    place: String,
}

#[derive(Template)]
#[template(path = "topics/new.html")]
struct New {
    chrome: Chrome,
    options: Options,
    form: NewForm,
    errors: FieldErrors,
    refused: String,
    today: NaiveDate,
}

impl New {
    fn rows() -> std::ops::RangeInclusive<usize> {
        1..=HELPERS
    }

    fn typed(&self, row: &usize) -> &str {
        self.form.field(&format!("with-{row}"))
    }

    fn error(&self, row: &usize) -> &str {
        self.errors.of(&format!("with-{row}"))
    }

    /// The months to choose from: code and words.
    fn months(&self) -> Vec<(String, String)> {
        let all = months(self.today).into_iter();
        all.map(|m| (words::month_code(m), words::month_title(m)))
            .collect()
    }

    /// The name of the class that was chosen.
    fn class(&self) -> Option<&str> {
        self.options.class(&self.form.class)
    }

    fn is_chosen(&self, department: &Department, typed: &str) -> bool {
        department.id.to_string() == typed
    }
}

async fn page(visit: &mut Visit, form: NewForm) -> Result<New> {
    Ok(New {
        chrome: visit.chrome(Section::Topics),
        options: queries::options(&mut visit.tx, &visit.me, &form.class).await?,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
        today: visit.tx.today(),
    })
}

/// The form: first the class, then everything else.
pub(super) async fn blank(mut visit: Visit, Query(from): Query<Came>) -> Result<Response> {
    let form = NewForm {
        once: visit.once(),
        month: words::month_code(visit.tx.today()),
        class: from.class,
        ..NewForm::default()
    };
    let mut page = page(&mut visit, form).await?;
    let name = page.class().map(str::to_owned);
    if let Some(name) = name {
        page.form.title = format!("{name}反复发生问题治理");
        let chosen = page.options.proposals.iter().map(|p| &p.grid_code);
        let chosen = chosen.filter(|code| from.place.is_empty() || **code == from.place);
        let ticks = chosen.map(|code| (format!("at-{code}"), "1".to_owned()));
        page.form.typed.0.extend(ticks);
    }
    Ok(Page(page).into_response())
}

/// Takes it up.
pub(super) async fn create(
    State(db): State<Db>,
    mut visit: Visit,
    typed: Typed,
) -> Result<Response> {
    let form = NewForm::read(typed)?;
    let id = TopicId::at(visit.tx.now);
    let location = format!("/topics/{id}?done=new");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    match store(&mut visit, id, &form).await {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let status = why.status();
            let mut visit = visit.afresh(&db).await?;
            let mut page = page(&mut visit, form).await?;
            (page.errors, page.refused) = why.said(STALE);
            Ok((status, Page(page)).into_response())
        }
    }
}

async fn store(visit: &mut Visit, id: TopicId, form: &NewForm) -> Result<()> {
    let options = queries::options(&mut visit.tx, &visit.me, &form.class).await?;
    let new = checked(form, &options, visit.tx.today())?;
    actions::take_up(&mut visit.tx, &visit.me, id, &new).await
}

/// What a topic must be to be taken up.
fn checked(form: &NewForm, options: &Options, today: NaiveDate) -> Result<NewTopic> {
    let mut errors = FieldErrors::new();
    if options.class(&form.class).is_none() {
        errors.add("class", "请先选择类别。");
    }
    let places = places(&mut errors, form, options);
    let title = errors.text("title", "题目", &form.title, (2, 60));
    let month = words::month_of(&form.month).filter(|month| months(today).contains(month));
    if month.is_none() {
        errors.add("month", "请选择月份。");
    }
    let goal = errors.text("goal", "办结标准", &form.goal, (2, 300));
    let departments = departments(&mut errors, form, options);
    match month {
        Some(month) if errors.is_empty() => Ok(NewTopic {
            title,
            month,
            class: form.class.clone(),
            goal,
            departments,
            places,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Where it is about: proposed grids and whole streets, none of them inside another.
fn places(errors: &mut FieldErrors, form: &NewForm, options: &Options) -> Vec<Place> {
    let streets = options.streets.iter().cloned();
    let grids = options.proposals.iter().map(|p| Place {
        id: p.grid,
        level: 3,
        code: p.grid_code.clone(),
        name: p.place.clone(),
    });
    let chosen = streets.chain(grids).filter(|p| form.has_place(&p.code));
    let chosen: Vec<Place> = chosen.collect();
    let ticked = form.typed.0.iter().filter(|(n, _)| n.starts_with("at-"));
    let inside = |place: &&Place| {
        let mut others = chosen.iter();
        others.any(|o| o.level < place.level && place.code.starts_with(&o.code))
    };
    if let Some(place) = chosen.iter().find(inside) {
        let sentence = format!("{}已在所选的街道里，只留一个。", place.name);
        errors.add("places", sentence);
    } else if chosen.len() < ticked.count() {
        errors.add("places", "选中的地点有的已不在可选之列，请看过后重新选择。");
    } else if chosen.is_empty() {
        errors.add("places", "请至少选择一个网格或街道。");
    }
    chosen
}

/// Who leads and who assists: each once.
fn departments(errors: &mut FieldErrors, form: &NewForm, options: &Options) -> Vec<Department> {
    let find = |typed: &str| {
        let mut all = options.departments.iter();
        all.find(|d| d.id.to_string() == typed).cloned()
    };
    let mut chosen: Vec<Department> = Vec::new();
    match find(&form.lead) {
        Some(lead) => chosen.push(lead),
        None => errors.add("lead", "请选择牵头部门。"),
    }
    for row in New::rows() {
        let field = format!("with-{row}");
        let typed = form.field(&field);
        if typed.is_empty() {
            continue;
        }
        match find(typed) {
            Some(one) if chosen.contains(&one) => {
                errors.add(field, "配合部门不能重复，也不能是牵头部门。");
            }
            Some(one) => chosen.push(one),
            None => errors.add(field, "请从列出的部门里选择。"),
        }
    }
    chosen
}
