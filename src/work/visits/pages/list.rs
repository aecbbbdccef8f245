//! The list of visits with the figures above it, and the figures by department.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::base::error::{Error, Result};
use crate::base::paging::{PAGE, Paged};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::calendar::Calendar;
use crate::work::visits::model::{State, Tally};
use crate::work::visits::queries::list::{self as queries, Count, Filter, Row, Spoken};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A state; `waiting` unless told.
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    /// `1`: only the period of the figures.
    #[serde(skip_serializing_if = "String::is_empty")]
    lately: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    answer: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    feeling: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    department: String,
    /// `1`: only those whose leading department reported in in time.
    #[serde(skip_serializing_if = "String::is_empty")]
    responded: String,
    /// Answered from this day to that.
    #[serde(skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(skip_serializing)]
    after: String,
    #[serde(skip_serializing)]
    n: String,
}

impl Asked {
    /// The filter meant.
    fn filter(&self) -> Result<Filter> {
        const WRONG: Error =
            Error::Unreadable("网址里的查询条件不对。请回到列表，重新选择条件后查询。");
        fn read<T: std::str::FromStr>(text: &str) -> Result<Option<T>> {
            if text.is_empty() {
                Ok(None)
            } else {
                text.parse().map(Some).map_err(|_| WRONG)
            }
        }
        Ok(Filter {
            state: read(&self.state)?.unwrap_or(State::Waiting),
            lately: self.lately == "1",
            answer: read(&self.answer)?,
            feeling: read(&self.feeling)?,
            department: read(&self.department)?,
            responded: self.responded == "1",
            from: read(&self.from)?,
            to: read(&self.to)?,
        })
    }

    /// The same filter as a query, without the page.
    fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "visits/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    filter: Filter,
    page: Paged<Row>,
    counts: Vec<Count>,
    tally: Tally,
    department: Option<String>,
    calendar: Calendar,
    scope: String,
    now: DateTime<Utc>,
}

impl List {
    fn count(&self, state: &State) -> i64 {
        let found = self.counts.iter().find(|c| c.state == *state);
        found.map_or(0, |c| c.count)
    }

    /// How many were not reached in the period of the figures.
    fn unreached(&self) -> i64 {
        let found = self.counts.iter().find(|c| c.state == State::Unreachable);
        found.map_or(0, |c| c.lately)
    }

    /// The tabs: all states, the overtaken ones only if there are any.
    fn tabs(&self) -> Vec<State> {
        let all = State::ALL.iter().copied();
        all.filter(|s| *s != State::Expired || self.count(s) > 0)
            .collect()
    }

    /// What the list is narrowed to besides its tab, in words.
    fn narrowed(&self) -> Vec<String> {
        let mut narrowed = Vec::new();
        if self.filter.lately {
            narrowed.push("近 30 天".to_owned());
        }
        narrowed.extend(words::span("答于", &self.asked.from, &self.asked.to));
        narrowed.extend(self.department.as_ref().map(|d| format!("{d}主办")));
        if self.filter.responded {
            narrowed.push("部门按时报到".to_owned());
        }
        narrowed.extend(self.filter.answer.map(|a| a.label().to_owned()));
        narrowed.extend(self.filter.feeling.map(|f| f.label().to_owned()));
        narrowed
    }

    /// Name and number of who told it, masked.
    fn teller(row: &Row) -> String {
        let masks = [&row.teller_name_mask, &row.teller_phone_mask];
        let masks: Vec<&str> = masks.into_iter().flatten().map(String::as_str).collect();
        masks.join(" ")
    }

    /// Until when the resident can be asked: `11-26 17:30 前`, `超过 11-26 17:30`.
    fn window(&self, row: &Row) -> String {
        let end = words::short_minute(row.window_ends_at, self.now);
        if row.window_ends_at <= self.now {
            format!("超过 {end}")
        } else {
            format!("{end} 前")
        }
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let filter = asked.filter()?;
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let listed = queries::list(&mut visit.tx, &visit.me, &filter, part).await?;
    let scope = format!(
        "范围：{}，{}。",
        visit.me.seat_name(),
        words::minute(visit.tx.now)
    );
    let page = List {
        chrome: visit.chrome(Section::Visits),
        asked,
        filter,
        page: listed.page,
        counts: listed.counts,
        tally: listed.tally,
        department: listed.department,
        calendar: listed.calendar,
        scope,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "visits/departments.html")]
struct Departments {
    chrome: Chrome,
    spoken: Vec<Spoken>,
    now: DateTime<Utc>,
}

/// The three rates by leading department.
pub(super) async fn departments(mut visit: Visit) -> Result<Response> {
    let spoken = queries::by_department(&mut visit.tx, &visit.me).await?;
    let page = Departments {
        chrome: visit.chrome(Section::Visits),
        spoken,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}
