//! The page of the circle: the drawing, the parts, the stations.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};

use super::super::model::{Bounds, Circle, Frame, METRES, Part, StationKind, StationLine, Which};
use super::super::queries;
use super::{Wish, asked, own};
use crate::base::error::{Error, Result};
use crate::base::form::address;
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Permission, Section, Visit};

/// What is drawn, in the units of the drawing.
#[derive(Debug)]
struct Drawn {
    frame: Frame,
    /// Outlines with their levels.
    lines: Vec<(i16, String)>,
    covered: String,
    uncovered: String,
    /// Stations that are open: where, and whether it is a centre.
    stations: Vec<(f64, f64, bool)>,
    radius: f64,
    ruler: (String, f64),
}

#[derive(Template)]
#[template(path = "places/circle.html")]
struct Show {
    chrome: Chrome,
    now: DateTime<Utc>,
    today: NaiveDate,
    circle: Circle,
    total: Part,
    /// The city's name, where the viewer sees the city.
    city: Option<String>,
    /// How long the code of the viewer's own place is.
    own: usize,
    drawn: Option<Drawn>,
    may_keep: bool,
    may_import: bool,
    flash: &'static str,
}

impl Show {
    /// The levels above, with their pages, as far as the viewer sees them.
    fn above(&self) -> Vec<(String, String)> {
        let city = self.city.iter().map(|c| ("/circle".to_owned(), c.clone()));
        let seen = self.circle.path.iter();
        let seen = seen.filter(|place| place.code.len() >= self.own);
        let path = seen.map(|place| {
            let href = address("/circle", [("place", &place.code)]);
            (href, place.name.clone())
        });
        let mut above: Vec<_> = city.chain(path).collect();
        above.pop();
        above
    }

    /// What the parts of the place are.
    fn of_part(&self) -> &'static str {
        match self.total.code.len() {
            0 => "街道",
            9 => "社区",
            _ => "网格",
        }
    }

    /// Where a station is added to this place.
    fn new_station(&self) -> String {
        address("/circle/stations/new", [("place", &self.total.code)])
    }

    /// The drawing in words.
    fn label(&self) -> String {
        format!(
            "{}：{} 个开放的服务站点，圈内楼栋 {} 栋，圈外 {} 栋。下面的表说的是同样的。",
            self.total.name,
            self.open(),
            self.total.covered,
            self.total.uncovered
        )
    }

    /// How many stations are open.
    fn open(&self) -> usize {
        let open = |s: &&StationLine| s.is_open(&self.today);
        self.circle.stations.iter().filter(open).count()
    }
}

fn drawn(circle: &Circle, today: NaiveDate) -> Option<Drawn> {
    let open: Vec<&StationLine> = (circle.stations.iter())
        .filter(|s| s.is_open(&today))
        .collect();
    let dots = circle.dots.iter().map(|d| (d.longitude, d.latitude));
    let stations = open.iter().map(|s| (s.longitude, s.latitude));
    let points = Bounds::of(dots.chain(stations));
    let bounds = Bounds::both(points, Bounds::of_outlines(&circle.outlines))?;
    let frame = Frame::around(bounds);
    let dots = |reached: bool| {
        let of_kind = circle.dots.iter().filter(move |d| d.reached == reached);
        of_kind.map(|d| (d.longitude, d.latitude))
    };
    Some(Drawn {
        lines: circle
            .outlines
            .iter()
            .map(|o| (o.level, frame.line(o)))
            .collect(),
        covered: frame.dots(dots(true)),
        uncovered: frame.dots(dots(false)),
        stations: open
            .iter()
            .map(|s| {
                let (x, y) = frame.at((s.longitude, s.latitude));
                (x, y, s.kind == StationKind::Centre)
            })
            .collect(),
        radius: frame.metres(METRES),
        ruler: frame.ruler(),
        frame,
    })
}

/// The circle of a place.
pub(super) async fn show(mut visit: Visit, Query(wish): Query<Wish>) -> Result<Response> {
    let code = asked(&visit.me, &wish)?;
    let today = visit.tx.today();
    let found = queries::circle(&mut visit.tx, visit.me.tenant, code).await?;
    let circle = found.ok_or(Error::NotFound)?;
    let name = circle.path.last().map_or(&visit.me.city, |p| &p.name);
    Ok(Page(Show {
        chrome: visit.chrome(Section::Circle),
        now: visit.tx.now,
        today,
        total: circle.total(code, name),
        own: own(&visit.me).len(),
        city: own(&visit.me).is_empty().then(|| visit.me.city.clone()),
        drawn: drawn(&circle, today),
        may_keep: visit.me.kind.may(Permission::KeepStations),
        may_import: visit.me.kind.may(Permission::ChangeChain),
        flash: match wish.done.as_str() {
            "added" => "已登记，覆盖的楼栋已经重新计算。",
            "amended" => "已保存，覆盖的楼栋已经重新计算。",
            "closed" => "已登记关闭，从那天起不再计入覆盖。",
            "imported" => "已写入，下面按新的边界和位置计算。",
            _ => "",
        },
        circle,
    })
    .into_response())
}
