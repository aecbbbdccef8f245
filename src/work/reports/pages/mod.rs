//! The viewer's own reports with what became of the last of each, and the buttons beside them.

mod write;

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::model::{Order, Rhythm, Stage};
use super::{actions, queries};
use crate::base::db::Db;
use crate::base::error::Result;
use crate::base::mail::Mail;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Section, Visit};
use crate::org::notices::State;
use crate::work::ReportId;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const READ: Access = Access::Can(Permission::ReadFigures);
    Routes::new()
        .get("/reports", READ, list)
        .post("/reports", READ, write::order)
        .get("/reports/new", READ, write::blank)
        .get("/reports/{id}/edit", READ, write::edit)
        .post("/reports/{id}/edit", READ, write::amend)
        .post("/reports/{id}/pausing", READ, pause)
        .post("/reports/{id}/resuming", READ, resume)
        .post("/reports/{id}/end", READ, end)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct List {
    chrome: Chrome,
    now: DateTime<Utc>,
    orders: Vec<Order>,
    mask: Option<String>,
    mail_works: bool,
    flash: &'static str,
}

impl List {
    /// When the next comes, in words.
    fn next(&self, order: &Order) -> String {
        match (order.stage, order.next_at) {
            (Stage::Paused | Stage::Ended, _) | (_, None) => "暂停，不送".to_owned(),
            (Stage::Active, Some(at)) if at > self.now => {
                let written = words::with_weekday(at);
                match order.rhythm {
                    Rhythm::Bulletin => format!("有新印发的，{written} 送"),
                    Rhythm::Daily | Rhythm::Weekly | Rhythm::Monthly => format!("下次 {written}"),
                }
            }
            (Stage::Active, Some(_)) if !self.mail_works => {
                "到时了，等邮件配置好就送最近一期".to_owned()
            }
            (Stage::Active, Some(_)) if order.is_tried() => "正在重试".to_owned(),
            (Stage::Active, Some(_)) => "到时了，马上就送".to_owned(),
        }
    }
}

async fn list(
    mut visit: Visit,
    Extension(mail): Extension<Mail>,
    Query(done): Query<Done>,
) -> Result<Response> {
    let (orders, mask) = queries::own(&mut visit.tx, &visit.me).await?;
    Ok(Page(List {
        chrome: visit.chrome(Section::Figures),
        now: visit.tx.now,
        orders,
        mask,
        mail_works: mail.is_configured(),
        flash: match done.done.as_str() {
            "ordered" => "已订，到时发到您的邮箱。",
            "amended" => "已改，从下一期起照改后的送。",
            "paused" => "已暂停，恢复以前不送。",
            "resumed" => "已恢复，从下一期起送；暂停期间的不补。",
            "ended" => "已停发。",
            _ => "",
        },
    })
    .into_response())
}

async fn pause(mut visit: Visit, Path(id): Path<ReportId>) -> Result<Response> {
    actions::pause(&mut visit.tx, &visit.me, id).await?;
    visit.done("/reports?done=paused").await
}

async fn resume(mut visit: Visit, Path(id): Path<ReportId>) -> Result<Response> {
    actions::resume(&mut visit.tx, &visit.me, id).await?;
    visit.done("/reports?done=resumed").await
}

async fn end(mut visit: Visit, Path(id): Path<ReportId>) -> Result<Response> {
    actions::end(&mut visit.tx, &visit.me, id).await?;
    visit.done("/reports?done=ended").await
}
