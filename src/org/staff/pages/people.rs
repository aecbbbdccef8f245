//! The register of people, and exactly the same list as a file.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Account, IDENTITIES, Standing};
use super::super::queries::{self, PeopleFilter, PeopleKey, PersonRow};
use crate::base::assets::hex;
use crate::base::error::{Error, Result};
use crate::base::finding;
use crate::base::form::FieldErrors;
use crate::base::paging::{PAGE, Paged};
use crate::base::seal::Keys;
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Form, Page, Query, see_other};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;
use crate::org::personal::{self, Field};

/// The states a person can be looked for by: code and word.
const STATES: [(&str, &str); 7] = [
    ("", "全部"),
    ("posted", "在任"),
    ("idle", "没有职务"),
    ("none", "没有账号"),
    ("slip", "待首次登录"),
    ("locked", "已锁定"),
    ("closed", "已停用"),
];

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    /// The digests of a telephone number: a number itself never stands in an address.
    #[serde(skip_serializing_if = "String::is_empty")]
    number: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    /// The checked filter, and what is wrong with it.
    fn filter(&self) -> (PeopleFilter, FieldErrors) {
        let mut errors = FieldErrors::new();
        let filter = PeopleFilter {
            words: finding::words(&mut errors, "f-q", &self.q),
            digests: personal::digests(&self.number),
            state: self.state.clone(),
        };
        (filter, errors)
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "staff/people.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    errors: FieldErrors,
    page: Paged<PersonRow, PeopleKey>,
    scope: String,
    now: DateTime<Utc>,
    may_change: bool,
    may_appoint: bool,
}

impl List {
    fn standing(&self, row: &PersonRow) -> Standing {
        Account::standing(row.account.as_ref(), self.now)
    }

    /// The first post, and how many more.
    fn posts(row: &PersonRow) -> (String, usize) {
        let first = row.posts.first().cloned().unwrap_or_default();
        (first, row.posts.len().saturating_sub(1))
    }

    /// The address of the page after this one.
    fn next(&self) -> Option<String> {
        let next = self.page.next.as_ref()?;
        let part = [
            ("after", next.to_string()),
            ("n", self.page.next_from().to_string()),
        ];
        let part = serde_html_form::to_string(part).ok()?;
        Some(format!("/people?{}&{part}", self.asked.query()))
    }
}

/// The register.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let (filter, errors) = asked.filter();
    let page = queries::people(&mut visit.tx, &visit.me, &filter, part).await?;
    let wrong = !errors.is_empty();
    let page = Page(List {
        errors,
        chrome: visit.chrome(Section::People),
        page,
        scope: format!(
            "范围：{}全部人员，{}。",
            visit.me.city,
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangePeople),
        may_appoint: visit.me.kind.may(Permission::Appoint),
        asked,
    });
    Ok(if wrong {
        page.unprocessable()
    } else {
        page.into_response()
    })
}

/// A telephone number to be looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NumberForm {
    number: String,
}

/// Looks for a whole telephone number: posted, so that it stands in no address and no log; what the
/// list is narrowed by is its digest.
pub(super) async fn by_number(
    Extension(keys): Extension<Keys>,
    visit: Visit,
    Form(form): Form<NumberForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::new();
    let Some(number) = errors.phone("number", &form.number) else {
        errors.add("number", "请填要找的完整电话号码。");
        return Err(Error::Invalid(errors));
    };
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let digests = personal::sought(&keys, visit.me.tenant, Field::Phone, &number)?;
    let number: Vec<String> = digests.iter().map(|d| hex(d)).collect();
    Ok(see_other(&format!("/people?number={}", number.join("."))))
}

/// The register as a file; numbers stay masked.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let ((filter, errors), now) = (asked.filter(), visit.tx.now);
    errors.or(()).map_err(Error::Invalid)?;
    let mut sheet = Sheet::new(format, ("people", "人员"), columns())?;
    let mut after = None;
    loop {
        let page = queries::export_people(&mut visit.tx, &visit.me, &filter, after).await?;
        after = sheet.add(page, |r| cells(r, now))?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("姓名", 12),
        Column::text("身份", 14).of(IDENTITIES),
        Column::text("编制单位", 26),
        Column::text("党员", 8).of(["是", "否"]),
        Column::text("电话", 16),
        Column::text("职务", 40),
        Column::text("账号", 18),
        Column::text("账号情况", 16).of(Standing::WORDS),
    ]
}

fn cells(r: PersonRow, now: DateTime<Utc>) -> Vec<Cell> {
    let standing = Account::standing(r.account.as_ref(), now);
    vec![
        r.name.into(),
        r.identity.into(),
        r.home_unit.into(),
        if r.is_member { "是" } else { "否" }.into(),
        r.phone_mask.into(),
        r.posts.join("、").into(),
        r.account.map(|a| a.login).into(),
        standing.label().into(),
    ]
}
