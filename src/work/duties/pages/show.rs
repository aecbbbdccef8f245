//! One item: its text, its boundary, its versions, its precedents.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::{Item, Precedent, Standing};
use super::super::queries;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::work::DutyItemId;

#[derive(Template)]
#[template(path = "duties/show.html")]
struct Show {
    chrome: Chrome,
    item: Item,
    flash: &'static str,
    may_change: bool,
    now: DateTime<Utc>,
}

impl Show {
    fn title(&self) -> String {
        format!("第 {} 项", self.item.number)
    }

    /// The day of a ruling.
    fn day(precedent: &Precedent) -> String {
        words::day(day_of(precedent.at))
    }

    /// Since when this version has stood, and until when.
    fn span(&self) -> String {
        let from = words::day(self.item.from_day);
        match self.item.to_day {
            Some(to) => format!("{from} 至 {}", words::day(to)),
            None => format!("{from} 起"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    done: String,
}

/// One version of an item.
pub(super) async fn show(
    mut visit: Visit,
    Path(id): Path<DutyItemId>,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let item = queries::item(&mut visit.tx, &visit.me, id).await?;
    let page = Show {
        chrome: visit.chrome(Section::Duties),
        item,
        flash: match wish.done.as_str() {
            "new" => "已列入清单。",
            "change" => "已修改，新版本即日起施行。引用旧版本的哨单不变。",
            "end" => "已停用。引用这一项的哨单不变。",
            _ => "",
        },
        may_change: visit.me.kind.may(Permission::ChangeDuties),
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}
