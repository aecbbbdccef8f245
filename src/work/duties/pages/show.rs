//! One item: its text, its boundary, what waits, its versions, its precedents.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::super::model::{Item, Precedent, Said, Standing, Version, Waits, difference};
use super::super::queries;
use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::base::web::{Page, Path, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::work::DutyItemId;
use crate::work::classes::Difference;

#[derive(Template)]
#[template(path = "duties/show.html")]
struct Show {
    chrome: Chrome,
    item: Item,
    flash: String,
    may_change: bool,
    today: NaiveDate,
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

    fn standing(&self) -> Standing {
        self.item.own.standing(self.today)
    }

    fn of(&self, version: &Version) -> &'static str {
        version.standing(self.today).label()
    }

    /// Since when a version has stood, and until when.
    fn span(version: &Version) -> String {
        let from = words::day(version.from_day);
        match version.to_day {
            _ if version.dropped_at.is_some() => format!("原定 {from} 起"),
            Some(to) => format!("{from} 至 {}", words::day(to)),
            None => format!("{from} 起"),
        }
    }

    /// The version that holds today.
    fn held(&self) -> Option<&Version> {
        self.item.held(self.today)
    }

    /// What a version says otherwise than the one before it.
    fn changes(&self, version: &Version) -> Vec<Difference> {
        let before = self.item.before(version).map(Said::of);
        before.map_or_else(Vec::new, |before| {
            difference(Some(&before), &Said::of(version))
        })
    }

    /// The versions to come, the nearest first, each with what it changes.
    fn coming(&self) -> Vec<(&Version, Vec<Difference>)> {
        let coming = self.item.coming(self.today).into_iter();
        let coming = coming.filter(|v| v.id != self.item.own.id);
        coming.map(|v| (v, self.changes(v))).collect()
    }

    /// The day on which the item ends, if that waits.
    fn ends(&self) -> Option<NaiveDate> {
        match self.item.waits(self.today)? {
            Waits::End(day) => Some(day),
            Waits::Version(_) => None,
        }
    }

    /// Whether the version is what can be taken back.
    fn is_last(&self, version: &Version) -> bool {
        self.may_change && version.id == self.item.newest()
    }

    /// Whether the page offers to change the item.
    fn may_amend(&self) -> bool {
        let shown = matches!(self.standing(), Standing::InForce | Standing::Coming);
        self.may_change && shown && self.ends().is_none()
    }

    /// Whether the page offers to end it.
    fn may_end(&self) -> bool {
        self.may_amend() && self.item.waits(self.today).is_none()
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
    let today = visit.tx.today();
    let page = Show {
        chrome: visit.chrome(Section::Duties),
        flash: flash(&wish.done, &item.own, today),
        item,
        may_change: visit.me.kind.may(Permission::ChangeDuties),
        today,
        now: visit.tx.now,
    };
    Ok(Page(page).into_response())
}

/// What was done just now.
fn flash(done: &str, own: &Version, today: NaiveDate) -> String {
    let from = words::day(own.from_day);
    let waits = own.from_day > today;
    match done {
        "new" if waits => format!("已列入清单，{from} 起施行。"),
        "new" => "已列入清单。".to_owned(),
        "change" if waits => format!("已修改，新版本 {from} 起施行。引用旧版本的哨单不变。"),
        "change" => "已修改，新版本即日起施行。引用旧版本的哨单不变。".to_owned(),
        "end" => match own.to_day.filter(|to| *to > today) {
            Some(to) => format!("{} 起停用。引用这一项的哨单不变。", words::day(to)),
            None => "已停用。引用这一项的哨单不变。".to_owned(),
        },
        "back" => "已撤回。".to_owned(),
        _ => String::new(),
    }
}
