//! The figures of the page for another program (接口), as JSON.

use anyhow::Context as _;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::super::model::{Group, Line, Reading, Scope, Span, groups, lines};
use super::{Wish, read};
use crate::base::error::{Error, Result};
use crate::base::web::Query;
use crate::org::access::Visit;
use crate::org::events::{self, Subject};

/// The answer.
#[derive(Serialize)]
struct Answer {
    /// When it was read; figures of days that are not over still grow.
    read_at: DateTime<Utc>,
    scope: Scope,
    /// The days asked for.
    days: Days,
    /// The span before.
    before: Days,
    /// The same days of the year before.
    year_before: Days,
    figures: Vec<Entry>,
}

/// Local days, both ends included.
#[derive(Serialize)]
struct Days {
    from: NaiveDate,
    to: NaiveDate,
}

impl From<Span> for Days {
    fn from(span: Span) -> Self {
        Self {
            from: span.first,
            to: span.last,
        }
    }
}

/// One figure of the catalogue.
#[derive(Serialize)]
struct Entry {
    group: &'static str,
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    source: &'static str,
    now: Value,
    before: Value,
    year_before: Value,
    /// The list whose length the number is.
    list: String,
}

/// A number; of a share also of how many, and out of each so many it is told: a hundred, or a thousand.
#[derive(Serialize)]
struct Value {
    count: i64,
    of: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<i64>,
}

impl From<Reading> for Value {
    fn from(reading: Reading) -> Self {
        Self {
            count: reading.count,
            of: reading.of,
            per: reading.of.map(|_| reading.per),
        }
    }
}

fn entry(group: Group, line: Line) -> Entry {
    let figure = line.definition;
    Entry {
        group: group.label(),
        name: figure.name,
        unit: figure.unit,
        meaning: figure.meaning,
        source: figure.source,
        now: line.now.reading.into(),
        before: line.before.into(),
        year_before: line.year.into(),
        list: line.now.href,
    }
}

/// What the page shows of the same address to the same post.
pub(super) async fn interface(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let (read, span, errors) = read(&mut visit, &wish).await?;
    errors.or(()).map_err(Error::Invalid)?;
    let today = visit.tx.today();
    let figures: Vec<Entry> = groups(visit.me.kind, read.scope.kind)
        .into_iter()
        .flat_map(|group| {
            let lines = lines(&read, group, span).into_iter();
            lines.map(move |line| entry(group, line))
        })
        .collect();
    let answer = Answer {
        read_at: visit.tx.now,
        days: span.into(),
        before: span.before(today).into(),
        year_before: span.year_before(today).into(),
        scope: read.scope,
        figures,
    };
    let subject = (Subject::Sheet, visit.me.tenant.0);
    let sentence = format!("经接口取数据，{} 项。", answer.figures.len());
    events::download(visit, subject, &sentence).await?;
    let body = serde_json::to_string(&answer).context("figures as JSON")?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
