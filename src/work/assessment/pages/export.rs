//! The ranking and the cases as files, and what was frozen, byte for byte.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::model::{Case, HEAD, Item, Period, Sight, rows};
use super::super::queries::{book, periods};
use crate::base::error::{Error, Result};
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
pub(super) async fn scores(mut visit: Visit, Path(period): Path<Period>) -> Result<Response> {
    all_or_nothing(Sight::of(&visit.me, None))?;
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let assessed = book.assessed(visit.tx.now);
    let name = format!("assessment-{period}");
    let label = format!("{period} 考核得分");
    events::sheet(visit, (&label, &name), &HEAD, rows(&assessed).into_iter()).await
}

/// What every case adds, one row for each sample: exact values, so that anybody can add them up.
pub(super) async fn cases(mut visit: Visit, Path(period): Path<Period>) -> Result<Response> {
    all_or_nothing(Sight::of(&visit.me, None))?;
    let book = book::book(&mut visit.tx, visit.me.tenant, period).await?;
    let assessed = book.assessed(visit.tx.now);
    let code = |case: &Case| {
        let mine = |d: &&super::super::model::Department| d.id == case.department;
        let standing = assessed.standings.iter().map(|s| &s.score.department);
        standing
            .into_iter()
            .find(mine)
            .map(|d| d.code.clone())
            .unwrap_or_default()
    };
    let head = ["code", "number", "kind", "role", "item", "value", "weight"];
    let rows = assessed.cases.iter().flat_map(|case| {
        let code = code(case);
        case.samples(&assessed.scheme).into_iter().map(move |s| {
            let item: Item = s.item;
            vec![
                code.clone(),
                case.number.clone(),
                case.subject.code().to_owned(),
                case.role.code().to_owned(),
                item.code().to_owned(),
                s.value.to_string(),
                s.weight.to_string(),
            ]
        })
    });
    let (label, name) = (
        format!("{period} 考核明细"),
        format!("assessment-{period}-cases"),
    );
    events::sheet(visit, (&label, &name), &head, rows).await
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
