//! The list of matters and its sheet.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::wish::{OPEN, Wish};
use crate::base::error::{Error, Result};
use crate::base::form::FieldErrors;
use crate::base::paging::{BATCH, Key, Paged};
use crate::base::sheet::{Cell, Column, Format, Sheet};
use crate::base::web::{Page, Query};
use crate::base::words;
use crate::org::access::{Chrome, Level, Permission, Seat, Section, Viewer, Visit};
use crate::org::calendar::Calendar;
use crate::org::events;
use crate::org::units::TreeNode;
use crate::work::matters::model::{SolvedLevel, Stage};
use crate::work::matters::queries::list::{self as queries, COUNTED, Class, Found, Part, Row};

/// A page of the pager.
struct Step {
    label: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "matters/list.html")]
struct List {
    chrome: Chrome,
    me: Viewer,
    now: DateTime<Utc>,
    wish: Wish,
    errors: FieldErrors,
    paged: Paged<Row, Key>,
    calendar: Calendar,
    counts: Vec<(Stage, i64)>,
    tree: Vec<TreeNode>,
    quick: Vec<Class>,
    majors: Vec<String>,
    links: Vec<Step>,
    /// Whether more have the words than are listed.
    cut: bool,
}

impl List {
    /// How many matters, as the page says it.
    fn total(&self) -> String {
        let total = self.paged.total.0;
        if total > COUNTED {
            format!("超过 {COUNTED}")
        } else {
            total.to_string()
        }
    }

    /// The node that the list is about: the chosen one, or the viewer's own.
    fn about(&self) -> &str {
        if self.wish.place.len() > self.me.node_code().len() {
            &self.wish.place
        } else {
            self.me.node_code()
        }
    }

    /// Whether the stages' counts are exact.
    fn is_counted(&self) -> bool {
        self.paged.total.0 <= COUNTED
    }

    /// Whether the list is narrowed to a class that the filter does not offer.
    fn is_of_rare_class(&self) -> bool {
        let class = &self.wish.class;
        let is_quick = self.quick.iter().any(|c| c.code == *class);
        !class.is_empty() && !is_quick && !self.majors.contains(class)
    }

    /// The filters that have no control in the row.
    fn kept(&self) -> Vec<(&str, &str)> {
        let without = [
            "place",
            "solved",
            "ended_from",
            "ended_to",
            "on",
            "in_time",
            "late",
            "waiting",
        ];
        let fields = self.wish.fields().into_iter();
        fields
            .filter(|(n, v)| without.contains(n) && !v.is_empty())
            .collect()
    }

    fn with_stage(&self, stage: &str) -> String {
        self.wish
            .link("/matters", |w| stage.clone_into(&mut w.stage))
    }

    fn sheet(&self, path: &str) -> String {
        self.wish.link(path, |_| {})
    }

    /// What precedes a node's code in the links of the tree.
    fn tree_prefix(&self) -> String {
        let link = self.wish.link("/matters", |w| w.place.clear());
        let joint = if link.contains('?') { '&' } else { '?' };
        format!("{link}{joint}place=")
    }

    fn tree_root(&self) -> String {
        self.wish.link("/matters", |w| w.place.clear())
    }

    /// The city above the streets, where the viewer sees it.
    fn city(&self) -> &str {
        match &self.me.seat {
            Seat::City => &self.me.city,
            Seat::Node { .. } | Seat::Department { .. } => "",
        }
    }

    /// A tree of one house helps nobody.
    fn has_tree(&self) -> bool {
        match &self.me.seat {
            Seat::City => true,
            Seat::Node { level, .. } => *level < Level::Building,
            Seat::Department { .. } => false,
        }
    }

    fn may_file(&self) -> bool {
        self.me.kind.may(Permission::FileMatters)
    }

    /// Where the empty list looked.
    fn scope(&self) -> String {
        let at = self
            .tree
            .iter()
            .find(|n| n.current)
            .map(|n| n.name.as_str());
        let at = at.unwrap_or_else(|| self.me.seat_name());
        let what = match self.wish.stage.parse::<Stage>() {
            Ok(stage) => stage.label(),
            Err(()) if !self.wish.waiting.is_empty() => "等我办的",
            Err(()) if self.wish.stage == OPEN => "在办的",
            Err(()) => "全部环节",
        };
        format!("范围：{at}，{what}，{}。", words::minute(self.now))
    }
}

