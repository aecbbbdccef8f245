//! The page of the map and exactly its table as a file.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::model::{By, Drawn, Found, Row, drawn};
use super::queries::{self, Asked};
use crate::base::db::Db;
use crate::base::error::{Error, Result};
use crate::base::form::{FieldErrors, address};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Access, Chrome, Permission, Routes, Seat, Section, Viewer, Visit};
use crate::org::events;
use crate::work::figures::Span;
use crate::work::matters::filed_list;

/// The area's paths.
pub fn routes() -> Routes<Db> {
    const SEE: Access = Access::Can(Permission::SeeMatters);
    Routes::new()
        .get("/map", SEE, show)
        .get("/map.xlsx", SEE, sheet)
        .get("/map.csv", SEE, sheet)
}

/// The address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    /// A node by its code.
    place: String,
    by: String,
    /// A class code or the name of a major class.
    class: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "map/show.html")]
struct Show {
    chrome: Chrome,
    now: DateTime<Utc>,
    today: NaiveDate,
    /// The code of the place; nothing: the city.
    code: String,
    name: String,
    city: Option<String>,
    /// The code of the viewer's own place.
    own: String,
    by: By,
    class: String,
    span: Span,
    typed: (String, String),
    errors: FieldErrors,
    found: Found,
    drawn: Option<Drawn>,
}

impl Show {
    fn fields(&self, path: &str, code: &str, by: &str, span: &Span) -> String {
        let (from, to) = (words::day(span.first), words::day(span.last));
        let fields = [
            ("place", code),
            ("by", by),
            ("class", &self.class),
            ("from", &from),
            ("to", &to),
        ];
        address(path, fields)
    }

    /// This page for another part of the city, divided as usual.
    fn of(&self, code: &str) -> String {
        self.fields("/map", code, "", &self.span)
    }

    /// This page divided otherwise.
    fn divided(&self, by: &By) -> String {
        self.fields("/map", &self.code, by.code(), &self.span)
    }

    /// This page of other days.
    fn on(&self, span: &Span) -> String {
        self.fields("/map", &self.code, self.by.code(), span)
    }

    fn sheet(&self, ending: &str) -> String {
        let path = format!("/map.{ending}");
        self.fields(&path, &self.code, self.by.code(), &self.span)
    }

    /// The list of matters of a place, of all classes asked for.
    fn list(&self, code: &str) -> String {
        self.list_of(code, &self.class)
    }

    /// The list of matters of a place and a class.
    fn list_of(&self, code: &str, class: &str) -> String {
        filed_list(code, class, (self.span.first, self.span.last))
    }

    /// What a column's numbers lead to: a column of a chosen class is that class.
    fn list_in(&self, code: &str, major: &str) -> String {
        let class = if self.class.is_empty() {
            major
        } else {
            &self.class
        };
        self.list_of(code, class)
    }

    fn divisions(&self) -> &'static [By] {
        By::of(&self.code)
    }

    fn usual(&self) -> Vec<(&'static str, Span)> {
        Span::usual(self.today)
    }

    /// The levels above, with their pages, as far as the viewer sees them.
    fn above(&self) -> Vec<(String, String)> {
        let city = self.city.iter().map(|c| (self.of(""), c.clone()));
        let seen = self.found.path.iter();
        let seen = seen.filter(|(code, _)| code.len() >= self.own.len());
        let mut above: Vec<_> = city
            .chain(seen.map(|(code, name)| (self.of(code), name.clone())))
            .collect();
        above.pop();
        above
    }

    /// The row that a circle stands for.
    fn row(&self, at: &usize) -> Option<&Row> {
        self.found.rows.get(*at)
    }

    /// Whether a place has parts of its own to look at.
    fn has_parts(&self) -> bool {
        self.by != By::Building
    }

    /// Whether the class is one that the filter does not offer.
    fn is_of_rare_class(&self) -> bool {
        let is_quick = self.found.quick.iter().any(|(code, _)| *code == self.class);
        !self.class.is_empty() && !is_quick && !self.found.majors.contains(&self.class)
    }

    /// The drawing in words.
    fn label(&self) -> String {
        let first: Vec<String> = (self.found.rows.iter().take(3))
            .map(|r| format!("{} {} 件", r.name, r.n))
            .collect();
        format!(
            "{}的事项按{}：最多的是{}。每个圆在下面的表里有一行。",
            self.name,
            self.by.label(),
            first.join("、")
        )
    }

    /// Where the empty map looked.
    fn scope(&self) -> String {
        format!(
            "范围：{}，{}上报的事项，{}。",
            self.name,
            self.span.title(),
            words::minute(self.now)
        )
    }
}

