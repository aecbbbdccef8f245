//! The list, and exactly the same list as a file.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::model::Standing;
use super::super::queries::{self, Row, Tab};
use crate::base::error::Result;
use crate::base::paging::{PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};
use crate::org::events;

/// Which part, and from where.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    tab: String,
    after: String,
    n: String,
    done: String,
}

impl Asked {
    /// What is ahead is for those who write.
    fn tab(&self, may_write: bool) -> Tab {
        match self.tab.as_str() {
            "past" => Tab::Past,
            "ahead" if may_write => Tab::Ahead,
            _ => Tab::Shown,
        }
    }
}

#[derive(Template)]
#[template(path = "announcements/list.html")]
struct List {
    chrome: Chrome,
    tab: Tab,
    flash: &'static str,
    page: Paged<Row>,
    may_write: bool,
    now: DateTime<Utc>,
}

impl List {
    fn tabs(&self) -> Vec<(&'static str, Tab)> {
        let mut tabs = vec![("公告中", Tab::Shown), ("已到期、已撤回", Tab::Past)];
        if self.may_write {
            tabs.push(("草稿和未到时间的", Tab::Ahead));
        }
        tabs
    }

    fn is_tab(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    /// Whether the list is of what is shown now.
    fn is_now(&self) -> bool {
        self.tab == Tab::Shown
    }

    fn standing(&self, row: &Row) -> Standing {
        row.standing(self.now)
    }

    fn nothing(&self) -> &'static str {
        match self.tab {
            Tab::Shown => "现在没有公告",
            Tab::Past => "没有到期或撤回的公告",
            Tab::Ahead => "没有草稿，也没有等着显示的公告",
        }
    }
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let may_write = visit.me.kind.may(Permission::WriteAnnouncements);
    let tab = asked.tab(may_write);
    let part = (asked.after.parse().ok(), asked.n.parse().unwrap_or(1));
    let page = queries::list(&mut visit.tx, &visit.me, tab, part).await?;
    let flash = match asked.done.as_str() {
        "withdrawn" => "已撤回，不再显示；公告的内容和撤回理由保留。",
        _ => "",
    };
    Ok(Page(List {
        chrome: visit.chrome(Section::Announcements),
        tab,
        flash,
        page,
        may_write,
        now: visit.tx.now,
    })
    .into_response())
}

/// The list as a file.
pub(super) async fn export(
    mut visit: Visit,
    format: Format,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let columns = vec![
        Column::text("标题", 44),
        Column::text("发给", 24),
        Column::minute("发布时间"),
        Column::minute("开始显示"),
        Column::day("显示到"),
        Column::text("置顶", 8),
        Column::number("版本"),
        Column::text("情况", 12),
        Column::number("已读人数").summed(),
    ];
    let tab = asked.tab(true);
    let now = visit.tx.now;
    let mut sheet = Sheet::new(format, ("announcements", "公告"), columns)?;
    let mut after = None;
    loop {
        let page = queries::export(&mut visit.tx, &visit.me, tab, after).await?;
        after = sheet.add(page, |row| cells(&row, now))?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn cells(row: &Row, now: DateTime<Utc>) -> Vec<Cell> {
    vec![
        row.title.as_str().into(),
        row.whom().into(),
        row.put_out_at.into(),
        row.from_at.into(),
        row.to_day.into(),
        if row.is_pinned { "是" } else { "否" }.into(),
        row.version.into(),
        row.standing(now).label().into(),
        row.readers.into(),
    ]
}
