//! The list of requests.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Kind, Row, State};
use super::super::queries::{self, Filter, Listed, Tab};
use crate::base::error::Result;
use crate::base::paging::PAGE;
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `mine`, `open` or `ended`.
    #[serde(skip_serializing_if = "String::is_empty")]
    tab: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    fn with(&self, tab: &str, kind: &str) -> String {
        Self {
            tab: tab.to_owned(),
            kind: kind.to_owned(),
            ..Self::default()
        }
        .query()
    }
}

#[derive(Template)]
#[template(path = "requests/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    filter: Filter,
    listed: Listed,
    decides: bool,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    /// The tabs: code, words, how many, whether it is the one that is open.
    fn tabs(&self) -> Vec<(&'static str, &'static str, i64, bool)> {
        let tab = |code, label, count, tab| (code, label, count, self.filter.tab == tab);
        let mut tabs = Vec::new();
        if self.decides {
            tabs.push(tab("mine", "待我决定", self.listed.mine, Tab::Mine));
        }
        tabs.push(tab("open", "未决", self.listed.open, Tab::Open));
        tabs.push(tab("ended", "已决", self.listed.ended, Tab::Ended));
        tabs
    }

    fn tab(&self) -> &'static str {
        match self.filter.tab {
            Tab::Mine => "mine",
            Tab::Open => "open",
            Tab::Ended => "ended",
        }
    }

    fn is_kind(&self, kind: &Kind) -> bool {
        self.filter.kind == Some(*kind)
    }

    fn empty(&self) -> &'static str {
        match self.filter.tab {
            Tab::Mine => "没有等您决定的申请",
            Tab::Open => "没有未决的申请",
            Tab::Ended => "没有已决的申请",
        }
    }

    fn is_open(row: &Row) -> bool {
        row.state == State::Open
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let decides = visit.me.kind.may(Permission::DecideRequests);
    let tab = match asked.tab.as_str() {
        "ended" => Tab::Ended,
        "open" => Tab::Open,
        _ if decides => Tab::Mine,
        _ => Tab::Open,
    };
    let filter = Filter {
        tab,
        kind: asked.kind.parse().ok(),
    };
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = queries::list(&mut visit.tx, &visit.me, filter, part).await?;
    let scope = format!(
        "范围：{}，{}。",
        visit.me.seat_name(),
        words::minute(visit.tx.now)
    );
    let page = List {
        chrome: visit.chrome(Section::Requests),
        asked,
        filter,
        listed,
        decides,
        scope,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}