/// The place asked for, if it is the viewer's own or within it.
fn place<'a>(me: &'a Viewer, wish: &'a Wish) -> Result<&'a str> {
    let (own, place) = (me.node_code(), wish.place.trim());
    let code = if place.is_empty() { own } else { place };
    let known =
        [0, 9, 12, 15, 18, 20].contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    (known && code.starts_with(own))
        .then_some(code)
        .ok_or(Error::NotFound)
}

async fn read(visit: &mut Visit, wish: Wish) -> Result<Show> {
    const WRONG: Error = Error::Unreadable("网址里的查询条件不对。请回到地图，重新选择后查询。");
    let today = visit.tx.today();
    let mut errors = FieldErrors::new();
    let span = Span::read(&wish.from, &wish.to, today, &mut errors);
    let code = place(&visit.me, &wish)?.to_owned();
    let divisions = By::of(&code);
    let usual = divisions.first().copied().unwrap_or(By::Building);
    let by = match wish.by.as_str() {
        "" => usual,
        by => By::read(by).ok_or(WRONG)?,
    };
    if !divisions.contains(&by) || wish.class.chars().any(char::is_control) {
        return Err(WRONG);
    }
    let asked = Asked {
        code: &code,
        by,
        class: wish.class.trim(),
        span,
    };
    let found = queries::find(&mut visit.tx, visit.me.tenant, asked).await?;
    let last = found.path.last().filter(|(last, _)| *last == code);
    let name = match (last, code.is_empty()) {
        (Some((_, name)), _) => name.clone(),
        (None, true) => visit.me.city.clone(),
        (None, false) => return Err(Error::NotFound),
    };
    let typed = if errors.is_empty() {
        (words::day(span.first), words::day(span.last))
    } else {
        (wish.from, wish.to)
    };
    let city = match &visit.me.seat {
        Seat::City => Some(visit.me.city.clone()),
        Seat::Node { .. } | Seat::Department { .. } => None,
    };
    Ok(Show {
        chrome: visit.chrome(Section::Map),
        now: visit.tx.now,
        today,
        own: visit.me.node_code().to_owned(),
        city,
        code,
        name,
        by,
        class: wish.class.trim().to_owned(),
        span,
        typed,
        errors,
        drawn: drawn(&found.rows, &found.outlines),
        found,
    })
}

/// The map.
async fn show(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let page = read(&mut visit, wish).await?;
    let wrong = !page.errors.is_empty();
    let page = Page(page);
    Ok(if wrong {
        page.unprocessable()
    } else {
        page.into_response()
    })
}

/// Exactly the table as a file.
async fn sheet(mut visit: Visit, format: Format, Query(wish): Query<Wish>) -> Result<Response> {
    let page = read(&mut visit, wish).await?;
    page.errors.or(()).map_err(Error::Invalid)?;
    let majors = page.found.columns();
    let mut columns = vec![
        Column::text("编码", 20),
        Column::text(page.by.label(), 28),
        Column::number("件数").summed(),
    ];
    let of_major = |major: &&str| Column::number((*major).to_owned()).summed();
    columns.extend(majors.iter().map(of_major));
    let mut sheet = Sheet::new(format, ("map", "地图"), columns)?;
    for row in &page.found.rows {
        let mut cells: Vec<Cell> = vec![
            row.code.clone().into(),
            row.name.clone().into(),
            row.n.into(),
        ];
        cells.extend(majors.iter().map(|major| Cell::from(row.of(major))));
        sheet.row(&cells)?;
    }
    events::sheet(visit, sheet).await
}
