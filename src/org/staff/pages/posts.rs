//! All posts with their holders, exactly the same list as a file, and the form that sets one up.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::model::{TERM_NEAR, Term, kinds_at};
use super::super::queries::{self, PostFilter, PostKey, PostRow, Unit};
use super::super::{actions, model};
use crate::base::db::Db;
use crate::base::error::{Again, Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Form, Page, Query};
use crate::base::words;
use crate::org::PostId;
use crate::org::access::{Chrome, Permission, PostKind, Section, Visit};
use crate::org::events;

/// Where posts can be looked for: code and word.
const PLACES: [(&str, &str); 8] = [
    ("", "全部"),
    ("city", "市级"),
    ("departments", "部门"),
    ("1", "街道"),
    ("2", "社区"),
    ("3", "网格"),
    ("4", "楼栋"),
    ("5", "单元"),
];
/// How a post can stand: code and word.
const STATES: [(&str, &str); 3] = [("", "全部"), ("vacant", "空缺"), ("term", "任期将满或已满")];

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    /// One node or department alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    fn filter(&self) -> PostFilter {
        let words = self.q.trim();
        PostFilter {
            words: (!words.is_empty()).then(|| words.chars().take(60).collect()),
            at: self.at.clone(),
            state: self.state.clone(),
            unit: self.unit.parse().ok(),
        }
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "staff/posts.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    page: Paged<PostRow, PostKey>,
    /// The node or department alone looked at.
    unit: Option<String>,
    scope: String,
    today: NaiveDate,
    now: DateTime<Utc>,
    may_appoint: bool,
}

impl List {
    /// Whether the term is over or nearly.
    fn is_near(&self, term_to: &NaiveDate) -> bool {
        *term_to <= self.today + Duration::days(TERM_NEAR)
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let near = visit.tx.today() + Duration::days(TERM_NEAR);
    let filter = asked.filter();
    let (unit, page) = queries::posts(&mut visit.tx, &visit.me, &filter, part, near).await?;
    let page = List {
        chrome: visit.chrome(Section::Staffing),
        page,
        scope: format!(
            "范围：{}，{}。",
            unit.clone()
                .unwrap_or_else(|| format!("{}全部职务", visit.me.city)),
            words::minute(visit.tx.now)
        ),
        unit,
        today: visit.tx.today(),
        now: visit.tx.now,
        may_appoint: visit.me.kind.may(Permission::Appoint),
        asked,
    };
    Ok(Page(page).into_response())
}

/// The list as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let near = visit.tx.today() + Duration::days(TERM_NEAR);
    let filter = asked.filter();
    let city = visit.me.city.clone();
    let mut sheet = Sheet::new(format, ("posts", "任职"), columns())?;
    let mut after = None;
    loop {
        let page = queries::export_posts(&mut visit.tx, &visit.me, &filter, after, near).await?;
        after = sheet.add(page, |r| cells(r, &city))?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("单位", 30),
        Column::text("单位代码", 20),
        Column::text("职务", 26),
        Column::text("任职人", 12),
        Column::day("任职日期"),
        Column::day("任期届满"),
        Column::text("接任", 28),
    ]
}

fn cells(r: PostRow, city: &str) -> Vec<Cell> {
    let next = |x: Term| format!("{}（{} 起）", x.name, words::day(x.from_day));
    let holder = r.holder.as_ref();
    vec![
        r.unit_name.unwrap_or_else(|| city.to_owned()).into(),
        r.code.into(),
        r.title.into(),
        holder.map_or("空缺", |h| h.name.as_str()).into(),
        holder.map(|h| h.from_day).into(),
        holder.and_then(|h| h.term_to).into(),
        r.next.map(next).into(),
    ]
}

/// What the form of a new post sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PostForm {
    once: String,
    unit: String,
    kind: String,
    title: String,
}

#[derive(Template)]
#[template(path = "staff/new_post.html")]
struct NewPage {
    chrome: Chrome,
    unit: Unit,
    kinds: Vec<(String, &'static str)>,
    form: PostForm,
    errors: FieldErrors,
    refused: String,
}

/// The form; the address says where.
pub(super) async fn blank(mut visit: Visit, Query(form): Query<PostForm>) -> Result<Response> {
    let form = PostForm {
        once: visit.once(),
        unit: form.unit,
        ..PostForm::default()
    };
    Ok(Page(new_page(&mut visit, form).await?).into_response())
}

/// The node or department in a form; an empty one is the city.
fn unit_of(typed: &str) -> Result<Option<Uuid>> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| Error::NotFound)
}

async fn new_page(visit: &mut Visit, form: PostForm) -> Result<NewPage> {
    let unit = queries::unit(&mut visit.tx, &visit.me, unit_of(&form.unit)?).await?;
    let kinds = kinds_at(unit.level, unit.is_department);
    Ok(NewPage {
        chrome: visit.chrome(Section::Staffing),
        kinds: kinds
            .iter()
            .map(|k| (code(*k), model::kind_label(*k)))
            .collect(),
        unit,
        form,
        errors: FieldErrors::new(),
        refused: String::new(),
    })
}

/// The stored word of a kind of post.
fn code(kind: PostKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Sets a post up.
pub(super) async fn set_up(
    State(db): State<Db>,
    mut visit: Visit,
    Form(form): Form<PostForm>,
) -> Result<Response> {
    let id = PostId::at(visit.tx.now);
    let location = format!("/staffing/{id}?done=new");
    if let Some(answer) = visit.claim(&form.once, &location).await? {
        return Ok(answer);
    }
    let unit = queries::unit(&mut visit.tx, &visit.me, unit_of(&form.unit)?).await?;
    let kind = serde_json::from_value(serde_json::Value::String(form.kind.clone())).ok();
    let set = actions::set_up(&mut visit.tx, &visit.me, (id, &unit), (kind, &form.title)).await;
    match set {
        Ok(()) => visit.done(&location).await,
        Err(error) => {
            let why = error.again()?;
            let mut visit = visit.afresh(&db).await?;
            let mut page = new_page(&mut visit, form).await?;
            let status = why.status();
            match why {
                Again::Invalid(errors) => page.errors = errors,
                Again::Refused(sentence) => page.refused = sentence,
                // Nothing of a new post can be stale.
                Again::Stale => {}
            }
            Ok((status, Page(page)).into_response())
        }
    }
}
