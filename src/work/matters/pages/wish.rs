//! The address of a list: what it filters by, where its page begins, and the links that change
//! one thing of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::error::{Error, Result};
use crate::base::finding;
use crate::base::form::{FieldErrors, address};
use crate::base::paging::PAGE;
use crate::base::words;
use crate::org::NodeId;
use crate::org::access::Visit;
use crate::work::matters::model::{SolvedLevel, Stage};
use crate::work::matters::queries::list::{self as queries, Filter, Part};

/// Everything not ended.
pub(super) const OPEN: &str = "open";
/// Solved in grid or community.
const BELOW_STREET: &str = "below_street";

/// The address of a list: its filter and where its page begins.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Wish {
    pub(super) q: String,
    /// A node by its code, or by its id.
    pub(super) place: String,
    /// A stage, or `open`.
    pub(super) stage: String,
    /// A level, or `below_street`.
    pub(super) solved: String,
    pub(super) class: String,
    pub(super) from: String,
    pub(super) to: String,
    /// Ended from this day to that.
    pub(super) ended_from: String,
    pub(super) ended_to: String,
    /// Not ended when this day was over.
    pub(super) on: String,
    /// `1`: no limit was passed.
    pub(super) in_time: String,
    /// `1`: past its limit now.
    pub(super) late: String,
    pub(super) waiting: String,
    pub(super) after: String,
    pub(super) first: String,
}

impl Wish {
    /// The filter meant, and what is wrong with it.
    pub(super) fn filter(&self) -> Result<(Filter, FieldErrors)> {
        const WRONG: Error =
            Error::Unreadable("网址里的查询条件不对。请回到列表，重新选择条件后查询。");
        let mut errors = FieldErrors::new();
        let words = finding::words(&mut errors, "f-q", &self.q);
        let from = day(&mut errors, "f-from", &self.from);
        let to = day(&mut errors, "f-to", &self.to);
        let ended_from = day(&mut errors, "f-from", &self.ended_from);
        let ended_to = day(&mut errors, "f-to", &self.ended_to);
        let on = day(&mut errors, "f-to", &self.on);
        let stage: Option<Stage> = self.stage.parse().ok();
        let open = self.stage == OPEN;
        let solved = match self.solved.as_str() {
            "" => Some(Vec::new()),
            BELOW_STREET => Some(vec![SolvedLevel::Grid, SolvedLevel::Community]),
            level => level.parse().ok().map(|l| vec![l]),
        };
        let known = stage.is_some() || open || self.stage.is_empty();
        let sound = known
            && self.place.bytes().all(|b| b.is_ascii_digit())
            && !self.class.chars().any(char::is_control);
        let Some(solved) = solved.filter(|_| sound) else {
            return Err(WRONG);
        };
        let filter = Filter {
            words,
            place: self.place.clone(),
            stage,
            solved,
            class: self.class.clone(),
            from,
            to,
            waiting: !self.waiting.is_empty(),
            open,
            ended_from,
            ended_to,
            on,
            in_time: self.in_time == "1",
            late: self.late == "1",
        };
        Ok((filter, errors))
    }

    /// Other pages name a place by its id; here it goes by its code, which the query narrows by.
    pub(super) async fn name_place(&mut self, visit: &mut Visit) -> Result<()> {
        if let Ok(id) = self.place.parse::<NodeId>() {
            self.place = queries::code_of(&mut visit.tx, &visit.me, id).await?;
        }
        Ok(())
    }

    pub(super) fn part(&self) -> Result<Part> {
        const WRONG: Error = Error::Unreadable("网址里的页码不对。请回到列表首页。");
        let after = match self.after.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|()| WRONG)?),
        };
        Ok(Part {
            after,
            limit: PAGE + 1,
        })
    }

    /// This address with some fields changed; it begins again at the first page.
    pub(super) fn link(&self, path: &str, changed: impl FnOnce(&mut Self)) -> String {
        let mut wish = self.clone();
        wish.after.clear();
        wish.first.clear();
        changed(&mut wish);
        address(path, wish.fields())
    }

    /// What the list is narrowed to besides the filter row, in words.
    pub(super) fn narrowed(&self) -> Vec<String> {
        let mut narrowed = Vec::new();
        let level: Option<SolvedLevel> = self.solved.parse().ok();
        if self.solved == BELOW_STREET {
            narrowed.push("街道以下解决".to_owned());
        }
        narrowed.extend(level.map(|l| l.label().to_owned()));
        narrowed.extend(words::span("结束于", &self.ended_from, &self.ended_to));
        if !self.on.trim().is_empty() {
            narrowed.push(format!("{} 当天结束时在办", self.on.trim()));
        }
        if self.in_time == "1" {
            narrowed.push("没有超过时限".to_owned());
        }
        if self.late == "1" {
            narrowed.push("已超期".to_owned());
        }
        narrowed
    }

    /// The same list without that.
    pub(super) fn unnarrowed(&self) -> String {
        self.link("/matters", |w| {
            for field in [
                &mut w.solved,
                &mut w.ended_from,
                &mut w.ended_to,
                &mut w.on,
                &mut w.in_time,
                &mut w.late,
            ] {
                field.clear();
            }
        })
    }

    pub(super) fn fields(&self) -> [(&str, &str); 15] {
        [
            ("q", &self.q),
            ("place", &self.place),
            ("stage", &self.stage),
            ("solved", &self.solved),
            ("class", &self.class),
            ("from", &self.from),
            ("to", &self.to),
            ("ended_from", &self.ended_from),
            ("ended_to", &self.ended_to),
            ("on", &self.on),
            ("in_time", &self.in_time),
            ("late", &self.late),
            ("waiting", &self.waiting),
            ("after", &self.after),
            ("first", &self.first),
        ]
    }
}

fn day(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok();
    let day = day.filter(|d| (1900..2200).contains(&chrono::Datelike::year(d)));
    if day.is_none() && !typed.is_empty() {
        errors.add(field, "日期写成 2026-11-23。");
    }
    day
}