/// The list: filter, tree, totals, rows, pages.
pub(super) async fn list(mut visit: Visit, Query(mut wish): Query<Wish>) -> Result<Response> {
    wish.name_place(&mut visit).await?;
    let (filter, errors) = wish.filter()?;
    let part = wish.part()?;
    let now = visit.tx.now;
    let found = queries::find(&mut visit.tx, &visit.me, &filter, part, now).await?;
    let wrong = !errors.is_empty();
    let page = Page(drawn(&visit, wish, errors, found));
    Ok(if wrong {
        page.unprocessable()
    } else {
        page.into_response()
    })
}

fn drawn(visit: &Visit, wish: Wish, errors: FieldErrors, found: Found) -> List {
    let counts: Vec<(Stage, i64)> = Stage::ALL
        .iter()
        .filter_map(|s| found.counts.get(s).map(|n| (*s, *n)))
        .collect();
    let total = counts.iter().map(|(_, n)| n).sum();
    let first = wish.first.parse().unwrap_or(1);
    let paged = Paged::new(found.rows, total, first, key);
    let mut links = Vec::new();
    if !wish.after.is_empty() {
        links.push(Step {
            label: "首页",
            href: wish.link("/matters", |_| {}),
            current: false,
        });
    }
    if let Some(next) = paged.next {
        let href = wish.link("/matters", |w| {
            w.after = next.to_string();
            w.first = paged.next_from().to_string();
        });
        links.push(Step {
            label: "下一页",
            href,
            current: false,
        });
    }
    List {
        chrome: visit.chrome(Section::Matters),
        me: visit.me.clone(),
        now: visit.tx.now,
        wish,
        errors,
        paged,
        counts,
        calendar: found.calendar,
        tree: found.tree,
        quick: found.quick,
        majors: found.majors,
        links,
        cut: found.cut,
    }
}

/// Exactly this list as a file; personal data masked.
pub(super) async fn sheet(
    mut visit: Visit,
    format: Format,
    Query(mut wish): Query<Wish>,
) -> Result<Response> {
    wish.name_place(&mut visit).await?;
    let (filter, errors) = wish.filter()?;
    errors.or(()).map_err(Error::Invalid)?;
    let now = visit.tx.now;
    let mut sheet = Sheet::new(format, ("matters", "事项"), columns())?;
    let mut after = None;
    loop {
        let part = Part {
            after,
            limit: BATCH + 1,
        };
        let found = queries::find(&mut visit.tx, &visit.me, &filter, part, now).await?;
        let page = Paged::sized(found.rows, BATCH, (0, 1), key);
        after = sheet.add(page, cells)?;
        if after.is_none() {
            return events::sheet(visit, sheet).await;
        }
    }
}

fn key(row: &Row) -> Key {
    Key {
        order: row.order_key,
        id: row.id.0,
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("编号", 20),
        Column::text("标题", 44),
        Column::text("类别", 22),
        Column::text("地点", 30),
        Column::text("具体位置", 30),
        Column::text("上报人", 26),
        Column::text("诉求人", 12),
        Column::text("诉求人电话", 16),
        Column::text("环节", 14).of(Stage::ALL.iter().map(|s| s.label())),
        Column::text("解决层级", 12).of(SolvedLevel::ALL.iter().map(|l| l.label())),
        Column::minute("上报时间"),
        Column::minute("结束时间"),
    ]
}

fn cells(row: Row) -> Vec<Cell> {
    let place = row.place();
    let filer = format!("{} {}", row.filer_title, row.filer);
    vec![
        row.number.into(),
        row.title.into(),
        row.class.into(),
        place.into(),
        row.spot.into(),
        filer.into(),
        row.teller_name_mask.into(),
        row.teller_phone_mask.into(),
        row.stage.label().into(),
        row.solved_level.map(SolvedLevel::label).into(),
        row.filed_at.into(),
        row.ended_at.into(),
    ]
}
