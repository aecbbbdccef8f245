//! The ranking and the cases as files, and what was frozen, byte for byte.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::model::{Case, Department, Exact, HEAD, Item, Period, Sight, rows};
use super::super::queries::{book, periods};
use crate::base::error::{Error, Result};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::Path;
use crate::org::access::Visit;
use crate::org::events::{self, Subject};

/// Exports are for whoever sees everything.
fn all_or_nothing(sight: Sight) -> Result<()> {
    match sight {
        Sight::All => Ok(()),
        Sight::Own(_) | Sight::OwnAndRanking(_) | Sight::Nothing => Err(Error::NotFound),
    }
}

/// The scores.
pub(super) async fn scores(
    mut visit: Visit,
    format: Format,
    Path(period): Path<Period>,
) -> Result<Response> {
    all_or_nothing(Sight::of(&visit.me, None))?;
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let assessed = book.assessed(visit.tx.now);
    let names = (
        format!("assessment-{period}"),
        format!("考核得分-{}", period.title()),
    );
    let columns = HEAD.map(|(code, label)| match code {
        "name" | "group" => Column::text(label, 26).coded(code),
        "code" | "small" => Column::text(label, 12).coded(code),
        _ => Column::number(label).coded(code),
    });
    let mut sheet = Sheet::new(format, names, columns.to_vec())?;
    for row in rows(&assessed) {
        let cells = HEAD.iter().zip(row).map(|((code, _), cell)| match *code {
            "code" | "name" | "group" | "small" => cell.into(),
            _ => Cell::decimal(cell),
        });
        sheet.row(&cells.collect::<Vec<_>>())?;
    }
    events::sheet(visit, sheet).await
}

/// What every case adds, one row for each sample: exact values, so that anybody can add them up.
pub(super) async fn cases(
    mut visit: Visit,
    format: Format,
    Path(period): Path<Period>,
) -> Result<Response> {
    all_or_nothing(Sight::of(&visit.me, None))?;
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let assessed = book.assessed(visit.tx.now);
    let code = |case: &Case| {
        let mine = |d: &&Department| d.id == case.department;
        let standing = assessed.standings.iter().map(|s| &s.score.department);
        standing
            .into_iter()
            .find(mine)
            .map(|d| d.code.clone())
            .unwrap_or_default()
    };
    let names = (
        format!("assessment-{period}-cases"),
        format!("考核明细-{}", period.title()),
    );
    let columns = vec![
        Column::text("部门代码", 12).coded("code"),
        Column::text("编号", 20).coded("number"),
        Column::text("种类", 14).coded("kind"),
        Column::text("角色", 10).coded("role"),
        Column::text("项目", 16).coded("item"),
        Column::number("值").coded("value"),
        Column::number("权重").coded("weight"),
    ];
    let mut sheet = Sheet::new(format, names, columns)?;
    for case in &assessed.cases {
        let code = code(case);
        for s in case.samples(&assessed.scheme) {
            let item: Item = s.item;
            sheet.row(&[
                code.as_str().into(),
                case.number.as_str().into(),
                Cell::word(case.subject.code(), case.subject.label()),
                Cell::word(case.role.code(), case.role.label()),
                Cell::word(item.code(), item.label()),
                exact(&s.value),
                exact(&s.weight),
            ])?;
        }
    }
    events::sheet(visit, sheet).await
}

/// A fraction for programs, a decimal for people.
fn exact(value: &Exact) -> Cell {
    let decimal = Cell::decimal(value.decimal(6));
    Cell::Both(value.to_string(), Box::new(decimal))
}

/// What was frozen; its SHA-256 is the digest.
pub(super) async fn snapshot(mut visit: Visit, Path(period): Path<Period>) -> Result<Response> {
    all_or_nothing(Sight::of(&visit.me, None))?;
    let content = periods::content(&mut visit.tx, &visit.me, period).await?;
    let content = content.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"assessment-{period}.json\""),
        ),
    ];
    let subject = (Subject::Sheet, visit.me.tenant.0);
    let sentence = format!("下载 {period} 封存的得分。");
    events::download(visit, subject, &sentence).await?;
    Ok((headers, content).into_response())
}
