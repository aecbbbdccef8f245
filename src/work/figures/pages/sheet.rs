//! Exactly the page of figures as a file.

use axum::response::Response;
use chrono::NaiveDate;

use super::super::model::{Line, Read, Scope, Span, groups, lines};
use super::{Wish, read};
use crate::base::error::{Error, Result};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::Query;
use crate::org::access::{PostKind, Visit};
use crate::org::events;

/// Exactly these figures as a file.
pub(super) async fn sheet(
    mut visit: Visit,
    format: Format,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let (read, span, errors) = read(&mut visit, &wish).await?;
    errors.or(()).map_err(Error::Invalid)?;
    let today = visit.tx.today();
    let sheet = table(&read, visit.me.kind, (span, today), format)?;
    events::sheet(visit, sheet).await
}

/// The figures whose lists a post may open, as a table.
pub fn table(
    read: &Read,
    post: PostKind,
    (span, today): (Span, NaiveDate),
    format: Format,
) -> Result<Sheet> {
    let mut sheet = Sheet::new(format, ("figures", "数据"), columns(span, today))?;
    for group in groups(post, read.scope.kind) {
        for line in lines(read, group, span) {
            sheet.row(&cells(&line, &read.scope, span))?;
        }
    }
    Ok(sheet)
}

fn columns(span: Span, today: NaiveDate) -> Vec<Column> {
    vec![
        Column::text("范围", 20),
        Column::text("时间", 26),
        Column::text("分类", 12),
        Column::text("指标", 18),
        Column::text("单位", 8),
        Column::number("数值"),
        Column::text("占比", 10),
        Column::number("其中分母"),
        Column::number(span.before_label(today)),
        Column::text(format!("{}占比", span.before_label(today)), 12),
        Column::number("上年同期"),
        Column::text("上年同期占比", 12),
        Column::text("口径", 60),
        Column::text("依据", 30),
    ]
}

fn cells(line: &Line, scope: &Scope, span: Span) -> Vec<Cell> {
    let d = line.definition;
    let now = line.now.reading;
    vec![
        scope.name.clone().into(),
        span.title().into(),
        d.group.label().into(),
        d.name.into(),
        d.unit.into(),
        now.count.into(),
        now.rate().into(),
        now.of.into(),
        line.before.count.into(),
        line.before.rate().into(),
        line.year.count.into(),
        line.year.rate().into(),
        d.meaning.into(),
        d.source.into(),
    ]
}
