//! The register of people, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Account, Standing};
use super::super::queries::{self, PeopleFilter, PeopleKey, PersonRow};
use crate::base::error::Result;
use crate::base::paging::{PAGE, Paged};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

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
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    fn filter(&self) -> PeopleFilter {
        let words = self.q.trim();
        PeopleFilter {
            words: (!words.is_empty()).then(|| words.chars().take(60).collect()),
            state: self.state.clone(),
        }
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
    page: Paged<PersonRow, PeopleKey>,
    scope: String,
    now: DateTime<Utc>,
    may_change: bool,
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
    let page = queries::people(&mut visit.tx, &visit.me, &asked.filter(), part).await?;
    let page = List {
        chrome: visit.chrome(Section::People),
        page,
        scope: format!(
            "范围：{}全部人员，{}。",
            visit.me.city,
            words::minute(visit.tx.now)
        ),
        now: visit.tx.now,
        may_change: visit.me.kind.may(Permission::ChangePeople),
        asked,
    };
    Ok(Page(page).into_response())
}

/// The register as CSV; numbers stay masked.
pub(super) async fn export(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let rows = queries::export_people(&mut visit.tx, &visit.me, &asked.filter()).await?;
    let now = visit.tx.now;
    let head = [
        "姓名",
        "身份",
        "编制单位",
        "党员",
        "电话",
        "职务",
        "账号",
        "账号情况",
    ];
    let rows = rows.into_iter().map(|r| {
        let standing = Account::standing(r.account.as_ref(), now);
        vec![
            r.name,
            r.identity,
            r.home_unit.unwrap_or_default(),
            if r.is_member { "是" } else { "否" }.to_owned(),
            r.phone
                .as_deref()
                .map(words::masked_phone)
                .unwrap_or_default(),
            r.posts.join("、"),
            r.account.map(|a| a.login).unwrap_or_default(),
            standing.label().to_owned(),
        ]
    });
    events::sheet(visit, ("人员", "people"), &head, rows).await
}
