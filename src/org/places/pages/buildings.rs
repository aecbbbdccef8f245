//! The buildings inside or outside the circle, as a list and as a file.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};

use super::super::model::{Building, Which};
use super::super::queries::{self, FoundBuildings, Part};
use super::{Wish, asked};
use crate::base::error::{Error, Result};
use crate::base::form::address;
use crate::base::paging::{BATCH, PAGE, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Section, Visit};
use crate::org::events;

/// A page of the pager.
struct Step {
    label: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "places/buildings.html")]
struct List {
    chrome: Chrome,
    now: DateTime<Utc>,
    code: String,
    place: String,
    which: Which,
    paged: Paged<Building, String>,
    links: Vec<Step>,
}

impl List {
    fn link(&self, which: &Which) -> String {
        link("/circle/buildings", &self.code, *which)
    }

    fn sheet(&self, ending: &str) -> String {
        let path = format!("/circle/buildings.{ending}");
        link(&path, &self.code, self.which)
    }

    fn page(&self) -> String {
        address("/circle", [("place", &self.code)])
    }

    /// Where the empty list looked.
    fn scope(&self) -> String {
        format!(
            "范围：{}，{}，{}。",
            self.place,
            self.which.label(),
            words::minute(self.now)
        )
    }
}

fn link(path: &str, code: &str, which: Which) -> String {
    address(path, [("place", code), ("which", which.code())])
}

/// Which buildings are meant; those outside if nothing is said.
fn which(wish: &Wish) -> Result<Which> {
    if wish.which.is_empty() {
        return Ok(Which::Uncovered);
    }
    let unknown = Error::Unreadable("网址里的条件不对。请回到五分钟服务圈，从表里的数字点进来。");
    Which::read(&wish.which).ok_or(unknown)
}

async fn found(visit: &mut Visit, wish: &Wish, after: &str, limit: i64) -> Result<FoundBuildings> {
    let code = asked(&visit.me, wish)?.to_owned();
    if !after.bytes().all(|b| b.is_ascii_digit()) || after.len() > 20 {
        return Err(Error::Unreadable("网址里的页码不对。请回到列表首页。"));
    }
    let part = Part {
        code: &code,
        which: which(wish)?,
        after,
        limit,
    };
    let today = visit.tx.today();
    let found = queries::buildings(&mut visit.tx, visit.me.tenant, part, today).await?;
    let stands = code.is_empty() || found.path.iter().any(|place| place.code == code);
    stands.then_some(found).ok_or(Error::NotFound)
}

/// The list.
pub(super) async fn list(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let found = found(&mut visit, &wish, &wish.after, PAGE + 1).await?;
    let (code, which) = (asked(&visit.me, &wish)?.to_owned(), which(&wish)?);
    let first = wish.first.parse().unwrap_or(1);
    let paged = Paged::new(found.rows, found.total, first, |row| row.code.clone());
    let step = |label, href| Step {
        label,
        href,
        current: false,
    };
    let mut links = Vec::new();
    if !wish.after.is_empty() {
        links.push(step("首页", link("/circle/buildings", &code, which)));
    }
    if let Some(next) = &paged.next {
        let first = paged.next_from().to_string();
        let fields = [
            ("place", code.as_str()),
            ("which", which.code()),
            ("after", next),
            ("first", &first),
        ];
        links.push(step("下一页", address("/circle/buildings", fields)));
    }
    let place = found.path.last();
    Ok(Page(List {
        chrome: visit.chrome(Section::Circle),
        now: visit.tx.now,
        place: place.map_or_else(|| visit.me.city.clone(), |p| p.name.clone()),
        code,
        which,
        paged,
        links,
    })
    .into_response())
}

/// Exactly this list as a file.
pub(super) async fn sheet(
    mut visit: Visit,
    format: Format,
    Query(wish): Query<Wish>,
) -> Result<Response> {
    let which = which(&wish)?;
    let name = format!("五分钟服务圈{}楼栋", which.label());
    let mut sheet = Sheet::new(format, ("circle", name), columns())?;
    let mut after = String::new();
    loop {
        let found = found(&mut visit, &wish, &after, BATCH + 1).await?;
        let page = Paged::sized(found.rows, BATCH, (0, 1), |row: &Building| row.code.clone());
        match sheet.add(page, cells)? {
            Some(next) => after = next,
            None => return events::sheet(visit, sheet).await,
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("楼栋编码", 20),
        Column::text("楼栋", 24),
        Column::text("街道", 14),
        Column::text("社区", 14),
        Column::text("网格", 20),
        Column::text("最近的服务站点", 28),
        Column::number("直线距离（米）"),
    ]
}

fn cells(row: Building) -> Vec<Cell> {
    vec![
        row.code.into(),
        row.name.into(),
        row.street.into(),
        row.community.into(),
        row.grid.into(),
        row.nearest.into(),
        row.metres.into(),
    ]
}
